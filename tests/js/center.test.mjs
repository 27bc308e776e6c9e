// Metrics that are measured from their host's own level: the package says what the command says.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseTable, randomNumbers, RoleModel } from './support.mjs';

const command = new URL('../../build/native/rolemix', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rolemix-center-'));
const run = (...words) =>
  execFileSync(command, words, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

const minutes = 3 * 1440;
const step = { host: 'h2', from: 4000, to: 4100 };

/** Three hosts with 100, 600 and 1100 of a memory that hardly moves. */
function samples() {
  const random = randomNumbers(5);
  const lines = ['timestamp,host,load,memory'];
  for (let minute = 0; minute < minutes; minute += 5) {
    for (const [h, host] of ['h0', 'h1', 'h2'].entries()) {
      const load = 50 + 20 * Math.sin((minute / 1440) * 2 * Math.PI) + 5 * random();
      const odd = host === step.host && minute >= step.from && minute < step.to;
      const memory = 100 + 500 * h + 2 * random() + (odd ? 25 : 0);
      lines.push([1.8e9 + 60 * minute, host, load, memory].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

let model, table;
beforeAll(async () => {
  writeFileSync(join(folder, 'all.csv'), samples());
  writeFileSync(join(folder, 'role.yaml'), 'metrics: { memory: { center: host } }');
  const until = String(1.8e9 + 60 * 3900);
  run(
    'train',
    '--input',
    'all.csv',
    '--role',
    'a:b',
    '--config',
    'role.yaml',
    '--to',
    until,
    '-o',
    'm',
  );
  model = await RoleModel.load(new Uint8Array(readFileSync(join(folder, 'm'))));
  table = await parseTable(samples());
});
afterAll(() => {
  model.dispose();
  rmSync(folder, { recursive: true });
});

const at = (minute, host) => ({ host, timestamp: 1.8e9 + 60 * minute });
const memoryOf = ({ metrics }) => metrics.find(({ metric }) => metric === 'memory');

test('info says which metrics they are', () => {
  expect(model.info.metrics.map(({ center }) => center)).toEqual(['none', 'host']);
});

test('scores are those of the command', () => {
  const lines = run('score', '-m', 'm', '--input', 'all.csv').trim().split('\n').slice(1);
  const { anomalyScore, alertScore, severity, state } = model.open(table).scores;
  lines.forEach((line, row) => {
    const numbers = line.split(',').slice(2, 6).map(Number);
    const own = [anomalyScore[row], alertScore[row], severity[row], state[row]];
    numbers.forEach((number, i) => expect(own[i]).toBeCloseTo(number, 9));
  });
});

test.each([
  ['in the first hour', 30, 'h0'],
  ['later', 1500, 'h0'],
  ['on another host', 1500, 'h1'],
  ['in the midst of a step', 4050, 'h2'],
])('an explanation %s is that of the command', (_, minute, host) => {
  const sample = at(minute, host);
  const words = ['explain', '-m', 'm', '--input', 'all.csv', '--format', 'json', '--host', host];
  const [expected] = JSON.parse(run(...words, '--timestamp', String(sample.timestamp))).samples;
  const samples = model.open(table);
  const why = samples.explain(sample);
  expect(why.sentence).toBe(expected.sentence);
  why.metrics.forEach((metric, i) => {
    const other = expected.metrics[i];
    expect([metric.metric, metric.reason, metric.direction]).toEqual([
      other.metric,
      other.reason,
      other.direction,
    ]);
    for (const [name, theirs] of [
      ['observed', 'observed'],
      ['expected', 'expected'],
      ['low', 'low'],
      ['high', 'high'],
      ['typicalLow', 'typical_low'],
      ['typicalHigh', 'typical_high'],
      ['surprise', 'surprise'],
      ['blame', 'blame'],
    ]) {
      if (other[theirs] === null) expect(metric[name]).toBeNull();
      else expect(metric[name]).toBeCloseTo(other[theirs], 9);
    }
  });
  const span = samples.explainHost({ host, from: sample.timestamp, to: sample.timestamp + 1 });
  const column = span.metrics.find(({ metric }) => metric === 'memory');
  for (const name of ['observed', 'expected', 'low', 'high', 'typicalLow', 'typicalHigh']) {
    expect(column[name]).toEqual(Float64Array.of(memoryOf(why)[name]));
  }
  expect(column.reason).toEqual([memoryOf(why).reason]);
});

test('ranges lie about the level of each host', () => {
  const samples = model.open(table);
  for (const [h, host] of ['h0', 'h1', 'h2'].entries()) {
    const { expected, low, high, typicalLow, typicalHigh } = memoryOf(
      samples.explain(at(3000, host)),
    );
    for (const end of [expected, low, high, typicalLow, typicalHigh]) {
      expect(Math.abs(end - (101 + 500 * h))).toBeLessThan(3);
    }
  }
});

test('a what-if is the table with that value', () => {
  const sample = at(3000, 'h1');
  const changed = structuredClone(table);
  const row = table.hosts.findIndex(
    (host, i) => host === sample.host && table.timestamps[i] === sample.timestamp,
  );
  changed.metrics.memory[row] = 640;
  const why = model.open(table).whatIf(sample, { memory: 640 });
  expect(why).toEqual(model.open(changed).explain(sample));
  expect(why.metrics[0]).toMatchObject({ metric: 'memory', reason: 'both', direction: 'above' });
});

test('alerts are those of the command, and name the step', () => {
  const expected = JSON.parse(run('alerts', '-m', 'm', '--input', 'all.csv', '--format', 'json'));
  const alerts = model.open(table).alerts();
  expect(alerts.map(({ sentence, host }) => [host, sentence])).toEqual(
    expected.alerts.map(({ sentence, host }) => [host, sentence]),
  );
  expect(alerts.map(({ host, topMetrics }) => [host, topMetrics])).toEqual([['h2', ['memory']]]);
});

test('another tolerance keeps the level of each host', () => {
  const wider = model.withTolerance('memory', 40);
  const sample = at(3000, 'h2');
  const [before, after] = [model, wider].map((one) => memoryOf(one.open(table).explain(sample)));
  expect(Math.abs(after.expected - before.expected)).toBeLessThan(1);
  expect(after.high - after.low).toBeGreaterThan(2 * (before.high - before.low));
  wider.dispose();
});

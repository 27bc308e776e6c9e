// One sample with another value.
import fc from 'fast-check';

import {
  errorOf,
  goldenBytes,
  mixtureCases,
  modelBytes,
  RoleModel,
  typicalTable,
} from './support.mjs';

// explain computes a sample together with those before it, whatIf alone: the last bits may differ.
expect.addEqualityTesters([
  (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return undefined;
    return Object.is(a, b) || Math.abs(a - b) <= 1e-11 * Math.max(1, Math.abs(a), Math.abs(b));
  },
]);

const minute = (n) => 1.7e9 + 60 * n;

describe.each([
  ['a mixture', () => modelBytes(mixtureCases.find(({ name }) => name.startsWith('D=5 K=3')))],
  ['a calibrated model with ignored sides', () => goldenBytes('model.rolemix')],
])('%s', (_, bytes) => {
  let model, names;
  beforeAll(async () => {
    model = await RoleModel.load(bytes());
    names = model.info.metrics.map(({ name }) => name);
  });
  afterAll(() => model.dispose());

  const tableOf = (seed) => typicalTable(model.info, { hosts: 3, samples: 8, seed });

  test('explains the sample as if the table had the value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 30 }),
        fc.nat(23),
        fc.nat(names.length - 1),
        fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })), { minLength: 1 }),
        (seed, row, d, values) => {
          const table = tableOf(seed);
          const samples = model.open(table);
          const sample = { host: table.hosts[row], timestamp: table.timestamps[row] };
          for (const value of values) {
            const changed = { ...table, metrics: structuredClone(table.metrics) };
            changed.metrics[names[d]][row] = value ?? NaN;
            const expected = model.open(changed).explain(sample);
            expect(samples.whatIf(sample, { [names[d]]: value })).toEqual(expected);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('several metrics change at once, in either language', () => {
    const table = tableOf(2);
    const sample = { host: 'h1', timestamp: minute(4) };
    const row = table.hosts.findIndex(
      (host, i) => host === sample.host && table.timestamps[i] === sample.timestamp,
    );
    const changed = { ...table, metrics: structuredClone(table.metrics) };
    changed.metrics[names[0]][row] = 3;
    changed.metrics[names[2]][row] = NaN;
    const values = { [names[0]]: 3, [names[2]]: null };
    expect(model.open(table).whatIf(sample, values)).toEqual(model.open(changed).explain(sample));
    expect(model.open(table).whatIf(sample, values, { language: 'ja' })).toEqual(
      model.open(changed).explain(sample, { language: 'ja' }),
    );
  });

  test('a missing metric is given a value, and is missing again without it', () => {
    const full = tableOf(4);
    const sample = { host: 'h2', timestamp: minute(5) };
    const row = full.hosts.findIndex(
      (host, i) => host === sample.host && full.timestamps[i] === sample.timestamp,
    );
    const table = { ...full, metrics: structuredClone(full.metrics) };
    for (const name of names.slice(0, 2)) table.metrics[name][row] = NaN;
    const plain = model.open(table).explain(sample);
    const values = Object.fromEntries(
      names.slice(0, 2).map((name) => [name, full.metrics[name][row]]),
    );
    expect(model.open(table).whatIf(sample, values)).toEqual(model.open(full).explain(sample));
    expect(model.open(table).whatIf(sample, {})).toEqual(plain);
  });

  test('the joint ellipses of two metrics meet what each predicts of itself', () => {
    const table = tableOf(3);
    const sample = { host: 'h0', timestamp: minute(2) };
    const pair = [names[1], names[0]];
    const samples = model.open(table);
    const ellipses = samples.joint(sample, pair);
    expect(ellipses.length).toBeGreaterThan(0);
    const turned = samples.joint(sample, [pair[1], pair[0]]);
    ellipses.forEach(({ weight, outline }, i) => {
      expect(weight).toBeGreaterThanOrEqual(0.01);
      expect(outline).toHaveLength(130);
      expect(outline.slice(0, 2)).toEqual(
        Float64Array.from(outline.slice(-2), (end, j) =>
          Math.abs(end - outline[j]) < 1e-9 * Math.abs(end) ? outline[j] : end,
        ),
      );
      for (let p = 0; p < 130; p += 2) {
        expect(turned[i].outline[p]).toBe(outline[p + 1]);
        expect(turned[i].outline[p + 1]).toBe(outline[p]);
      }
    });
    // Neither of the two values matters, unless one is missing, or moves others to their watched sides.
    if (model.info.metrics.every(({ detectionDirection }) => detectionDirection === 'both')) {
      expect(samples.joint(sample, pair, { [pair[0]]: 7 })).toEqual(ellipses);
    }
    expect(samples.joint(sample, pair, { [pair[0]]: null })).toEqual([]);
  });

  test('leaves the samples as they are, and one sample apart from the next', () => {
    const table = tableOf(1);
    const samples = model.open(table);
    const before = samples.explain({ host: 'h0', timestamp: minute(3) });
    const ask = (host, n) =>
      samples.whatIf({ host, timestamp: minute(n) }, { [names[0]]: 1, [names[1]]: null });
    const first = ask('h0', 3);
    ask('h1', 3);
    for (const [host, n] of [
      ['h0', 5],
      ['h0', 3],
      ['h2', 0],
    ]) {
      expect(ask(host, n)).toEqual(
        model
          .open(table)
          .whatIf({ host, timestamp: minute(n) }, { [names[0]]: 1, [names[1]]: null }),
      );
    }
    expect(ask('h0', 3)).toEqual(first);
    expect(samples.explain({ host: 'h0', timestamp: minute(3) })).toEqual(before);
    expect(samples.scores).toEqual(model.open(table).scores);
  });

  test('without the only value there is no score, but still what was expected', () => {
    const table = {
      timestamps: [minute(0)],
      hosts: ['a'],
      metrics: { [names[1]]: [model.info.metrics[1].typicalLow] },
    };
    const sample = { host: 'a', timestamp: minute(0) };
    const { anomalyScore, alertScore, severity, state, metrics } = model
      .open(table, { anyRole: true })
      .whatIf(sample, { [names[1]]: null });
    expect([anomalyScore, alertScore, severity, state]).toEqual([null, null, null, -1]);
    expect(metrics[0].expected).toEqual(expect.any(Number));
  });

  test('refuses other metrics, values and samples', async () => {
    const samples = model.open(tableOf(1));
    const sample = { host: 'h0', timestamp: minute(0) };
    for (const [call, code, message] of [
      [() => samples.whatIf(sample, { x: 1 }), 'invalid_argument', /metric .* got "x"/],
      [() => samples.whatIf(sample, { [names[0]]: Infinity }), 'not_finite', /infinity/],
      [
        () => samples.whatIf(sample, { [names[0]]: '1' }),
        'invalid_argument',
        / a number or null, got "1"/,
      ],
      [
        () => samples.whatIf({ host: 'h0', timestamp: 5 }, { [names[0]]: 1 }),
        'invalid_argument',
        /at 5, got none/,
      ],
    ]) {
      const error = await errorOf(call);
      expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    }
  });
});

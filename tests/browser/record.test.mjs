// The recording of real processes, for a few seconds (Linux: it reads /proc).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

import { parseCsv } from '../../demo/sample/rolemix.mjs';

const script = fileURLToPath(new URL('../../demo/sample/record.mjs', import.meta.url));
const record = (...options) =>
  execFileSync(process.execPath, [script, ...options], { encoding: 'utf8', stdio: 'pipe' });

let folder;
let rows;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rolemix-record-test-'));
  record('-o', folder, '--seconds', '5', '--workers', '2', '--warm-up', '2');
  rows = readdirSync(join(folder, 'metrics')).flatMap((file) =>
    parseCsv(readFileSync(join(folder, 'metrics', file), 'utf8')),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

test('each worker has a sample a second, shown as a minute', () => {
  for (const host of ['render-1', 'render-2']) {
    const times = rows.filter((row) => row.host === host).map((row) => Number(row.timestamp));
    expect(times.length).toBeGreaterThanOrEqual(3); // 5 unless this machine is too busy
    expect(times.every((time) => (time - 1791158400) % 60 === 0)).toBe(true);
    expect(times).toEqual([...new Set(times)].sort());
    expect(times.at(-1)).toBeLessThan(1791158400 + 5 * 60);
  }
});

test('the values are those of processes that work', () => {
  const sum = (metric) => rows.reduce((total, row) => total + Number(row[metric]), 0);
  for (const metric of ['requests.rate', 'response.time.ms', 'cpu.used.pct', 'io.write.bytes']) {
    expect(sum(metric)).toBeGreaterThan(0);
  }
  for (const row of rows) {
    expect(Number(row['memory.rss.bytes'])).toBeGreaterThan(20e6);
    expect(Number(row['fds.open'])).toBeGreaterThan(10);
  }
});

test('the configuration names the metrics that are measured, and incidents name them as causes', () => {
  const { metrics } = parse(readFileSync(join(folder, 'role.yaml'), 'utf8'));
  const names = Object.keys(rows[0]).slice(2);
  expect(Object.keys(metrics)).toEqual(names);
  const incidents = parseCsv(readFileSync(join(folder, 'incidents.csv'), 'utf8'));
  expect(incidents.length).toBeGreaterThan(0);
  for (const { host, cause_metrics } of incidents) {
    expect(['', 'render-1', 'render-2']).toContain(host);
    expect(names).toEqual(expect.arrayContaining(cause_metrics.split(';')));
  }
});

test('bad options are named', () => {
  expect(() => record('-o', folder, '--seconds', 'soon')).toThrow(
    /--seconds: expected a whole number from 1 on, got 'soon'/,
  );
  expect(() => record()).toThrow(/expected -o DIR/);
});

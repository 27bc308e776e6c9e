// Answers of Prometheus, files of any kind, and the merging of tables.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { mergeTables, parseFile, parsePrometheus } from '../../js/dist/csv.js';
import { errorOf, parseTable } from './support.mjs';

const answer = (...result) =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
const series = (metric, ...values) => ({ metric, values });
const bytes = (text) => new TextEncoder().encode(text);

test('a matrix becomes a table', async () => {
  const json = answer(
    series({ __name__: 'load', instance: 'a', job: 'node' }, [60, '0.1'], [75.25, 'NaN']),
    series({ __name__: 'cpu', mode: 'user', instance: 'a' }, [75.25, '1e+21']),
    series({ __name__: 'load', instance: 'b' }, [60, '1234567890123456789012']),
  );
  expect(await parsePrometheus(json)).toEqual({
    timestamps: Float64Array.of(60, 75.25, 60),
    hosts: ['a', 'a', 'b'],
    metrics: {
      load: Float64Array.of(0.1, NaN, Number('1234567890123456789012')),
      'cpu{mode="user"}': Float64Array.of(NaN, 1e21, NaN),
    },
    notices: [],
  });
});

test('what a real server answered is read', async () => {
  const file = new URL('../table/query_range.json', import.meta.url);
  const table = await parseFile(readFileSync(file), 'query_range.json');
  const { data } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { metric, values } of data.result) {
    const { __name__: name, instance, ...labels } = metric;
    delete labels.job;
    const list = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const column = table.metrics[list.length > 0 ? `${name}{${list.join()}}` : name];
    for (const [time, value] of values) {
      const row = table.timestamps.findIndex((t, i) => t === time && table.hosts[i] === instance);
      expect(column[row]).toBe(Number(value));
    }
  }
});

test('the file names a series without a name', async () => {
  const json = answer(series({ instance: 'a' }, [60, '1']));
  expect((await parsePrometheus(json, 'cpu.user.json.gz')).metrics).toHaveProperty(['cpu.user']);
});

test.each([
  ['bad_format', '{"status":', 'x.json:1: byte 10: expected JSON, got the end'],
  ['bad_format', '{"a":"\u0001"}', 'x.json:1: byte 7: expected JSON, got "{\\"a\\":\\"\\x01"'],
  ['bad_format', '{"panels":[]}', /got an object with the keys "panels"$/],
  ['bad_format', answer(series({ up: '1' }, [60, '1'])), /expected a label that names the host/],
  [
    'source_failed',
    '{"status":"error","errorType":"timeout","error":"query timed out"}',
    'x.json: the server answered with an error: timeout: query timed out',
  ],
])('%s: %s', async (code, json, message) => {
  const error = await errorOf(() => parsePrometheus(json, 'x.json'));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

const csv = 'timestamp,host,x\n60,a,1\n';
const json = answer(series({ __name__: 'x', host: 'a' }, [60, '1']));
const table = {
  timestamps: Float64Array.of(60),
  hosts: ['a'],
  metrics: { x: Float64Array.of(1) },
  notices: [],
};

test.each([
  ['CSV', bytes(csv)],
  ['JSON', bytes(json)],
  ['JSON after a mark and blanks', bytes(`\ufeff\r\n\t ${json}`)],
  ['zipped CSV', gzipSync(csv)],
  ['zipped JSON', gzipSync(json)],
])('parseFile knows %s by its content', async (_, file) => {
  expect(await parseFile(file, 'file')).toEqual(table);
});

test('parseFile names the file in errors, and tells damaged and too large gzip', async () => {
  const error = async (file, options) => {
    const { code, message } = await errorOf(() => parseFile(file, 'file', options));
    return [code, message];
  };
  expect(await error(new Uint8Array())).toEqual([
    'bad_format',
    'file:1: expected a header and rows of data, got nothing',
  ]);
  const zipped = gzipSync(csv.repeat(1000));
  const damaged = ['source_failed', 'file: expected gzip, got damaged or cut off data'];
  expect(await error(zipped.subarray(0, 30))).toEqual(damaged);
  expect(await error(zipped.map((byte, i) => (i === 20 ? byte ^ 255 : byte)))).toEqual(damaged);
  expect(await error(gzipSync(Buffer.alloc(3e6)), { maxBytes: 2e6 })).toEqual([
    'out_of_memory',
    'file: expected at most 2 MB when unzipped, got more',
  ]);
});

test('tables are merged by host and time', async () => {
  const parts = ['60,a,1\n120,a,2\n', '60,b,3\n60,a,4\n', '120,a,\n180,a,6\n'];
  const names = ['x', 'y', 'x'];
  const tables = await Promise.all(
    parts.map((rows, i) => parseTable(`timestamp,host,${names[i]}\n${rows}`)),
  );
  expect(await mergeTables(tables)).toEqual({
    timestamps: Float64Array.of(60, 120, 60, 180),
    hosts: ['a', 'a', 'b', 'a'],
    metrics: { x: Float64Array.of(1, 2, NaN, 6), y: Float64Array.of(4, NaN, 3, NaN) },
    notices: [],
  });
  expect(await mergeTables(tables.slice(0, 1))).toBe(tables[0]);
  expect(await mergeTables([])).toEqual({
    timestamps: new Float64Array(),
    hosts: [],
    metrics: {},
    notices: [],
  });
  expect(await mergeTables([tables[0], tables[0]])).toEqual(tables[0]);
});

test('values that contradict each other are refused', async () => {
  const other = { ...table, metrics: { x: Float64Array.of(2) } };
  expect((await errorOf(() => mergeTables([table, other]))).message).toBe(
    'host "a", metric "x": expected one value per timestamp, got two that differ at 60 (1970-01-01T00:01:00Z)',
  );
});

test('tables that share nothing are not blown up', async () => {
  const tables = Array.from({ length: 2000 }, (_, i) => ({
    timestamps: Float64Array.from({ length: 10 }, (_, row) => 10 * i + row),
    hosts: Array(10).fill('a'),
    metrics: { [`m${i}`]: new Float64Array(10) },
  }));
  expect((await errorOf(() => mergeTables(tables))).message).toBe(
    'expected a value in at least one of 100 cells, got 20000 values for 20000 rows of 2000 metrics',
  );
});

test('odd names survive', async () => {
  const odd = await parseTable('timestamp,host,__proto__\n60,__proto__,1\n');
  expect(Object.entries((await mergeTables([odd, table])).metrics).map(([name]) => name)).toEqual([
    '__proto__',
    'x',
  ]);
});

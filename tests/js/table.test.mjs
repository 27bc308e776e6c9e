import fc from 'fast-check';

import { mergeTables, parseFile, parsePrometheus } from '../../js/dist/csv.js';
import { errorOf, parseTable } from './support.mjs';

test('CSV in the wide form', async () => {
  const csv = 'host,timestamp,cpu.user.pct,disk\nb,2026-10-12T03:00:00+09:00,1.5,\na,60,nan,-2e3\n';
  expect(await parseTable(csv)).toEqual({
    timestamps: Float64Array.of(1791741600, 60),
    hosts: ['b', 'a'],
    metrics: {
      'cpu.user.pct': Float64Array.of(1.5, NaN),
      disk: Float64Array.of(NaN, -2000),
    },
    notices: [],
  });
});

test('CSV in the long form, as bytes', async () => {
  const csv = 'timestamp,host,metric,value\n60,a,x,1\n60,a,y,2\n60,b,x,3\n120,a,y,4\n';
  expect(await parseTable(new TextEncoder().encode(csv))).toEqual({
    timestamps: Float64Array.of(60, 60, 120),
    hosts: ['a', 'b', 'a'],
    metrics: { x: Float64Array.of(1, 3, NaN), y: Float64Array.of(2, NaN, 4) },
    notices: [],
  });
});

test('numbers come back to the last digit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ noDefaultInfinity: true }), { minLength: 1 }),
      async (values) => {
        const csv = `timestamp,host,x\n${values.map((value, i) => `${i},a,${value}\n`).join('')}`;
        expect([...(await parseTable(csv)).metrics.x]).toEqual(values.map((value) => value + 0));
      },
    ),
  );
});

test('names come back whole, whatever they are', async () => {
  const names = ['__proto__', 'constructor', '1', 'ディスク', 'a "b", c\nd', ' '];
  const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  const csv = `timestamp,host,${quoted.join(',')}\n${quoted.map((name, i) => `${i},${name}${',7'.repeat(6)}`).join('\n')}\n`;
  const table = await parseTable(csv);
  const shown = names.map((name) => name.replace('\n', '\\n')); // what a terminal would obey is shown
  expect(table.hosts).toEqual(shown);
  expect(Object.keys(table.metrics).sort()).toEqual([...shown].sort());
  expect(Object.getPrototypeOf(table.metrics)).toBe(Object.prototype);
});

test.each([
  ['', 'csv:1: expected a header and rows of data, got nothing'],
  ['timestamp,host,x\n', 'csv:1: expected rows of data after the header, got none'],
  ['when,host,x\n1,a,2\n', /^csv:1: expected a column of times .*, got "when,host,x"$/],
  ['timestamp,host,x\n1,a,2,3\n', 'csv:2: expected 3 fields, got 4'],
  ['timestamp,host,x\n1,a,inf\n', 'csv:2: column x: expected a finite number, got "inf"'],
  ['timestamp,host,x\n1,a,1\nsoon,a,2\n', /^csv:3: column timestamp: expected epoch seconds/],
])('%j is refused', async (csv, message) => {
  const error = await errorOf(() => parseTable(csv));
  expect(error.code).toBe('bad_format');
  expect(error.message).toMatch(message);
});

test('errors name the table', async () => {
  expect((await errorOf(() => parseTable('', 'may.csv'))).message).toMatch(/^may\.csv:1: /);
});

test('what is no text, no bytes or no table is refused', async () => {
  for (const [use, message] of [
    [() => parseTable(undefined), 'csv: expected text or a Uint8Array, got undefined'],
    [() => parseTable('x', 5), 'name: expected text, got 5'],
    [() => parsePrometheus({}, 'p.json'), 'p.json: expected text or a Uint8Array, got object'],
    [() => parseFile(), 'file: expected text or a Uint8Array, got undefined'],
    [() => parseFile(new Uint8Array(), 'a.csv', null), 'options: expected an object, got null'],
    [() => mergeTables(), 'tables: expected an array of tables, got undefined'],
    [() => mergeTables([1, 2]), 'table: expected an object, got 1'],
  ]) {
    const error = await errorOf(use);
    expect([error.code, error.message]).toEqual(['invalid_argument', message]);
  }
});

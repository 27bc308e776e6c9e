// The page's sample: how it is packed, and that the built page reads it as it was.
import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { decode, encode, pack, quantisation, roundStep, unpack } from '../../demo/sample/pack.mjs';
import { launch, onConsole, pageFile } from './browser.mjs';

const through = (values) => {
  const column = quantisation(values);
  return values.map((value) => decode(encode(value, column), column));
};

test('numbers of a few decimals are packed exactly', () => {
  const values = [0, 0.01, 16.72, 99.99, 100];
  expect(through(values)).toEqual(values);
  expect(through([-3.5, 0, 12])).toEqual([-3.5, 0, 12]);
});

test('missing values stay missing', () => {
  expect(through([NaN, 1, NaN])).toEqual([NaN, 1, NaN]);
  expect(through([NaN])).toEqual([NaN]);
});

test('large ranges are packed to within half a step of 16 bits', () => {
  const values = Array.from({ length: 100 }, (_, i) => 4e9 + i * i * 1234567);
  const step = (values.at(-1) - values[0]) / 65000;
  through(values).forEach((value, i) => {
    expect(Math.abs(value - values[i])).toBeLessThanOrEqual(0.51 * step);
  });
});

test('codes fit 16 bits, and none is the one for a missing value', () => {
  for (const values of [
    [0, 1e12],
    [-5, 5],
    [3.25, 3.25],
    [0, 655.35],
  ]) {
    const column = quantisation(values);
    for (const value of values) {
      const code = encode(value, column);
      expect(code).toBeGreaterThan(0);
      expect(code).toBeLessThanOrEqual(65535);
    }
  }
});

test('a step is the largest of 1, 2, 5 times a power of ten that is not above', () => {
  expect([1, 0.3, 0.05, 4999, 20, 0.0001].map(roundStep)).toEqual([1, 0.2, 0.05, 2000, 20, 0.01]);
});

test.each([0.05, 0.5, 2, 5000])('with a step of %d values are kept to half a step', (step) => {
  const values = Array.from({ length: 50 }, (_, i) => 7.77 + i * i * step * 0.37);
  const column = quantisation(values, step);
  values.forEach((value) => {
    const kept = decode(encode(value, column), column);
    expect(Math.abs(kept - value)).toBeLessThanOrEqual(step / 2 + 1e-9);
    expect(Math.abs(kept / step - Math.round(kept / step))).toBeLessThan(1e-6);
  });
});

/** The roles of the sample that stands in the page, one after the other. */
function rolesOf(html) {
  const [, base64] = /id="sample">([^<]*)/.exec(html);
  const roles = [];
  let bytes = inflateRawSync(Buffer.from(base64, 'base64'));
  while (bytes.length > 0) {
    const role = unpack(deflateRawSync(bytes));
    const codes = role.columns.reduce((sum, { length }) => sum + length, 0);
    const files = Object.values(role.models).reduce((sum, { length }) => sum + length, 0);
    bytes = bytes.subarray(4 + bytes.readUInt32LE() + 2 * codes + files);
    roles.push(role);
  }
  return roles;
}

/** Host by host, without the rows where everything is missing; each column as text. */
function tableOf({ hosts, steps, start, interval, metrics, columns }) {
  const rows = hosts
    .flatMap((_, host) => Array.from({ length: steps }, (_, step) => host * steps + step))
    .filter((row) => columns.some((codes) => codes[row] !== 0));
  const values = (column, d) => rows.map((row) => decode(columns[d][row], column)).join();
  return {
    timestamps: rows.map((row) => start + (row % steps) * interval).join(),
    hosts: rows.map((row) => hosts[Math.floor(row / steps)]).join(),
    metrics: Object.fromEntries(metrics.map((column, d) => [column.name, values(column, d)])),
  };
}

test('the page reads what was packed, role by role', async () => {
  const wanted = rolesOf(readFileSync(pageFile, 'utf8'));
  expect(wanted.length).toBeGreaterThan(1);
  const browser = await launch();
  try {
    await onConsole(browser, {}, async (page) => {
      const shown = await page.locator('rolemix-console').evaluate(({ model }) =>
        model.roles.map(({ name, origin, table, file, incidents, scenes }) => ({
          role: [name, origin, incidents, scenes],
          file: [...file],
          timestamps: table.timestamps.join(),
          hosts: table.hosts.join(),
          metrics: Object.fromEntries(
            Object.entries(table.metrics).map(([metric, column]) => [metric, column.join()]),
          ),
        })),
      );
      expect(shown).toHaveLength(wanted.length);
      for (const [i, { role, file, ...table }] of shown.entries()) {
        const { role: name, origin, incidents, scenes, models } = wanted[i];
        expect(role).toEqual([name, origin, incidents, scenes]);
        expect(Buffer.from(file).equals(models.on)).toBe(true);
        expect(table).toEqual(tableOf(wanted[i]));
      }
    });
  } finally {
    await browser.close();
  }
});

test('what was packed is unpacked as it was', () => {
  const role = {
    role: 'shop:web',
    origin: 'simulated',
    start: 1000,
    interval: 300,
    steps: 3,
    hosts: ['h1', 'h2'],
    metrics: [
      { name: 'a', base: -1, step: 1, divisor: 1 },
      { name: 'b', base: 99, step: 5, divisor: 10 },
    ],
    columns: [
      [1, 0, 3, 60000, 2, 0],
      [5, 0, 5, 4, 0, 0],
    ],
    incidents: [{ kind: 'leak', host: null, from: 1, to: 2, anomalous: true, causes: ['a'] }],
    scenes: [{ id: 'leak', host: 'h1', timestamp: 1000, metric: 'a' }],
    models: { on: Uint8Array.of(1, 2, 3), off: Uint8Array.of(4) },
  };
  const { models, ...rest } = unpack(pack([role]));
  expect(rest).toEqual({ ...role, models: undefined });
  expect(Object.entries(models).map(([name, bytes]) => [name, [...bytes]])).toEqual([
    ['on', [1, 2, 3]],
    ['off', [4]],
  ]);
});

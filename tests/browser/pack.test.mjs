import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

import ts from 'typescript';

import { decode, encode, pack, quantisation, roundStep, unpack } from '../../demo/sample/pack.mjs';

/** What the page reads samples with: demo/src/sample.ts, its types taken off. */
async function importReader() {
  const source = readFileSync(new URL('../../demo/src/sample.ts', import.meta.url), 'utf8');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}

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

const incident = { kind: 'leak', host: null, from: 1, to: 2, anomalous: true, causes: ['a'] };
const roles = [
  {
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
    incidents: [incident],
    scenes: [{ id: 'leak', host: 'h1', timestamp: 1000, metric: 'a' }],
    models: { on: Uint8Array.of(1, 2, 3), off: Uint8Array.of(4) },
  },
  {
    role: 'bench:render',
    origin: 'recorded',
    start: 60,
    interval: 60,
    steps: 1,
    hosts: ['r1'],
    metrics: [{ name: 'c', base: 0, step: 2, divisor: 1 }],
    columns: [[7]],
    incidents: [],
    scenes: [],
    models: { on: Uint8Array.of(9, 9) },
  },
];

test('the page reads what was packed, role by role', async () => {
  const { unpackSamples } = await importReader();
  const samples = unpackSamples(new Uint8Array(inflateRawSync(pack(roles))));
  expect(samples.map(({ role, origin }) => [role, origin])).toEqual([
    ['shop:web', 'simulated'],
    ['bench:render', 'recorded'],
  ]);
  const [first, second] = samples;
  expect(first.table).toEqual({
    timestamps: Float64Array.of(1000, 1600, 1000, 1300),
    hosts: ['h1', 'h1', 'h2', 'h2'],
    metrics: { a: Float64Array.of(0, 2, 59999, 1), b: Float64Array.of(52, 52, 51.5, NaN) },
  });
  expect(first.models).toEqual(roles[0].models);
  expect(first.incidents).toEqual([incident]);
  expect(first.scenes).toEqual(roles[0].scenes);
  expect(second.table.metrics).toEqual({ c: Float64Array.of(14) });
  expect(second.models).toEqual({ on: Uint8Array.of(9, 9) });
});

test('what was packed is unpacked as it was', () => {
  const [role] = roles;
  const { models, ...rest } = unpack(pack([role]));
  expect(rest).toEqual({ ...role, models: undefined });
  expect(Object.entries(models).map(([name, bytes]) => [name, [...bytes]])).toEqual([
    ['on', [1, 2, 3]],
    ['off', [4]],
  ]);
});

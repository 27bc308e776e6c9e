// What the tests share: the built package, the golden files, and errors as values.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export { parseTable } from '../../js/dist/csv.js';
export { RoleModel, RolemixError } from '../../js/dist/index.js';
import { RolemixError } from '../../js/dist/index.js';

const golden = new URL('../golden/', import.meta.url);

export const goldenPath = (name) => fileURLToPath(new URL(name, golden));
export const goldenBytes = (name) => new Uint8Array(readFileSync(new URL(name, golden)));
export const goldenJson = (name) => JSON.parse(readFileSync(new URL(name, golden), 'utf8'));

/** The golden mixtures of which there is a model file: metrics metric0, metric1, ...; no calibration. */
export const mixtureCases = goldenJson('mixture.json').cases.filter((entry) => entry.model);

export const modelBytes = (entry) => new Uint8Array(Buffer.from(entry.model, 'base64'));

/** By the rule for comparing two correct codes. null stands for NaN. */
export function expectClose(actual, expected, tolerance, anomalyScore = 0) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === null) {
      expect(actual[i] ?? NaN).toBeNaN();
      continue;
    }
    const scale = Math.max(1, Math.abs(expected[i]), Math.abs(anomalyScore));
    const error = Math.abs(actual[i] - expected[i]) / scale;
    if (!(error <= tolerance)) {
      throw new Error(`[${i}]: expected ${expected[i]} to ${tolerance}, got ${actual[i]}`);
    }
  }
}

/** The RolemixError that the call throws or rejects with. */
export async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof RolemixError)) throw error;
    return error;
  }
  throw new Error('expected an error, got none');
}

/** Numbers in [0, 1), the same in every run (Park & Miller 1988). */
export function randomNumbers(seed = 1) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** The first component's mean, in the metrics' own units; `model` as in model.json. */
export function centerOf({ metrics, means }) {
  return metrics.map(({ transform, tolerance, full_scale: full }, d) => {
    const mean = means[0][d];
    if (transform === 'identity') return mean * tolerance;
    if (transform === 'log1p') return Math.sign(mean) * Math.expm1(Math.abs(mean)) * tolerance;
    return full / (1 + Math.exp((-4 * mean * tolerance) / full));
  });
}

/** The numbers below `length` in any order, the same in every run. */
export function shuffled(length, seed) {
  const random = randomNumbers(seed);
  const keys = Array.from({ length }, random);
  return [...keys.keys()].sort((a, b) => keys[a] - keys[b]);
}

/** A table of hosts h0, h1, ... sampled every minute, values inside the typical ranges. */
export function typicalTable(info, { hosts, samples, seed = 1 }) {
  const random = randomNumbers(seed);
  const rows = hosts * samples;
  const row = (of) => Array.from({ length: rows }, (_, i) => of(i));
  const column = ({ typicalLow, typicalHigh }) =>
    Float64Array.from({ length: rows }, () => typicalLow + (typicalHigh - typicalLow) * random());
  return {
    timestamps: row((i) => 1.7e9 + 60 * Math.floor(i / hosts)),
    hosts: row((i) => `h${i % hosts}`),
    metrics: Object.fromEntries(info.metrics.map((metric) => [metric.name, column(metric)])),
  };
}

/** The table's rows in another order; `order` holds row numbers. */
export function reorderRows(table, order) {
  const pick = (column) => order.map((i) => column[i]);
  return {
    timestamps: pick(table.timestamps),
    hosts: pick(table.hosts),
    metrics: Object.fromEntries(
      Object.entries(table.metrics).map(([name, column]) => [name, pick(column)]),
    ),
  };
}

/** Of the golden model: about the centre of normal, with gaps; each host is off for six minutes now and then, one after the other. */
export function eventfulTable({ hosts = 3, samples = 60, seed = 1 } = {}) {
  const golden = goldenJson('model.json').model;
  const center = centerOf(golden);
  const moved = golden.metrics.findIndex(({ transform }) => transform === 'identity');
  const random = randomNumbers(seed);
  const rows = Array.from({ length: hosts * samples }, (_, i) => [
    i % hosts,
    Math.floor(i / hosts),
  ]);
  const isOff = ([host, n]) => (n + 17 * host) % 50 >= 44;
  const column = ({ name, tolerance }, d) => [
    name,
    Float64Array.from(rows, (row) => {
      if (d === 0 && random() < 0.2) return NaN;
      const move = d === moved && isOff(row) ? 40 : 0;
      return center[d] + tolerance * (move + 0.1 * random());
    }),
  ];
  return {
    timestamps: rows.map(([, n]) => 1.7e9 + 60 * n),
    hosts: rows.map(([host]) => `h${host}`),
    metrics: Object.fromEntries(golden.metrics.map(column)),
  };
}

/** The table's rows of from <= time < to. */
export const partOf = (table, from, to) =>
  reorderRows(
    table,
    [...table.hosts.keys()].filter(
      (row) => table.timestamps[row] >= from && table.timestamps[row] < to,
    ),
  );

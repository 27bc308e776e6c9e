// Lanes as arrays: searching, ordering and the severity of pixel columns.
import { shown } from '../shown.js';
import type { Lane, LaneOrder } from './types.js';

/** Index of the first timestamp that is not before `time`. */
export function lowerBound(timestamps: Float64Array, time: number): number {
  let low = 0;
  let high = timestamps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timestamps[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the timestamp nearest to `time`; -1 of none. */
export function nearestIndex(timestamps: Float64Array, time: number): number {
  const after = lowerBound(timestamps, time);
  if (after === 0) return timestamps.length > 0 ? 0 : -1;
  if (after === timestamps.length) return after - 1;
  return time - timestamps[after - 1]! <= timestamps[after]! - time ? after - 1 : after;
}

/** Usual time between two samples: the median of some differences; 60 s where there are none. */
function intervalOf(timestamps: Float64Array): number {
  const count = Math.min(timestamps.length - 1, 101);
  const stride = Math.max(1, Math.floor((timestamps.length - 1) / count));
  const differences: number[] = [];
  for (let i = 0; i < count; i++) {
    const difference = timestamps[i * stride + 1]! - timestamps[i * stride]!;
    if (difference > 0) differences.push(difference);
  }
  differences.sort((a, b) => a - b);
  return differences[differences.length >> 1] ?? 60;
}

/** A lane and what does not depend on the period shown. */
export interface Row extends Lane {
  readonly interval: number;
}

/** Seconds from severity 50 on, where alerts open by default, and from 25 on. */
function timeInTrouble({ severity, interval }: Row): readonly [number, number] {
  let much = 0;
  let some = 0;
  for (let i = 0; i < severity.length; i++) {
    const value = severity[i]!;
    if (value >= 25) some++;
    if (value >= 50) much++;
  }
  return [much * interval, some * interval];
}

function checked(lane: Lane): Lane {
  const { host, timestamps, severity } = Object(lane) as Partial<Lane>;
  if (typeof host !== 'string') throw new TypeError('a lane without a host');
  if (!timestamps || timestamps.length !== severity?.length) {
    throw new TypeError(`${host}: one severity per timestamp expected`);
  }
  return lane;
}

const isArray: (value: unknown) => boolean = Array.isArray;

/** Equal hosts keep the order in which they came. */
export function rowsOf(lanes: readonly Lane[], order: LaneOrder): readonly Row[] {
  if (!isArray(lanes)) {
    const expected = 'lanes: expected an array of { host, timestamps, severity }';
    throw new TypeError(`${expected}, got ${shown(lanes)}`);
  }
  const rows = lanes.map((lane) => {
    const { host, timestamps, severity } = checked(lane);
    return { host, timestamps, severity, interval: intervalOf(timestamps) };
  });
  if (order === 'name') {
    const compare = new Intl.Collator('en', { numeric: true }).compare;
    return rows.sort((a, b) => compare(a.host, b.host));
  }
  const keyed = rows.map((row) => ({ row, trouble: timeInTrouble(row) }));
  keyed.sort((a, b) => b.trouble[0] - a.trouble[0] || b.trouble[1] - a.trouble[1]);
  return keyed.map(({ row }) => row);
}

/** [from, to) of all samples, the last one's interval included; null without samples. */
export function spanOf(rows: readonly Row[]): readonly [number, number] | null {
  let from = Infinity;
  let to = -Infinity;
  for (const { timestamps, interval } of rows) {
    if (timestamps.length === 0) continue;
    from = Math.min(from, timestamps[0]!);
    to = Math.max(to, timestamps[timestamps.length - 1]! + interval);
  }
  return from < to ? [from, to] : null;
}

/**
 * The largest severity of each of `worst.length` columns of [from, to); NaN where there is no sample. A sample lasts until the next
 * one, at most one and a half of its host's intervals.
 */
export function columnMaxima(row: Row, from: number, to: number, worst: Float32Array): void {
  const { timestamps, severity, interval } = row;
  worst.fill(NaN);
  const columns = worst.length;
  const scale = columns / (to - from);
  const first = Math.max(0, lowerBound(timestamps, from) - 1);
  const end = lowerBound(timestamps, to);
  for (let i = first; i < end; i++) {
    const value = severity[i]!;
    if (value !== value) continue;
    const time = timestamps[i]!;
    const next = i + 1 < timestamps.length ? timestamps[i + 1]! : Infinity;
    const until = next - time <= 1.5 * interval ? next : time + interval;
    if (until <= from) continue;
    const left = Math.max(0, Math.floor((time - from) * scale + 1e-6));
    const right = Math.min(columns, Math.ceil((until - from) * scale - 1e-6));
    // Also what is narrower than a column has one.
    const stop = Math.min(columns, Math.max(left + 1, right));
    for (let column = left; column < stop; column++) {
      if (!(worst[column]! >= value)) worst[column] = value;
    }
  }
}

/** The heights of a row and of the gap below, in pixels: tight with many hosts, so that what they have in common is a column. */
export function rowHeights(hosts: number): { readonly height: number; readonly gap: number } {
  if (hosts <= 30) return { height: 24, gap: 3 };
  if (hosts <= 80) return { height: 14, gap: 2 };
  return { height: 9, gap: 1 };
}

const minute = 60;
const hour = 3600;
const day = 86400;
const strides = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 28].map((count) => count * day),
];

/** Seconds between two labels of a time axis that are at least `least` seconds apart. */
export function axisStride(least: number): number {
  return strides.find((stride) => stride >= least) ?? Math.ceil(least / (28 * day)) * 28 * day;
}

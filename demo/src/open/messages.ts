// What the page and the reading worker tell each other.
import type { ParsedTable } from 'rolemix';

import type { FileError, ReadOptions, ReadProgress, ReadTable } from './read-files.js';

export interface Asked {
  readonly files: readonly File[];
  readonly options: ReadOptions;
}

/** A table in few objects: hosts as numbers of their names, and columns whose buffers are handed over. */
export interface PackedTable {
  readonly timestamps: Float64Array;
  readonly names: readonly string[];
  readonly hosts: Int32Array;
  readonly metrics: readonly (readonly [string, Float64Array])[];
}

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: ReadProgress }
  | {
      readonly kind: 'done';
      readonly table: PackedTable | null;
      readonly errors: readonly FileError[];
    }
  | { readonly kind: 'failed'; readonly message: string };

export function pack({ timestamps, hosts, metrics }: ParsedTable): PackedTable {
  const numbers = new Map<string, number>();
  const packed = Int32Array.from(hosts, (host) => {
    const known = numbers.get(host);
    if (known !== undefined) return known;
    numbers.set(host, numbers.size);
    return numbers.size - 1;
  });
  return {
    timestamps,
    names: [...numbers.keys()],
    hosts: packed,
    metrics: Object.entries(metrics),
  };
}

export function unpack({ timestamps, names, hosts, metrics }: PackedTable): ParsedTable {
  return {
    timestamps,
    hosts: Array.from(hosts, (host) => names[host]!),
    metrics: Object.fromEntries(metrics),
  };
}

export function unpackAnswer(answer: Extract<Answer, { kind: 'done' }>): ReadTable {
  return { table: answer.table && unpack(answer.table), errors: answer.errors };
}

/** Each buffer once: columns may share one. */
export function buffersOf(table: PackedTable): ArrayBuffer[] {
  const arrays = [table.timestamps, table.hosts, ...table.metrics.map(([, values]) => values)];
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}

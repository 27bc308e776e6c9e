// A table as threads hand it to each other: in few objects, its columns by their buffers.
import type { Notice } from './notice.js';
import { numberHosts, planFor, type ParsedTable, type SampleTable } from './table.js';

export interface PostedTable {
  readonly timestamps: Float64Array;
  /** Of the hosts, by number. */
  readonly names: readonly string[];
  /** Numbers of names, one per row. */
  readonly hosts: Float64Array;
  readonly metrics: readonly (readonly [name: string, column: Float64Array])[];
  readonly notices: readonly Notice[];
}

/** Of a table that is not needed here any more: its buffers are handed over. */
export function posted({ timestamps, hosts, metrics, notices }: ParsedTable): PostedTable {
  const numbers = new Map<string, number>();
  const numbered = new Float64Array(hosts.length);
  numberHosts(hosts, numbered, numbers);
  return {
    timestamps,
    names: [...numbers.keys()],
    hosts: numbered,
    metrics: Object.entries(metrics),
    notices,
  };
}

/** A copy of those of the table's columns that are among `metrics`. Errors: those of withTable. */
export function postedCopy(table: SampleTable, metrics: readonly string[]): PostedTable {
  const { packed, size, fill } = planFor(table, metrics);
  const values = new Float64Array(size);
  fill(values);
  const column = (i: number): Float64Array =>
    values.subarray(i * packed.rows, (i + 1) * packed.rows);
  return {
    timestamps: column(1),
    names: packed.hosts,
    hosts: column(0),
    metrics: packed.metrics.map((metric, d) => [metric, column(2 + d)]),
    notices: packed.notices,
  };
}

export function received({ timestamps, names, hosts, metrics, notices }: PostedTable): ParsedTable {
  return {
    timestamps,
    hosts: Array.from(hosts, (host) => names[host]!),
    metrics: Object.fromEntries(metrics),
    notices,
  };
}

/** What is handed over, each buffer once: columns may share one. */
export function buffersOf({ timestamps, hosts, metrics }: PostedTable): ArrayBuffer[] {
  const columns = [timestamps, hosts, ...metrics.map(([, column]) => column)];
  return [...new Set(columns.map(({ buffer }) => buffer as ArrayBuffer))];
}

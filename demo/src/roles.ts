// A role that is loaded: its model, and the samples of its hosts by host.
import type { RoleModel, SampleId, SampleTable } from 'rolemix';

import type { Incident, SceneMoment } from './sample.js';

export type Origin = 'simulated' | 'recorded' | 'opened';

export interface Role {
  readonly name: string;
  readonly origin: Origin;
  readonly model: RoleModel;
  /** The model file, for workers. */
  readonly file: Uint8Array;
  /** The same role learned without what people told of tolerances; null: not at hand. */
  readonly makeOff: (() => Promise<RoleModel>) | null;
  readonly table: SampleTable;
  readonly index: HostIndex;
  readonly incidents: readonly Incident[];
  readonly scenes: readonly SceneMoment[];
}

/** Where the samples of each host stand in a table, and its period. */
export class HostIndex {
  readonly hosts: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Usual seconds between samples. */
  readonly interval: number;
  /** Of a host that has two samples at one time; null: none has. */
  readonly duplicate: SampleId | null = null;
  readonly #rows = new Map<string, Int32Array>();
  /** Whether a host's rows stand one after the other. */
  readonly #together = new Map<string, boolean>();
  readonly #tables = new Map<string, SampleTable>();

  constructor(readonly table: SampleTable) {
    const { timestamps } = table;
    const byHost = new Map<string, number[]>();
    table.hosts.forEach((host, row) => {
      const rows = byHost.get(host);
      if (rows) rows.push(row);
      else byHost.set(host, [row]);
    });
    this.hosts = [...byHost.keys()].sort();
    let start = Infinity;
    let end = -Infinity;
    for (const [host, rows] of byHost) {
      const isSorted = rows.every(
        (row, i) => i === 0 || timestamps[rows[i - 1]!]! < timestamps[row]!,
      );
      if (!isSorted) {
        rows.sort((a, b) => timestamps[a]! - timestamps[b]!);
        const twice = rows.find((row, i) => timestamps[row] === timestamps[rows[i + 1] ?? -1]);
        if (twice !== undefined) this.duplicate ??= { host, timestamp: timestamps[twice]! };
      }
      this.#rows.set(host, Int32Array.from(rows));
      this.#together.set(host, rows.at(-1)! - rows[0]! === rows.length - 1 && isAscending(rows));
      start = Math.min(start, timestamps[rows[0]!]!);
      end = Math.max(end, timestamps[rows.at(-1)!]!);
    }
    this.start = start;
    this.end = end;
    this.interval = this.#medianInterval();
  }

  /** Rows of the host in order of time. */
  rows(host: string): Int32Array {
    const rows = this.#rows.get(host);
    if (!rows) throw new Error(`no host ${host} in the table`);
    return rows;
  }

  /** A column's values of one host, in order of time; without a copy where they stand together. */
  pick(column: ArrayLike<number | null | undefined>, host: string): Float64Array {
    const rows = this.rows(host);
    const first = rows[0] ?? 0;
    if (this.#together.get(host) && column instanceof Float64Array) {
      return column.subarray(first, first + rows.length);
    }
    return Float64Array.from(rows, (row) => column[row] ?? NaN);
  }

  /** The host's samples as a table of their own; the same one each time, for a few hosts. */
  tableOf(host: string): SampleTable {
    const known = this.#tables.get(host);
    if (known) return known;
    const { table } = this;
    const own: SampleTable = {
      timestamps: this.pick(table.timestamps, host),
      hosts: new Array<string>(this.rows(host).length).fill(host),
      metrics: Object.fromEntries(
        Object.entries(table.metrics).map(([name, column]) => [name, this.pick(column, host)]),
      ),
    };
    if (this.#tables.size >= 16) this.#tables.clear();
    this.#tables.set(host, own);
    return own;
  }

  /** The time of the host's sample that is nearest. */
  nearest(host: string, time: number): number {
    const rows = this.rows(host);
    const { timestamps } = this.table;
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timestamps[rows[middle]!]! < time) low = middle + 1;
      else high = middle;
    }
    const at = timestamps[rows[low]!]!;
    const before = low > 0 ? timestamps[rows[low - 1]!]! : at;
    return Math.abs(before - time) <= Math.abs(at - time) ? before : at;
  }

  #medianInterval(): number {
    const gaps: number[] = [];
    // Of some hosts, some samples each: enough for a median.
    for (const rows of [...this.#rows.values()].slice(0, 50)) {
      for (let i = 1; i < Math.min(rows.length, 500); i++) {
        gaps.push(this.table.timestamps[rows[i]!]! - this.table.timestamps[rows[i - 1]!]!);
      }
    }
    gaps.sort((a, b) => a - b);
    return gaps[gaps.length >> 1] ?? 60;
  }
}

function isAscending(rows: readonly number[]): boolean {
  return rows.every((row, i) => i === 0 || rows[i - 1]! < row);
}

/** The samples of some hosts; the table itself where these are all. */
export function rowsOfHosts(table: SampleTable, hosts: readonly string[]): SampleTable {
  const wanted = new Set(hosts);
  if (table.hosts.every((host) => wanted.has(host))) return table;
  const rows: number[] = [];
  table.hosts.forEach((host, row) => {
    if (wanted.has(host)) rows.push(row);
  });
  return selected(table, rows);
}

/** A table of the given rows, in that order. */
function selected(table: SampleTable, rows: readonly number[]): SampleTable {
  const pick = (column: ArrayLike<number | null | undefined>): Float64Array =>
    Float64Array.from(rows, (row) => column[row] ?? NaN);
  return {
    timestamps: pick(table.timestamps),
    hosts: rows.map((row) => table.hosts[row]!),
    metrics: Object.fromEntries(
      Object.entries(table.metrics).map(([name, column]) => [name, pick(column)]),
    ),
  };
}

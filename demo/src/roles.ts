// A role that is loaded: its model, and the samples of its hosts.
import type { RoleModel, Samples, SampleTable } from 'rolemix';

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
  /** The table's, open with the model. */
  readonly samples: Samples;
  readonly incidents: readonly Incident[];
  readonly scenes: readonly SceneMoment[];
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

/** A table of the given rows, in that order, with the notices of all. */
function selected(table: SampleTable, rows: readonly number[]): SampleTable {
  const { notices = [] } = table;
  const pick = (column: ArrayLike<number | null | undefined>): Float64Array =>
    Float64Array.from(rows, (row) => column[row] ?? NaN);
  return {
    timestamps: pick(table.timestamps),
    hosts: rows.map((row) => table.hosts[row]!),
    metrics: Object.fromEntries(
      Object.entries(table.metrics).map(([name, column]) => [name, pick(column)]),
    ),
    notices,
  };
}

// What CMake builds from wasm/ for reading tables, as the facade sees it; errors as in rolemix.d.ts.
import type { LabelledIncident, RatedVerdict, Recall, VerdictRates } from './rates.js';
import type { TimeZone } from './time-zone.js';
import type { Address, Heap, ModuleHooks, PackedTable } from './rolemix.js';

export interface RawTable extends Omit<PackedTable, 'address'> {
  readonly values: Float64Array;
}

export interface RawRoleChoice {
  readonly hosts: string[][];
  /** Roles by their places. */
  readonly ambiguous: { readonly hosts: string[]; readonly roles: Int32Array }[];
  readonly leftOut: string[];
}

export interface TableModule extends Heap {
  /** `named`: whether `source` is a file's name; it may then name a host or a metric. */
  parseTable(
    bytes: Address,
    size: number,
    source: string,
    named: boolean,
    zone: TimeZone | null,
    hostLabel: string,
    dropLabels: readonly string[],
  ): RawTable;
  parsePrometheus(
    bytes: Address,
    size: number,
    source: string,
    hostLabel: string,
    dropLabels: readonly string[],
  ): RawTable;
  chooseRoles(
    candidates: readonly {
      readonly metrics: readonly string[];
      readonly hosts: readonly string[] | null;
    }[],
    table: PackedTable,
  ): RawRoleChoice;
  mergeTables(tables: readonly PackedTable[]): RawTable;
  /** closedAt NaN while open. */
  recall(
    alerts: readonly { hosts: readonly string[]; startedAt: number; closedAt: number }[],
    incidents: readonly LabelledIncident[],
  ): Recall;
  /** verdict 0 true_alarm, 1 false_alarm, 2 unsure; falseAlarmRate NaN without one. */
  verdictRates(
    alertIds: readonly string[],
    records: readonly (Omit<RatedVerdict, 'verdict'> & { verdict: number })[],
  ): Omit<VerdictRates, 'falseAlarmRate'> & { falseAlarmRate: number };
}

export default function createTableModule(hooks: ModuleHooks): TableModule;

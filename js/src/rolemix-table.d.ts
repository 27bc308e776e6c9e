// What CMake builds from wasm/ for reading tables, as the facade sees it; errors as in rolemix.d.ts.
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
  ): RawTable;
  parsePrometheus(bytes: Address, size: number, source: string): RawTable;
  chooseRoles(
    candidates: readonly {
      readonly metrics: readonly string[];
      readonly hosts: readonly string[] | null;
    }[],
    table: PackedTable,
  ): RawRoleChoice;
  mergeTables(tables: readonly PackedTable[]): RawTable;
}

export default function createTableModule(hooks: ModuleHooks): TableModule;

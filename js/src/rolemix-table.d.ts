// What CMake builds from wasm/ for reading tables, as the facade sees it.
import type { CoreError } from './error.js';
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
  parseTable(bytes: Address, size: number, source: string): RawTable | CoreError;
  parsePrometheus(bytes: Address, size: number, source: string): RawTable | CoreError;
  chooseRoles(
    candidates: readonly {
      readonly metrics: readonly string[];
      readonly hosts: readonly string[] | null;
    }[],
    table: PackedTable,
  ): RawRoleChoice | CoreError;
  mergeTables(tables: readonly PackedTable[]): RawTable | CoreError;
}

export default function createTableModule(hooks: ModuleHooks): TableModule;

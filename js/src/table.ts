import { checkArray, checkFields, checkList } from './check.js';
import { RolemixError } from './error.js';
import { checkMemory, copyNumbers, withNumbers, type Numbers } from './memory.js';
import type { Heap, PackedTable } from './rolemix.js';

/** Samples of many hosts over time, in any order; a host has one sample per timestamp. */
export interface SampleTable {
  /** Epoch seconds (not milliseconds), one per row. */
  readonly timestamps: ArrayLike<number>;
  /** One per row. */
  readonly hosts: readonly string[];
  /** Columns by name, one value per row in the metric's unit; NaN, null and undefined are missing. */
  readonly metrics: Readonly<Record<string, Numbers>>;
}

/** A table whose columns are typed arrays. */
export interface ParsedTable extends SampleTable {
  readonly timestamps: Float64Array;
  readonly metrics: Readonly<Record<string, Float64Array>>;
}

/** Errors: invalid_argument when it is no table, shape_mismatch when a column has another length than the timestamps. */
export function checkTable(table: SampleTable): void {
  checkFields('table', table);
  checkList('timestamps', table.timestamps);
  checkArray('hosts', 'an array of text', table.hosts);
  checkFields('metrics', table.metrics);
  const rows = table.timestamps.length;
  checkLength('hosts', table.hosts, rows);
  for (const [metric, column] of Object.entries(table.metrics)) {
    checkLength(columnName(metric), column, rows);
  }
}

function checkLength(name: string, column: ArrayLike<unknown>, rows: number): void {
  checkList(name, column);
  if (column.length === rows) return;
  const message = `${name}: expected ${rows} entries, one per timestamp, got ${column.length}`;
  throw new RolemixError('shape_mismatch', message);
}

function columnName(metric: string): string {
  return `metrics[${JSON.stringify(metric)}]`;
}

/** A table as it stands in a module's memory, but for the address. */
interface Plan {
  readonly packed: Omit<PackedTable, 'address'>;
  readonly size: number;
  readonly fill: (target: Float64Array) => void;
}

function planOf(table: SampleTable, metrics: readonly string[]): Plan {
  const rows = table.timestamps.length;
  const columns = metrics.map((metric) => [columnName(metric), table.metrics[metric]!] as const);
  const numbers = new Map<string, number>();
  const fill = (target: Float64Array): void => {
    const column = (i: number): Float64Array => target.subarray(i * rows, (i + 1) * rows);
    numberHosts(table.hosts, column(0), numbers);
    copyNumbers(table.timestamps, column(1), 'timestamps');
    columns.forEach(([name, values], d) => {
      copyNumbers(values, column(2 + d), name);
    });
  };
  const packed = {
    rows,
    metrics,
    get hosts() {
      // known once filled
      return [...numbers.keys()];
    },
  };
  return { packed, size: rows * (2 + columns.length), fill };
}

/** For those of the table's columns that are among `metrics`. Errors: those of withTable. */
export function planFor(table: SampleTable, metrics: readonly string[]): Plan {
  checkTable(table);
  const plan = planOf(
    table,
    metrics.filter((metric) => Object.hasOwn(table.metrics, metric)),
  );
  // These, and the samples made from them.
  checkMemory(2 * plan.size);
  return plan;
}

/**
 * `use` gets those of the table's columns that are among `metrics`, in the module's memory.
 * Errors: shape_mismatch, invalid_argument, out_of_memory.
 */
export function withTable<T>(
  module: Heap,
  table: SampleTable,
  metrics: readonly string[],
  use: (packed: PackedTable) => T,
): T {
  const { packed, size, fill } = planFor(table, metrics);
  return withNumbers(module, size, fill, (address) => use({ ...packed, address }));
}

/** `use` gets the tables, checked before, in the module's memory. Errors: invalid_argument, out_of_memory. */
export function withTables<T>(
  module: Heap,
  tables: readonly SampleTable[],
  use: (packed: readonly PackedTable[]) => T,
): T {
  const plans = tables.map((table) => planOf(table, Object.keys(table.metrics)));
  const starts: number[] = [];
  let total = 0;
  for (const { size } of plans) {
    starts.push(total);
    total += size;
  }
  // These, tables made from them, and one of all, twice.
  checkMemory(4 * total);
  const fill = (target: Float64Array): void => {
    plans.forEach((plan, i) => {
      plan.fill(target.subarray(starts[i], starts[i]! + plan.size));
    });
  };
  return withNumbers(module, total, fill, (address) =>
    use(
      plans.map(({ packed }, i) => ({
        ...packed,
        address: address + Float64Array.BYTES_PER_ELEMENT * starts[i]!,
      })),
    ),
  );
}

/** Writes the number of each row's host; `numbers` gets those of new hosts. Errors: invalid_argument. */
export function numberHosts(
  hosts: readonly unknown[],
  target: Float64Array,
  numbers: Map<string, number>,
): void {
  for (let row = 0; row < target.length; row++) {
    const host = hosts[row];
    // Most rows stand with others of their host.
    if (row > 0 && host === hosts[row - 1]) {
      target[row] = target[row - 1]!;
      continue;
    }
    if (typeof host !== 'string') {
      const message = `hosts[${row}]: expected a string, got ${typeof host}`;
      throw new RolemixError('invalid_argument', message);
    }
    let number = numbers.get(host);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(host, number);
    }
    target[row] = number;
  }
}

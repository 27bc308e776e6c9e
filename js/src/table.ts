import { checkArray, checkObject, lengthOf, textOf } from './check.js';
import { RolemixError } from './error.js';
import { checkMemory, copyNumbers, ownNumbers, withNumbers, type Numbers } from './memory.js';
import { noticesOf, type Notice } from './notice.js';
import type { Heap, PackedTable } from './rolemix.js';
import { shown } from './shown.js';

/** Samples of many hosts over time, in any order; a host has one sample per timestamp. */
export interface SampleTable {
  /** Epoch seconds (not milliseconds), one per row. */
  readonly timestamps: ArrayLike<number>;
  /** One per row. */
  readonly hosts: readonly string[];
  /** Columns by name, one value per row in the metric's unit; NaN, null and undefined are missing. */
  readonly metrics: Readonly<Record<string, Numbers>>;
  /** What was left out of it, and why. */
  readonly notices?: readonly Notice[];
}

/** A table whose columns are typed arrays, and what was left out of it. */
export interface ParsedTable extends SampleTable {
  readonly timestamps: Float64Array;
  readonly metrics: Readonly<Record<string, Float64Array>>;
  readonly notices: readonly Notice[];
}

function checkLength(name: string, column: unknown, rows: number): void {
  const length = lengthOf(name, column);
  if (length === rows) return;
  const message = `${name}: expected ${rows} entries, one per timestamp, got ${length}`;
  throw new RolemixError('shape_mismatch', message);
}

/** A table as it stands in a module's memory, but for the address. */
export interface Plan {
  readonly packed: Omit<PackedTable, 'address'>;
  readonly size: number;
  readonly fill: (target: Float64Array) => void;
}

/**
 * For those of the table's columns that are among `metrics`, or all. All code of the table's owner, such as getters,
 * runs here and not in `fill`. Errors: those of withTable.
 */
export function planFor(table: SampleTable, metrics?: readonly string[]): Plan {
  checkObject('table', table);
  const { timestamps, hosts, metrics: given, notices = [] } = table;
  const rows = lengthOf('timestamps', timestamps);
  checkArray('hosts', 'an array of text', hosts);
  checkLength('hosts', hosts, rows);
  checkObject('metrics', given);
  const columns = new Map(Object.entries(given));
  const nameOf = (metric: string): string => `metrics[${shown(metric)}]`;
  for (const [metric, column] of columns) checkLength(nameOf(metric), column, rows);
  const names = metrics?.filter((metric) => columns.has(metric)) ?? [...columns.keys()];
  const size = rows * (2 + names.length);
  // These, and the samples made from them.
  checkMemory(2 * size);
  for (const name of names) textOf('metrics', name);
  const numbers = new Map<string, number>();
  const numbered = new Float64Array(rows);
  numberHosts(hosts, numbered, numbers);
  const own = (name: string, values: Numbers) => [name, ownNumbers(values, rows, name)] as const;
  const filled = [
    ['hosts', numbered] as const,
    own('timestamps', timestamps),
    ...names.map((metric) => own(nameOf(metric), columns.get(metric)!)),
  ];
  const fill = (target: Float64Array): void => {
    filled.forEach(([name, values], i) => {
      copyNumbers(values, target.subarray(i * rows, (i + 1) * rows), name);
    });
  };
  const packed = {
    rows,
    metrics: names,
    hosts: [...numbers.keys()],
    notices: noticesOf(notices),
  };
  return { packed, size, fill };
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
  return withPlans(module, [planFor(table, metrics)], ([packed]) => use(packed!));
}

/** `use` gets the tables in the module's memory. Errors: shape_mismatch for arrays changed since, out_of_memory. */
export function withPlans<T>(
  module: Heap,
  plans: readonly Plan[],
  use: (packed: readonly PackedTable[]) => T,
): T {
  const starts: number[] = [];
  let total = 0;
  for (const { size } of plans) {
    starts.push(total);
    total += size;
  }
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
  let last: unknown;
  for (let row = 0; row < target.length; row++) {
    const host = hosts[row];
    // Most rows stand with others of their host.
    if (row > 0 && host === last) {
      target[row] = target[row - 1]!;
      continue;
    }
    last = host;
    const name = host as string;
    let number = numbers.get(name);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(textOf(`hosts[${row}]`, name), number);
    }
    target[row] = number;
  }
}

import { checkArray } from './check.js';
import { RolemixError } from './error.js';
import type { ParsedTable } from './index.js';
import { checkTable } from './table.js';

/** As in the module: few values can span a table that no memory holds. */
const alwaysAllowed = 2 ** 24;
const mostCellsPerValue = 100;

/**
 * One table whose rows are the distinct pairs of host and timestamp of all, in order of first
 * appearance, with the metrics of all; what no table has is NaN. Equal values count once. One table
 * is left as it is. Errors: invalid_argument when two values of one host, timestamp and metric
 * differ, when the values would fill less than 1 % of a large table, and for what is no table.
 */
export function mergeTables(tables: readonly ParsedTable[]): ParsedTable {
  checkArray('tables', 'an array of tables', tables);
  tables.forEach(checkTable);
  if (tables.length === 1) return tables[0]!;
  const index = new RowIndex();
  const places = tables.map(({ timestamps, hosts }) =>
    Int32Array.from(timestamps, (timestamp, row) => index.findOrAdd(hosts[row]!, timestamp)),
  );
  const { hosts, timestamps } = index;
  const names = new Set(tables.flatMap((table) => Object.keys(table.metrics)));
  checkSparseness(tables, hosts.length, names.size);
  const columns = new Map<string, Float64Array>();
  for (const name of names) columns.set(name, new Float64Array(hosts.length).fill(NaN));
  tables.forEach(({ metrics }, i) => {
    const place = places[i]!;
    for (const [metric, values] of Object.entries(metrics)) {
      const column = columns.get(metric)!;
      for (let row = 0; row < values.length; row++) {
        const value = values[row]!;
        if (Number.isNaN(value)) continue;
        const to = place[row]!;
        const present = column[to]!;
        if (present !== value && !Number.isNaN(present)) {
          const what = `host ${JSON.stringify(hosts[to])}, metric ${JSON.stringify(metric)}`;
          const message = `${what}: expected one value per timestamp, got two that differ at ${timestamps[to]!}`;
          throw new RolemixError('invalid_argument', message);
        }
        column[to] = value;
      }
    }
  });
  return {
    timestamps: Float64Array.from(timestamps),
    hosts,
    metrics: Object.fromEntries(columns),
  };
}

/** Numbers the pairs of host and timestamp in order of first appearance. */
class RowIndex {
  readonly hosts: string[] = [];
  readonly timestamps: number[] = [];
  readonly #rows = new Map<string, Map<number, number>>();

  findOrAdd(host: string, timestamp: number): number {
    let rows = this.#rows.get(host);
    if (!rows) {
      rows = new Map();
      this.#rows.set(host, rows);
    }
    let row = rows.get(timestamp);
    if (row === undefined) {
      row = this.hosts.length;
      rows.set(timestamp, row);
      this.hosts.push(host);
      this.timestamps.push(timestamp);
    }
    return row;
  }
}

function checkSparseness(tables: readonly ParsedTable[], rows: number, metrics: number): void {
  let values = 0;
  for (const table of tables) values += table.hosts.length * Object.keys(table.metrics).length;
  if (rows * metrics <= Math.max(alwaysAllowed, mostCellsPerValue * values)) return;
  const message = `expected a value in at least one of ${mostCellsPerValue} cells, got ${values} values for ${rows} rows of ${metrics} metrics`;
  throw new RolemixError('invalid_argument', message);
}

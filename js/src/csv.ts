// Reading CSV, with a module of its own: who gets samples from elsewhere never loads it.
import { call } from './call.js';
import { defaultTableModule } from './csv-location.js';
import type { ModuleOptions, ParsedTable } from './index.js';
import { moduleLoader } from './load.js';
import { withBytes } from './memory.js';
import createTableModule, { type RawTable } from './rolemix-table.js';

const loadModule = moduleLoader('rolemix-table.wasm', createTableModule, defaultTableModule);

/**
 * Reads CSV: `timestamp,host,<metric>,...`, or `timestamp,host,metric,value`. `name` stands for it in
 * messages, as in `name:3: expected 5 fields, got 4`. Errors: bad_format.
 */
export async function parseTable(
  csv: string | Uint8Array,
  name = 'csv',
  options: ModuleOptions = {},
): Promise<ParsedTable> {
  const module = await loadModule(options);
  const bytes = typeof csv === 'string' ? new TextEncoder().encode(csv) : csv;
  return toTable(
    call(() =>
      withBytes(module, bytes, (address) => module.parseTable(address, bytes.length, name)),
    ),
  );
}

function toTable({ rows, hosts, metrics, values }: RawTable): ParsedTable {
  const column = (i: number): Float64Array => values.subarray(i * rows, (i + 1) * rows);
  return {
    timestamps: column(1),
    hosts: Array.from(column(0), (host) => hosts[host]!),
    metrics: Object.fromEntries(metrics.map((metric, d) => [metric, column(2 + d)])),
  };
}

// Reading files, with a module of its own: who gets samples from elsewhere never loads it.
import { bytesIn } from './bytes.js';
import { checkLimit, checkObject, fieldsOf, invalid, listOf, textOf, textsOf } from './check.js';
import { defaultTableModule } from './csv-location.js';
import { RolemixError } from './error.js';
import { gunzip, isGzip } from './gzip.js';
import type { ModuleOptions, ParsedTable, SampleTable } from './index.js';
import { moduleLoader } from './load.js';
import { checkMemory, mostBytes, withBytes } from './memory.js';
import { saidOnce } from './notice.js';
import type { Address } from './rolemix.js';
import createTableModule, { type RawTable, type TableModule } from './rolemix-table.js';
import { planFor, withPlans } from './table.js';
import { tableOptionsOf, type TableOptions } from './table-options.js';
import { timeZoneOf } from './time-zone.js';

export type { TableOptions };

export interface ParseOptions extends ModuleOptions, TableOptions {}

export interface ParseFileOptions extends ParseOptions {
  /** How many bytes a file may have, unzipped; 2 GB. */
  readonly maxBytes?: number;
}

const loadTable = moduleLoader('rolemix-table.wasm', createTableModule, defaultTableModule);
let latest: TableModule | undefined;

async function loadModule(options: ModuleOptions): Promise<TableModule> {
  latest = await loadTable(options);
  return latest;
}

/**
 * Loads the module that does what needs no model, as every function here does when it is called first. Errors:
 * source_failed, unsupported_engine.
 */
export async function loadTableModule(options: ModuleOptions = {}): Promise<void> {
  await loadModule(options);
}

/** @internal Any that was loaded: they are all the same. Errors: not_loaded. */
export function loadedTableModule(): TableModule {
  if (latest) return latest;
  throw new RolemixError('not_loaded', 'expected loadTableModule() before, got none');
}

/**
 * Reads CSV: `timestamp,host,<metric>,...`, or `timestamp,host,metric,value`, or series as columns,
 * `time,cpu{instance="a"},...`. `name` stands for it in messages, as in `name:3: expected 5 fields, got 4`, and where no
 * column names hosts, it is the host's name. Errors: bad_format; invalid_argument for an unknown zone.
 */
export async function parseTable(
  csv: string | Uint8Array,
  name?: string,
  options: ParseOptions = {},
): Promise<ParsedTable> {
  return parse(csv, name, 'csv', options, parsersOf(options, name !== undefined).csv);
}

/**
 * Reads what Prometheus answers to `/api/v1/query_range` or `/api/v1/query`. The host is the label
 * `instance` (else `host`, `hostname`, `node`, `nodename`); the metric is the label `metric`, else
 * `name{label="value",...}` without the labels of the host and `job`, else `name` without its
 * extension. Errors: bad_format; source_failed when it is an answer that tells of an error.
 */
export async function parsePrometheus(
  json: string | Uint8Array,
  name = 'prometheus',
  options: ParseOptions = {},
): Promise<ParsedTable> {
  return parse(json, name, name, options, parsersOf(options, true).answer);
}

/**
 * Reads a file by what is in it: gzip is unzipped; what starts with a brace is an answer of
 * Prometheus, everything else CSV. Errors: bad_format, source_failed, out_of_memory.
 */
export async function parseFile(
  file: Uint8Array,
  name?: string,
  fileOptions: ParseFileOptions = {},
): Promise<ParsedTable> {
  checkObject('options', fileOptions);
  const { maxBytes = mostBytes, ...options } = fileOptions;
  checkLimit(maxBytes);
  const parsers = parsersOf(options, name !== undefined);
  const usual = 'file';
  const bytes = bytesOf(file, name ?? usual);
  const text = isGzip(bytes) ? await gunzip(bytes, name ?? usual, maxBytes) : bytes;
  const isJson = firstCharacter(text) === '{';
  return parse(text, name, usual, options, isJson ? parsers.answer : parsers.csv);
}

/**
 * One table whose rows are the distinct pairs of host and timestamp of all, in order of first
 * appearance, with the metrics and notices of all; what no table has is NaN. Equal values count once.
 * One table is left as it is. Errors: invalid_argument when two values of one host, timestamp and metric
 * differ, when the values would fill less than 1 % of a large table, and for what is no table;
 * out_of_memory.
 */
export async function mergeTables(
  tables: readonly ParsedTable[],
  options: ModuleOptions = {},
): Promise<ParsedTable> {
  const read = listOf('tables', tables, (table) => ({
    table,
    plan: planFor(table),
  }));
  if (read.length === 1) return read[0]!.table;
  const plans = read.map(({ plan }) => plan);
  // These, tables made from them, and one of all, twice.
  checkMemory(4 * plans.reduce((total, { size }) => total + size, 0));
  const module = await loadModule(options);
  const merged = withPlans(module, plans, (packed) => module.mergeTables(packed));
  return toTable({ ...merged, notices: saidOnce(plans.flatMap(({ packed }) => packed.notices)) });
}

/** A role that may have hosts in a table. */
export interface RoleCandidate {
  readonly role: string;
  /** Names of its model's metrics. */
  readonly metrics: readonly string[];
  /** Of its hosts, where an index of models names them; null: not known. */
  readonly hosts: readonly string[] | null;
}

/** Whose hosts a table has. */
export interface RoleChoice {
  /** By role; a role without hosts has an empty list. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Hosts that fit several roles alike, and are among those of each. */
  readonly ambiguous: readonly {
    readonly hosts: readonly string[];
    readonly roles: readonly string[];
  }[];
  /** Hosts that fit no role. */
  readonly leftOut: readonly string[];
}

/**
 * Which hosts of a table are of which role: model files do not name hosts, their metrics may tell. Hosts
 * that a candidate names are its own. Any other host goes to the roles of whose metrics it has values of
 * at least half, unless another role is ahead: no less in number and in share, and more in one of them.
 * Where no host has half, whatever it has counts. Errors: those of RoleModel.open for a table.
 */
export async function chooseRoles(
  table: SampleTable,
  candidates: readonly RoleCandidate[],
  options: ModuleOptions = {},
): Promise<RoleChoice> {
  const named = listOf('candidates', candidates, (candidate) => {
    const { role } = fieldsOf('candidate', candidate, { role: 'string' });
    const { metrics, hosts } = candidate;
    return {
      role,
      metrics: textsOf('candidate.metrics', metrics),
      hosts: hosts && textsOf('candidate.hosts', hosts),
    };
  });
  const roles = named.map(({ role }) => role);
  const metrics = [...new Set(named.flatMap((candidate) => candidate.metrics))];
  const plan = planFor(table, metrics);
  const module = await loadModule(options);
  const { hosts, ambiguous, leftOut } = withPlans(module, [plan], ([packed]) =>
    module.chooseRoles(named, packed!),
  );
  return {
    hosts: new Map(roles.map((role, i) => [role, hosts[i]!])),
    ambiguous: ambiguous.map((group) => {
      return { hosts: group.hosts, roles: Array.from(group.roles, (place) => roles[place]!) };
    }),
    leftOut,
  };
}

type Parser = (module: TableModule, address: Address, size: number, name: string) => RawTable;

/** `named`: the caller gave the file's name. Errors: invalid_argument. */
function parsersOf(options: TableOptions, named: boolean): { csv: Parser; answer: Parser } {
  const { timezone, hostLabel = '', dropLabels: dropped = [] } = tableOptionsOf(options);
  const zone = timezone === undefined ? null : timeZoneOf(timezone);
  return {
    csv: (module, ...text) => module.parseTable(...text, named, zone, hostLabel, dropped),
    answer: (module, ...text) => module.parsePrometheus(...text, hostLabel, dropped),
  };
}

async function parse(
  text: string | Uint8Array,
  given: string | undefined,
  usual: string,
  options: ModuleOptions,
  parser: Parser,
): Promise<ParsedTable> {
  const name = given ?? usual;
  const bytes = bytesOf(text, name);
  const { length } = bytes;
  const module = await loadModule(options);
  if (bytes.length !== length) throw invalid(name, 'bytes to the end of the call', text);
  return toTable(
    withBytes(module, bytes, (address) => parser(module, address, bytes.length, name)),
  );
}

function bytesOf(text: unknown, name: unknown): Uint8Array {
  if (typeof name !== 'string') throw invalid('name', 'text', name);
  if (typeof text === 'string') return new TextEncoder().encode(textOf(name, text));
  const bytes = bytesIn(text);
  if (!bytes) throw invalid(name, 'text or a Uint8Array', text);
  return bytes;
}

/** That is not blank, after a byte order mark; undefined when there is none. */
function firstCharacter(bytes: Uint8Array): string | undefined {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && ' \t\r\n'.includes(String.fromCharCode(bytes[at]!))) at++;
  return at < bytes.length ? String.fromCharCode(bytes[at]!) : undefined;
}

function toTable({ rows, hosts, metrics, values, notices }: RawTable): ParsedTable {
  const column = (i: number): Float64Array => values.subarray(i * rows, (i + 1) * rows);
  return {
    timestamps: column(1),
    hosts: Array.from(column(0), (host) => hosts[host]!),
    metrics: Object.fromEntries(metrics.map((metric, d) => [metric, column(2 + d)])),
    notices,
  };
}

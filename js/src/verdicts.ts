// What people say of alerts: the record, its text form, which of several records counts, and what they come to. Pure, but
// for the clock and random numbers of verdictOf.
import { checkObject, invalid } from './check.js';
import { RolemixError } from './error.js';
import type { Alert } from './index.js';

export {
  recall,
  verdictRates,
  type KindCoverage,
  type LabelledIncident,
  type RatedVerdict,
  type Recall,
  type VerdictRates,
} from './rates.js';

export const verdictNames = ['true_alarm', 'false_alarm', 'unsure'] as const;
export type VerdictName = (typeof verdictNames)[number];

/** Kinds of causes to offer at first; any other text is a kind, too. */
export const knownKinds = [
  'deploy',
  'backup',
  'traffic',
  'hardware',
  'known issue',
  'memory',
  'other',
] as const;

/** Longest texts, in UTF-16 units as in `maxlength`. */
export const longestKind = 100;
export const longestNote = 2000;
const longestName = 500;
const longestHosts = 100_000; // of a role's alert all of its hosts
const mostMetrics = 100;
const mostErrors = 100;
const latestTime = 253_402_300_799; // the end of the year 9999: milliseconds since 1970 are beyond it

/** One line of JSON: never changed, only replaced by a later one. Names as in the file. */
export interface Verdict {
  /** A UUID in lower case. */
  readonly uid: string;
  readonly alert_id: string;
  readonly role: string;
  /** Of a role's alert the names of its hosts, separated by `;`. */
  readonly host: string;
  /** Times are epoch seconds. */
  readonly started_at: number;
  /** null: was open when the verdict was given. */
  readonly closed_at: number | null;
  readonly model_id: string;
  /** 0-100 */
  readonly severity: number;
  readonly top_metrics: readonly string[];
  readonly verdict: VerdictName;
  /** Of cause, such as "deploy"; may be empty, as may author and note. */
  readonly kind: string;
  readonly author: string;
  readonly note: string;
  /** To the millisecond. */
  readonly created: number;
}

/** What a record tells of an alert. */
export type JudgedAlert = Pick<
  Alert,
  'alertId' | 'role' | 'host' | 'startedAt' | 'closedAt' | 'modelId' | 'severity' | 'topMetrics'
>;

/** What somebody says of an alert. */
export interface Said {
  readonly verdict: VerdictName;
  readonly kind: string;
  readonly note: string;
  /** Left out: nobody by name. */
  readonly author?: string;
}

/** What is wrong with a line of JSON Lines. */
export interface LineError {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * The record of what somebody says now; longer texts are cut. It is newer than `replaces`, whatever the
 * clock says. Errors: invalid_argument for another verdict, unsupported_engine without random numbers
 * (Node before 20).
 */
export function verdictOf(
  alert: JudgedAlert,
  said: Said,
  replaces: Verdict | null = null,
): Verdict {
  checkObject('said', said, '{ verdict, kind, note }');
  for (const name of ['verdict', 'kind', 'note'] as const) {
    if (typeof said[name] !== 'string') throw invalid(`said.${name}`, 'a string', said[name]);
  }
  if (!verdictNames.includes(said.verdict)) {
    throw invalid('verdict', fields.verdict.expected, said.verdict);
  }
  const now = Date.now() / 1000;
  return {
    uid: newUid(),
    alert_id: alert.alertId,
    role: alert.role,
    host: alert.host,
    started_at: alert.startedAt,
    closed_at: alert.closedAt,
    model_id: alert.modelId,
    severity: alert.severity,
    top_metrics: [...alert.topMetrics],
    verdict: said.verdict,
    kind: cut(said.kind, longestKind),
    author: cut(said.author ?? '', longestName),
    note: cut(said.note, longestNote),
    created: replaces && now <= replaces.created ? replaces.created + 0.001 : now,
  };
}

/** Without spaces around it, and without half a character at its end. */
function cut(text: string, longest: number): string {
  return text
    .trim()
    .slice(0, longest)
    .replace(/[\uD800-\uDBFF]$/, '');
}

/** A random UUID (RFC 9562, version 4); randomUUID is missing in insecure contexts. */
function newUid(): string {
  const { crypto } = globalThis as {
    crypto?: Pick<Crypto, 'getRandomValues'> & Partial<Pick<Crypto, 'randomUUID'>>;
  };
  if (!crypto) {
    const message = 'expected an engine with random numbers (crypto), got one without';
    throw new RolemixError('unsupported_engine', message);
  }
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

interface Field {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const text = (longest: number, shortest = 0): Field => ({
  expected: `text of ${shortest > 0 ? `${shortest} to` : 'at most'} ${longest} characters`,
  holds: (value) =>
    typeof value === 'string' && value.length >= shortest && value.length <= longest,
});

const isWithin = (value: unknown, high: number): boolean =>
  typeof value === 'number' && value >= 0 && value <= high;

const time: Field = {
  expected: 'epoch seconds',
  holds: (value) => isWithin(value, latestTime),
};

/** In the order of the file. */
const fields: Readonly<Record<keyof Verdict, Field>> = {
  uid: {
    expected: 'a UUID',
    holds: (value) =>
      typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
  },
  alert_id: text(longestName, 1),
  role: text(longestName),
  host: text(longestHosts),
  started_at: time,
  closed_at: {
    expected: 'epoch seconds or null',
    holds: (value) => value === null || time.holds(value),
  },
  model_id: text(longestName),
  severity: { expected: 'a number from 0 to 100', holds: (value) => isWithin(value, 100) },
  top_metrics: {
    expected: `a list of at most ${mostMetrics} texts of at most ${longestName} characters`,
    holds: (value) =>
      Array.isArray(value) && value.length <= mostMetrics && value.every(text(longestName).holds),
  },
  verdict: {
    expected: 'true_alarm, false_alarm or unsure',
    holds: (value) => verdictNames.some((name) => name === value),
  },
  kind: text(longestKind),
  author: text(longestName),
  note: text(longestNote),
  created: time,
};
const fieldNames = Object.keys(fields) as readonly (keyof Verdict)[];

/** The record, or what is wrong with it. Fields with other names are left out. */
export function readVerdict(value: unknown): { record: Verdict } | { error: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { error: `expected an object, got ${excerpt(value)}` };
  }
  const given = value as Readonly<Record<string, unknown>>;
  const wrong = fieldNames.find((name) => !fields[name].holds(given[name]));
  if (wrong) {
    return { error: `${wrong}: expected ${fields[wrong].expected}, got ${excerpt(given[wrong])}` };
  }
  const entries = fieldNames.map((name) => [name, given[name]] as const);
  const record = Object.fromEntries(entries) as unknown as Verdict;
  if (record.closed_at !== null && record.closed_at < record.started_at) {
    const { started_at, closed_at } = record;
    return { error: `closed_at: expected at least started_at, ${started_at}, got ${closed_at}` };
  }
  return { record: { ...record, uid: record.uid.toLowerCase() } };
}

/** What came, in few characters. */
function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    return value.length <= 40
      ? JSON.stringify(value)
      : `${JSON.stringify(value.slice(0, 40))}... (${value.length} characters)`;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null';
}

/** One record a line, each line ended. */
export function toJsonLines(records: readonly Verdict[]): string {
  return records
    .map((record) => `${JSON.stringify(record, fieldNames as (keyof Verdict)[])}\n`)
    .join('');
}

/**
 * Reads records, one a line; empty lines count as lines only. `name` stands for the text in messages, as in
 * `name:3: note: expected text of at most 2000 characters, got nothing`. A bad line is an error of its own and loses no
 * other line; errors beyond the first hundred are counted only, in `unlisted`. Fields with other names are left out.
 */
export function fromJsonLines(
  lines: string,
  name: string,
): {
  readonly records: readonly Verdict[];
  readonly errors: readonly LineError[];
  readonly unlisted: number;
} {
  const records: Verdict[] = [];
  const errors: LineError[] = [];
  let unlisted = 0;
  let line = 0;
  for (const content of lines.replace(/^\uFEFF/, '').split('\n')) {
    line++;
    if (content.trim() === '') continue;
    const read = readLine(content);
    if ('record' in read) records.push(read.record);
    else if (errors.length === mostErrors) unlisted++;
    else errors.push({ line, message: `${name}:${line}: ${read.error}` });
  }
  return { records, errors, unlisted };
}

function readLine(content: string): ReturnType<typeof readVerdict> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return { error: `expected one JSON object, got ${excerpt(content.trim())}` };
  }
  return readVerdict(value);
}

/** Those of `incoming` whose uid is new, first ones first: what is there already stays as it is. */
export function newRecords(
  known: readonly Verdict[],
  incoming: readonly Verdict[],
): readonly Verdict[] {
  const uids = new Set(known.map(({ uid }) => uid));
  return incoming.filter(({ uid }) => {
    const isNew = !uids.has(uid);
    uids.add(uid);
    return isNew;
  });
}

const isNewer = (a: Verdict, b: Verdict): boolean =>
  a.created > b.created || (a.created === b.created && a.uid > b.uid);

/** What is shown of each alert, by its id: the newest word of anybody, whatever the order of `records`. */
export function newestPerAlert(records: readonly Verdict[]): ReadonlyMap<string, Verdict> {
  const newest = new Map<string, Verdict>();
  for (const record of records) {
    const other = newest.get(record.alert_id);
    if (!other || isNewer(record, other)) newest.set(record.alert_id, record);
  }
  return newest;
}

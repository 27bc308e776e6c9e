// Records of verdicts: text form, and which record counts.
import fc from 'fast-check';

import {
  fromJsonLines,
  newRecords,
  newestPerAlert,
  toJsonLines,
  verdictOf,
} from '../../js/dist/verdicts.js';
import { RolemixError } from './support.mjs';

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const alert = {
  alertId: '00000000000000a0',
  role: 'shop:web',
  host: 'web01',
  startedAt: 1_791_500_000,
  closedAt: 1_791_502_000,
  modelId: 'd41d8cd98f00b204',
  severity: 81.5,
  topMetrics: ['cpu.user.pct', 'memory.used.bytes'],
};
const say = (verdict, more = {}, replaces = null) =>
  verdictOf(alert, { verdict, kind: '', note: '', ...more }, replaces);

test('a record says which alert is meant, and who said what of it when', () => {
  const before = Date.now() / 1000;
  const record = say('false_alarm', { kind: ' deploy ', note: 'as planned\n', author: 'hanako' });
  expect(record).toEqual({
    uid: expect.stringMatching(uuid),
    alert_id: alert.alertId,
    role: alert.role,
    host: alert.host,
    started_at: alert.startedAt,
    closed_at: alert.closedAt,
    model_id: alert.modelId,
    severity: alert.severity,
    top_metrics: alert.topMetrics,
    verdict: 'false_alarm',
    kind: 'deploy',
    author: 'hanako',
    note: 'as planned',
    created: expect.any(Number),
  });
  expect(record.created).toBeGreaterThanOrEqual(before);
  expect(record.created).toBeLessThan(before + 60);
});

test('fields are written in the order of the contract, one record a line', () => {
  const text = toJsonLines([say('unsure'), say('true_alarm')]);
  expect(text.match(/\n/g)).toHaveLength(2);
  expect(Object.keys(JSON.parse(text.split('\n')[0])).join()).toBe(
    'uid,alert_id,role,host,started_at,closed_at,model_id,severity,top_metrics,verdict,kind,author,note,created',
  );
  expect(toJsonLines([])).toBe('');
});

describe('without what old engines lack', () => {
  const engine = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const be = (value) =>
    Object.defineProperty(globalThis, 'crypto', { value, configurable: true, writable: true });
  const { crypto } = globalThis;
  afterEach(() => Object.defineProperty(globalThis, 'crypto', engine));

  test('uids are random where randomUUID is missing', () => {
    be({ getRandomValues: (bytes) => crypto.getRandomValues(bytes) });
    const uids = Array.from({ length: 200 }, () => say('unsure').uid);
    for (const uid of uids) expect(uid).toMatch(uuid);
    expect(new Set(uids).size).toBe(200);
  });

  test('there is no record without random numbers', () => {
    be(undefined);
    expect(() => say('unsure')).toThrow(expect.objectContaining({ code: 'unsupported_engine' }));
  });
});

test.each([
  ['maybe', {}, 'verdict: expected true_alarm, false_alarm or unsure, got "maybe"'],
  [undefined, {}, 'said.verdict: expected a string, got undefined'],
  ['unsure', { note: 5 }, 'said.note: expected a string, got 5'],
])('no record is made of %s, %j', (verdict, more, message) => {
  expect(() => say(verdict, more)).toThrow(new RolemixError('invalid_argument', message));
});

test('texts that are too long are cut, and not within a character', () => {
  const record = say('unsure', { kind: 'k'.repeat(101), note: `${'n'.repeat(1999)}😀` });
  expect(record.kind).toHaveLength(100);
  expect(record.note).toBe('n'.repeat(1999));
  expect(fromJsonLines(toJsonLines([record]), 'f').records).toEqual([record]);
});

const anyText = (maxLength) => fc.string({ unit: 'binary', maxLength });
const anyRecord = fc.record({
  uid: fc.uuid(),
  alert_id: fc.constantFrom('a', 'b', '__proto__'),
  role: anyText(20),
  host: anyText(20),
  started_at: fc.integer({ min: 0, max: 2e9 }),
  closed_at: fc.constantFrom(null, 3e9),
  model_id: anyText(20),
  severity: fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0),
  top_metrics: fc.array(anyText(10), { maxLength: 3 }),
  verdict: fc.constantFrom('true_alarm', 'false_alarm', 'unsure'),
  kind: anyText(50),
  author: fc.constantFrom('', 'hanako', 'taro'),
  note: anyText(200),
  created: fc.integer({ min: 1, max: 5 }),
});
const anyRecords = fc.uniqueArray(anyRecord, { selector: ({ uid }) => uid, maxLength: 12 });

test('what is written is read back', () => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      expect(fromJsonLines(toJsonLines(records), 'f')).toEqual({
        records: records.map((record) => ({ ...record })),
        errors: [],
        unlisted: 0,
      });
    }),
  );
});

test('merging twice, or in another order, gives the same', () => {
  fc.assert(
    fc.property(anyRecords, anyRecords, (a, b) => {
      const merge = (known, incoming) => [...known, ...newRecords(known, incoming)];
      const both = merge(a, b);
      expect(newRecords(both, b)).toEqual([]);
      expect(newRecords(both, both)).toEqual([]);
      const shown = (records) => [...newestPerAlert(records)].sort(([x], [y]) => (x < y ? -1 : 1));
      const known = new Set(a.map(({ uid }) => uid));
      if (b.every(({ uid }) => !known.has(uid))) {
        expect(shown(merge(b, a))).toEqual(shown(both));
      }
    }),
  );
});

test('a record that is there already is not changed by another with its uid', () => {
  const record = say('true_alarm');
  const forged = { ...record, verdict: 'false_alarm', created: record.created + 1 };
  expect(newRecords([record], [forged])).toEqual([]);
  expect(newRecords([], [record, forged])).toEqual([record]);
});

test('the newest verdict on an alert counts, whoever gave it', () => {
  const first = say('true_alarm', { author: 'hanako' });
  const other = say('unsure', { author: 'taro' }, first);
  const second = say('false_alarm', { author: 'hanako' }, other);
  const records = [second, first, other];
  expect(newestPerAlert(records).get(alert.alertId)).toBe(second);
  expect(newestPerAlert([first, other]).get(alert.alertId)).toBe(other);
});

test('what replaces a record of a clock that goes ahead is newer all the same', () => {
  const ahead = { ...say('true_alarm'), created: Date.now() / 1000 + 86_400 };
  const record = say('false_alarm', {}, ahead);
  expect(newestPerAlert([record, ahead]).get(alert.alertId)).toBe(record);
});

const good = JSON.parse(toJsonLines([say('true_alarm')]));
const noNote = Object.fromEntries(Object.entries(good).filter(([name]) => name !== 'note'));
test.each([
  ['not JSON', '{"uid": ', 'expected one JSON object, got "{\\"uid\\":"'],
  ['a list', '[1,2]', 'expected an object, got a list of 2'],
  ['a text', '"x"', 'expected an object, got "x"'],
  ['null', 'null', 'expected an object, got null'],
  ['no note', noNote, 'note: expected text of at most 2000 characters, got nothing'],
  ['uid', { ...good, uid: 'one' }, 'uid: expected a UUID, got "one"'],
  ['alert_id', { ...good, alert_id: '' }, 'alert_id: expected text of 1 to 500 characters, got ""'],
  ['role', { ...good, role: 7 }, 'role: expected text of at most 500 characters, got 7'],
  ['host', { ...good, host: null }, 'host: expected text of at most 100000 characters, got null'],
  [
    'milliseconds',
    { ...good, started_at: 1791500000000 },
    'started_at: expected epoch seconds, got 1791500000000',
  ],
  ['closed_at', { ...good, closed_at: '5' }, 'closed_at: expected epoch seconds or null, got "5"'],
  [
    'closed before it started',
    { ...good, closed_at: 5 },
    `closed_at: expected at least started_at, ${good.started_at}, got 5`,
  ],
  ['model_id', { ...good, model_id: {} }, /^model_id: expected text .*, got an object$/],
  ['severity', { ...good, severity: 101 }, 'severity: expected a number from 0 to 100, got 101'],
  ['metrics', { ...good, top_metrics: 'cpu' }, /^top_metrics: expected a list .*, got "cpu"$/],
  ['a metric', { ...good, top_metrics: [1] }, /^top_metrics: expected a list .*, got a list of 1$/],
  [
    'verdict',
    { ...good, verdict: 'maybe' },
    'verdict: expected true_alarm, false_alarm or unsure, got "maybe"',
  ],
  [
    'kind',
    { ...good, kind: 'k'.repeat(101) },
    /^kind: expected .* 100 .*\.\.\. \(101 characters\)$/,
  ],
  ['author', { ...good, author: true }, /^author: expected .*, got true$/],
  ['note', { ...good, note: 'n'.repeat(2001) }, /^note: expected .* 2000 .* \(2001 characters\)$/],
  ['created', { ...good, created: -1 }, 'created: expected epoch seconds, got -1'],
])('a bad line is said with its number and loses no other: %s', (_, bad, message) => {
  const line = typeof bad === 'string' ? bad : JSON.stringify(bad);
  const other = say('unsure');
  const text = `\uFEFF${JSON.stringify(good)}\r\n\n${line}\n${toJsonLines([other])}`;
  const { records, errors } = fromJsonLines(text, 'said.jsonl');
  expect(records).toEqual([good, other]);
  expect(errors).toHaveLength(1);
  expect(errors[0].line).toBe(3);
  expect(errors[0].message.startsWith('said.jsonl:3: ')).toBe(true);
  const rest = errors[0].message.replace('said.jsonl:3: ', '');
  if (typeof message === 'string') expect(rest).toBe(message);
  else expect(rest).toMatch(message);
});

test('fields with other names are left out, also those of every object', () => {
  const line = JSON.stringify({ ...good, uid: good.uid.toUpperCase(), colour: 'red' });
  const text = line.replace('{', '{"__proto__":{"note":"x"},');
  expect(fromJsonLines(text, 'f').records).toEqual([good]);
  const inherited = JSON.stringify(noNote).replace('{', '{"__proto__":{"note":"x"},');
  expect(fromJsonLines(inherited, 'f').errors).toHaveLength(1);
});

test('a file of nothing but errors lists a hundred of them', () => {
  const { records, errors, unlisted } = fromJsonLines('x\n'.repeat(250), 'f');
  expect(records).toEqual([]);
  expect(errors).toHaveLength(100);
  expect(unlisted).toBe(150);
});

/** Lines of records, some of them with a part that is changed, left out or not JSON. */
const anyLine = fc
  .tuple(anyRecord, fc.constantFrom(...Object.keys(good)), fc.jsonValue(), fc.nat(9))
  .map(([record, name, value, kind]) => {
    if (kind === 0) return JSON.stringify({ ...record, [name]: undefined });
    if (kind <= 4) return JSON.stringify({ ...record, [name]: value });
    return kind === 5 ? JSON.stringify(record).slice(1) : JSON.stringify(record);
  });
const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder().decode(bytes));

test('any text gives records that are written and read as they are, and errors that name their lines', () => {
  const anyLines = fc.array(fc.oneof(anyLine, anyLine, anyText(50), fc.json(), anyBytes));
  fc.assert(
    fc.property(anyLines, fc.constantFrom('\n', '\r\n'), (parts, end) => {
      const text = parts.join(end);
      const lines = text.split('\n');
      const { records, errors, unlisted } = fromJsonLines(text, 'f');
      const filled = lines.filter((line) => line.trim() !== '').length;
      expect(records.length + errors.length + unlisted).toBe(filled);
      for (const { line, message } of errors) {
        expect(lines[line - 1].trim()).not.toBe('');
        expect(message.startsWith(`f:${line}: `)).toBe(true);
        expect(() => encodeURIComponent(message)).not.toThrow();
      }
      expect(fromJsonLines(toJsonLines(records), 'f')).toEqual({
        records,
        errors: [],
        unlisted: 0,
      });
    }),
    { numRuns: 500 },
  );
});

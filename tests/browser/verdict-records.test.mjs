// Records of verdicts without a browser: text form, which record counts, rates.
import { webcrypto } from 'node:crypto';

import fc from 'fast-check';

import { importBundled } from './bundled.mjs';
import { alerts } from './verdicts-alerts.mjs';

const { fromJsonLines, newRecords, newUid, newestPerAlert, toJsonLines, verdictOf } =
  await importBundled('../../demo/src/verdicts/verdict.ts');
const { verdictRates } = await importBundled('../../demo/src/verdicts/rates.ts');

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const [alert] = alerts;
const say = (verdict, more = {}, replaces = null) =>
  verdictOf(more.alert ?? alert, { verdict, kind: '', note: '', ...more }, replaces);

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

test('uids are random where randomUUID is missing, too', () => {
  const source = { getRandomValues: (bytes) => webcrypto.getRandomValues(bytes) };
  const uids = Array.from({ length: 200 }, () => newUid(source));
  for (const uid of uids) expect(uid).toMatch(uuid);
  expect(new Set(uids).size).toBe(200);
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

test('any text is read without an exception', () => {
  fc.assert(
    fc.property(fc.oneof(anyText(200), fc.json()), (text) => {
      const { records, errors } = fromJsonLines(text, 'f');
      expect(records).toEqual([]);
      expect(errors.length).toBeLessThanOrEqual(text.split('\n').length);
    }),
  );
});

test('rates are of the alerts given, and the kind that covers most comes first', () => {
  const [a, b, c, d] = alerts;
  const elsewhere = { ...a, alertId: 'another' };
  const records = [
    say('false_alarm', { alert: a, kind: 'backup' }),
    say('false_alarm', { alert: b, kind: 'deploy' }),
    say('false_alarm', { alert: c, kind: 'deploy' }),
    say('true_alarm', { alert: elsewhere }),
  ];
  const rates = verdictRates(alerts, records);
  expect(rates).toEqual({
    alerts: 4,
    trueAlarms: 0,
    falseAlarms: 3,
    unsure: 0,
    falseAlarmRate: 1,
    kinds: [
      { kind: 'deploy', falseAlarms: 2, coverage: 2 / 3 },
      { kind: 'backup', falseAlarms: 1, coverage: 1 / 3 },
    ],
    elsewhere: 1,
  });
  const corrected = [
    ...records,
    say('true_alarm', { alert: a }, records[0]),
    say('unsure', { alert: d }),
  ];
  expect(verdictRates(alerts, corrected)).toMatchObject({
    trueAlarms: 1,
    falseAlarms: 2,
    unsure: 1,
    falseAlarmRate: 2 / 3,
  });
});

test('without a true or false alarm there is no rate', () => {
  expect(verdictRates([], [])).toMatchObject({ alerts: 0, falseAlarmRate: null, kinds: [] });
  expect(verdictRates(alerts, [say('unsure')]).falseAlarmRate).toBeNull();
});

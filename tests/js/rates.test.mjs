// Alerts beside what people know of them.
import { jest } from '@jest/globals';
import fc from 'fast-check';

import { loadTableModule } from '../../js/dist/csv.js';
import { newestPerAlert, recall, verdictRates } from '../../js/dist/verdicts.js';
import { errorOf } from './support.mjs';

beforeAll(() => loadTableModule());

let made = 0;
const verdict = (alertId, name, more = {}) => ({
  uid: String(1000 + made++),
  alert_id: alertId,
  verdict: name,
  kind: '',
  created: made,
  ...more,
});
const alerts = ['a', 'b', 'c', 'd'].map((alertId) => ({ alertId }));

test('rates are of the alerts given, and the kind that covers most comes first', () => {
  const records = [
    verdict('a', 'false_alarm', { kind: 'backup' }),
    verdict('b', 'false_alarm', { kind: 'deploy' }),
    verdict('c', 'false_alarm', { kind: 'deploy' }),
    verdict('elsewhere', 'true_alarm'),
  ];
  expect(verdictRates(alerts, records)).toEqual({
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
  const corrected = [...records, verdict('a', 'true_alarm'), verdict('d', 'unsure')];
  expect(verdictRates(alerts, corrected.reverse())).toMatchObject({
    trueAlarms: 1,
    falseAlarms: 2,
    unsure: 1,
    falseAlarmRate: 2 / 3,
  });
});

test('the record that counts is the one that newestPerAlert gives', () => {
  const anyRecord = fc.record({
    uid: fc.uuid(),
    alert_id: fc.constantFrom('a', 'b', 'elsewhere'),
    verdict: fc.constantFrom('true_alarm', 'false_alarm', 'unsure'),
    kind: fc.constantFrom('', 'deploy', 'backup'),
    created: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 12 }), (records) => {
      const newest = [...newestPerAlert(records).values()];
      expect(verdictRates(alerts, records)).toEqual(verdictRates(alerts, newest));
    }),
  );
});

test('without a true or false alarm there is no rate', () => {
  expect(verdictRates([], [])).toMatchObject({ alerts: 0, falseAlarmRate: null, kinds: [] });
  expect(verdictRates(alerts, [verdict('a', 'unsure')]).falseAlarmRate).toBeNull();
});

test('alerts are told apart by the incidents that they are about', () => {
  const alert = (hosts, startedAt, closedAt = null) => ({ hosts, startedAt, closedAt });
  const incidents = [
    { host: 'a', from: 1000, to: 2000 },
    { host: 'b', from: 5000, to: 6000 },
    { host: 'c', from: 0, to: 1e9 },
  ];
  const found = recall(
    [alert(['a'], 2900), alert(['a'], 2901), alert(['x', 'b'], 10), alert(['b'], 10, 4999)],
    incidents,
  );
  expect(found).toEqual({
    incidentOf: Int32Array.of(0, -1, 1, -1),
    caught: 2,
    falseAlarms: 2,
  });
});

test('what is no alert, verdict or incident is an error', async () => {
  const text = async (call) => (await errorOf(call)).message;
  expect(await text(() => verdictRates([{}], []))).toMatch(/^alert\.alertId: expected a string/);
  expect(await text(() => verdictRates(alerts, [verdict('a', 'perhaps')]))).toBe(
    'record.verdict: expected true_alarm or false_alarm or unsure, got "perhaps"',
  );
  expect(await text(() => verdictRates(alerts, [{}]))).toMatch(/^record\.uid: expected a string/);
  expect(await text(() => recall([{ startedAt: 1 }], []))).toMatch(/^alert\.hosts: expected/);
  expect(await text(() => recall([], [{ host: 'a', from: 1 }]))).toMatch(/^incident\.to: expected/);
});

test('the module has to be loaded before', async () => {
  jest.resetModules();
  const fresh = await import('../../js/dist/verdicts.cjs');
  expect(() => fresh.default.verdictRates([], [])).toThrow('expected loadTableModule() before');
});

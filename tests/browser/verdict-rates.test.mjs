// How often alerts are right.
import { verdictOf } from '../../js/dist/verdicts.js';
import { importBundled } from './bundled.mjs';

const { verdictRates } = await importBundled('../../demo/src/verdicts/rates.ts');

const alerts = ['a', 'b', 'c', 'd'].map((alertId) => ({
  alertId,
  role: 'shop:web',
  host: 'web01',
  startedAt: 1_791_500_000,
  closedAt: null,
  modelId: 'd41d8cd98f00b204',
  severity: 81.5,
  topMetrics: [],
}));
const say = (verdict, { alert = alerts[0], kind = '' } = {}, replaces = null) =>
  verdictOf(alert, { verdict, kind, note: '' }, replaces);

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

// Alerts of a whole role, in tables made by hand.
import { centerOf, goldenJson, goldenPath, reorderRows, RoleModel, shuffled } from './support.mjs';
import { alertSentence } from '../../js/dist/index.js';

const golden = goldenJson('model.json').model;
const center = centerOf(golden);
const moved = golden.metrics.findIndex(({ transform }) => transform === 'identity');
const interval = golden.calibration.interval_seconds;
const attempts = golden.alert_settings.max_check_attempts;

let model;
beforeAll(async () => {
  model = await RoleModel.load(goldenPath('model.rolemix'));
});
afterAll(() => model.dispose());

/**
 * A sample of each host in each interval, some seconds apart. `incidents`: by host from when to when, in
 * intervals, one metric is off, and by how many tolerances; null: the host sends nothing.
 */
function tableOf(incidents, intervals) {
  const rows = Array.from({ length: intervals }, (_, i) =>
    Object.entries(incidents).flatMap(([host, spans], h) => {
      const [, , move] = spans.find(([from, to]) => i >= from && i < to) ?? [0, 0, 0];
      return move === null ? [] : [{ host, timestamp: i * interval + 7 * h, move }];
    }),
  ).flat();
  const column = ({ name, tolerance }, d) => [
    name,
    rows.map(({ move }) => center[d] + (d === moved ? move * tolerance : 0)),
  ];
  return {
    timestamps: rows.map(({ timestamp }) => timestamp),
    hosts: rows.map(({ host }) => host),
    metrics: Object.fromEntries(golden.metrics.map(column)),
  };
}

const select = (table, wanted) => reorderRows(table, [...table.hosts.keys()].filter(wanted));

const alertsOf = (table) => model.open(table).alerts();

// a alone; then a, b and c, which d joins, while e is calm; then c and d while a and b are silent.
const incidents = {
  a: [
    [5, 10, 60],
    [50, 60, 60],
    [100, 160, null],
  ],
  b: [
    [51, 54, 60],
    [54, 56, 105],
    [56, 60, 60],
    [100, 150, null],
  ],
  c: [
    [52, 60, 60],
    [122, 130, 75],
  ],
  d: [
    [56, 65, 60],
    [120, 130, 75],
  ],
  e: [],
};
const intervals = 180;
const table = tableOf(incidents, intervals);

describe('most hosts at once', () => {
  test('make one alert of the role that stands for theirs', () => {
    const samples = model.open(table);
    const alerts = samples.alerts();
    expect(alerts.map(({ scope, host }) => [scope, host])).toEqual([
      ['host', 'a'],
      ['role', 'a;b;c;d'],
      ['host', 'd'],
      ['role', 'c;d'],
    ]);
    const [alone, role, ...later] = alerts;
    expect(alone.hosts).toEqual(['a']);
    expect(alone.closedAt).toBeLessThan(role.startedAt);
    expect(role.hosts).toEqual(['a', 'b', 'c', 'd']);
    expect(role.worstHost).toBe('b');
    expect([54, 55].map((i) => i * interval + 7)).toContain(role.worstAt);
    const why = samples.explain({ host: 'b', timestamp: role.worstAt });
    expect(role.sentence).toBe(`4 hosts at once, most of all b: ${why.sentence}`);
    for (const language of ['en', 'ja']) {
      const [, told] = samples.alerts({ language });
      const { worstHost: host, worstAt: timestamp } = told;
      const worst = samples.explain({ host, timestamp }, { language });
      expect(alertSentence(told, worst, { language })).toBe(told.sentence);
    }
    expect(alertSentence(alone, why)).toBe(why.sentence);
    expect(role.anomalyScore).toBe(why.anomalyScore);
    expect(role.topMetrics[0]).toBe(golden.metrics[moved].name);
    expect(role.level).toBe('critical');
    // The third of five, from the second sample on: one alone is no alert.
    expect(role.startedAt).toBe(53 * interval + 14);
    expect(role.openedAt).toBe(role.startedAt - 14 + (attempts - 1) * interval + 28);
    expect(role.closedAt).toBeGreaterThan(60 * interval);
    // Those of hosts that are not well when the role is.
    for (const { openedAt } of later) expect(openedAt).toBeGreaterThan(role.closedAt);
  });

  test('have alerts of their own in a role of two', () => {
    const { a, b } = incidents;
    const alerts = alertsOf(tableOf({ a, b }, 100));
    expect(alerts.map(({ scope, host }) => [scope, host])).toEqual([
      ['host', 'a'],
      ['host', 'a'],
      ['host', 'b'],
    ]);
  });

  test('make the same alerts whatever the order of the rows', () => {
    const expected = alertsOf(table);
    for (const seed of [1, 2, 3]) {
      const order = shuffled(table.hosts.length, seed);
      expect(alertsOf(reorderRows(table, order))).toEqual(expected);
    }
  });
});

describe('when the future is cut off', () => {
  const told = ({ alertId, scope, startedAt, openedAt }) => ({
    alertId,
    scope,
    startedAt,
    openedAt,
  });

  test('the alerts before are the same, but for hosts that wait for others at the end', () => {
    const all = alertsOf(table);
    let waiting = 0;
    for (let end = 1; end <= intervals; end++) {
      const past = alertsOf(select(table, (row) => table.timestamps[row] < end * interval));
      const opened = all.filter(({ openedAt }) => openedAt < end * interval);
      const known = new Set(opened.map(({ alertId }) => alertId));
      expect(past.filter(({ alertId }) => known.has(alertId)).map(told)).toEqual(opened.map(told));
      for (const alert of past) {
        const later = opened.find(({ alertId }) => alertId === alert.alertId);
        if (later) {
          expect([null, later.closedAt]).toContain(alert.closedAt);
          expect(later.hosts).toEqual(expect.arrayContaining(alert.hosts));
          expect(alert.anomalyScore).toBeLessThanOrEqual(later.anomalyScore);
          expect(alert.severity).toBeLessThanOrEqual(later.severity);
        } else {
          waiting++;
          expect(alert.scope).toBe('host');
          expect(alert.closedAt).toBeNull();
          const latest = (end + attempts - 1) * interval;
          const next = all.find(({ openedAt }) => openedAt >= end * interval);
          expect(next).toMatchObject({ scope: 'role', hosts: expect.arrayContaining(alert.hosts) });
          expect(next.openedAt).toBeLessThan(latest);
        }
      }
    }
    expect(waiting).toBeGreaterThan(0);
  });
});

test('alerts that are not explained are the same without what only explaining tells', () => {
  const samples = model.open(table);
  const atOnce = ({ scope, hosts, worstHost }) =>
    scope === 'role' ? `${hosts.length} hosts at once, most of all ${worstHost}.` : '';
  const bare = (alert) => ({ ...alert, sentence: atOnce(alert), topMetrics: [] });
  const explained = samples.alerts();
  expect(explained.map(({ sentence }) => sentence)).not.toContain('');
  expect(samples.alerts({ explained: true })).toEqual(explained);
  expect(samples.alerts({ explained: false })).toEqual(explained.map(bare));
});

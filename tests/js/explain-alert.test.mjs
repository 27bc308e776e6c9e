// The story of an alert, what else there is to say of a sample, and past moments like it.
import { centerOf, errorOf, goldenJson, goldenPath, RoleModel } from './support.mjs';
import { formatTime } from '../../js/dist/index.js';

const golden = goldenJson('model.json').model;
const center = centerOf(golden);
const moved = golden.metrics.findIndex(({ transform }) => transform === 'identity');
const other = golden.metrics.findLastIndex(({ transform }) => transform === 'identity');
const interval = golden.calibration.interval_seconds;

let model;
beforeAll(async () => {
  model = await RoleModel.load(goldenPath('model.rolemix'));
});
afterAll(() => model.dispose());

/** Three hosts at the centre of normal; [host, from, to, metric, tolerances] of the intervals when one is off. */
function tableOf(incidents, intervals) {
  const rows = Array.from({ length: 3 * intervals }, (_, i) => [i % 3, Math.floor(i / 3)]);
  const value = (host, i, d) =>
    incidents
      .filter(([of, from, to, metric]) => of === host && i >= from && i < to && metric === d)
      .reduce((sum, [, , , , move]) => sum + move * golden.metrics[d].tolerance, center[d]);
  return {
    timestamps: rows.map(([, i]) => 1.79e9 + i * interval),
    hosts: rows.map(([host]) => `h${host}`),
    metrics: Object.fromEntries(
      golden.metrics.map(({ name }, d) => [name, rows.map(([host, i]) => value(host, i, d))]),
    ),
  };
}

const twice = [
  [1, 100, 120, moved, 60],
  [0, 400, 430, moved, 60],
  [0, 405, 430, other, 10],
];

test('an alert tells what left its range first, what changed, and who else is unusual', () => {
  const samples = model.open(tableOf(twice, 500));
  const alert = samples.alerts().find(({ host }) => host === 'h0');
  const why = samples.explainAlert(alert);
  const name = golden.metrics[moved].name;
  expect(why.firstToLeave).toEqual([name]);
  expect(why.metrics[0]).toMatchObject({ metric: name, rank: 1 });
  expect(why.metrics[0].leftAt).toBe(1.79e9 + 400 * interval);
  expect(why.sentences[0]).toContain(formatTime(why.metrics[0].leftAt));
  expect(why.metrics[0].before).toBeCloseTo(center[moved], 6);
  expect(why.metrics[0].during).toBeGreaterThan(why.metrics[0].before);
  expect(why.metrics.reduce((sum, { blame }) => sum + blame, 0)).toBeCloseTo(1, 12);
  expect([why.unusualHosts, why.measuredHosts]).toEqual([1, 3]);
  expect(why.worst.sentence).toBe(alert.sentence);
  expect(why.worst).toEqual(samples.explain({ host: alert.worstHost, timestamp: alert.worstAt }));
  expect(why.metrics[0].peers.hosts).toBe(2);
  expect(why.metrics[0].peers.median).toBeCloseTo(center[moved], 6);
  expect(why.before).toBe('hour_before');
  expect(why.sentences).toHaveLength(4);
  expect(why.sentences[0]).toMatch(new RegExp(`^${name} left its range first, at 20`));
  const japanese = samples.explainAlert(alert, { language: 'ja' });
  const again = samples.alerts({ language: 'ja' });
  expect(again.find(({ alertId }) => alertId === alert.alertId).sentence).toBe(
    japanese.worst.sentence,
  );
  expect(japanese.sentences[0]).toMatch(/^最初に範囲から外れたのは/);
  expect(japanese.worst.sentence).toContain(`${name} は `);
  expect(JSON.parse(JSON.stringify(why))).toEqual(why);
});

test('a moment is like the past one with its pattern, on any host', () => {
  const samples = model.open(tableOf([...twice.slice(0, 2), [2, 300, 320, other, 60]], 500));
  const here = { host: 'h0', timestamp: 1.79e9 + 410 * interval };
  const moments = samples.similar(here);
  expect(moments.map(({ host }) => host)).toEqual(['h1']);
  expect(moments[0].similarity).toBeGreaterThan(0.9);
  expect(moments[0].timestamp).toBeGreaterThanOrEqual(1.79e9 + 100 * interval);
  expect(moments[0].timestamp).toBeLessThan(1.79e9 + 125 * interval);
});

test('a sample says which states it was judged in, and what would make it normal', () => {
  const samples = model.open(tableOf(twice, 500));
  const why = samples.explain({ host: 'h0', timestamp: 1.79e9 + 402 * interval });
  expect(why.runnerUp).not.toBe(why.state);
  expect(why.responsibilities[why.runnerUp]).toBeLessThanOrEqual(why.responsibilities[why.state]);
  expect(typeof why.firm).toBe('boolean');
  expect(Array.isArray(why.groups)).toBe(true);
  expect(why.wouldBeNormal.metrics.map(({ metric }) => metric)).toContain(
    golden.metrics[moved].name,
  );
});

test('what is asked for must be there', async () => {
  const samples = model.open(tableOf(twice, 500));
  const [alert] = samples.alerts();
  const gone = await errorOf(() => samples.explainAlert({ ...alert, worstAt: 5 }));
  expect(gone.code).toBe('invalid_argument');
  expect(gone.message).toContain('the samples lack its worst one');
  const nowhere = await errorOf(() => samples.similar({ host: 'h0', timestamp: 5 }));
  expect(nowhere.message).toMatch(/expected a sample of host "h0" at 5/);
  const sample = { host: 'h0', timestamp: 1.79e9 };
  const language = await errorOf(() => samples.explain(sample, { language: 'de' }));
  expect(language.message).toBe('language: expected en or ja, got "de"');
});

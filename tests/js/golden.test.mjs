// Against tests/golden: the same numbers, in 60 digits, from code that shares nothing with ours.
import { expectClose, mixtureCases, modelBytes, RoleModel } from './support.mjs';

// For surprises the oracle gives logarithms; below this their exponentials are subnormal or zero.
const smallestLog = -700;

const numbers = (sample) => sample.x.map((value) => value ?? NaN);
const expectedScore = (sample) => -sample.log_likelihood;

describe.each(mixtureCases)('$name', (entry) => {
  const { samples, tolerance } = entry;
  const dimensions = entry.means[0].length;
  const rows = samples.flatMap(numbers);
  const scores = samples.map(expectedScore);
  let model;

  beforeAll(async () => {
    model = await RoleModel.load(modelBytes(entry));
  });
  afterAll(() => model.dispose());

  const tableOf = (samples) => ({
    timestamps: samples.map((_, i) => 1.7e9 + 60 * i),
    hosts: samples.map(() => 'a'),
    metrics: Object.fromEntries(
      entry.means[0].map((_, d) => [`metric${d}`, samples.map((sample) => sample.x[d])]),
    ),
  });

  test('info gives weights and typical ranges', () => {
    const { components, metrics } = model.info;
    expectClose(
      components.map(({ weight }) => weight),
      entry.weights,
      1e-15,
    );
    expectClose(
      metrics.map(({ typicalLow }) => typicalLow),
      entry.typical_low,
      tolerance,
    );
    expectClose(
      metrics.map(({ typicalHigh }) => typicalHigh),
      entry.typical_high,
      tolerance,
    );
  });

  test('scoreRows and score give the anomaly score', () => {
    const states = samples.map(({ responsibilities }) =>
      responsibilities.indexOf(Math.max(...responsibilities)),
    );
    for (const scored of [model.scoreRows(rows), model.open(tableOf(samples)).scores]) {
      samples.forEach((_, i) => {
        expectClose([scored.anomalyScore[i]], [scores[i]], tolerance, scores[i]);
      });
      expect([...scored.state]).toEqual(states);
    }
  });

  test('explainRows gives expectation, range, surprises and contributions', () => {
    const { metrics, anomalyScore, responsibilities } = model.explainRows(Float64Array.from(rows));
    const components = entry.weights.length;
    samples.forEach((sample, i) => {
      const check = (field, expected) => {
        const actual = metrics.map((column) => column[field][i]);
        expectClose(actual, expected, tolerance, scores[i]);
      };
      const logarithm = (field) => metrics.map((column) => Math.log(column[field][i]));
      const visible = (logs) => logs.map((log) => (log < smallestLog ? -Infinity : log));
      expectClose([anomalyScore[i]], [scores[i]], tolerance, scores[i]);
      expectClose(
        responsibilities.subarray(i * components, (i + 1) * components),
        sample.responsibilities,
        tolerance,
        scores[i],
      );
      check('observed', sample.x);
      check('expected', sample.conditional_mean);
      check('low', sample.conditional_low);
      check('high', sample.conditional_high);
      check('contribution', sample.contribution);
      for (const [field, logs] of [
        ['surprise', sample.log_surprise],
        ['typicalSurprise', sample.log_typical_surprise],
      ]) {
        const seen = logs.map((log) => log === null || log >= smallestLog);
        const keep = (_, d) => seen[d];
        expectClose(
          logarithm(field).filter(keep),
          visible(logs).filter(keep),
          tolerance,
          scores[i],
        );
        metrics.forEach((column, d) => {
          if (!seen[d]) expect(column[field][i]).toBeLessThan(1e-300);
        });
      }
    });
  });

  test('explain gives the same of one sample, by rank', () => {
    const table = tableOf(samples);
    samples.forEach((sample, i) => {
      const explanation = model.open(table).explain({ host: 'a', timestamp: table.timestamps[i] });
      expectClose([explanation.anomalyScore], [scores[i]], tolerance, scores[i]);
      const byName = new Map(explanation.metrics.map((metric) => [metric.metric, metric]));
      const inOrder = entry.means[0].map((_, d) => byName.get(`metric${d}`));
      const check = (field, expected) => {
        expectClose(
          inOrder.map((metric) => metric[field]),
          expected,
          tolerance,
          scores[i],
        );
      };
      check('observed', sample.x);
      check('expected', sample.conditional_mean);
      check('low', sample.conditional_low);
      check('high', sample.conditional_high);
      check('typicalLow', entry.typical_low);
      check('typicalHigh', entry.typical_high);
      check('contribution', sample.contribution);
      expect(explanation.metrics.map(({ rank }) => rank)).toEqual(
        Array.from({ length: dimensions }, (_, rank) => rank + 1),
      );
    });
  });
});

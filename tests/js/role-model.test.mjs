import fc from 'fast-check';

import { formatValue } from '../../js/dist/index.js';
import {
  errorOf,
  expectClose,
  mixtureCases,
  modelBytes,
  randomNumbers,
  reorderRows,
  RoleModel,
  shuffled,
  typicalTable,
} from './support.mjs';

const entry = mixtureCases.find(({ name }) => name.startsWith('D=5 K=3'));
const names = entry.means[0].map((_, d) => `metric${d}`);

let model;
beforeAll(async () => {
  model = await RoleModel.load(modelBytes(entry));
});
afterAll(() => model.dispose());

const seeds = fc.integer({ min: 1, max: 2 ** 30 });
const smallTable = (seed) => typicalTable(model.info, { hosts: 3, samples: 8, seed });
const scoreFields = ['anomalyScore', 'alertScore', 'severity', 'state'];

describe('scores', () => {
  test('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const table = smallTable(seed);
        const order = shuffled(table.hosts.length, seed);
        const expected = model.open(table).scores;
        const actual = model.open(reorderRows(table, order)).scores;
        for (const field of scoreFields) {
          expect([...actual[field]]).toEqual(order.map((i) => expected[field][i]));
        }
      }),
    );
  });

  test('does not depend on the order of the columns, nor on others beside them', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const table = smallTable(seed);
        const columns = Object.entries(table.metrics);
        const order = shuffled(columns.length, seed);
        const metrics = Object.fromEntries([
          ['unknown', table.timestamps],
          ...order.map((i) => columns[i]),
        ]);
        expect(model.open({ ...table, metrics }).scores).toEqual(model.open(table).scores);
      }),
    );
  });

  test('depends on the past of the host only', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 23 }), (seed, rows) => {
        const table = smallTable(seed);
        const order = [...table.hosts.keys()].slice(0, rows);
        const all = model.open(table).scores;
        const some = model.open(reorderRows(table, order)).scores;
        for (const field of scoreFields) {
          expect([...some[field]]).toEqual([...all[field].subarray(0, rows)]);
        }
      }),
    );
  });

  test('marginalises missing metrics, and lists those that the table lacks altogether', () => {
    fc.assert(
      fc.property(seeds, fc.subarray(names, { minLength: 1, maxLength: 4 }), (seed, missing) => {
        const table = smallTable(seed);
        const lacking = Object.entries(table.metrics).filter(([name]) => !missing.includes(name));
        const gaps = missing.map((name) => [name, table.hosts.map(() => null)]);
        const rest = { ...table, metrics: Object.fromEntries(lacking) };
        const without = model.open(rest, { anyRole: true });
        const filled = { ...table, metrics: Object.fromEntries([...lacking, ...gaps]) };
        const withGaps = model.open(filled, { anyRole: true });
        expect(without.missingMetrics).toEqual(names.filter((name) => missing.includes(name)));
        expect(withGaps.missingMetrics).toEqual(without.missingMetrics);
        expect(withGaps.scores).toEqual(without.scores);
      }),
    );
  });

  test('gives NaN and state -1 where every metric is missing', () => {
    const table = smallTable(1);
    for (const column of Object.values(table.metrics)) column[4] = NaN;
    const scores = model.open(table).scores;
    expect([scores.anomalyScore[4], scores.alertScore[4], scores.severity[4]]).toEqual([
      NaN,
      NaN,
      NaN,
    ]);
    expect(scores.state[4]).toBe(-1);
    expect(scores.anomalyScore[5]).not.toBeNaN();
  });

  test('takes null, undefined, integers and other typed arrays', () => {
    const table = smallTable(1);
    const [first, ...rest] = Object.entries(table.metrics);
    const rounded = (type) => type.from(first[1], Math.round);
    const score = (column) =>
      model.open({ ...table, metrics: { [first[0]]: column, ...Object.fromEntries(rest) } }).scores;
    const expected = score(rounded(Float64Array));
    for (const type of [Array, Float32Array, Int32Array]) {
      expect(score(rounded(type))).toEqual(expected);
    }
    const withGap = (gap) => Object.assign([...first[1]], { 3: gap });
    expect(score(withGap(null))).toEqual(score(withGap(NaN)));
    expect(score(withGap(undefined))).toEqual(score(withGap(NaN)));
  });

  test('of no rows is empty', () => {
    const none = model.open(typicalTable(model.info, { hosts: 1, samples: 0 }));
    expect(none.scores).toEqual({
      anomalyScore: new Float64Array(),
      alertScore: new Float64Array(),
      severity: new Float64Array(),
      state: new Int32Array(),
    });
    expect(none.missingMetrics).toEqual([]);
    expect(none.alerts()).toEqual([]);
  });

  test('keeps its results apart from the memory of the module, which grows', () => {
    const rows = 1_000_000;
    const small = smallTable(1);
    const before = model.open(small).scores;
    const copy = structuredClone(before);
    const random = randomNumbers();
    const repeat = ({ typicalLow, typicalHigh }) =>
      Float64Array.from({ length: rows }, () => typicalLow + (typicalHigh - typicalLow) * random());
    const large = {
      timestamps: Float64Array.from({ length: rows }, (_, i) => 60 * i),
      hosts: new Array(rows).fill('a'),
      metrics: Object.fromEntries(
        model.info.metrics.map((metric) => [metric.name, repeat(metric)]),
      ),
    };
    const samples = model.open(large);
    const { scores } = samples;
    expect(scores.anomalyScore).toHaveLength(rows);
    const last = names.map((name) => large.metrics[name][rows - 1]);
    expect(scores.anomalyScore[rows - 1]).toBe(model.scoreRows(last).anomalyScore[0]);
    expect(before).toEqual(copy);
    samples.dispose();
    expect(scores.anomalyScore).toHaveLength(rows);
  });
});

test('more than the module holds is refused before anything is copied', async () => {
  const table = {
    timestamps: { length: 2 ** 25 },
    hosts: Object.assign([], { length: 2 ** 25 }),
    metrics: Object.fromEntries(names.map((name) => [name, { length: 2 ** 25 }])),
  };
  const error = await errorOf(() => model.open(table));
  expect([error.code, error.message]).toEqual([
    'out_of_memory',
    'expected to need at most 2 GB, got 3.76 GB; try fewer rows at once',
  ]);
  const rows = await errorOf(() => model.scoreRows({ length: 5 * 2 ** 26 }));
  expect(rows.code).toBe('out_of_memory');
});

describe('bad tables', () => {
  const good = () => smallTable(1);
  const withMetric = (column) => ({ ...good(), metrics: { ...good().metrics, metric2: column } });
  const changed = (column, at, value) => Object.assign([...column], { [at]: value });
  const column = (at, value) => changed(good().metrics.metric2, at, value);

  test.each([
    [
      'hosts too short',
      () => ({ ...good(), hosts: ['a'] }),
      'shape_mismatch',
      /^hosts: expected 24 .* got 1$/,
    ],
    [
      'a metric too long',
      () => withMetric(new Float64Array(25)),
      'shape_mismatch',
      /^metrics\["metric2"\]: expected 24 .* got 25$/,
    ],
    [
      'timestamps too short',
      () => ({ ...good(), timestamps: [1] }),
      'shape_mismatch',
      /^hosts: expected 1 .* got 24$/,
    ],
    ['an infinity', () => withMetric(column(7, Infinity)), 'not_finite', /row 7, metric "metric2"/],
    ['-infinity', () => withMetric(column(7, -Infinity)), 'not_finite', /row 7, metric "metric2"/],
    [
      'text for a number',
      () => withMetric(column(7, '12')),
      'invalid_argument',
      /metric2.*\[7\].*got "12"/,
    ],
    [
      'a bigint',
      () => withMetric(new BigInt64Array(24)),
      'invalid_argument',
      /metric2.*got bigint/,
    ],
    [
      'a timestamp of NaN',
      () => ({ ...good(), timestamps: changed(good().timestamps, 3, NaN) }),
      'not_finite',
      /timestamps\[3\]/,
    ],
    [
      'a date for a timestamp',
      () => ({ ...good(), timestamps: changed(good().timestamps, 3, new Date()) }),
      'invalid_argument',
      /timestamps\[3\].*got date/,
    ],
    [
      'a host that is no text',
      () => ({ ...good(), hosts: changed(good().hosts, 3, 5) }),
      'invalid_argument',
      /hosts\[3\].*got 5/,
    ],
    [
      'a host without a name',
      () => ({ ...good(), hosts: changed(good().hosts, 3, '') }),
      'invalid_argument',
      /expected a name/,
    ],
    [
      "none of the model's metrics",
      () => ({ ...good(), metrics: { other: good().metrics.metric2 } }),
      'invalid_argument',
      /none of the model's 5 metrics/,
    ],
  ])('%s', async (_, table, code, message) => {
    const samples = model.open(good());
    for (const use of [(bad) => model.open(bad), (bad) => samples.append(bad)]) {
      const error = await errorOf(() => use(table()));
      expect([error.name, error.code]).toEqual(['RolemixError', code]);
      expect(error.message).toMatch(message);
    }
    expect(samples.rows).toBe(24);
    expect(model.open(good()).scores.anomalyScore).toHaveLength(24);
  });

  test('two samples of a host at one time are refused, or its rows appended as none', async () => {
    const bad = { ...good(), timestamps: changed(good().timestamps, 3, 1.7e9) };
    const said = /row 3, .*host "h0".*170[01]000000.*row 0/;
    expect((await errorOf(() => model.open(bad))).message).toMatch(said);
    const later = (table) => ({ ...table, timestamps: table.timestamps.map((t) => t + 1e6) });
    const samples = model.open(good());
    samples.append(later(bad));
    expect(samples.rows).toBe(24 + 16);
    const notice = samples.notices.find(({ code }) => code === 'host_left_out');
    expect(notice).toMatchObject({ host: 'h0', text: expect.stringMatching(said) });
  });
});

describe('explain', () => {
  test('agrees with score, explainRows and explainHost', () => {
    fc.assert(
      fc.property(seeds, fc.nat(23), (seed, row) => {
        const table = smallTable(seed);
        table.metrics.metric3[row] = NaN;
        const [host, timestamp] = [table.hosts[row], table.timestamps[row]];
        const samples = model.open(table);
        const one = samples.explain({ host, timestamp });
        const { scores } = samples;
        for (const field of scoreFields) expect(one[field]).toBe(scores[field][row]);

        const values = names.map((name) => table.metrics[name][row]);
        const rows = model.explainRows(values);
        expect(one.responsibilities).toEqual([...rows.responsibilities]);
        for (const metric of one.metrics) {
          const column = rows.metrics.find(({ metric: name }) => name === metric.metric);
          for (const [field, value] of Object.entries(metric)) {
            const other = typeof column[field] === 'object' ? column[field][0] : column[field];
            expect(value ?? NaN).toBe(other ?? NaN);
          }
        }

        const span = samples.explainHost({ host, from: timestamp, to: timestamp + 1 });
        expect([...span.timestamps]).toEqual([timestamp]);
        expect([span.alertScore[0], span.severity[0]]).toEqual([one.alertScore, one.severity]);
        expect(span.metrics).toEqual(rows.metrics);
      }),
    );
  });

  test('gives shares that sum up, and ranks that follow the blame', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const table = smallTable(seed);
        const { metrics } = model.open(table).explain({ host: 'h1', timestamp: 1.7e9 });
        const blame = metrics.map((metric) => metric.blame);
        const total = blame.reduce((sum, share) => sum + share, 0);
        expect(total === 0 || Math.abs(total - 1) < 1e-12).toBe(true);
        expect(blame).toEqual([...blame].sort((a, b) => b - a));
        expect(metrics.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
        for (const metric of metrics) {
          const { observed, low, high, typicalLow, typicalHigh, reason, direction } = metric;
          const unexpected = observed < low || observed > high;
          const untypical = observed < typicalLow || observed > typicalHigh;
          const names = {
            truetrue: 'both',
            truefalse: 'unusual_given_others',
            falsetrue: 'unusual_value',
          };
          expect(reason).toBe(names[`${unexpected}${untypical}`] ?? 'none');
          expect(direction).toBe(observed < metric.expected ? 'below' : 'above');
        }
      }),
    );
  });

  test('has a sentence about the metric most to blame', () => {
    const table = smallTable(1);
    table.metrics.metric1[23] *= 3;
    const { sentence, metrics } = model.open(table).explain({
      host: 'h2',
      timestamp: table.timestamps[23],
    });
    expect(metrics[0].metric).toBe('metric1');
    expect(sentence).toMatch(/^metric1 is /);
  });

  test('gives null for what a missing metric lacks, and survives JSON', () => {
    const table = smallTable(1);
    table.metrics.metric3[0] = NaN;
    const explanation = model.open(table).explain({ host: 'h0', timestamp: 1.7e9 });
    expect(explanation.metrics[4]).toMatchObject({
      metric: 'metric3',
      observed: null,
      surprise: null,
      typicalSurprise: null,
      contribution: null,
      reason: null,
      direction: null,
      blame: 0,
      rank: 5,
    });
    expect(explanation.metrics[4].expected).toEqual(expect.any(Number));
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });

  test('of a sample without any value still says what was expected', () => {
    const table = smallTable(1);
    for (const column of Object.values(table.metrics)) column[0] = NaN;
    const explanation = model.open(table).explain({ host: 'h0', timestamp: 1.7e9 });
    expect(explanation).toMatchObject({
      anomalyScore: null,
      alertScore: null,
      severity: null,
      state: -1,
    });
    expectClose(explanation.responsibilities, entry.weights, 1e-15);
    for (const metric of explanation.metrics) {
      expectClose([metric.low, metric.high], [metric.typicalLow, metric.typicalHigh], 1e-12);
    }
  });

  test('needs a sample of that host at that time', async () => {
    const samples = model.open(smallTable(1));
    const missing = await errorOf(() => samples.explain({ host: 'h0', timestamp: 1.7e9 + 1 }));
    expect([missing.code, missing.message]).toEqual([
      'invalid_argument',
      'expected a sample of host "h0" at 1700000001, got none',
    ]);
    const unknown = await errorOf(() => samples.explainHost({ host: 'h9' }));
    expect(unknown.message).toBe('expected samples of host "h9", got none');
  });
});

describe('explainHost', () => {
  test('gives the rows of one host in order of time, from <= timestamp < to', () => {
    const table = smallTable(5);
    const order = shuffled(24, 3);
    const all = model.open(reorderRows(table, order)).explainHost({ host: 'h1' });
    expect([...all.timestamps]).toEqual(Array.from({ length: 8 }, (_, i) => 1.7e9 + 60 * i));
    expect(all.metrics.map(({ metric }) => metric)).toEqual(names);
    expect([...all.metrics[2].observed]).toEqual(
      Array.from({ length: 8 }, (_, i) => table.metrics.metric2[3 * i + 1]),
    );
    const samples = model.open(table);
    const part = samples.explainHost({ host: 'h1', from: 1.7e9 + 61, to: 1.7e9 + 240 });
    expect([...part.timestamps]).toEqual([1.7e9 + 120, 1.7e9 + 180]);
    expect([...part.alertScore]).toEqual([...all.alertScore.subarray(2, 4)]);
    expect([...part.metrics[0].high]).toEqual([...all.metrics[0].high.subarray(2, 4)]);
    expect(samples.explainHost({ host: 'h1', from: 1.8e9 }).timestamps).toHaveLength(0);
  });
});

describe('scoreRows and explainRows', () => {
  test.each(['scoreRows', 'explainRows'])('%s checks its rows', async (use) => {
    const shape = await errorOf(() => model[use](new Float64Array(6)));
    expect([shape.code, shape.message]).toEqual([
      'shape_mismatch',
      'rows: expected a multiple of 5 numbers, one per metric, got 6',
    ]);
    const infinite = await errorOf(() => model[use]([1, 2, 3, 4, 5, 1, 2, -Infinity, 4, 5]));
    expect(infinite.code).toBe('not_finite');
    expect(infinite.message).toMatch(/row 1, metric metric2/);
    const text = await errorOf(() => model[use]([1, 2, '3', 4, 5]));
    expect([text.code, text.message]).toEqual([
      'invalid_argument',
      'rows[2]: expected a number, got "3"',
    ]);
    expect(model[use]([]).anomalyScore).toHaveLength(0);
  });
});

describe('alerts', () => {
  test('are none before the model is calibrated', () => {
    const table = smallTable(1);
    for (const column of Object.values(table.metrics)) column.fill(1e6);
    expect(model.info.calibration.ready).toBe(false);
    expect(model.open(table).alerts()).toEqual([]);
  });

  test.each([
    [{ maxCheckAttempts: 0 }, /^maxCheckAttempts: expected an integer from 1 to 10, got 0/],
    [{ maxCheckAttempts: 11 }, /1 to 10, got 11/],
    [{ maxCheckAttempts: 2.5 }, /integer from 1 to 10, got 2.5/],
    [{ maxCheckAttempts: '3' }, /integer from 1 to 10, got "3"/],
    [
      { warningSensitivity: 'loud' },
      /^warningSensitivity: expected sensitive, normal or insensitive, got "loud"/,
    ],
    [{ criticalSensitivity: 7 }, /expected sensitive, normal or insensitive, got 7/],
    [{ warningSensitivity: 'insensitive', criticalSensitivity: 'sensitive' }, /more sensitive/],
    [{ sensitivity: 'normal' }, /^options: expected only .*explained, language, got "sensitivity"/],
    [null, /^options: expected an object, got null/],
    [{ scores: {} }, /^options: expected only .* got "scores"/],
  ])('refuse the settings %j', async (options, message) => {
    const samples = model.open(smallTable(1));
    for (const use of [() => samples.alerts(options), () => samples.prices([{}, options])]) {
      const error = await errorOf(use);
      expect(error.code).toBe('invalid_argument');
      expect(error.message).toMatch(message);
    }
  });
});

describe('calls without what they need', () => {
  const sample = { host: 'h0', timestamp: 1.7e9 };
  const table = { timestamps: [1.7e9], hosts: ['h0'], metrics: { [names[0]]: [1] } };
  const { timestamps, hosts, metrics } = table;
  test.each([
    [
      () => RoleModel.load(undefined),
      'source: expected a URL, a path, a Response or bytes, got undefined',
    ],
    [() => RoleModel.load(Promise.resolve()), /or bytes, got promise$/],
    [() => RoleModel.load(8), /or bytes, got 8$/],
    [() => model.open(), 'table: expected an object, got undefined'],
    [() => model.open({ timestamps, hosts }), 'metrics: expected an object, got undefined'],
    [() => model.open({ hosts, metrics }), 'timestamps: expected an array, got undefined'],
    [() => model.open({ ...table, hosts: 'h0' }), 'hosts: expected an array of text, got "h0"'],
    [
      () => model.open({ ...table, metrics: { x: null } }),
      'metrics["x"]: expected an array, got null',
    ],
    [
      () => model.open(table, { anyRole: true }).explain(),
      'sample: expected { host, timestamp }, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).explain('h0'),
      'sample: expected { host, timestamp }, got "h0"',
    ],
    [
      () => model.open(table, { anyRole: true }).explain({ host: 'h0' }),
      'sample.timestamp: expected a number, got undefined',
    ],
    [() => RoleModel.load(new Uint8Array(8), null), 'options: expected an object, got null'],
    [
      () => model.open(table, { anyRole: true }).explain(sample, null),
      'options: expected an object, got null',
    ],
    [
      () => model.open(table, { anyRole: true }).similar(),
      'sample: expected { host, timestamp }, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).whatIf(undefined, {}),
      'sample: expected { host, timestamp }, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).whatIf(sample),
      'values: expected an object, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).joint(sample, [names[0]]),
      'metrics: expected two metrics, got an array of 1',
    ],
    [
      () => model.open(table, { anyRole: true }).explainHost(),
      'period: expected { host, from, to }, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).explainAlert(),
      /^alert: expected \{ alertId, worstHost, worstAt, startedAt \}/,
    ],
    [
      () => model.open(table, { anyRole: true }).explainAlert({ host: 'h0' }),
      'alert.alertId: expected a string, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).prices({}),
      'settings: expected an array of settings, got object',
    ],
    [
      () => model.open(table, { anyRole: true }).append(),
      'table: expected an object, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).forget(),
      'before: expected a number, got undefined',
    ],
    [
      () => model.open(table, { anyRole: true }).values('h0', 'nope'),
      'expected a metric of the model, got "nope"',
    ],
    [() => model.scoreRows(), 'rows: expected an array, got undefined'],
    [() => model.edit(), 'edits: expected an object, got undefined'],
    [
      () => model.edit({ tolerance: {} }),
      'edits: expected only tolerances, muted, got "tolerance"',
    ],
    [() => model.edit({ muted: names[0] }), `muted: expected an array of text, got "${names[0]}"`],
    [() => formatValue(5), 'unit: expected a string, got undefined'],
  ])('%s is refused', async (use, message) => {
    const error = await errorOf(use);
    expect(error.code).toBe('invalid_argument');
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });
});

describe('dispose', () => {
  test('can be called twice, and using the model afterwards is an error', async () => {
    const disposed = await RoleModel.load(modelBytes(entry));
    const table = smallTable(1);
    disposed.dispose();
    disposed.dispose();
    for (const use of [
      () => disposed.open(table),
      () => disposed.open(model.open(table, { anyRole: true })),
      () => disposed.scoreRows([]),
      () => disposed.explainRows([]),
    ]) {
      const error = await errorOf(use);
      expect([error.code, error.message]).toEqual([
        'disposed',
        'model of golden:mixture: used after dispose()',
      ]);
    }
    expect(disposed.info.role).toBe('golden:mixture');
    expect(model.open(table, { anyRole: true }).scores.anomalyScore).toHaveLength(24);
  });

  test('is what `using` calls', async () => {
    const disposed = await RoleModel.load(modelBytes(entry));
    disposed[Symbol.dispose]();
    expect((await errorOf(() => disposed.scoreRows([]))).code).toBe('disposed');
  });
});

// A role's samples while they are open: later ones come in, early ones are dropped, the model is edited.
import fc from 'fast-check';

import {
  errorOf,
  eventfulTable,
  goldenPath,
  mixtureCases,
  modelBytes,
  partOf,
  reorderRows,
  RoleModel,
  shuffled,
} from './support.mjs';

let model, names;
beforeAll(async () => {
  model = await RoleModel.load(goldenPath('model.rolemix'));
  names = model.info.metrics.map(({ name }) => name);
});
afterAll(() => model.dispose());

const minute = (n) => 1.7e9 + 60 * n;
const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const fields = ['anomalyScore', 'alertScore', 'severity', 'state'];
const seeds = fc.integer({ min: 1, max: 2 ** 30 });

/** All that is said of the samples of one host, and of all. */
const allOf = (samples, host = 'h1') => ({
  hosts: samples.hosts,
  rows: samples.rows,
  period: samples.period,
  alerts: samples.alerts({ maxCheckAttempts: 2 }),
  severities: samples.severities(host),
  values: samples.values(host, names[0]),
  explained: samples.explainHost({ host }),
  worst: samples.worst(),
});

describe('what is open', () => {
  test('is told by hosts, rows, period and missing metrics', () => {
    const table = eventfulTable({ samples: 10 });
    delete table.metrics[names[2]];
    const samples = model.open(reorderRows(table, shuffled(30, 1)));
    expect(samples.hosts).toEqual(['h0', 'h1', 'h2']);
    expect(samples.rows).toBe(30);
    expect(samples.period).toEqual({ start: minute(0), end: minute(9), interval: 60 });
    expect(samples.missingMetrics).toEqual([names[2]]);
    samples.dispose();
  });

  test('is told by the time that it covers, and the worst of its hosts at each time', () => {
    const table = eventfulTable({ samples: 200 });
    const samples = model.open(table);
    const { hostDays, roleDays } = samples.covered;
    expect(hostDays).toBeCloseTo((3 * 200) / 1440, 9);
    expect(roleDays).toBeCloseTo(200 / 1440, 9);
    const { severity } = samples.scores;
    const worst = new Map();
    table.timestamps.forEach((time, row) => {
      const known = severity[worst.get(time)];
      if (known === undefined || severity[row] > known || Number.isNaN(known)) worst.set(time, row);
    });
    const rows = samples.worstRows();
    const times = [...rows].map((row) => table.timestamps[row]);
    expect(times).toEqual([...worst.keys()].sort());
    const severities = (list) => [...list].map((row) => severity[row]);
    expect(severities(rows)).toEqual(severities(times.map((time) => worst.get(time))));
    samples.dispose();
  });

  test('has a nearest sample of a host for every time', () => {
    const samples = model.open(eventfulTable({ samples: 10 }));
    const at = (timestamp, host = 'h1') => samples.nearest({ host, timestamp });
    expect(at(0)).toEqual({ host: 'h1', timestamp: minute(0) });
    expect(at(minute(3) + 30)).toEqual({ host: 'h1', timestamp: minute(3) });
    expect(at(minute(3) + 31)).toEqual({ host: 'h1', timestamp: minute(4) });
    expect(at(1e12)).toEqual({ host: 'h1', timestamp: minute(9) });
    expect(at(0, 'nobody')).toBeNull();
    samples.dispose();
  });

  test('comes with notices of what is to be known of it', () => {
    const table = eventfulTable({ samples: 10 });
    const samples = model.open(table);
    const usual = samples.notices.map(({ code }) => code);
    expect(usual).not.toContain('metrics_missing');
    delete table.metrics[names[2]];
    samples.append(table);
    const [missing, passedOver] = samples.notices.filter(({ code }) => !usual.includes(code));
    expect(missing).toEqual({
      code: 'metrics_missing',
      text: `the samples lack 1 of the model's metrics, scored without them: ${names[2]}`,
      file: null,
      line: null,
      host: null,
      metric: names[2],
    });
    expect(passedOver.code).toBe('samples_passed_over');
    expect(passedOver.text).toMatch(/^30 samples are not later than the last/);
    samples.dispose();
  });

  test('severities and values are those of the rows of a host, in order of time', () => {
    const table = eventfulTable({ samples: 40 });
    const samples = model.open(reorderRows(table, shuffled(120, 2)));
    const { scores } = model.open(table);
    const rows = [...table.hosts.keys()].filter((row) => table.hosts[row] === 'h2');
    const timestamps = Float64Array.from(rows, (row) => table.timestamps[row]);
    expect(samples.severities('h2')).toEqual({
      host: 'h2',
      timestamps,
      severity: Float64Array.from(rows, (row) => scores.severity[row]),
    });
    for (const name of names) {
      const values = Float64Array.from(rows, (row) => table.metrics[name][row]);
      expect(samples.values('h2', name)).toEqual({ timestamps, values });
    }
    expect(samples.severities('nobody').timestamps).toHaveLength(0);
    expect(samples.values('nobody', names[0]).values).toHaveLength(0);
  });

  test('keeps its scores, which are computed once', () => {
    const samples = model.open(eventfulTable());
    expect(samples.scores).toBe(samples.scores);
  });
});

describe('score', () => {
  const rows = 18_000;
  let table, expected;
  beforeAll(() => {
    table = eventfulTable({ hosts: 3, samples: rows / 3 });
    expected = model.open(table).scores;
  });

  /** As bytes, which takes a moment. */
  const expectAll = (scores) => {
    for (const field of fields) {
      expect(bytesOf(scores[field]).equals(bytesOf(expected[field]))).toBe(true);
    }
  };

  test('gives the scores in slices, tells how far it is, and lets the event loop turn', async () => {
    const samples = model.open(table);
    const told = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const scores = await samples.score({ onProgress: (...numbers) => told.push(numbers) });
    clearInterval(timer);
    expectAll(scores);
    expect(scores).toBe(samples.scores);
    expect(turns).toBeGreaterThan(1);
    expect(told.length).toBeGreaterThan(2);
    expect(told).toEqual([...told].sort(([a], [b]) => a - b));
    expect(told.every(([done, total]) => done <= total && total === rows)).toBe(true);
    expect(told.at(-1)).toEqual([rows, rows]);
    samples.dispose();
  });

  test('ends with the reason of its signal, and can be taken up again', async () => {
    const samples = model.open(table);
    const reason = new Error('enough');
    const early = samples.score({ signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
    const control = new AbortController();
    const told = [];
    const onProgress = (done) => {
      told.push(done);
      control.abort(reason);
    };
    await expect(samples.score({ signal: control.signal, onProgress })).rejects.toBe(reason);
    expect(told).toHaveLength(1);
    expectAll(await samples.score());
    samples.dispose();
  });

  test('ends when its samples are disposed of', async () => {
    const samples = model.open(table);
    const scoring = errorOf(() => samples.score());
    samples.dispose();
    expect((await scoring).code).toBe('disposed');
  });

  test('takes in what is appended on the way', async () => {
    const samples = model.open(partOf(table, 0, minute(4000)));
    const scoring = samples.score();
    samples.append(partOf(table, minute(4000), Infinity));
    expectAll(await scoring);
    samples.dispose();
  });
});

test('there are alerts to tell apart', () => {
  const alerts = model.open(eventfulTable()).alerts({ maxCheckAttempts: 2 });
  expect(alerts.length).toBeGreaterThan(2);
  expect(alerts.map(({ closedAt }) => closedAt === null)).toContain(false);
});

describe('append', () => {
  test('gives what all at once gives, bit for bit, wherever it is split', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.array(fc.integer({ min: 1, max: 59 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (seed, cuts, ask) => {
          const table = eventfulTable({ seed });
          const ends = [0, ...new Set(cuts.sort((a, b) => a - b)), 60].map(minute);
          const parts = ends.slice(1).map((end, i) => {
            const some = partOf(table, ends[i], end);
            return reorderRows(some, shuffled(some.hosts.length, seed));
          });
          const samples = model.open(parts[0]);
          const added = [samples.scores];
          for (const later of parts.slice(1)) {
            // Whatever was asked for before makes no difference.
            if (ask) allOf(samples);
            added.push(samples.append(later));
          }
          const order = parts.reduce(
            (all, { timestamps, hosts }) => [
              ...all,
              ...timestamps.map((time, i) =>
                table.hosts.findIndex(
                  (host, r) => host === hosts[i] && table.timestamps[r] === time,
                ),
              ),
            ],
            [],
          );
          const whole = model.open(reorderRows(table, order));
          for (const field of fields) {
            expect(added.flatMap((scores) => [...scores[field]])).toEqual([...whole.scores[field]]);
          }
          expect(samples.scores).toEqual(whole.scores);
          expect(allOf(samples)).toEqual(allOf(whole));
          samples.dispose();
          whole.dispose();
        },
      ),
      { numRuns: 12 },
    );
  });

  test('passes over rows that are not later, which are NaN and state -1', () => {
    const table = eventfulTable({ samples: 20 });
    const samples = model.open(partOf(table, 0, minute(12)));
    const { anomalyScore, alertScore, severity, state } = samples.append(
      partOf(table, minute(10), Infinity),
    );
    const passedOver = 2 * 3;
    for (const column of [anomalyScore, alertScore, severity]) {
      expect([...column.subarray(0, passedOver)]).toEqual(Array(passedOver).fill(NaN));
      expect([...column.subarray(passedOver)]).not.toContain(NaN);
    }
    expect([...state.subarray(0, passedOver)]).toEqual(Array(passedOver).fill(-1));
    expect(samples.rows).toBe(60);
    expect(samples.scores).toEqual(model.open(table).scores);
  });

  test('takes new hosts, tables without some metrics, and tables of no rows', () => {
    const table = eventfulTable({ samples: 20 });
    const samples = model.open(partOf(table, 0, minute(10)));
    const later = partOf(table, minute(10), Infinity);
    const more = { ...later, hosts: later.hosts.map((host) => `a${host}`) };
    const known = Object.entries(more.metrics).filter(([name]) => name !== names[1]);
    samples.append({ ...more, metrics: Object.fromEntries(known) });
    expect(samples.hosts).toEqual(['ah0', 'ah1', 'ah2', 'h0', 'h1', 'h2']);
    expect(samples.missingMetrics).toEqual([names[1]]);
    const gap = { ...more, metrics: { ...more.metrics, [names[1]]: more.hosts.map(() => null) } };
    expect(samples.severities('ah1')).toEqual(model.open(gap).severities('ah1'));
    const { rows } = samples;
    expect(samples.append(partOf(table, 0, 0)).state).toHaveLength(0);
    expect(samples.rows).toBe(rows);
  });

  test('of what cannot be leaves the samples as they were', async () => {
    const table = eventfulTable({ samples: 20 });
    const samples = model.open(partOf(table, 0, minute(10)));
    const before = allOf(samples);
    const later = partOf(table, minute(10), Infinity);
    const [name] = names;
    for (const [bad, code] of [
      [{ ...later, hosts: ['h0'] }, 'shape_mismatch'],
      [
        { ...later, metrics: { ...later.metrics, [name]: later.hosts.map(() => Infinity) } },
        'not_finite',
      ],
      [{ ...later, timestamps: later.timestamps.map(() => minute(15)) }, 'invalid_argument'],
      [{ ...later, metrics: { other: later.timestamps } }, 'invalid_argument'],
      [undefined, 'invalid_argument'],
    ]) {
      expect((await errorOf(() => samples.append(bad))).code).toBe(code);
      expect(allOf(samples)).toEqual(before);
    }
    samples.append(later);
    expect(samples.scores).toEqual(model.open(table).scores);
  });
});

describe('forget', () => {
  test('drops the samples before a time, and nothing of what is known of those after it', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 60 }), fc.boolean(), (seed, cut, later) => {
        const table = eventfulTable({ seed });
        const whole = model.open(table);
        const samples = model.open(partOf(table, 0, later ? minute(45) : Infinity));
        samples.forget(minute(cut));
        if (later) samples.append(partOf(table, minute(45), Infinity));
        const left = [...table.hosts.keys()].filter(
          (row) => table.timestamps[row] >= minute(later ? Math.min(cut, 45) : cut),
        );
        expect(samples.rows).toBe(left.length);
        for (const field of fields) {
          expect([...samples.scores[field]]).toEqual(left.map((row) => whole.scores[field][row]));
        }
        samples.dispose();
        whole.dispose();
      }),
      { numRuns: 12 },
    );
  });

  test('explains what is left with the history that was dropped', () => {
    const table = eventfulTable();
    const samples = model.open(table);
    const sample = { host: 'h1', timestamp: minute(35) };
    const before = samples.explain(sample);
    samples.forget(minute(33));
    const after = samples.explain(sample);
    expect(after.sentence).toBe(before.sentence);
    expect(after.severity).toBe(before.severity);
    after.metrics.forEach(({ metric, blame }, rank) => {
      expect(metric).toBe(before.metrics[rank].metric);
      expect(blame).toBeCloseTo(before.metrics[rank].blame, 11);
    });
    const gone = () => samples.explain({ host: 'h1', timestamp: minute(32) });
    expect(gone).toThrow('expected a sample of host "h1"');
    expect(samples.period.start).toBe(minute(33));
  });
});

describe('alerts', () => {
  test('prices are how many of them settings raise', () => {
    const samples = model.open(eventfulTable({ hosts: 4, samples: 300 }));
    const sensitivities = ['sensitive', 'normal', 'insensitive'];
    const settings = sensitivities.flatMap((warningSensitivity, i) =>
      sensitivities.slice(i).flatMap((criticalSensitivity) =>
        [1, 3, 10].map((maxCheckAttempts) => ({
          warningSensitivity,
          criticalSensitivity,
          maxCheckAttempts,
        })),
      ),
    );
    const all = [{}, ...settings];
    const prices = samples.prices(all);
    expect(prices).toEqual(
      all.map((each) => {
        const alerts = samples.alerts(each);
        const critical = alerts.filter(({ level }) => level === 'critical');
        return { alerts: alerts.length, critical: critical.length };
      }),
    );
    expect(new Set(prices.map(({ alerts }) => alerts)).size).toBeGreaterThan(1);
    expect(samples.prices([])).toEqual([]);
  });

  test('the worst sample is that of the worst alert, or of the highest severity without one', () => {
    const table = eventfulTable({ hosts: 4, samples: 300 });
    const samples = model.open(table);
    const alerts = samples.alerts();
    expect(alerts.length).toBeGreaterThan(1);
    const by = ({ severity, anomalyScore }) => [severity, anomalyScore];
    const isWorse = ([a, b], [c, d]) => a > c || (a === c && b > d);
    const worst = alerts.reduce((a, b) => (isWorse(by(b), by(a)) ? b : a));
    expect(samples.worst()).toEqual({ host: worst.worstHost, timestamp: worst.worstAt });
    expect(samples.worst([alerts[1]])).toEqual({
      host: alerts[1].worstHost,
      timestamp: alerts[1].worstAt,
    });
    const { severity, anomalyScore } = samples.scores;
    const rows = [...severity.keys()].filter((row) => !Number.isNaN(severity[row]));
    const row = rows.reduce((a, b) =>
      isWorse([severity[b], anomalyScore[b]], [severity[a], anomalyScore[a]]) ? b : a,
    );
    expect(samples.worst([])).toEqual({
      host: table.hosts[row],
      timestamp: table.timestamps[row],
    });
    const unmeasured = { ...table, metrics: { [names[0]]: table.hosts.map(() => null) } };
    expect(model.open(unmeasured, { anyRole: true }).worst()).toBeNull();
  });
});

describe('opened again', () => {
  test('with an edited model samples say what the table does', () => {
    const table = eventfulTable();
    const samples = model.open(table);
    samples.scores;
    for (const edits of [
      { tolerances: { [names[1]]: 40 } },
      { muted: [names[0], names[3]] },
      { tolerances: { [names[4]]: 7 }, muted: [names[1]] },
      {},
    ]) {
      const edited = model.edit(edits);
      const again = edited.open(samples);
      const expected = edited.open(table);
      const metric = edited.info.metrics[0].name;
      const seen = (one) => ({
        scores: one.scores,
        missing: one.missingMetrics,
        alerts: one.alerts(),
        prices: one.prices([{ maxCheckAttempts: 1 }, {}]),
        explained: one.explain({ host: 'h2', timestamp: minute(30) }),
        changed: one.whatIf({ host: 'h2', timestamp: minute(30) }, { [metric]: 5 }),
        host: one.explainHost({ host: 'h1' }),
        values: one.values('h0', metric),
        similar: one.similar({ host: 'h2', timestamp: minute(50) }),
      });
      expect(seen(again)).toEqual(seen(expected));
      for (const one of [again, expected, edited]) one.dispose();
    }
  });

  test('with the model before its edit they are what they were, but for muted metrics', async () => {
    const samples = model.open(eventfulTable());
    const [wider, muted] = [model.withTolerance(names[1], 40), model.mute(names[0])];
    const back = model.open(wider.open(samples));
    expect(allOf(back)).toEqual(allOf(samples));
    const error = await errorOf(() => model.open(muted.open(samples)));
    expect([error.code, error.message]).toEqual([
      'invalid_argument',
      `samples: expected values of metric ${names[0]}, got those of a model that mutes it`,
    ]);
    for (const one of [samples, back, wider, muted]) one.dispose();
  });

  test('with another model they are refused', async () => {
    const entry = mixtureCases.find(({ name }) => name.startsWith('D=5 K=3'));
    const other = await RoleModel.load(modelBytes(entry));
    const samples = model.open(eventfulTable());
    const error = await errorOf(() => other.open(samples));
    expect(error.code).toBe('invalid_argument');
    expect(error.message).toContain('those of another model');
    other.dispose();
  });

  test('what one handle takes in or drops does not change another', () => {
    const table = eventfulTable();
    const edited = model.withTolerance(names[1], 30);
    const start = partOf(table, 0, minute(40));
    const first = model.open(start);
    const second = edited.open(first);
    const third = model.open(second);
    const [before, beforeThird] = [allOf(first), allOf(third)];
    second.append(partOf(table, minute(40), Infinity));
    expect(second.scores).toEqual(edited.open(table).scores);
    expect(allOf(first)).toEqual(before);
    third.forget(minute(20));
    expect(third.rows).toBe(60);
    expect(allOf(first)).toEqual(before);
    first.dispose();
    expect(second.scores).toEqual(edited.open(table).scores);
    expect(allOf(model.open(start))).toEqual(beforeThird);
    edited.dispose();
  });
});

describe('dispose', () => {
  const uses = (samples) => [
    () => samples.hosts,
    () => samples.rows,
    () => samples.period,
    () => samples.missingMetrics,
    () => samples.scores,
    () => samples.score(),
    () => samples.append(eventfulTable({ samples: 1 })),
    () => samples.forget(0),
    () => samples.severities('h0'),
    () => samples.values('h0', names[0]),
    () => samples.explain({ host: 'h0', timestamp: minute(0) }),
    () => samples.whatIf({ host: 'h0', timestamp: minute(0) }, {}),
    () => samples.joint({ host: 'h0', timestamp: minute(0) }, [names[0], names[1]]),
    () => samples.explainHost({ host: 'h0' }),
    () => samples.alerts(),
    () => samples.explainAlert({}),
    () => samples.similar({ host: 'h0', timestamp: minute(0) }),
    () => samples.prices([{}]),
    () => samples.worst(),
    () => samples.worst([]),
    () => model.open(samples),
  ];

  test('can be called twice, and using the samples afterwards is an error', async () => {
    const samples = model.open(eventfulTable());
    allOf(samples);
    samples.scores;
    samples.dispose();
    samples.dispose();
    for (const use of uses(samples)) {
      const error = await errorOf(use);
      expect([error.code, error.message]).toEqual([
        'disposed',
        'samples of golden:db: used after dispose()',
      ]);
    }
  });

  test('is what `using` calls', async () => {
    const samples = model.open(eventfulTable());
    samples[Symbol.dispose]();
    expect((await errorOf(() => samples.rows)).code).toBe('disposed');
  });

  test('of the model leaves its samples as they are', async () => {
    const table = eventfulTable();
    const own = await RoleModel.load(goldenPath('model.rolemix'));
    const edited = own.mute(names[2]);
    const samples = own.open(partOf(table, 0, minute(40)));
    const again = edited.open(samples);
    own.dispose();
    edited.dispose();
    const whole = model.open(table);
    samples.append(partOf(table, minute(40), Infinity));
    expect(allOf(samples)).toEqual(allOf(whole));
    samples.dispose();
    expect(again.scores).toEqual(model.mute(names[2]).open(partOf(table, 0, minute(40))).scores);
    again.dispose();
  });
});

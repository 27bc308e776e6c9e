// Against tests/golden/model: a model with transforms, directions and a calibration.
import {
  centerOf,
  expectClose,
  goldenBytes,
  goldenJson,
  goldenPath,
  RoleModel,
} from './support.mjs';

describe('the golden model', () => {
  const golden = goldenJson('model.json');
  const { tolerance, rows } = golden;
  const expectedModel = golden.model;
  const names = expectedModel.metrics.map(({ name }) => name);
  const tableOf = (samples) => ({
    timestamps: samples.map(({ timestamp }) => timestamp),
    hosts: samples.map(({ host }) => host),
    metrics: Object.fromEntries(
      names.map((name, d) => [name, samples.map(({ values }) => values[d])]),
    ),
  });
  const field = (name) => rows.map((row) => row[name]);

  let model;
  beforeAll(async () => {
    model = await RoleModel.load(goldenPath('model.rolemix'));
  });
  afterAll(() => model.dispose());

  test('info holds what the file holds', () => {
    const { info } = model;
    expect(info.role).toBe(expectedModel.role);
    expect(info.components).toHaveLength(expectedModel.weights.length);
    expectClose(
      info.components.map(({ weight }) => weight),
      expectedModel.weights,
      1e-15,
    );
    expect(info.metrics.map(({ name, unit }) => [name, unit])).toEqual(
      expectedModel.metrics.map(({ name, unit = '' }) => [name, unit]),
    );
    info.metrics.forEach((metric, d) => {
      const expected = expectedModel.metrics[d];
      expect(metric).toMatchObject({
        fullScale: expected.full_scale ?? null,
        tolerance: expected.tolerance,
        toleranceSource: expected.tolerance_source,
        transform: expected.transform,
        detectionDirection: expected.detection_direction ?? 'both',
      });
    });
    const { calibration, alert_settings: settings, provenance } = expectedModel;
    expect(info.calibration).toEqual({
      ready: calibration.ready,
      notReadyReason: '',
      spanHostDays: calibration.span_host_days,
      typicalScore: calibration.typical_score,
      memorySeconds: calibration.memory_seconds,
      intervalSeconds: calibration.interval_seconds,
    });
    expect(info.alertSettings).toEqual({
      warningSensitivity: settings.warning,
      criticalSensitivity: settings.critical,
      maxCheckAttempts: settings.max_check_attempts,
    });
    expect(info.provenance).toEqual({
      version: provenance.version,
      configDigest: provenance.config_digest,
      from: provenance.from,
      to: provenance.to,
      rows: provenance.rows,
      hosts: provenance.hosts,
      seed: String(provenance.seed),
    });
  });

  test('info gives the digest of the file as the model id', () => {
    let hash = 0xcbf29ce484222325n;
    for (const byte of goldenBytes('model.rolemix')) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
    expect(model.info.modelId).toBe(hash.toString(16).padStart(16, '0'));
  });

  test('score gives scores, severities and states', () => {
    const { scores, missingMetrics } = model.open(tableOf(rows));
    rows.forEach((row, i) => {
      const actual = [scores.anomalyScore[i], scores.alertScore[i], scores.severity[i]];
      const expected = [row.anomaly_score, row.alert_score, row.severity];
      expectClose(actual, expected, tolerance, row.anomaly_score ?? 0);
    });
    expect([...scores.state]).toEqual(field('state'));
    expect(missingMetrics).toEqual([]);
  });

  const numberFields = [
    ['expected', 'expected'],
    ['low', 'low'],
    ['high', 'high'],
    ['typicalLow', 'typical_low'],
    ['typicalHigh', 'typical_high'],
    ['surprise', 'surprise'],
    ['typicalSurprise', 'typical_surprise'],
    ['contribution', 'contribution'],
    ['blame', 'blame_of_late'],
  ];

  test.each(rows.map((row, i) => [i, row]))('explain gives the explanation of row %i', (_, row) => {
    const { host, timestamp } = row;
    const explanation = model.open(tableOf(rows)).explain({ host, timestamp });
    expect(explanation).toMatchObject({ host, timestamp, state: row.state });
    const scale = row.anomaly_score ?? 0;
    expectClose(explanation.responsibilities, row.responsibilities, tolerance, scale);
    expectClose(
      [explanation.anomalyScore, explanation.alertScore, explanation.severity],
      [row.anomaly_score, row.alert_score, row.severity],
      tolerance,
      scale,
    );
    const byName = new Map(explanation.metrics.map((metric) => [metric.metric, metric]));
    const metrics = names.map((name) => byName.get(name));
    expect(metrics.map(({ observed }) => observed)).toEqual(row.values);
    for (const [name, goldenName] of numberFields) {
      expectClose(
        metrics.map((metric) => metric[name]),
        row.metrics[goldenName],
        tolerance,
        scale,
      );
    }
    expect(metrics.map(({ rank }) => rank)).toEqual(row.metrics.rank_of_late);
    for (const name of ['reason', 'direction']) {
      expect(metrics.map((metric) => metric[name])).toEqual(row.metrics[name]);
    }
  });

  // The alerts of a table once more, from their definitions and the calibration in the JSON.
  const hostDays = { sensitive: 7, normal: 30, insensitive: 365 };

  /** Straight between the knots, and beyond the last. */
  function onCurve(x, xs, ys, slope) {
    const next = xs.findIndex((knot) => x < knot);
    if (next === 0) return ys[0];
    if (next < 0) return ys.at(-1) + slope * (x - xs.at(-1));
    const share = (x - xs[next - 1]) / (xs[next] - xs[next - 1]);
    return ys[next - 1] + share * (ys[next] - ys[next - 1]);
  }

  const thresholdOf = (returnTime, { alert_scores: scores, log_return_times: times, slope }) =>
    onCurve(Math.log(returnTime), times, scores, 1 / slope);

  function severityOf(score, { alert_scores: scores, log_return_times: times, slope }) {
    const days = Math.exp(onCurve(score, scores, times, slope));
    const anchors = [
      [0, 1 / 24],
      [25, 7],
      [50, 30],
      [75, 365],
      [100, 3650],
    ];
    const above = anchors.findIndex(([, time]) => days < time);
    if (above < 0) return 100;
    const [[low, from], [high, to]] = [anchors[above - 1], anchors[above]];
    return low + ((high - low) * Math.log(days / from)) / Math.log(to / from);
  }

  function expectedAlerts(
    host,
    samples,
    { warningSensitivity, criticalSensitivity, maxCheckAttempts },
  ) {
    const n = maxCheckAttempts;
    const curve = expectedModel.calibration.curves[n - 1];
    const warning = thresholdOf(hostDays[warningSensitivity], curve);
    const critical = thresholdOf(hostDays[criticalSensitivity], curve);
    const all = (from, to, test) => from >= 0 && samples.slice(from, to).every(test);
    const isHigh = ({ alertScore }) => alertScore >= warning;
    // After an alert the next one opens only three quarters as far above the threshold, less and less so for days.
    const strong = []; // samples of open alerts
    const usedTo = (timestamp) =>
      strong.reduce((most, sample) => {
        const decay = Math.exp((sample.timestamp - timestamp) / (2 * 86400));
        return Math.max(most, 0.75 * (sample.alertScore - warning) * decay);
      }, 0);
    const alerts = [];
    for (let opened = n - 1; opened < samples.length; opened++) {
      const isNews = ({ alertScore, timestamp }) => alertScore >= warning + usedTo(timestamp);
      if (!all(opened - n + 1, opened + 1, isNews)) continue;
      let started = opened;
      // It starts with the first sample above the threshold, whatever the host had got used to.
      while (started > 0 && isHigh(samples[started - 1])) started--;
      let closed = opened + 1;
      while (closed + n <= samples.length && !all(closed, closed + n, (sample) => !isHigh(sample)))
        closed++;
      const open = closed + n > samples.length;
      if (open) closed = samples.length;
      const high = samples.slice(started, closed).filter(isHigh);
      const runs = samples
        .map((_, i) =>
          Math.min(...samples.slice(i - n + 1, i + 1).map(({ alertScore }) => alertScore)),
        )
        .slice(opened, closed);
      alerts.push({
        host,
        startedAt: samples[started].timestamp,
        openedAt: samples[opened].timestamp,
        closedAt: open ? null : samples[closed].timestamp,
        samples: closed - started,
        level: Math.max(...runs) >= critical ? 'critical' : 'warning',
        severity: severityOf(Math.max(...runs), curve),
        worst: high.reduce((worst, sample) =>
          sample.anomalyScore > worst.anomalyScore ? sample : worst,
        ),
      });
      strong.push(...samples.slice(opened, closed).filter(isHigh));
      opened = closed + n - 1;
    }
    return alerts;
  }

  describe('alerts', () => {
    // By host: when an incident begins and ends, in minutes, and by how many tolerances it moves a metric.
    // Samples are 30 minutes apart, which the memory forgets, and a minute during an incident.
    const incidents = {
      a: [
        [200, 206, 0],
        [600, 640, 4],
        [1000, 1060, 60],
      ],
      b: [
        [301, 304, 60],
        [905, 945, 1],
        [1185, 1200, 8],
      ],
      c: [],
    };
    const moved = expectedModel.metrics.findIndex(({ transform }) => transform === 'identity');
    const center = centerOf(expectedModel);
    const samples = Object.entries(incidents).flatMap(([host, spans]) =>
      [...Array(1200).keys()].flatMap((minute) => {
        const incident = spans.find(([from, to]) => minute >= from && minute < to);
        if (!incident && minute % 30 !== 0) return [];
        const move = (incident?.[2] ?? 0) * expectedModel.metrics[moved].tolerance;
        const values = center.map((value, d) => (d === moved ? value + move : value));
        return { host, timestamp: 60 * minute, values };
      }),
    );
    const table = tableOf(samples);

    test.each([
      {},
      { maxCheckAttempts: 1 },
      { maxCheckAttempts: 10, criticalSensitivity: 'insensitive' },
      {
        warningSensitivity: 'insensitive',
        criticalSensitivity: 'insensitive',
        maxCheckAttempts: 2,
      },
    ])('with %j follow from the scores', (options) => {
      const settings = { ...model.info.alertSettings, ...options };
      const opened = model.open(table);
      const { scores } = opened;
      const scored = samples.map((sample, i) => ({
        ...sample,
        alertScore: scores.alertScore[i],
        anomalyScore: scores.anomalyScore[i],
      }));
      const expected = Object.keys(incidents)
        .flatMap((host) =>
          expectedAlerts(
            host,
            scored.filter((sample) => sample.host === host),
            settings,
          ),
        )
        .sort((a, b) => a.openedAt - b.openedAt || (a.host < b.host ? -1 : 1));
      const alerts = opened.alerts(options);
      expect(expected.length).toBeGreaterThan(1);
      expect(alerts).toHaveLength(expected.length);
      alerts.forEach((alert, i) => {
        const { worst, severity, ...rest } = expected[i];
        expect(alert).toMatchObject(rest);
        expectClose([alert.severity], [severity], 1e-12);
        expect(alert.anomalyScore).toBe(worst.anomalyScore);
        const why = opened.explain({ host: alert.host, timestamp: worst.timestamp });
        const top = why.metrics.filter(({ reason, blame }) => blame > 0 && reason !== 'none');
        expect(alert.topMetrics).toEqual(top.slice(0, 3).map(({ metric }) => metric));
        expect(alert.sentence).toBe(why.sentence);
        expect(alert).toMatchObject({
          role: 'golden:db',
          scope: 'host',
          modelId: model.info.modelId,
        });
      });
      const ids = new Set(alerts.map(({ alertId }) => alertId));
      expect(ids.size).toBe(alerts.length);
      for (const { alertId, host, startedAt } of alerts) {
        const start = new Date(1000 * Math.floor(startedAt)).toISOString().replace('.000Z', 'Z');
        expect(alertId).toBe(`golden:db/${host}@${start}`);
      }
    });
  });
});

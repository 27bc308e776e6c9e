// Models changed without training: other tolerances, muted metrics.
import {
  errorOf,
  expectClose,
  goldenBytes,
  mixtureCases,
  modelBytes,
  RoleModel,
  typicalTable,
} from './support.mjs';

let model, table, names;
beforeAll(async () => {
  model = await RoleModel.load(goldenBytes('model.rolemix'));
  names = model.info.metrics.map(({ name }) => name);
  table = typicalTable(model.info, { hosts: 3, samples: 40 });
});
afterAll(() => model.dispose());

const using = (edited, use) => {
  try {
    return use(edited);
  } finally {
    edited.dispose();
  }
};

test('a wider tolerance makes moves of the metric less of a surprise', () => {
  const [metric] = names;
  const { tolerance } = model.info.metrics[0];
  const sample = { host: 'h0', timestamp: 1.7e9 };
  const odd = 3 * model.info.metrics[0].typicalHigh;
  const before = model.open(table).whatIf(sample, { [metric]: odd });
  using(model.withTolerance(metric, 20 * tolerance), (wider) => {
    expect(wider.info.metrics[0].tolerance).toBe(20 * tolerance);
    expect(wider.info.modelId).not.toBe(model.info.modelId);
    const after = wider.open(table).whatIf(sample, { [metric]: odd });
    const surprise = ({ metrics }) => metrics.find((one) => one.metric === metric).surprise;
    expect(surprise(after)).toBeGreaterThan(surprise(before));
    expect(after.severity).toBeLessThanOrEqual(before.severity);
  });
});

test('the trained tolerance gives the trained scores', () => {
  const { name, tolerance } = model.info.metrics[1];
  using(model.withTolerance(name, 5 * tolerance), (wider) =>
    using(wider.withTolerance(name, tolerance), (same) => {
      expect(same.open(table).scores).toEqual(model.open(table).scores);
    }),
  );
});

test('edits add up in any order', () => {
  const [a, b, c] = names;
  using(model.withTolerance(a, 1), (one) =>
    using(one.mute(b), (two) =>
      using(two.withTolerance(c, 2), (first) =>
        using(model.mute(b), (three) =>
          using(three.withTolerance(c, 2), (four) =>
            using(four.withTolerance(a, 1), (second) => {
              expect(second.open(table).scores).toEqual(first.open(table).scores);
              expect(second.info).toEqual(first.info);
            }),
          ),
        ),
      ),
    ),
  );
});

test('a muted metric is as if it had never been measured', async () => {
  const entry = mixtureCases.find(({ name }) => name.startsWith('D=5 K=3'));
  const mixture = await RoleModel.load(modelBytes(entry));
  const rows = typicalTable(mixture.info, { hosts: 2, samples: 10 });
  const [gone] = mixture.info.metrics.map(({ name }) => name);
  const without = {
    ...rows,
    metrics: { ...rows.metrics, [gone]: rows.timestamps.map(() => null) },
  };
  using(mixture.mute(gone), (muted) => {
    expect(muted.info.metrics.map(({ name }) => name)).not.toContain(gone);
    expectClose(
      muted.open(rows).scores.anomalyScore,
      mixture.open(without).scores.anomalyScore,
      1e-11,
    );
    const why = muted.open(rows).explain({ host: 'h1', timestamp: 1.7e9 });
    expect(why.metrics).toHaveLength(4);
    expect(muted.scoreRows(new Float64Array(8)).state).toHaveLength(2);
  });
  mixture.dispose();
});

test('each is its own object', () => {
  const muted = model.mute(names[0]);
  const again = muted.mute(names[1]);
  muted.dispose();
  expect(again.open(table).scores.severity).toHaveLength(table.timestamps.length);
  again.dispose();
  again.dispose();
  expect(() => again.open(table)).toThrow(`model of ${model.info.role}: used after dispose()`);
  expect(() => again.mute(names[2])).toThrow('used after dispose()');
});

test('what makes no sense is refused', async () => {
  for (const tolerance of [0, -1, NaN, Infinity, '5']) {
    const got = typeof tolerance === 'string' ? `"${tolerance}"` : tolerance;
    const error = await errorOf(() => model.withTolerance(names[0], tolerance));
    expect(error.code).toBe('invalid_argument');
    expect(error.message).toBe(
      `metric ${names[0]}: expected a tolerance in 1e-50..1e50, got ${got}`,
    );
  }
  const unknown = await errorOf(() => model.mute('nope'));
  expect(unknown.message).toBe('expected a metric of the model, got "nope"');
  const only = await RoleModel.load(
    modelBytes(mixtureCases.find(({ name }) => name.startsWith('D=1'))),
  );
  const last = await errorOf(() => only.mute('metric0'));
  expect(last.message).toBe('mute: expected a metric that is left, got none');
  only.dispose();
});

// The names of a role's states, and what is said of them.
import {
  centerOf,
  errorOf,
  goldenJson,
  goldenPath,
  mixtureCases,
  modelBytes,
  RoleModel,
} from './support.mjs';

const load = (start) =>
  RoleModel.load(modelBytes(mixtureCases.find(({ name }) => name.startsWith(start))));

test('states are named by the metrics in which they differ', async () => {
  const model = await load('D=2 K=3 condition 1');
  expect(model.stateNames()).toEqual([
    'metric1 low (-101), metric0 low (-241)',
    'close to the average',
    expect.any(String),
  ]);
  expect(model.stateNames({ language: 'ja' })).toEqual([
    'metric1 低 (-101)、metric0 低 (-241)',
    '平均に近い',
    expect.any(String),
  ]);
  expect((await errorOf(() => model.stateNames({ language: 'de' }))).code).toBe('invalid_argument');
});

test('a state that is the only one says so', async () => {
  expect((await load('D=1 K=1')).stateNames()).toEqual(['the only state']);
});

test('the remarks on a sample name its state as the model does, in both languages', async () => {
  const golden = goldenJson('model.json').model;
  const model = await RoleModel.load(goldenPath('model.rolemix'));
  const center = centerOf(golden);
  const sample = { host: 'h', timestamp: 1.79e9 };
  const table = {
    timestamps: [sample.timestamp],
    hosts: [sample.host],
    metrics: Object.fromEntries(golden.metrics.map(({ name }, d) => [name, [center[d]]])),
  };
  for (const language of ['en', 'ja']) {
    const { state, remarks } = model.open(table).explain(sample, { language });
    const name = model.stateNames({ language })[state];
    expect(remarks.filter((remark) => remark.includes(`: ${name}`))).toHaveLength(1);
  }
});

// The names of a role's states, as <rolemix-explanation> takes them.
import { stateNames } from '../../js/dist/elements.js';
import { mixtureCases, modelBytes, RoleModel } from './support.mjs';

const load = (start) =>
  RoleModel.load(modelBytes(mixtureCases.find(({ name }) => name.startsWith(start))));

test('states are named by the metrics in which they differ, and by when they are', async () => {
  const { info } = await load('D=2 K=3 condition 1');
  const [first, second] = stateNames(info);
  expect(first).toEqual({
    name: 'metric1 low (-101), metric0 low (-241)',
    weight: info.components[0].weight,
  });
  expect(second.name).toBe('close to the average');
  expect(stateNames(info, 'ja').map(({ name }) => name)).toEqual([
    'metric1 低 (-101)、metric0 低 (-241)',
    '平均に近い',
    expect.any(String),
  ]);
  const [component, ...others] = info.components;
  const timed = { ...info, components: [{ ...component, when: 'weekends' }, ...others] };
  expect(stateNames(timed)[0].name).toBe('weekends: metric1 low (-101), metric0 low (-241)');
});

test('a state that is the only one says so', async () => {
  const { info } = await load('D=1 K=1');
  expect(stateNames(info)).toEqual([{ name: 'the only state', weight: 1 }]);
});

// Which hosts of a table are of which role.
import { chooseRoles } from '../../js/dist/csv.js';
import { errorOf } from './support.mjs';

/** A table of one sample a host; `measured`: the metrics of each host that have a value. */
function tableOf(measured) {
  const hosts = Object.keys(measured);
  const names = [...new Set(Object.values(measured).flat())];
  const column = (name) => Float64Array.from(hosts, (h) => (measured[h].includes(name) ? 1 : NaN));
  return {
    timestamps: Float64Array.from(hosts, () => 60),
    hosts,
    metrics: Object.fromEntries(names.map((name) => [name, column(name)])),
  };
}

const metrics = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const common = metrics('c', 6);
const web = { role: 'web', metrics: [...common, ...metrics('w', 4)], hosts: null };
const db = { role: 'db', metrics: [...common, ...metrics('d', 4)], hosts: null };
const chosen = async (table, candidates) => {
  const { hosts, ...rest } = await chooseRoles(table, candidates);
  return { ...Object.fromEntries(hosts), ...rest };
};

test('a host goes to the role of whose metrics it has the most', async () => {
  const table = tableOf({ w1: web.metrics, d1: db.metrics, d2: db.metrics.slice(0, 8), x: common });
  table.metrics.other = Float64Array.of(1, 1, 1, 1);
  expect(await chosen(table, [web, db])).toEqual({
    web: ['w1', 'x'],
    db: ['d1', 'd2', 'x'],
    ambiguous: [{ hosts: ['x'], roles: ['web', 'db'] }],
    leftOut: [],
  });
});

test('hosts that a role names are its own, and what fits none is named', async () => {
  const named = { role: 'named', metrics: common, hosts: ['w1', 'gone'] };
  const table = tableOf({ w1: web.metrics, w2: web.metrics, few: common.slice(0, 4) });
  expect(await chosen(table, [named, web])).toEqual({
    named: ['w1'],
    web: ['w2'],
    ambiguous: [],
    leftOut: ['few'],
  });
});

test('what is no table or role is an error', async () => {
  const table = tableOf({ w1: ['a'] });
  expect((await errorOf(() => chooseRoles({}, []))).message).toMatch(/^timestamps: expected/);
  expect((await errorOf(() => chooseRoles(table, [{ role: 'a' }]))).message).toMatch(
    /^candidate\.metrics: expected an array of text/,
  );
  expect((await errorOf(() => chooseRoles(table, {}))).code).toBe('invalid_argument');
});

// Which hosts go to which model, without a browser.
import { importBundled } from './bundled.mjs';

const { assignHosts } = await importBundled('../../demo/src/open/assign.ts');

/** A table of one sample a host; `measured`: the metrics of each host that have a value. */
function tableOf(measured) {
  const hosts = Object.keys(measured);
  const names = [...new Set(Object.values(measured).flat())];
  return {
    timestamps: Float64Array.from(hosts, () => 60),
    hosts,
    metrics: Object.fromEntries(
      names.map((name) => [
        name,
        Float64Array.from(hosts, (host) => (measured[host].includes(name) ? 1 : NaN)),
      ]),
    ),
  };
}

const metrics = (prefix, count) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const model = (role, names, hosts = null) => ({ role, metrics: names, hosts });
const assigned = (table, models) => {
  const { hosts, ...rest } = assignHosts(table, models);
  return { ...Object.fromEntries(hosts), ...rest };
};

const common = metrics('c', 6);
const web = model('web', [...common, ...metrics('w', 4)]);
const db = model('db', [...common, ...metrics('d', 4)]);

test('a host goes to the model of whose metrics it has the most', () => {
  const table = tableOf({ w1: web.metrics, d1: db.metrics, d2: db.metrics.slice(0, 8) });
  expect(assigned(table, [web, db])).toEqual({
    web: ['w1'],
    db: ['d1', 'd2'],
    ambiguous: [],
    leftOut: [],
  });
});

test('a host that fits several alike is among those of each, and named', () => {
  const table = tableOf({ x: common, w1: web.metrics });
  const ambiguous = [{ hosts: ['x'], roles: ['web', 'db'] }];
  expect(assigned(table, [web, db])).toEqual({
    web: ['x', 'w1'],
    db: ['x'],
    ambiguous,
    leftOut: [],
  });
});

test('neither more metrics nor a larger share of them alone decides', () => {
  const small = model('small', common.slice(0, 2));
  const table = tableOf({ some: web.metrics.slice(0, 9), whole: web.metrics });
  expect(assigned(table, [small, web])).toEqual({
    small: ['some'],
    web: ['some', 'whole'],
    ambiguous: [{ hosts: ['some'], roles: ['small', 'web'] }],
    leftOut: [],
  });
});

test('a host with less than half of the metrics is left out, unless all are so', () => {
  const few = common.slice(0, 2);
  const table = tableOf({ w1: web.metrics, x: few });
  expect(assigned(table, [web])).toEqual({ web: ['w1'], ambiguous: [], leftOut: ['x'] });
  expect(assigned(tableOf({ x: few, y: few }), [web])).toMatchObject({ web: ['x', 'y'] });
});

test('hosts that a model names are its own, and no others', () => {
  const named = model('named', common, ['w1', 'gone']);
  const table = tableOf({ w1: web.metrics, w2: web.metrics });
  expect(assigned(table, [named, web])).toEqual({
    named: ['w1'],
    web: ['w2'],
    ambiguous: [],
    leftOut: [],
  });
  expect(assigned(table, [named])).toEqual({ named: ['w1'], ambiguous: [], leftOut: [] });
});

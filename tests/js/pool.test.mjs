// The pool, with workers and in slices: the same results, as bytes, as without it.
import { jest } from '@jest/globals';
import fc from 'fast-check';

import { RolemixError, RoleModel } from '../../js/dist/index.js';
import { ModelPool } from '../../js/dist/pool.js';
import { ModelPool as InlinePool } from '../../js/dist/inline.js';
import { run } from './packed.mjs';
import {
  goldenBytes,
  goldenPath,
  randomNumbers,
  reorderRows,
  shuffled,
  typicalTable,
} from './support.mjs';

const bytes = goldenBytes('model.rolemix');

let model;
beforeAll(async () => {
  model = await RoleModel.load(bytes);
});
afterAll(() => model.dispose());

/** With incidents, missing values, columns that nobody knows, and rows in any order. */
function eventfulTable({ hosts, samples, seed }) {
  const table = typicalTable(model.info, { hosts, samples, seed });
  const random = randomNumbers(seed);
  const [first, second] = Object.values(table.metrics);
  first.forEach((_, row) => {
    if (random() < 0.2) first[row] = NaN;
    if (Math.floor(row / hosts / 20) % 3 === 0) second[row] = 99.9;
  });
  const mixed = reorderRows(table, shuffled(first.length, seed));
  mixed.metrics.unknown = mixed.timestamps;
  return mixed;
}

/** Without the rows of each host's pauses: some are gaps, some long silences. */
function withPauses(table) {
  const isThere = (row) => {
    const minute = (table.timestamps[row] - 1.7e9) / 60;
    const host = Number(table.hosts[row].slice(1));
    return (minute + 31 * host) % 150 >= 5 + 30 * (host % 3);
  };
  return reorderRows(table, table.timestamps.map((_, row) => row).filter(isThere));
}

const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

describe.each([
  ['two workers', ModelPool, 2],
  ['slices', ModelPool, 0],
  ['slices, inlined', InlinePool, 0],
])('in %s', (_, Pool, workers) => {
  let pool;
  beforeAll(async () => {
    pool = await Pool.load(bytes, { workers });
  });
  afterAll(() => pool.dispose());

  test('there are as many workers as asked for', () => {
    expect(pool.workers).toBe(workers);
    expect(pool.model.info).toEqual(model.info);
  });

  test('scores and alerts are those of the model, byte for byte', async () => {
    for (const size of [
      { hosts: 7, samples: 1500, seed: 1 },
      { hosts: 300, samples: 40, seed: 2 },
    ]) {
      const table = eventfulTable(size);
      const before = structuredClone(table);
      const expected = model.score(table);
      const scores = await pool.score(table);
      for (const field of ['anomalyScore', 'alertScore', 'severity', 'state']) {
        expect(bytesOf(scores[field]).equals(bytesOf(expected[field]))).toBe(true);
      }
      expect(scores.missingMetrics).toEqual(expected.missingMetrics);
      const alerts = await pool.alerts(table, { maxCheckAttempts: 2 });
      expect(alerts.length).toBeGreaterThan(0);
      expect(alerts).toEqual(model.alerts(table, { maxCheckAttempts: 2 }));
      expect(table).toEqual(before);
    }
  });

  test('alerts over gaps in time are those of the model', async () => {
    const roles = { role: { hosts: 11, samples: 1200 }, host: { hosts: 2, samples: 6000 } };
    for (const [scope, size] of Object.entries(roles)) {
      const table = withPauses(eventfulTable({ ...size, seed: 8 }));
      expect(table.hosts.length).toBeGreaterThan(8192);
      const alerts = await pool.alerts(table);
      expect(alerts.map((alert) => alert.scope)).toContain(scope);
      expect(alerts).toEqual(model.alerts(table));
    }
  });

  test('for alerts the workers score, unless the scores are given', async () => {
    const table = eventfulTable({ hosts: 15, samples: 600, seed: 9 });
    const expected = model.alerts(table);
    const scores = model.score(table);
    const spies = [jest.spyOn(pool, 'score'), jest.spyOn(pool.model, 'score')];
    const timesCalled = () => spies.map((spy) => spy.mock.calls.length > 0);
    expect(await pool.alerts(table, { scores })).toEqual(expected);
    expect(timesCalled()).toEqual([false, false]);
    expect(await pool.alerts(table)).toEqual(expected);
    expect(timesCalled()).toEqual([true, workers === 0]);
    for (const spy of spies) spy.mockRestore();
  });

  test('alerts of one time are sorted by host as the model sorts them', async () => {
    const table = eventfulTable({ hosts: 4, samples: 600, seed: 3 });
    const names = ['\u{1f600}', '\uffee', 'a', 'ab'];
    for (const order of [names, [...names].reverse()]) {
      const renamed = { ...table, hosts: table.hosts.map((host) => order[host.slice(1)]) };
      expect(await pool.alerts(renamed)).toEqual(model.alerts(renamed));
    }
  });

  test('small tables of any shape give what the model gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(4),
        fc.nat(5),
        fc.subarray(model.info.metrics, { minLength: 1 }),
        async (hosts, samples, metrics) => {
          const table = typicalTable({ metrics }, { hosts, samples });
          expect(await pool.score(table)).toEqual(model.score(table));
          expect(await pool.alerts(table)).toEqual(model.alerts(table));
        },
      ),
      { numRuns: 20 },
    );
  });

  test('progress is told, up to all rows', async () => {
    const table = eventfulTable({ hosts: 40, samples: 600, seed: 4 });
    for (const method of ['score', 'alerts']) {
      const told = [];
      await pool[method](table, { onProgress: (...numbers) => told.push(numbers) });
      const done = told.map(([rows]) => rows);
      expect(told.length).toBeGreaterThan(1);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(told.at(-1)).toEqual([24_000, 24_000]);
    }
  });

  test('a signal ends a call, before and in between, and the pool goes on', async () => {
    const table = eventfulTable({ hosts: 40, samples: 600, seed: 5 });
    const reason = new Error('enough');
    await expect(pool.score(table, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const atTheEnd = new AbortController();
    const lastProgress = (done, total) => done === total && atTheEnd.abort(reason);
    await expect(
      pool.alerts(table, { signal: atTheEnd.signal, onProgress: lastProgress }),
    ).rejects.toBe(reason);
    const control = new AbortController();
    const told = [];
    const onProgress = (done) => {
      told.push(done);
      control.abort(reason);
    };
    const { signal } = control;
    await expect(pool.score(table, { signal, onProgress })).rejects.toBe(reason);
    await expect(pool.alerts(table, { signal })).rejects.toBe(reason);
    const scores = model.score(table);
    await expect(pool.alerts(table, { signal, scores })).rejects.toBe(reason);
    expect(told).toHaveLength(1);
    expect((await pool.score(table)).state).toHaveLength(24_000);
    expect(told).toHaveLength(1);
  });

  test('calls at the same time do not disturb each other', async () => {
    const tables = [1, 2, 3].map((seed) => eventfulTable({ hosts: 5, samples: 300, seed }));
    const scores = await Promise.all(tables.map((table) => pool.score(table)));
    expect(scores).toEqual(tables.map((table) => model.score(table)));
  });

  const good = () => typicalTable(model.info, { hosts: 3, samples: 8 });
  const withFirst = (change) => {
    const table = good();
    const [name] = Object.keys(table.metrics);
    return { ...table, metrics: { ...table.metrics, [name]: change([...table.metrics[name]]) } };
  };
  test.each([
    ['an infinity', () => withFirst((column) => Object.assign(column, { 7: Infinity }))],
    ['text for a number', () => withFirst((column) => Object.assign(column, { 7: '1' }))],
    ['a short column', () => withFirst(() => [1])],
    ['a host that is no text', () => ({ ...good(), hosts: good().hosts.map(() => 5) })],
    ['two samples at one time', () => ({ ...good(), timestamps: good().timestamps.map(() => 1) })],
    ['no table', () => undefined],
    ['a table without metrics', () => ({ ...good(), metrics: undefined })],
    ['text for hosts', () => ({ ...good(), hosts: 'x'.repeat(24) })],
    ['none of its metrics', () => ({ ...good(), metrics: { x: good().timestamps } })],
  ])('%s is refused in the words of the model', async (name, table) => {
    const said = (call) => call().catch(({ code, message }) => [code, message]);
    for (const method of ['score', 'alerts']) {
      const expected = await said(async () => model[method](table()));
      expect(expected).toHaveLength(2);
      expect(await said(() => pool[method](table()))).toEqual(expected);
    }
  });

  test('settings out of range are refused', async () => {
    await expect(pool.alerts(good(), { warningSensitivity: 'loud' })).rejects.toMatchObject({
      code: 'invalid_argument',
    });
    await expect(pool.alerts(good(), { sensitivity: 'normal' })).rejects.toMatchObject({
      message: expect.stringMatching(/^options: expected only .* got "sensitivity"$/),
    });
  });
});

test('slices let the event loop turn in between', async () => {
  const pool = await ModelPool.load(bytes, { workers: 0 });
  const table = eventfulTable({ hosts: 10, samples: 1000, seed: 6 });
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await pool.score(table);
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(5);
  pool.dispose();
});

test('disposing ends what is under way, twice is once, and nothing works afterwards', async () => {
  for (const workers of [0, 1]) {
    const pool = await ModelPool.load(bytes, { workers });
    const table = eventfulTable({ hosts: 20, samples: 1000, seed: 7 });
    const call = pool.score(table).catch((error) => error);
    pool.dispose();
    pool.dispose();
    const error = await call;
    expect([error instanceof RolemixError, error.code]).toEqual([true, 'disposed']);
    await expect(pool.score(table)).rejects.toMatchObject({ code: 'disposed' });
    expect(() => pool.model.score(table)).toThrow(RolemixError);
  }
});

test('a model that does not load is an error of the pool', async () => {
  await expect(ModelPool.load(new Uint8Array(9))).rejects.toMatchObject({ code: 'bad_format' });
});

// In a process of its own, where the threads can be got hold of.
const killing = `
  const threads = [];
  process.on('worker', (thread) => threads.push(thread));
  const [{ ModelPool }, { readFileSync }] = await Promise.all([import(process.argv[1]), import('node:fs')]);
  const pool = await ModelPool.load(readFileSync(process.argv[2]), { workers: 2 });
  const { name, typicalLow } = pool.model.info.metrics[0];
  const hosts = Array.from({ length: 40000 }, (_, i) => 'h' + (i % 16));
  const timestamps = hosts.map((_, i) => 60 * Math.floor(i / 16));
  const table = { timestamps, hosts, metrics: { [name]: hosts.map((_, i) => typicalLow + (i % 7)) } };
  let told = 0;
  const onProgress = () => {
    if (told++ === 0) for (const thread of threads) thread.terminate();
  };
  const expected = String(pool.model.score(table).severity);
  const during = String((await pool.score(table, { onProgress })).severity);
  const after = String((await pool.score(table)).severity);
  console.log(threads.length, told > 2, during === expected, after === expected);
  pool.dispose();
`;

test('workers that die leave their hosts to the calling thread', () => {
  const pool = new URL('../../js/dist/pool.js', import.meta.url).href;
  const options = ['--input-type=module', '-e', killing, pool, goldenPath('model.rolemix')];
  expect(run(process.execPath, options).trim()).toBe('2 true true true');
});

test('a pool of an edited model scores in slices as the model does', async () => {
  const edited = model.edit({ muted: [model.info.metrics[0].name] });
  const table = eventfulTable({ hosts: 3, samples: 60, seed: 9 });
  const pool = ModelPool.of(edited);
  expect(pool.workers).toBe(0);
  expect(await pool.score(table)).toEqual(edited.score(table));
  pool.dispose();
});

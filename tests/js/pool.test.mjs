// The pool, with workers and without: the same results, as bytes, as on the calling thread.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { RolemixError, RoleModel } from '../../js/dist/index.js';
import { ModelPool } from '../../js/dist/pool.js';
import { ModelPool as InlinePool } from '../../js/dist/inline.js';
import { run } from './packed.mjs';
import {
  eventfulTable,
  goldenBytes,
  goldenPath,
  partOf,
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

/** With columns that nobody knows, and rows in any order. */
function mixedTable(size) {
  const table = eventfulTable(size);
  const mixed = reorderRows(table, shuffled(table.hosts.length, size.seed));
  mixed.metrics.unknown = mixed.timestamps;
  return mixed;
}

const minute = (n) => 1.7e9 + 60 * n;
const bytesOf = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const fields = ['anomalyScore', 'alertScore', 'severity', 'state'];

function expectScores(actual, expected) {
  for (const field of fields) {
    expect(bytesOf(actual[field]).equals(bytesOf(expected[field]))).toBe(true);
  }
}

describe.each([
  ['two workers', ModelPool, 2],
  ['the calling thread', ModelPool, 0],
  ['the calling thread, inlined', InlinePool, 0],
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
      { hosts: 7, samples: 400, seed: 1 },
      { hosts: 100, samples: 40, seed: 2 },
    ]) {
      const table = mixedTable(size);
      const before = structuredClone(table);
      const expected = model.open(table);
      const samples = await pool.open(table);
      expectScores(await samples.score(), expected.scores);
      // They are kept.
      expectScores(await samples.score(), expected.scores);
      const alerts = await samples.alerts({ maxCheckAttempts: 2 });
      expect(alerts.length).toBeGreaterThan(0);
      expect(alerts).toEqual(expected.alerts({ maxCheckAttempts: 2 }));
      expect(table).toEqual(before);
      await samples.dispose();
    }
  });

  test('every method says what it says of samples', async () => {
    const table = mixedTable({ hosts: 5, samples: 120, seed: 3 });
    const [first, second] = model.info.metrics.map(({ name }) => name);
    const sample = { host: 'h3', timestamp: minute(90) };
    const one = model.open(partOf(table, 0, minute(100)));
    const other = await pool.open(partOf(table, 0, minute(100)));
    const alert = one.alerts().at(-1);
    const calls = [
      ['explain', sample],
      ['explain', sample, { language: 'ja' }],
      ['whatIf', sample, { [first]: 3, [second]: null }],
      ['whatIf', sample, { [first]: 3 }, { language: 'ja' }],
      ['joint', sample, [first, second]],
      ['joint', sample, [first, second], { [first]: 7 }],
      ['explainHost', { host: 'h2', from: minute(20), to: minute(70) }],
      ['alerts'],
      ['alerts', { maxCheckAttempts: 1, explained: false }],
      ['explainAlert', alert],
      ['explainAlert', alert, { language: 'ja' }],
      ['similar', sample],
      ['prices', [{}, { maxCheckAttempts: 1 }]],
      ['severities', 'h1'],
      ['values', 'h1', second],
      ['worst'],
      ['worst', []],
      ['worst', [alert]],
      ['worstRows'],
      ['nearest', { host: 'h3', timestamp: minute(90) + 10 }],
    ];
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(other));
    const others = ['constructor', 'score', 'append', 'forget', 'dispose'];
    const properties = [
      'hosts',
      'rows',
      'period',
      'notices',
      'missingMetrics',
      'covered',
      'scores',
    ];
    expect([...new Set(calls.map(([method]) => method))].sort()).toEqual(
      methods.filter((name) => ![...others, ...properties].includes(name)).sort(),
    );
    const compare = async () => {
      for (const property of properties) expect(await other[property]).toEqual(one[property]);
      for (const [method, ...parameters] of calls) {
        const said = await other[method](...parameters);
        expect(said).toEqual(one[method](...parameters));
        // What was handed over is not missed.
        expect(await other[method](...parameters)).toEqual(said);
      }
    };
    await compare();
    const later = partOf(table, minute(95), Infinity);
    expect(await other.append(later)).toEqual(one.append(later));
    await compare();
    await other.forget(minute(30));
    one.forget(minute(30));
    await compare();
    expectScores(await other.score(), one.scores);
    await other.dispose();
  });

  test('small tables of any shape give what the model gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(4),
        fc.nat(5),
        fc.subarray(model.info.metrics, { minLength: 1 }),
        async (hosts, samples, metrics) => {
          const table = typicalTable({ metrics }, { hosts, samples });
          const one = model.open(table, { anyRole: true });
          const other = await pool.open(table, { anyRole: true });
          expect(await other.score()).toEqual(one.scores);
          expect(await other.alerts()).toEqual(one.alerts());
          expect(await other.missingMetrics).toEqual(one.missingMetrics);
          await other.dispose();
        },
      ),
      { numRuns: 20 },
    );
  });

  test('progress is told, up to all rows', async () => {
    const samples = await pool.open(mixedTable({ hosts: 40, samples: 600, seed: 4 }));
    const told = [];
    await samples.score({ onProgress: (...numbers) => told.push(numbers) });
    const done = told.map(([rows]) => rows);
    expect(told.length).toBeGreaterThan(2);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(told.at(-1)).toEqual([24_000, 24_000]);
    await samples.dispose();
  });

  test('a signal ends the scoring, before and in between, and it can be taken up again', async () => {
    const table = mixedTable({ hosts: 40, samples: 600, seed: 5 });
    const samples = await pool.open(table);
    const reason = new Error('enough');
    const early = samples.score({ signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
    const control = new AbortController();
    const told = [];
    const onProgress = (done) => {
      told.push(done);
      control.abort(reason);
    };
    const { signal } = control;
    await expect(samples.score({ signal, onProgress })).rejects.toBe(reason);
    await expect(samples.score({ signal })).rejects.toBe(reason);
    expect(told).toHaveLength(1);
    expectScores(await samples.score(), model.open(table).scores);
    expect(told).toHaveLength(1);
    await samples.dispose();
  });

  test('tables that are open at the same time do not disturb each other', async () => {
    const tables = [1, 2, 3, 4, 5].map((seed) => mixedTable({ hosts: 5, samples: 300, seed }));
    const opened = await Promise.all(tables.map((table) => pool.open(table)));
    const scores = await Promise.all(opened.map((samples) => samples.score()));
    await opened[0].dispose();
    const alerts = await Promise.all(opened.slice(1).map((samples) => samples.alerts()));
    tables.forEach((table, i) => {
      const expected = model.open(table);
      expectScores(scores[i], expected.scores);
      if (i > 0) expect(alerts[i - 1]).toEqual(expected.alerts());
    });
    await Promise.all(opened.map((samples) => samples.dispose()));
  });

  const good = () => typicalTable(model.info, { hosts: 3, samples: 8 });
  const withFirst = (change) => {
    const table = good();
    const [name] = Object.keys(table.metrics);
    return { ...table, metrics: { ...table.metrics, [name]: change([...table.metrics[name]]) } };
  };
  const said = (call) => call().catch(({ name, code, message }) => [name, code, message]);

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
    const expected = await said(async () => model.open(table()));
    expect(expected[0]).toBe('RolemixError');
    expect(await said(() => pool.open(table()))).toEqual(expected);
    const samples = await pool.open(good());
    expect(await said(() => samples.append(table()))).toEqual(expected);
    expect(await samples.rows).toBe(24);
    await samples.dispose();
  });

  test.each([
    ['alerts', { warningSensitivity: 'loud' }],
    ['alerts', { sensitivity: 'normal' }],
    ['prices', [{ maxCheckAttempts: 0 }]],
    ['explain', { host: 'h0', timestamp: 5 }],
    ['explain', undefined],
    ['whatIf', { host: 'h0', timestamp: 1.7e9 }, { x: 1 }],
    ['joint', { host: 'h0', timestamp: 1.7e9 }, ['x']],
    ['explainHost', { host: 'nobody' }],
    ['values', 'h0', 'nope'],
    ['forget', 'x'],
    ['explainAlert', {}],
  ])('%s of %j is refused in the words of samples', async (method, ...parameters) => {
    const one = model.open(good());
    const other = await pool.open(good());
    const expected = await said(async () => one[method](...parameters));
    expect(expected[0]).toBe('RolemixError');
    expect(await said(() => other[method](...parameters))).toEqual(expected);
    await other.dispose();
  });

  test('samples that were disposed of are an error, and the pool goes on', async () => {
    const samples = await pool.open(good());
    const once = await samples.score();
    await samples.dispose();
    await samples.dispose();
    const disposed = { code: 'disposed', message: 'samples of golden:db: used after dispose()' };
    await expect(samples.score()).rejects.toMatchObject(disposed);
    await expect(samples.alerts()).rejects.toMatchObject(disposed);
    await expect(samples.rows).rejects.toMatchObject(disposed);
    const again = await pool.open(good());
    expect(await again.score()).toEqual(once);
    await again.dispose();
  });

  test('pool.model opens samples of its own', async () => {
    const table = mixedTable({ hosts: 3, samples: 60, seed: 6 });
    const edited = pool.model.mute(model.info.metrics[0].name);
    const expected = model.mute(model.info.metrics[0].name).open(table).scores;
    expect(edited.open(pool.model.open(table)).scores).toEqual(expected);
  });
});

test('the calling thread lets the event loop turn in between', async () => {
  const pool = await ModelPool.load(bytes, { workers: 0 });
  const samples = await pool.open(mixedTable({ hosts: 10, samples: 2000, seed: 6 }));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await samples.score();
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
  pool.dispose();
});

test('disposing ends what is under way, twice is once, and nothing works afterwards', async () => {
  for (const workers of [0, 1]) {
    const pool = await ModelPool.load(bytes, { workers });
    const table = mixedTable({ hosts: 20, samples: 1000, seed: 7 });
    const samples = await pool.open(table);
    const calls = [samples.score(), pool.open(table)].map((call) => call.catch((error) => error));
    if (workers === 0) calls.pop();
    pool.dispose();
    pool.dispose();
    for (const error of await Promise.all(calls)) {
      expect([error instanceof RolemixError, error.code]).toEqual([true, 'disposed']);
    }
    for (const call of [() => samples.score(), () => samples.alerts(), () => pool.open(table)]) {
      await expect(call()).rejects.toMatchObject({ code: 'disposed' });
    }
    await samples.dispose();
    expect(() => pool.model.open(table)).toThrow(RolemixError);
  }
});

test('a model that does not load is an error of the pool', async () => {
  await expect(ModelPool.load(new Uint8Array(9))).rejects.toMatchObject({ code: 'bad_format' });
});

// In processes of their own, where the threads can be got hold of; from files, as workers take no code of the command line.
const folder = mkdtempSync(join(tmpdir(), 'rolemix-pool-'));
afterAll(() => rmSync(folder, { recursive: true }));

const inProcess = (code) => {
  const start = `
    const threads = [];
    process.on('worker', (thread) => threads.push(thread));
    const [{ ModelPool }, { readFileSync }] = await Promise.all([import(process.argv[2]), import('node:fs')]);
    const pool = await ModelPool.load(readFileSync(process.argv[3]), { workers: 2 });
    const { name, typicalLow } = pool.model.info.metrics[0];
    const any = { anyRole: true };
    const tableOf = (rows) => {
      const hosts = Array.from({ length: rows }, (_, i) => 'h' + (i % 16));
      const timestamps = hosts.map((_, i) => 60 * Math.floor(i / 16));
      return { timestamps, hosts, metrics: { [name]: hosts.map((_, i) => typicalLow + (i % 7)) } };
    };
    const told = (call) => call.catch(({ name, code }) => name + ' ' + code);`;
  const pool = new URL('../../js/dist/pool.js', import.meta.url).href;
  const script = join(folder, 'script.mjs');
  writeFileSync(script, start + code);
  return JSON.parse(run(process.execPath, [script, pool, goldenPath('model.rolemix')]));
};

test('each table is opened in the worker that has the fewest', () => {
  const asked = inProcess(`
    const asked = [];
    threads.forEach((thread, i) => {
      const post = thread.postMessage.bind(thread);
      thread.postMessage = (message) => {
        if (message.method === 'open') asked.push(i);
        post(message);
      };
    });
    const opened = await Promise.all([1, 2, 3].map(() => pool.open(tableOf(160), any)));
    await opened[0].dispose();
    await opened[0].dispose();
    await opened[2].dispose();
    await pool.open(tableOf(160), any);
    await pool.open(tableOf(160), any);
    const twice = { ...tableOf(160), timestamps: Array(160).fill(1) };
    await Promise.allSettled([1, 2, 3].map(() => pool.open(twice, any)));
    await pool.open(tableOf(160), any);
    console.log(JSON.stringify(asked));
    pool.dispose();`);
  expect(asked).toEqual([0, 1, 0, 0, 0, 1, 0, 1, 1]);
});

test('a worker gets the columns that the model knows, and no others', () => {
  const sent = inProcess(`
    const sent = [];
    for (const thread of threads) {
      const post = thread.postMessage.bind(thread);
      thread.postMessage = (message, buffers) => {
        const { method, table } = message;
        if (table) sent.push([method, table.metrics.map(([name]) => name), buffers.map(({ byteLength }) => byteLength)]);
        post(message, buffers);
      };
    }
    const whole = new Float64Array(500 * 160);
    const column = (i) => whole.subarray(160 * i, 160 * (i + 1));
    const table = tableOf(160);
    const others = Object.fromEntries(Array.from({ length: 499 }, (_, i) => ['x' + i, column(i + 1)]));
    column(0).set(table.metrics[name]);
    const samples = await pool.open({ ...table, metrics: { ...others, [name]: column(0) } }, any);
    const later = tableOf(320);
    later.timestamps = later.timestamps.map((time) => time + 1e6);
    await samples.append({ ...later, metrics: { ...others, ...later.metrics } }).catch(() => undefined);
    later.metrics.y = later.metrics[name];
    await samples.append(later);
    console.log(JSON.stringify({ sent, name, kept: whole.length }));
    pool.dispose();`);
  const { name } = sent;
  expect(sent.kept).toBe(80_000);
  expect(sent.sent).toEqual([
    ['open', [name], [3 * 8 * 160]],
    ['append', [name], [3 * 8 * 320]],
  ]);
});

test('a worker that dies takes its samples along; the next are opened elsewhere', () => {
  const { dead, alive, later, without, workers } = inProcess(`
    const table = tableOf(40000);
    const expected = String(pool.model.open(table, any).scores.severity);
    const opened = await Promise.all([pool.open(table, any), pool.open(table, any)]);
    const scoring = opened.map((samples) => samples.score());
    threads[0].terminate();
    const [dead, alive] = await Promise.all([
      told(scoring[0]),
      scoring[1].then(({ severity }) => String(severity) === expected),
    ]);
    const again = await told(opened[0].alerts());
    await opened[0].dispose();
    const scoreNew = async () => String((await (await pool.open(table, any)).score()).severity) === expected;
    const later = [await scoreNew(), await scoreNew()];
    await threads[1].terminate();
    const without = [await told(opened[1].rows), await scoreNew()];
    console.log(JSON.stringify({ dead: [dead, again], alive, later, without, workers: threads.length }));
    pool.dispose();`);
  expect(dead).toEqual(['RolemixError disposed', 'RolemixError disposed']);
  expect(alive).toBe(true);
  expect(later).toEqual([true, true]);
  expect(without).toEqual(['RolemixError disposed', true]);
  expect(workers).toBe(2);
});

test('a process ends when nothing is under way, with samples still open', () => {
  expect(inProcess(`await (await pool.open(tableOf(160), any)).score(); console.log('1');`)).toBe(
    1,
  );
});

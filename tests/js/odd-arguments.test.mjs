// Arguments that nobody should pass: getters with side effects, buffers that are gone, other wasm, half characters.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import {
  chooseRoles,
  loadTableModule,
  mergeTables,
  parseFile,
  parseTable,
} from '../../js/dist/csv.js';
import { openFiles, openFolder, openModel } from '../../js/dist/files.js';
import { formatTime, levelOf } from '../../js/dist/index.js';
import { ModelPool } from '../../js/dist/pool.js';
import { recall } from '../../js/dist/verdicts.js';
import { errorOf, mixtureCases, modelBytes, RoleModel } from './support.mjs';

const bytes = modelBytes(mixtureCases.find(({ name }) => name.startsWith('D=2 K=3')));
const wasmOf = (name) => readFileSync(new URL(`../../js/dist/${name}.wasm`, import.meta.url));
const table = (change) => ({
  timestamps: [60, 120],
  hosts: ['a', 'a'],
  metrics: { metric0: [1, 2], metric1: [3, 4] },
  ...change,
});
const columns = (change) => table({ metrics: { ...table().metrics, ...change } });
const sample = { host: 'a', timestamp: 60 };
const handOver = ({ buffer }) => structuredClone(buffer, { transfer: [buffer] });
const gone = (Kind) => {
  const array = new Kind(2);
  handOver(array);
  return array;
};
/** Entries 1 and 2; the first runs code. */
const running = (code) => ({
  length: 2,
  get 0() {
    code();
    return 1;
  },
  1: 2,
});

let model;
beforeAll(async () => {
  model = await RoleModel.load(bytes);
  await loadTableModule();
});
afterAll(() => model.dispose());
const scoresOf = (odd) => model.open(odd).scores.anomalyScore;

describe('tables', () => {
  const uses = [
    ['open', (odd) => model.open(odd)],
    ['append', (odd) => model.open(table()).append({ ...odd, timestamps: [180, 240] })],
    ['mergeTables', (odd) => mergeTables([odd, table()])],
    [
      'chooseRoles',
      (odd) => chooseRoles(odd, [{ role: 'r', metrics: ['metric0', 'metric1'], hosts: null }]),
    ],
  ];
  test.each(uses)('%s refuses buffers that are gone, now or by a getter', async (_, use) => {
    const column = Float64Array.of(1, 2);
    for (const odd of [
      columns({ metric0: gone(Float64Array) }),
      columns({ metric0: column, metric1: running(() => handOver(column)) }),
      columns({ metric0: new BigInt64Array(2) }),
      columns({ metric0: { length: 1.5 } }),
    ]) {
      expect((await errorOf(() => use(odd))).code).toMatch(/^(invalid_argument|shape_mismatch)$/);
    }
  });

  test.each(uses)('%s refuses halves of characters, which would become others', async (_, use) => {
    for (const host of ['\ud800', 'a\udc00b']) {
      const error = await errorOf(() => use(table({ hosts: [host, 'a'] })));
      expect(error.code).toBe('invalid_argument');
      expect(error.message).toMatch(/^hosts\[0\]: expected text of whole characters, got "/);
    }
  });

  test('are read once: what getters change later does not count', () => {
    let reads = 0;
    const odd = table({ hosts: undefined });
    Object.defineProperty(odd, 'hosts', {
      get: () => (reads++ ? 5 : ['a', 'a']),
      enumerable: true,
    });
    expect(scoresOf(odd)).toEqual(scoresOf(table()));
    expect(reads).toBe(1);
    const notice = { code: 'x', text: 'y', file: null, line: null, host: null, metric: null };
    const noticed = table();
    Object.defineProperty(noticed, 'notices', { get: () => (reads++ === 1 ? [notice] : 5) });
    expect(model.open(noticed).notices[0]).toEqual(notice);
    expect(reads).toBe(2);
    const hosts = ['a', 'a'];
    const emptied = columns({ metric0: running(() => hosts.splice(0)) });
    expect(scoresOf({ ...emptied, hosts })).toEqual(scoresOf(table()));
  });

  test.each(uses)('%s refuses notices that are none', async (_, use) => {
    const good = { code: 'x', text: 'y', file: null, line: null, host: null, metric: null };
    for (const [notices, message] of [
      [null, 'notices: expected an array of notices, got null'],
      ['x', 'notices: expected an array of notices, got "x"'],
      [{ length: 0 }, 'notices: expected an array of notices, got object'],
      [[5], 'notices[0]: expected { code, text, file, line, host, metric }, got 5'],
      [[good, null], 'notices[1]: expected { code, text, file, line, host, metric }, got null'],
      [[{ ...good, code: null }], 'notices[0].code: expected a string, got null'],
      [[{ ...good, file: 5 }], 'notices[0].file: expected a string or null, got 5'],
      [[{ ...good, line: '5' }], 'notices[0].line: expected a number or null, got "5"'],
      [[{ ...good, host: {} }], 'notices[0].host: expected a string or null, got object'],
      [[{ code: 'x', text: 'y' }], 'notices[0].file: expected a string or null, got undefined'],
    ]) {
      const error = await errorOf(() => use(table({ notices })));
      expect([error.code, error.message]).toEqual(['invalid_argument', message]);
    }
  });

  test('may use the module while they are read', () => {
    const many = 500_000;
    const large = () => {
      const timestamps = Float64Array.from({ length: many }, (_, i) => i);
      const metrics = { metric0: new Float64Array(many), metric1: new Float64Array(many) };
      model.open({ timestamps, hosts: new Array(many).fill('z'), metrics }).dispose();
    };
    expect(scoresOf(columns({ metric0: running(large) }))).toEqual(scoresOf(table()));
    const samples = model.open(table());
    const first = { timestamps: [180, 240], hosts: ['a', 'a'], metrics: { metric0: [9, 9] } };
    const odd = columns({ metric0: running(() => samples.append(first)) });
    const { anomalyScore } = samples.append({ ...odd, timestamps: [300, 360] });
    expect(anomalyScore).toEqual(scoresOf(table()));
    expect(samples.rows).toBe(6);
  });

  test("a getter's own error comes through", () => {
    const own = new Error('own');
    const odd = columns({
      metric0: running(() => {
        throw own;
      }),
    });
    expect(() => model.open(odd)).toThrow(own);
  });

  test('of shared memory and of other numbers are as good', () => {
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([1, 2]);
    expect(scoresOf(columns({ metric0: shared, metric1: Int8Array.of(3, 4) }))).toEqual(
      scoresOf(table()),
    );
  });
});

test('models are copied when load is called', async () => {
  const mine = bytes.slice();
  const loading = RoleModel.load(mine);
  handOver(mine);
  expect((await loading).info.role).toBe('golden:mixture');
  for (const source of [gone(Uint8Array), gone(Uint8Array).buffer, { byteLength: 1 }, new Blob()]) {
    expect((await errorOf(() => RoleModel.load(source))).code).toBe('invalid_argument');
  }
});

describe('disposing in a getter, or in the middle', () => {
  test.each([
    ['open', (own) => own.open(columns({ metric0: running(() => own.dispose()) }))],
    ['scoreRows', (own) => own.scoreRows(running(() => own.dispose()))],
    ['stateNames', (own) => own.stateNames({ language: (own.dispose(), 'en') })],
  ])('a model: %s', async (_, use) => {
    const own = await RoleModel.load(bytes);
    expect((await errorOf(() => use(own))).code).toBe('disposed');
  });

  const ending = (samples, name, value) =>
    Object.defineProperty({}, name, {
      enumerable: true,
      get() {
        samples.dispose();
        return value;
      },
    });
  test.each([
    ['explain', (own) => own.explain(sample, ending(own, 'language', 'en'))],
    ['whatIf', (own) => own.whatIf(sample, ending(own, 'metric0', 1))],
    ['alerts', (own) => own.alerts(ending(own, 'language', 'en'))],
    ['append', (own) => own.append(columns({ metric0: running(() => own.dispose()) }))],
    ['score', (own) => own.score({ onProgress: () => own.dispose() })],
  ])('samples: %s', async (_, use) => {
    const own = model.open(table());
    expect((await errorOf(() => use(own))).code).toBe('disposed');
  });
});

describe('compiled modules', () => {
  test('are taken by load, the parsers and the pool', async () => {
    const wasmBinary = await WebAssembly.compile(wasmOf('rolemix'));
    const own = await RoleModel.load(bytes, { wasmBinary });
    expect(own.scoreRows([1, 2]).state).toHaveLength(1);
    const parser = await WebAssembly.compile(wasmOf('rolemix-table'));
    const { hosts } = await parseTable('timestamp,host,x\n1,a,2\n', 'x', { wasmBinary: parser });
    expect(hosts).toEqual(['a']);
    const pool = await ModelPool.load(bytes, { wasmBinary, workers: 1 });
    expect(pool.workers).toBe(1);
    pool.dispose();
  });

  test('of something else are an error', async () => {
    const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    for (const [use, wasm] of [
      [(options) => RoleModel.load(bytes, options), empty],
      [(options) => RoleModel.load(bytes, options), wasmOf('rolemix-table')],
      [(options) => parseTable('', 'x', options), wasmOf('rolemix')],
    ]) {
      const wasmBinary = await WebAssembly.compile(wasm);
      const error = await errorOf(() => use({ wasmBinary }));
      expect(error.code).toBe('source_failed');
      expect(error.message).toMatch(/^wasmBinary: expected the WebAssembly module of this package/);
    }
  });
});

describe('folders', () => {
  const entry = (modelId) => ({
    role: 'r',
    file: 'm',
    model_id: modelId,
    trained_at: 1,
    metrics: ['x'],
    hosts: ['a'],
  });
  const open = (...models) => {
    const fetch = () => Promise.resolve(new Response(JSON.stringify({ version: 1, models })));
    return openFolder('https://example.org/', { fetch });
  };
  const fetch = () => Promise.resolve(new Response(bytes));

  test('a file of another model than the index names is an error', async () => {
    const { modelId } = model.info;
    const [good] = (await open(entry(modelId))).models;
    expect((await openModel(good, { fetch })).bytes).toEqual(bytes);
    const [stale] = (await open(entry('0123'))).models;
    const error = await errorOf(() => openModel(stale, { fetch }));
    expect([error.code, error.message]).toEqual([
      'bad_format',
      `https://example.org/m: expected model "0123", as index.json says of "m", got "${modelId}"`,
    ]);
  });

  test('two models of a role are an error', async () => {
    const error = await errorOf(() => open(entry('a'), { ...entry('b'), file: 'n' }));
    expect([error.code, error.message]).toEqual([
      'bad_format',
      'https://example.org/index.json: models[1].role: expected one model per role, got "r"',
    ]);
  });

  test('a fetch that never answers ends in time, and times that timers cannot keep are refused', async () => {
    const deaf = () => new Promise(() => undefined);
    const late = await errorOf(() => openFolder('https://a.b/', { fetch: deaf, timeout: 50 }));
    expect(late.message).toMatch('no whole answer within 0.05 s');
    for (const timeout of [NaN, -1, 2 ** 31, '5', 5n]) {
      const error = await errorOf(() => openFolder('https://a.b/', { fetch, timeout }));
      expect(error.code).toBe('invalid_argument');
    }
  });
});

const strange = [Symbol('x'), 5n, {}, [], Object.create(null), () => 1, true, 'x'];
test.each([
  ['a host', 'string', (odd) => model.open(table()).severities(odd)],
  ['a time', '', (odd) => model.open(table()).explainHost({ host: 'a', from: odd })],
  ['alerts', '', (odd) => model.open(table()).worst([odd])],
  ['a metric', '', (odd) => model.withTolerance(odd, 1)],
  ['a signal', 'object', (odd) => model.open(table()).score({ signal: odd })],
  ['onProgress', 'function', (odd) => model.open(table()).score({ onProgress: odd })],
  ['a number', '', (odd) => formatTime(odd)],
  ['a severity', '', (odd) => levelOf(odd)],
  ['an incident', '', (odd) => recall([], [{ host: 'a', from: odd, to: 2 }])],
  ['workers', '', (odd) => ModelPool.load(bytes, { workers: odd })],
  ['locateFile', 'function', (odd) => RoleModel.load(bytes, { locateFile: odd })],
  ['maxBytes', '', (odd) => parseFile(gzipSync('x'), 'x', { maxBytes: odd })],
  ['the signal of openFiles', '', (odd) => openFiles([], { signal: odd })],
])('something else than %s is refused', async (_, fine, use) => {
  for (const odd of strange.filter((value) => typeof value !== fine)) {
    expect((await errorOf(() => use(odd))).code).toBe('invalid_argument');
  }
});

test('what a worker cannot be sent, and what onProgress throws, is an error of the call', async () => {
  const pool = await ModelPool.load(bytes, { workers: 1 });
  const samples = await pool.open(table());
  const error = await errorOf(() => samples.explain({ host: Symbol('x') }));
  expect(error.code).toBe('invalid_argument');
  const own = new Error('own');
  const onProgress = () => {
    throw own;
  };
  await expect(samples.score({ onProgress })).rejects.toBe(own);
  pool.dispose();
});

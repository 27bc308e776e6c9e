// The package as its users get it: packed, installed elsewhere, type-checked and run.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { installPacked, root, run } from './packed.mjs';
import { mixtureCases, modelBytes } from './support.mjs';

const entry = mixtureCases.find(({ name }) => name.startsWith('D=2 K=3'));
const compilerOptions = { strict: true, target: 'ES2022', skipLibCheck: false };

/** With what the compiler says in the message, should it fail. */
function compile(folder, options, file = 'example.mts') {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: [file] }),
  );
  try {
    run(process.execPath, [tsc, '-p', folder], folder);
  } catch (error) {
    throw new Error(error.stdout, { cause: error });
  }
}

let packed, folder;
beforeAll(() => {
  packed = installPacked();
  folder = packed.folder;
});
afterAll(() => packed?.remove());

// The README's model is not at hand; a golden one stands for it, with the README's metrics renamed.
const readme = readFileSync(join(root, 'js/README.md'), 'utf8');
const snippet = /```ts\n(.*?)```/s
  .exec(readme)[1]
  .replace('cpu.user.pct', 'metric0')
  .replace('memory.used.pct', 'metric1');

test("the README's example type-checks and runs", () => {
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models/blog-db.rolemix'), modelBytes(entry));
  writeFileSync(join(folder, 'example.mts'), snippet);
  // The console is the one thing that the example takes from elsewhere.
  const types = { ...compilerOptions, module: 'NodeNext', types: [], lib: ['ES2022', 'DOM'] };
  compile(folder, types);
  const printed = run(process.execPath, ['example.mjs'], folder);
  expect(printed).toMatch(/metric0, at 97, .*metric: .metric0.*rank: 1/s);
});

const mistakes = `
    const table: SampleTable = await parseTable('timestamp,host,x\\n1,a,2');
    using model = await RoleModel.load(new Uint8Array(8), { wasmUrl: new URL('https://example.org/rolemix.wasm') });
    using samples: Samples = model.open(table);
    const why: Explanation = samples.whatIf({ host: 'a', timestamp: 1 }, { x: null });
    const top: number | null = why.metrics[0]!.observed;
    const code: RolemixError['code'] = 'bad_format';
    using pool = await ModelPool.load('model', { workers: 2 });
    const opened: PoolSamples = await pool.open(table);
    const { severity } = await opened.score({ signal: new AbortController().signal });
    const worst: number = (await opened.alerts({ maxCheckAttempts: 2 }))[0]!.worstAt;
    const [host]: readonly string[] = await opened.hosts;
    const text: string = formatValue(severity[0]!, 'percent');
    // @ts-expect-error: a missing value has to be thought of
    const observed: number = why.metrics[0]!.observed;
    // @ts-expect-error: no such sensitivity
    samples.alerts({ warningSensitivity: 'loud' });
    // @ts-expect-error: results are not for writing
    why.metrics[0]!.rank = 2;
    // @ts-expect-error: only load makes models
    new RoleModel();
`;
const elementsMistakes = `
    import { RolemixSwimlane, type Lane } from 'rolemix/elements';
    const lane: Lane = { host: 'a', timestamps: new Float64Array(1), severity: new Float64Array(1) };
    const made: HTMLElement = Object.assign(new RolemixSwimlane(), { lanes: [lane] });
    const chart = document.createElement('rolemix-metric-chart');
    chart.compact = true;
    chart.addEventListener('rolemix-select', ({ detail }) => detail.host.trim() + detail.timestamp.toFixed());
    document.addEventListener('rolemix-select', ({ detail }) => detail.host.trim());
    window.addEventListener('rolemix-zoom', ({ detail }) => detail.from?.toFixed());
    document.querySelector('rolemix-explanation')!.explanation = null;
    // @ts-expect-error: no such order
    document.createElement('rolemix-swimlane').order = 'size';
    // @ts-expect-error: no such property
    chart.colour = 'red';
    export { made };
`;
const imports = `
    import { formatValue, RoleModel, RolemixError, type Explanation, type Samples, type SampleTable } from 'rolemix';
    import { parseTable } from 'rolemix/csv';
    import { ModelPool, type PoolSamples } from 'rolemix/pool';
    import { RoleModel as InlineModel, ModelPool as InlinePool } from 'rolemix/inline';`;
const names = 'top, code, observed, worst, host, text, InlineModel, InlinePool';

test.each([
  ['a bundler', 'example.ts', { module: 'ESNext', moduleResolution: 'bundler' }],
  ['Node', 'example.mts', { module: 'Node16', moduleResolution: 'Node16' }],
  ['Node with require()', 'example.cts', { module: 'Node16', moduleResolution: 'Node16' }],
])('the types suit %s, and refuse mistakes', (_, file, options) => {
  const code = file.endsWith('.cts')
    ? `${imports} export async function use() { ${mistakes} return { ${names} }; }`
    : `${imports} ${mistakes} export { ${names} };`;
  writeFileSync(join(folder, file), code);
  const lib = ['ES2022', 'DOM', 'ESNext.Disposable'];
  compile(folder, { ...compilerOptions, ...options, noEmit: true, types: [], lib }, file);
});

test.each(['example.mts', 'example.cts'])('the types of Node are enough for %s', (file) => {
  const code = `${imports}
    export async function use(table: SampleTable): Promise<Explanation | RolemixError> {
      const pool = await ModelPool.load(await fetch('https://example.org/model'));
      const model: RoleModel = pool.model;
      const opened: PoolSamples = await pool.open(await parseTable(formatValue(5, 'percent')));
      const [alert] = await opened.alerts();
      const samples: Samples = model.open(table);
      return samples.explainAlert(alert!).worst;
    }
    export { InlineModel, InlinePool };`;
  writeFileSync(join(folder, file), code);
  const node = {
    typeRoots: [join(root, 'node_modules/@types')],
    types: ['node'],
    lib: ['ES2022'],
  };
  const module = { module: 'Node16', moduleResolution: 'Node16', noEmit: true };
  compile(folder, { ...compilerOptions, ...module, ...node }, file);
});

test.each([
  ['a bundler', 'elements.ts', { module: 'ESNext', moduleResolution: 'bundler' }],
  ['Node', 'elements.mts', { module: 'Node16', moduleResolution: 'Node16' }],
])("the elements' types suit %s, without those of any library", (_, file, options) => {
  writeFileSync(join(folder, file), elementsMistakes);
  const lib = ['ES2022', 'DOM', 'ESNext.Disposable'];
  compile(folder, { ...compilerOptions, ...options, noEmit: true, types: [], lib }, file);
});

describe('Node', () => {
  test('imports the elements, which do nothing there', () => {
    const code =
      "import * as elements from 'rolemix/elements'; console.log(Object.keys(elements).join());";
    writeFileSync(join(folder, 'elements.mjs'), code);
    expect(run(process.execPath, ['elements.mjs'], folder).trim()).toBe(
      'RolemixExplanation,RolemixMetricChart,RolemixSwimlane,splitAtRanges',
    );
  });

  const use = `
    async function use(...entries) {
      const results = [];
      for (const { RoleModel, ModelPool } of entries) {
        const pool = ModelPool && await ModelPool.load('models/blog-db.rolemix', { workers: 1 });
        const model = pool ? pool.model : await RoleModel.load('models/blog-db.rolemix');
        const table = { timestamps: [1], hosts: ['a'], metrics: { metric0: [3] } };
        const scores = pool ? await (await pool.open(table)).score() : model.open(table).scores;
        results.push([pool?.workers ?? null, scores.anomalyScore[0]]);
        (pool ?? model).dispose();
      }
      console.log(JSON.stringify(results));
    }`;

  test.each([
    [
      'import',
      'use.mjs',
      `${use} use(await import('rolemix'), await import('rolemix/pool'), await import('rolemix/inline'));`,
    ],
    [
      'require()',
      'use.cjs',
      `${use} use(require('rolemix'), require('rolemix/pool'), require('rolemix/inline'));`,
    ],
  ])('%s gives every entry, and the process ends by itself', (_, file, code) => {
    writeFileSync(join(folder, file), code);
    const results = JSON.parse(run(process.execPath, [file], folder));
    const score = results[0][1];
    expect(score).toEqual(expect.any(Number));
    expect(results).toEqual([
      [null, score],
      [1, score],
      [0, score],
    ]);
  });
});

test('holds the module, its types, a README, its example and a license, and nothing else', () => {
  const files = run('tar', ['-tzf', join(folder, 'rolemix-0.1.0.tgz')], folder)
    .trim()
    .split('\n');
  expect(files).toEqual(
    expect.arrayContaining([
      'package/README.md',
      'package/package.json',
      'package/dist/index.js',
      'package/dist/index.d.ts',
      'package/dist/rolemix.wasm',
      'package/dist/LICENSE',
      'package/examples/embed.html',
      'package/examples/embed.js',
    ]),
  );
  expect(
    files.filter((file) => !/\.(c?js|d\.c?ts|wasm|md|json|html)$|LICENSE$/.test(file)),
  ).toEqual([]);
});

test('exports the module by name', () => {
  const path = createRequire(join(folder, 'package.json')).resolve('rolemix/rolemix.wasm');
  expect(WebAssembly.validate(readFileSync(path))).toBe(true);
});

const script = (name) => readFileSync(join(folder, 'node_modules/rolemix/dist', name), 'utf8');

describe.each(['index.js', 'pool.js', 'worker.js', 'inline.js'])('%s', (name) => {
  test('loads nothing of Node that a bundler could see', () => {
    const code = script(name).replaceAll(/\bfrom ?"\.\/index\.js"/g, '');
    expect(code).not.toMatch(/\brequire\(|\bfrom ?["']|import\(["']/);
    expect(code.match(/\bimport\(.*?\)/g)).toEqual([
      expect.stringMatching(/webpackIgnore: true.*@vite-ignore/),
    ]);
  });

  test('evaluates no text, so that a strict content security policy holds', () => {
    expect(script(name)).not.toMatch(/new Function|\beval\(/);
  });
});

describe('elements.js', () => {
  test('takes the package from beside it, and all else is inside', () => {
    const code = script('elements.js');
    expect(new Set(code.match(/\} ?from ?"[^"]*"/g))).toEqual(new Set(['}from"./index.js"']));
    expect(code).not.toMatch(/\brequire\(|\bimport\(|process\.env/);
  });

  test('evaluates no text', () => {
    expect(script('elements.js')).not.toMatch(/new Function|\beval\(/);
  });

  test('names the licences of what is inside', () => {
    expect(script('elements.js').slice(0, 400)).toMatch(/ECharts.*Apache.*zrender.*BSD.*Lit.*BSD/s);
  });

  test('is at most 215 kB for a browser to fetch', () => {
    const bytes = gzipSync(script('elements.js'), { level: 9 });
    expect(bytes.length).toBeLessThanOrEqual(215 * 1024);
  });
});

test('scripts name the module and the worker as bundlers expect it', () => {
  expect(script('index.js')).toContain('new URL("./rolemix.wasm",import.meta.url)');
  expect(script('pool.js')).toContain(
    'new Worker(new URL("./worker.js",import.meta.url),{type:"module"})',
  );
  const named = script('inline.js').match(/new URL\("|import\.meta/);
  expect(named).toBeNull();
});

test('the module and its script are at most 114 KiB for a browser to fetch', () => {
  const wasm = readFileSync(join(folder, 'node_modules/rolemix/dist/rolemix.wasm'));
  const bytes = gzipSync(Buffer.concat([wasm, Buffer.from(script('index.js'))]), { level: 9 });
  expect(bytes.length).toBeLessThanOrEqual(114 * 1024);
});

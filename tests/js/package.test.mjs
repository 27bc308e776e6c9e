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
function compile(folder, options, ...files) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }));
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
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'models/blog-db.rolemix'), modelBytes(entry));
});
afterAll(() => packed?.remove());

// The README's model is not at hand; a golden one stands for it, with the README's metrics renamed.
const readme = readFileSync(join(root, 'js/README.md'), 'utf8');
const snippet = /```ts\n(.*?)```/s
  .exec(readme)[1]
  .replace('cpu.user.pct', 'metric0')
  .replace('memory.used.pct', 'metric1');

/** What the other examples take from elsewhere: what people drop, what a server answers, what a model found. */
const given = `
import { RoleModel } from 'rolemix';
const files = [new File(['timestamp,host,x\\n1,a,5\\n'], 'x.csv'), new File(['?'], 'y.csv')];
const index = {
  version: 1,
  models: [{ role: 'blog:db', file: 'a', model_id: 'b', trained_at: 1, metrics: ['x'], hosts: ['a'] }],
};
globalThis.fetch = async (url) => new Response(String(url).endsWith('.json') ? JSON.stringify(index) : 'a model');
const model = await RoleModel.load('models/blog-db.rolemix');
const about = { alertId: 'c', role: 'blog:db', host: 'db1', startedAt: 1, closedAt: null, modelId: 'b', severity: 80 };
const samples = { alerts: () => [{ ...about, topMetrics: ['x'] }] };
`;

test("the README's example type-checks and runs", () => {
  writeFileSync(join(folder, 'example.mts'), snippet);
  // The console is the one thing that the example takes from elsewhere.
  const types = { ...compilerOptions, module: 'NodeNext', types: [], lib: ['ES2022', 'DOM'] };
  compile(folder, types, 'example.mts');
  const printed = run(process.execPath, ['example.mjs'], folder);
  expect(printed).toMatch(/metric0, at 97, .*metric: .metric0.*rank: 1/s);
});

test("the README's examples of the smaller entries type-check and run", () => {
  const printed = {
    files: /^y\.csv:1: .*\n\[ 5 \] 7$/,
    verdicts: /^false_alarm 0$/,
    config: /metric0: \{.* drop: true \}\nalerts: .*max_check_attempts: 2 \}$/s,
  };
  const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  for (const name of Object.keys(printed)) {
    const code = blocks.find((block) => block.includes(`from 'rolemix/${name}'`));
    const renamed = code.replaceAll('cpu.user.pct', 'metric0');
    writeFileSync(join(folder, `readme-${name}.mts`), given + renamed);
  }
  const lib = ['ES2022', 'DOM', 'DOM.Iterable'];
  const files = Object.keys(printed).map((name) => `readme-${name}.mts`);
  compile(folder, { ...compilerOptions, module: 'NodeNext', types: [], lib }, ...files);
  for (const [name, wanted] of Object.entries(printed)) {
    expect(run(process.execPath, [`readme-${name}.mjs`], folder).trim()).toMatch(wanted);
  }
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
const others = `
    const file: NamedBlob = Object.assign(new Blob(['timestamp,host,x']), { name: 'x.csv' });
    const read: OpenedFiles = await openFiles([file], { maxBytes: 1e6, wasmUrl: 'rolemix-table.wasm' });
    const rows: Float64Array | undefined = read.table?.timestamps;
    const { models: entries } = await openFolder('https://example.org/models/', { timeout: 1000 });
    const bytes: Uint8Array = (await openModel(entries[0]!)).bytes;
    const record: Verdict = verdictOf((await opened.alerts())[0]!, { verdict: 'unsure', kind: '', note: '' });
    const lines: string = toJsonLines([record]);
    const yaml: string = roleConfig(model.info, { maxCheckAttempts: 2 }, { muted: ['x'] });
    // @ts-expect-error: text is no file
    openFiles(['x.csv']);
    // @ts-expect-error: no such verdict
    verdictOf((await opened.alerts())[0]!, { verdict: 'maybe', kind: '', note: '' });
    // @ts-expect-error: no such setting
    roleConfig(model.info, { attempts: 2 });
`;
const imports = `
    import { formatValue, RoleModel, RolemixError, type Explanation, type Samples, type SampleTable } from 'rolemix';
    import { parseTable } from 'rolemix/csv';
    import { roleConfig } from 'rolemix/config';
    import { openFiles, openFolder, openModel, type NamedBlob, type OpenedFiles } from 'rolemix/files';
    import { ModelPool, type PoolSamples } from 'rolemix/pool';
    import { toJsonLines, verdictOf, type Verdict } from 'rolemix/verdicts';
    import { RoleModel as InlineModel, ModelPool as InlinePool } from 'rolemix/inline';`;
const names =
  'top, code, observed, worst, host, text, rows, bytes, lines, yaml, InlineModel, InlinePool';

test.each([
  ['a bundler', 'example.ts', { module: 'ESNext', moduleResolution: 'bundler' }],
  ['Node', 'example.mts', { module: 'Node16', moduleResolution: 'Node16' }],
  ['Node with require()', 'example.cts', { module: 'Node16', moduleResolution: 'Node16' }],
])('the types suit %s, and refuse mistakes', (_, file, options) => {
  const code = file.endsWith('.cts')
    ? `${imports} export async function use() { ${mistakes} ${others} return { ${names} }; }`
    : `${imports} ${mistakes} ${others} export { ${names} };`;
  writeFileSync(join(folder, file), code);
  const lib = ['ES2022', 'DOM', 'ESNext.Disposable'];
  compile(folder, { ...compilerOptions, ...options, noEmit: true, types: [], lib }, file);
});

test.each(['example.mts', 'example.cts'])('the types of Node are enough for %s', (file) => {
  const code = `${imports}
    import { File } from 'node:buffer';
    export async function use(table: SampleTable): Promise<Explanation | RolemixError> {
      const pool = await ModelPool.load(await fetch('https://example.org/model'));
      const model: RoleModel = pool.model;
      const opened: PoolSamples = await pool.open(await parseTable(formatValue(5, 'percent')));
      const [alert] = await opened.alerts();
      const samples: Samples = model.open(table);
      const read: OpenedFiles = await openFiles([new File(['x'], roleConfig(model.info))]);
      const folder = await openFolder(toJsonLines([verdictOf(alert!, { verdict: 'unsure', kind: '', note: '' })]));
      const blobs: NamedBlob[] = [];
      const records: Verdict[] = [];
      console.log(read, blobs, records, await openModel(folder.models[0]!));
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
    async function use(entries, { openFiles }, { toJsonLines }, { roleConfig }) {
      const results = [];
      for (const { RoleModel, ModelPool } of entries) {
        const pool = ModelPool && await ModelPool.load('models/blog-db.rolemix', { workers: 1 });
        const model = pool ? pool.model : await RoleModel.load('models/blog-db.rolemix');
        const table = { timestamps: [1], hosts: ['a'], metrics: { metric0: [3] } };
        const scores = pool ? await (await pool.open(table)).score() : model.open(table).scores;
        results.push([pool?.workers ?? null, scores.anomalyScore[0]]);
        if (!pool) results.push(roleConfig(model.info).slice(0, 6));
        (pool ?? model).dispose();
      }
      const file = Object.assign(new Blob(['timestamp,host,x\\n1,a,5']), { name: 'x.csv' });
      const { table } = await openFiles([file]);
      console.log(JSON.stringify([...results, table.metrics.x[0], toJsonLines([])]));
    }`;

  const all = (load) => `
    use([${load('')}, ${load('/pool')}, ${load('/inline')}], ${load('/files')}, ${load('/verdicts')}, ${load('/config')});`;
  test.each([
    ['import', 'use.mjs', use + all((entry) => `await import('rolemix${entry}')`)],
    ['require()', 'use.cjs', use + all((entry) => `require('rolemix${entry}')`)],
  ])('%s gives every entry, and the process ends by itself', (_, file, code) => {
    writeFileSync(join(folder, file), code);
    const results = JSON.parse(run(process.execPath, [file], folder));
    const score = results[0][1];
    expect(score).toEqual(expect.any(Number));
    expect(results).toEqual([[null, score], 'role: ', [1, score], [0, score], 5, '']);
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

const entries = ['index', 'pool', 'worker', 'csv', 'files', 'verdicts', 'config', 'inline'];

describe.each(entries.map((name) => `${name}.js`))('%s', (name) => {
  test('loads nothing of Node that a bundler could see, and of the package what is loaded once', () => {
    const code = script(name).replaceAll(/\bfrom ?"\.\/(index|csv)\.js"/g, '');
    expect(code).not.toMatch(/\brequire\(|\bfrom ?["']|import\(["']/);
    for (const dynamic of code.match(/\bimport\(.*?\)/g) ?? []) {
      expect(dynamic).toMatch(/webpackIgnore: true.*@vite-ignore/);
    }
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
  for (const name of ['pool.js', 'files.js']) {
    expect(script(name)).toContain(
      'new Worker(new URL("./worker.js",import.meta.url),{type:"module"})',
    );
  }
  expect(script('csv.js')).toContain('new URL("./rolemix-table.wasm",import.meta.url)');
  const named = script('inline.js').match(/new URL\("\.\/|import\.meta/);
  expect(named).toBeNull();
});

test('the module and its script are at most 125 KiB for a browser to fetch', () => {
  const wasm = readFileSync(join(folder, 'node_modules/rolemix/dist/rolemix.wasm'));
  const bytes = gzipSync(Buffer.concat([wasm, Buffer.from(script('index.js'))]), { level: 9 });
  expect(bytes.length).toBeLessThanOrEqual(125 * 1024);
});

test.each([
  ['pool.js', 4],
  ['worker.js', 2],
  ['csv.js', 9],
  ['files.js', 6],
  ['verdicts.js', 2.5],
  ['config.js', 2],
])('%s is at most %d kB for a browser to fetch', (name, size) => {
  expect(gzipSync(script(name), { level: 9 }).length).toBeLessThanOrEqual(1024 * size);
});

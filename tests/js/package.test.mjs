// The package as its users get it: packed, installed elsewhere, type-checked and run.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { mixtureCases, modelBytes } from './support.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const entry = mixtureCases.find(({ name }) => name.startsWith('D=2 K=3'));
const compilerOptions = { strict: true, target: 'ES2022', skipLibCheck: false };

const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** With what the compiler says in the message, should it fail. */
function compile(folder, options) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
  try {
    run(process.execPath, [tsc, '-p', folder], folder);
  } catch (error) {
    throw new Error(error.stdout, { cause: error });
  }
}

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rolemix-'));
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--workspace', 'js', '--pack-destination', folder], root),
  );
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { rolemix: `file:${packed.filename}` },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund'], folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

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
  expect(printed).toMatch(/metric0 is 97 .*metric: .metric0.*rank: 1/s);
}, 60_000);

test('the types also suit a bundler, and refuse mistakes', () => {
  writeFileSync(
    join(folder, 'example.mts'),
    `import { parseTable, RoleModel, RolemixError, type Explanation, type SampleTable } from 'rolemix';
    const table: SampleTable = await parseTable('timestamp,host,x\\n1,a,2');
    using model = await RoleModel.load(new Uint8Array(8), { wasmUrl: new URL('https://example.org/rolemix.wasm') });
    const why: Explanation = model.explain(table, { host: 'a', timestamp: 1 });
    const top: number | null = why.metrics[0]!.observed;
    const code: RolemixError['code'] = 'bad_format';
    // @ts-expect-error: a missing value has to be thought of
    const observed: number = why.metrics[0]!.observed;
    // @ts-expect-error: no such sensitivity
    model.alerts(table, { warningSensitivity: 'loud' });
    // @ts-expect-error: results are not for writing
    why.metrics[0]!.rank = 2;
    // @ts-expect-error: only load makes models
    new RoleModel();
    export { top, code, observed };`,
  );
  const lib = ['ES2022', 'DOM', 'ESNext.Disposable'];
  compile(folder, {
    ...compilerOptions,
    module: 'ESNext',
    moduleResolution: 'bundler',
    noEmit: true,
    types: [],
    lib,
  });
}, 60_000);

test('holds the module, its types, a README and a license, and nothing else', () => {
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
    ]),
  );
  expect(files.filter((file) => !/\.(js|d\.ts|wasm|md|json)$|LICENSE$/.test(file))).toEqual([]);
});

test('exports the module by name', () => {
  const path = createRequire(join(folder, 'package.json')).resolve('rolemix/rolemix.wasm');
  expect(WebAssembly.validate(readFileSync(path))).toBe(true);
});

describe('the script', () => {
  const script = () => readFileSync(join(folder, 'node_modules/rolemix/dist/index.js'), 'utf8');

  test('loads nothing of Node that a bundler could see', () => {
    expect(script()).not.toMatch(/\brequire\(|\bfrom ?["']|import\(["']/);
    expect(script().match(/\bimport\(.*?\)/g)).toEqual([
      expect.stringMatching(/webpackIgnore: true.*@vite-ignore/),
    ]);
  });

  test('evaluates no text, so that a strict content security policy holds', () => {
    expect(script()).not.toMatch(/new Function|\beval\(/);
  });

  test('names the module as bundlers expect it', () => {
    expect(script()).toContain('new URL("./rolemix.wasm",import.meta.url)');
  });

  test('and the module are at most 60 kB for a browser to fetch', () => {
    const wasm = readFileSync(join(folder, 'node_modules/rolemix/dist/rolemix.wasm'));
    const [text, bytes] = [script(), wasm].map((file) => gzipSync(file, { level: 9 }).length);
    expect(text + bytes).toBeLessThanOrEqual(60 * 1024);
  });
});

// The packed package in real browsers' pages: as bundlers build them, without a bundler, in a worker, from a
// file; always under a content security policy that allows WebAssembly and nothing else.
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';
import { build } from 'vite';
import webpack from 'webpack';

import { installPacked, serve } from './packed.mjs';
import { goldenBytes, goldenJson } from './support.mjs';

const row = goldenJson('model.json').rows[0];
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

/** A page's script: loads the model, scores a row, then some hosts with a pool and without, and reads a file; `entry` gives names of entries. */
const app = (entry, model) => `
import { formatValue, RoleModel } from '${entry('index')}';
import { openFiles } from '${entry('files')}';
import { ModelPool } from '${entry('pool')}';
async function use(values, options) {
  const source = ${model};
  const model = await RoleModel.load(source, options);
  const names = model.info.metrics.map(({ name }) => name);
  const hosts = Array.from({ length: 40000 }, (_, i) => 'h' + (i % 4));
  const table = {
    timestamps: hosts.map((_, i) => 60 * Math.floor(i / 4)),
    hosts,
    metrics: { [names[0]]: hosts.map((_, i) => i % 97), [names[4]]: hosts.map((_, i) => i % 7) },
  };
  const pool = await ModelPool.load(source, { workers: 2, ...options });
  const expected = model.open(table, { anyRole: true }).scores;
  const scores = await (await pool.open(table, { anyRole: true })).score();
  const same = ['anomalyScore', 'alertScore', 'severity', 'state'].every((field) =>
    scores[field].every((value, i) => Object.is(value, expected[field][i])),
  );
  const workers = pool.workers;
  pool.dispose();
  const file = new File(['timestamp,host,x\\n1,a,5\\n'], 'x.csv');
  const { table: read, errors } = await openFiles([file]);
  return {
    read: read ? read.metrics.x[0] : errors[0].message,
    score: model.scoreRows(values).anomalyScore[0],
    text: formatValue(1.5 * 2 ** 30, 'bytes'),
    workers,
    same,
  };
}
`;
const inPage = 'window.use = use;';
const page = (script) => `<!doctype html><title>rolemix</title>${script}`;
const moduleScript = page('<script type="module" src="./app.js"></script>');
const fetched = "new URL('model.rolemix', location.href)";

let packed, browser;
beforeAll(async () => {
  packed = installPacked();
  browser = await chromium.launch({
    executablePath: process.env.ROLEMIX_CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
afterAll(async () => {
  await browser?.close();
  packed?.remove();
});

/** A folder beside node_modules with these files and the model. */
function folderWith(name, files) {
  const folder = join(packed.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'model.rolemix'), goldenBytes('model.rolemix'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** What the page's use() gives, and what the browser had to say. */
async function visit(url, options) {
  const tab = await browser.newPage();
  const problems = [];
  tab.on('console', (message) => problems.push(message.text()));
  tab.on('pageerror', (error) => problems.push(error.message));
  await tab.goto(url);
  await tab
    .waitForFunction(() => 'use' in window, null, { timeout: 20_000 })
    .catch(() => {
      throw new Error(`the page did not start: ${problems.join('; ')}`);
    });
  const result = await tab.evaluate(
    ([values, settings]) => window.use(values, settings),
    [row.values, options],
  );
  await tab.close();
  return { ...result, problems };
}

async function visitServed(folder, { file = 'index.html', headers = {}, options } = {}) {
  const server = await serve(folder, { 'content-security-policy': policy, ...headers });
  try {
    return await visit(`${server.origin}/${file}`, options);
  } finally {
    await server.close();
  }
}

function expectWorking(result, workers, problems = []) {
  expect(result).toMatchObject({ text: '1.5 GiB', workers, same: true, read: 5, problems });
  expect(result.score).toBeCloseTo(row.anomaly_score, 9);
}

const installed = (name) => (name === 'index' ? 'rolemix' : `rolemix/${name}`);
const bundled = () => app(installed, fetched) + inPage;

test('Vite builds it as it is', async () => {
  const folder = folderWith('vite', { 'index.html': moduleScript, 'app.js': bundled() });
  await build({ root: folder, configFile: false, logLevel: 'error' });
  cpSync(join(folder, 'model.rolemix'), join(folder, 'dist/model.rolemix'));
  expectWorking(await visitServed(join(folder, 'dist')), 2);
  const files = readdirSync(join(folder, 'dist/assets'));
  expect(files.filter((file) => file.endsWith('.wasm'))).toHaveLength(2);
});

test('webpack builds it as it is', async () => {
  const folder = folderWith('webpack', { 'index.html': moduleScript, 'entry.js': bundled() });
  const stats = await new Promise((resolve, reject) => {
    const settings = {
      mode: 'production',
      context: folder,
      entry: './entry.js',
      output: { path: folder, filename: 'app.js' },
      performance: { maxAssetSize: 300_000 }, // as js/README.md says
    };
    webpack(settings, (error, result) => (error ? reject(error) : resolve(result)));
  });
  const { errors, warnings } = stats.toJson();
  expect([...errors, ...warnings].map(({ message }) => message)).toEqual([]);
  expectWorking(await visitServed(folder), 2);
  expect(readdirSync(folder).filter((file) => file.endsWith('.wasm'))).toHaveLength(2);
});

/** A page's script that shows one element with what another part of the package says. */
const withElements = `
import { formatValue, RoleModel } from 'rolemix';
import 'rolemix/elements';
window.use = async () => {
  const model = await RoleModel.load(${fetched});
  const { name, unit } = model.info.metrics[0];
  const table = { timestamps: [60], hosts: ['a'], metrics: { [name]: [3] } };
  const element = document.createElement('rolemix-explanation');
  document.body.append(Object.assign(element, { explanation: model.open(table, { anyRole: true }).explain({ host: 'a', timestamp: 60 }) }));
  await element.updateComplete;
  const shown = element.shadowRoot.querySelector('[data-metric="' + name + '"] .value').textContent;
  return { shown, expected: formatValue(3, unit) };
};
`;

test.each(['vite', 'webpack'])(
  '%s builds the elements, which share the module',
  async (bundler) => {
    const files = { 'index.html': moduleScript, 'app.js': '', 'entry.js': withElements };
    const folder = folderWith(`elements-${bundler}`, files);
    if (bundler === 'vite') {
      writeFileSync(join(folder, 'app.js'), withElements);
      await build({ root: folder, configFile: false, logLevel: 'error' });
      cpSync(join(folder, 'model.rolemix'), join(folder, 'dist/model.rolemix'));
    } else {
      await new Promise((resolve, reject) => {
        const settings = {
          mode: 'production',
          context: folder,
          entry: './entry.js',
          output: { path: folder, filename: 'app.js' },
          performance: false,
        };
        webpack(settings, (error, result) =>
          error || result.hasErrors() ? reject(error ?? result.toString()) : resolve(),
        );
      });
    }
    const result = await visitServed(bundler === 'vite' ? join(folder, 'dist') : folder);
    expect(result).toEqual({ shown: result.expected, expected: result.expected, problems: [] });
    expect(result.shown).toMatch(/^3/);
  },
);

describe('without a bundler', () => {
  const dist = (name) => `./rolemix/${name}.js`;
  const files = {
    'index.html': moduleScript,
    'app.js': app(dist, fetched) + inPage,
    'in-worker.html': page('<script type="module" src="./start.js"></script>'),
    'start.js': `window.use = (values, options) => new Promise((resolve, reject) => {
      const worker = new Worker('./in-worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage([values, options]);
    });`,
    'in-worker.js': `${app(dist, fetched)}
      self.onmessage = async ({ data }) => self.postMessage(await use(...data));`,
  };
  const copyPackage = (folder) =>
    cpSync(join(packed.folder, 'node_modules/rolemix/dist'), join(folder, 'rolemix'), {
      recursive: true,
    });
  let folder;
  beforeAll(() => {
    folder = folderWith('plain', files);
    copyPackage(folder);
  });

  test('a page loads it by path', async () => {
    expectWorking(await visitServed(folder), 2);
  });

  test('a worker loads it, and has workers of its own', async () => {
    expectWorking(await visitServed(folder, { file: 'in-worker.html' }), 2);
  });

  test('a policy against workers leaves the calling thread', async () => {
    const headers = {
      'content-security-policy': policy.replace(/worker-src.*/, "worker-src 'none'"),
    };
    const result = await visitServed(folder, { headers });
    expectWorking(result, 0, expect.arrayContaining([expect.stringMatching(/worker-src/)]));
  });

  test('the module can come from elsewhere, by a relative address', async () => {
    const elsewhere = folderWith('elsewhere', files);
    copyPackage(elsewhere);
    cpSync(join(elsewhere, 'rolemix/rolemix.wasm'), join(elsewhere, 'renamed.wasm'));
    writeFileSync(join(elsewhere, 'rolemix/rolemix.wasm'), '<!doctype html>');
    expectWorking(await visitServed(elsewhere, { options: { wasmUrl: 'renamed.wasm' } }), 2);
    await expect(visitServed(elsewhere)).rejects.toThrow(
      /rolemix\/rolemix\.wasm: expected a file, got a page of HTML/,
    );
  });

  test('it can come from another server, when the policy lets its workers start', async () => {
    const other = await serve(folder, { 'access-control-allow-origin': '*' });
    const code = app((name) => `${other.origin}/rolemix/${name}.js`, fetched);
    const guest = folderWith('guest', { 'index.html': moduleScript, 'app.js': code + inPage });
    const allowing = (workers) => ({
      'content-security-policy':
        `default-src 'none'; script-src 'self' ${other.origin} 'wasm-unsafe-eval'; ` +
        `connect-src 'self' ${other.origin}; worker-src ${workers}`,
    });
    try {
      expectWorking(await visitServed(guest, { headers: allowing(`blob: ${other.origin}`) }), 2);
      const result = await visitServed(guest, { headers: allowing("'self'") });
      expectWorking(result, 0, expect.arrayContaining([expect.stringMatching(/worker-src/)]));
    } finally {
      await other.close();
    }
  });
});

test('a page opened as a file has everything inlined, and works without workers', async () => {
  const model = Buffer.from(goldenBytes('model.rolemix')).toString('base64');
  const bytes = `Uint8Array.from(atob('${model}'), (character) => character.charCodeAt(0))`;
  const folder = folderWith('file', {
    'index.html': page(
      `<meta http-equiv="content-security-policy" content="default-src 'none'; script-src file: 'wasm-unsafe-eval'">
      <script src="./dist/app.js"></script>`,
    ),
    'entry.js': app(() => 'rolemix/inline', bytes) + inPage,
  });
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      lib: { entry: 'entry.js', formats: ['iife'], name: 'app', fileName: () => 'app.js' },
    },
  });
  expect(readdirSync(join(folder, 'dist'))).toEqual(['app.js']);
  expectWorking(await visit(pathToFileURL(join(folder, 'index.html')).href), 0);
});

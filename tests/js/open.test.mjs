// What the page opens: files that people drop into it, and folders of models on a server.
import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

import { errorOf, goldenBytes } from './support.mjs';

const here = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const bundle = async (entry, options) => {
  const { outputFiles } = await build({
    entryPoints: [here(`demo/src/open/${entry}.ts`)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    ...options,
  });
  return outputFiles?.[0].text;
};

const listen = async (answer) => {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
};
const close = (server) =>
  new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });

let folder, openFiles, openFolder, openModel;
beforeAll(async () => {
  mkdirSync(here('build'), { recursive: true });
  folder = mkdtempSync(here('build/open-test-'));
  const load = async (entry) => {
    const outfile = join(folder, `${entry}.mjs`);
    await bundle(entry, { outfile, write: true, external: ['rolemix', 'rolemix/csv'] });
    return import(pathToFileURL(outfile));
  };
  ({ openFiles } = await load('reader'));
  ({ openFolder, openModel } = await load('folder'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = goldenBytes('model.rolemix');
const answer = (metric, ...values) =>
  JSON.stringify({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [{ metric: { __name__: metric, instance: 'a' }, values }],
    },
  });
/** Names and contents; what the page gets for them. */
const dropped = [
  ['web.bin', [...model]],
  ['cpu.csv', 'timestamp,host,cpu\n60,a,1\n120,b,2\n'],
  ['bad.csv', 'timestamp,host,cpu\n60,a,x\n'],
  ['disk.gz', [...gzipSync(answer('disk', [60, '3']))]],
  ['other.csv', 'timestamp,host,cpu\n60,a,7\n'],
];
const opened = {
  models: [['web.bin', [...model]]],
  table: { timestamps: [60, 120], hosts: ['a', 'b'], cpu: [1, 2], disk: [3, NaN] },
  errors: [
    {
      name: 'bad.csv',
      code: 'bad_format',
      message: 'bad.csv:2: column cpu: expected a number, got "x"',
    },
    {
      name: 'other.csv',
      code: 'invalid_argument',
      message:
        'other.csv: host "a", metric "cpu": expected one value per timestamp, got two that differ at 60 (1970-01-01T00:01:00Z)',
    },
  ],
};
const progress = ['cpu.csv 0/4', 'bad.csv 1/4', 'disk.gz 2/4', 'other.csv 3/4'];

/* global File */
/** Also runs in the page. */
function filesOf(list) {
  return list.map(
    ([name, content]) =>
      new File([typeof content === 'string' ? content : Uint8Array.from(content)], name),
  );
}
function plain({ models, table, errors }) {
  return {
    models: models.map(({ name, bytes }) => [name, [...bytes]]),
    table: table && {
      timestamps: [...table.timestamps],
      hosts: table.hosts,
      ...Object.fromEntries(Object.entries(table.metrics).map(([k, v]) => [k, [...v]])),
    },
    errors,
  };
}

describe('files on the calling thread', () => {
  test('models, data of every kind and errors come apart', async () => {
    const calls = [];
    const onProgress = ({ name, done, total }) => calls.push(`${name} ${done}/${total}`);
    expect(plain(await openFiles(filesOf(dropped), { onProgress }))).toEqual(opened);
    expect(calls).toEqual(progress);
  });

  test('nothing, or models alone, give no table', async () => {
    expect(await openFiles([])).toEqual({ models: [], table: null, errors: [] });
    const { models, table } = await openFiles(filesOf(dropped.slice(0, 1)));
    expect([models.length, table]).toEqual([1, null]);
  });

  test('what is too much is refused, and the rest is read', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => `${i},a,1\n`).join('');
    const csv = `timestamp,host,cpu\n${rows}`;
    const large = [
      ['small.csv', 'timestamp,host,x\n1,a,1\n'],
      ['plain.csv', csv],
      ['zipped.gz', [...gzipSync('x'.repeat(3e6))]],
      ['last.csv', 'timestamp,host,x\n2,a,1\n'],
    ];
    const { table, errors } = await openFiles(filesOf(large), { maxBytes: 10_000 });
    expect([...table.timestamps]).toEqual([1, 2]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^plain\.csv: expected at most 0 MB of data in all, got 0 MB; open fewer/,
      ),
      'zipped.gz: expected at most 0 MB when unzipped, got more',
    ]);
    const whole = await openFiles(filesOf(large));
    expect(whole.errors.map(({ name }) => name)).toEqual(['zipped.gz']);
  });

  test('a file that cannot be read is named', async () => {
    const file = filesOf([['gone.csv', 'timestamp,host,x\n1,a,1\n']])[0];
    file.slice = () => {
      throw new Error('the file is gone');
    };
    const { errors } = await openFiles([file, ...filesOf(dropped.slice(1, 2))]);
    expect(errors).toEqual([
      { name: 'gone.csv', code: null, message: 'gone.csv: the file is gone' },
    ]);
  });

  test('a signal stops it', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    const reading = openFiles(filesOf(dropped), { signal: stop.signal, onProgress });
    await expect(reading).rejects.toThrow('enough');
  });

  test('a worker that cannot start leaves the work here', async () => {
    const startWorker = () => {
      throw new Error('forbidden');
    };
    expect(plain(await openFiles(filesOf(dropped), { startWorker }))).toEqual(opened);
  });
});

describe('files in Chromium', () => {
  let served, browser, tab;
  beforeAll(async () => {
    const alias = { rolemix: here('js/dist/index.js'), 'rolemix/csv': here('js/dist/csv.js') };
    const [reader, worker] = await Promise.all(
      ['reader', 'reader.worker'].map((entry) => bundle(entry, { alias })),
    );
    const files = {
      '/': ['text/html', '<!doctype html><script type="module" src="page.js"></script>'],
      '/page.js': [
        'text/javascript',
        `import { openFiles } from './reader.js'; Object.assign(window, { openFiles });`,
      ],
      '/reader.js': ['text/javascript', reader],
      '/worker.js': ['text/javascript', worker],
      '/crash.js': [
        'text/javascript',
        `postMessage({ kind: 'ready' }); onmessage = () => { throw new Error('broken'); };`,
      ],
      '/table.wasm': ['application/wasm', readFileSync(here('js/dist/rolemix-table.wasm'))],
    };
    served = await listen(({ url }, response) => {
      const [type, body] = files[new URL(url, 'http://x').pathname] ?? [];
      const workers = url.includes('strict') ? "'none'" : "'self' blob:";
      response.writeHead(type ? 200 : 404, {
        'content-type': type ?? 'text/plain',
        'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src ${workers}`,
      });
      response.end(body);
    });
    browser = await chromium.launch({
      executablePath: process.env.ROLEMIX_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    tab = await browser.newPage();
    await tab.addInitScript(`${filesOf}; ${plain}; Object.assign(window, { filesOf, plain });`);
  });
  afterAll(async () => {
    await browser?.close();
    await close(served.server);
  });

  /** `kind`: how the worker starts. */
  const open = (list, kind) =>
    tab.evaluate(
      async ([list, kind]) => {
        const wasm = await (await fetch('table.wasm')).arrayBuffer();
        const started = [];
        const calls = [];
        const start = {
          module: () => new Worker('worker.js', { type: 'module' }),
          crash: () => new Worker('crash.js'),
          inline: () => new Worker(URL.createObjectURL(window.workerCode), { type: 'module' }),
        }[kind];
        window.workerCode ??= await (await fetch('worker.js')).blob();
        const result = await window.openFiles(window.filesOf(list), {
          wasmBinary: new Uint8Array(wasm),
          onProgress: ({ name, done, total }) => calls.push(`${name} ${done}/${total}`),
          startWorker() {
            const worker = start();
            worker.addEventListener('message', ({ data }) => started.push(data.kind));
            return worker;
          },
        });
        return { ...window.plain(result), calls, started };
      },
      [list, kind],
    );
  const visit = async (query) => {
    await tab.goto(`${served.origin}/${query}`);
    await tab.waitForFunction(() => 'openFiles' in window);
  };

  test.each(['module', 'inline'])('a worker (%s) reads them', async (kind) => {
    await visit('');
    const { calls, started, ...result } = await open(dropped, kind);
    expect(result).toEqual(opened);
    expect(calls).toEqual(progress);
    expect(started).toEqual(['ready', ...progress.map(() => 'progress'), 'done']);
  });

  test('where a policy forbids workers, the page reads them', async () => {
    await visit('?strict');
    const { calls, started, ...result } = await open(dropped, 'module');
    expect(result).toEqual(opened);
    expect(calls).toEqual(progress);
    expect(started).toEqual([]);
  });

  test('a worker that breaks is an error of its files', async () => {
    await visit('');
    const { models, table, errors } = await open(dropped, 'crash');
    expect([models.length, table]).toEqual([1, null]);
    expect(errors.map(({ message }) => message)).toContain(
      'cpu.csv: the reader stopped: Uncaught Error: broken',
    );
  });
});

describe('folders', () => {
  const entry = {
    role: 'shop:web',
    file: 'a1/web b.rolemix',
    model_id: 'a1b2',
    trained_at: 1791741600,
    metrics: ['cpu', 'disk'],
    hosts: ['web1'],
  };
  const index = (change) => JSON.stringify({ version: 1, models: [{ ...entry, ...change }] });
  const answers = {
    '/good/index.json': [200, index()],
    '/good/a1/web%20b.rolemix': [200, model],
    '/empty/index.json': [200, JSON.stringify({ version: 1, models: [] })],
    '/broken/index.json': [500, 'oops'],
    '/html/index.json': [200, '<!DOCTYPE html><p>Log in'],
    '/html/model': [200, '<html>'],
    '/csv/index.json': [200, 'timestamp,host,cpu'],
    '/nothing/index.json': [200, ''],
    '/large/index.json': [200, Buffer.alloc(17e6, ' ')],
  };
  let served, base;
  beforeAll(async () => {
    served = await listen(({ url }, response) => {
      if (url.startsWith('/never/')) return;
      if (url.startsWith('/slow/')) {
        response.writeHead(200);
        response.write('{');
        return;
      }
      if (url.startsWith('/cut/')) {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{', () => response.destroy());
        return;
      }
      const [status, body] = answers[url] ?? [404, 'no such file'];
      response.writeHead(status);
      response.end(body);
    });
    base = served.origin;
  });
  afterAll(() => close(served.server));

  const failure = async (folder, options) => {
    const { code, message } = await errorOf(() => openFolder(`${base}${folder}`, options));
    return [code, message.replace(base, '')];
  };

  test('the index lists models, which can be opened', async () => {
    const { url, models } = await openFolder(`${base}/good?x#y`);
    expect(url.href).toBe(`${base}/good/`);
    expect(models).toEqual([
      {
        role: 'shop:web',
        file: 'a1/web b.rolemix',
        modelId: 'a1b2',
        trainedAt: 1791741600,
        metrics: ['cpu', 'disk'],
        hosts: ['web1'],
        url: new URL(`${base}/good/a1/web%20b.rolemix`),
      },
    ]);
    const opened = await openModel(models[0]);
    expect(opened).toEqual({ name: 'a1/web b.rolemix', bytes: model });
    expect((await openFolder(`${base}/empty/`)).models).toEqual([]);
  });

  test('a fetch of the caller is used', async () => {
    const asked = [];
    const fetch = (url) => {
      asked.push(url.href);
      return Promise.resolve(new Response(index()));
    };
    await openFolder('https://example.org/models', { fetch });
    expect(asked).toEqual(['https://example.org/models/index.json']);
  });

  test.each([
    ['/none', 'expected JSON, got HTTP status 404 Not Found'],
    ['/broken', 'expected JSON, got HTTP status 500 Internal Server Error'],
    ['/html', 'expected JSON, got a page of HTML'],
    ['/large', 'expected JSON, got more than 16 MB'],
    ['/cut', expect.stringMatching(/expected JSON, got no answer \(.+\)$/)],
    ['/never', 'expected JSON, got no whole answer within 0.3 s', { timeout: 300 }],
    ['/slow', 'expected JSON, got no whole answer within 0.3 s', { timeout: 300 }],
  ])('%s fails as a source', async (folder, message, options = {}) => {
    const [code, got] = await failure(folder, options);
    expect(code).toBe('source_failed');
    expect(got.startsWith(`${folder}/index.json: `)).toBe(true);
    expect(got.slice(`${folder}/index.json: `.length)).toEqual(message);
  });

  test('a server that is not there, and what is no URL of one', async () => {
    const gone = await listen(() => {});
    await close(gone.server);
    expect((await errorOf(() => openFolder(gone.origin))).message).toMatch(
      /index\.json: expected JSON, got no answer \(/,
    );
    for (const url of ['models', 'file:///models/', 'javascript:alert(1)', 'data:,{}', '']) {
      const { code, message } = await errorOf(() => openFolder(url));
      expect(code).toBe('invalid_argument');
      expect(message).toBe(
        `${url}: expected the http or https URL of a folder, got something else`,
      );
    }
  });

  test('a signal stops it with its reason', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(openFolder(`${base}/never`, { signal: stop.signal })).rejects.toThrow('enough');
    await expect(openFolder(`${base}/good`, { signal: stop.signal })).rejects.toThrow('enough');
  });

  const inside = 'models[0].file: expected a path inside the folder, got ';
  const refused = [
    ['', 'expected JSON, got nothing'],
    ['timestamp,host', 'expected JSON, got "timestamp,host"'],
    ['[]', 'expected an object, got []'],
    ['{}', 'version: expected a number, got none'],
    ['{"version":2}', 'version: expected 1, got 2'],
    ['{"version":1}', 'models: expected an array, got none'],
    ['{"version":1,"models":{}}', 'models: expected an array, got {}'],
    ['{"version":1,"models":[null]}', 'models[0]: expected an object, got null'],
    [index({ role: '' }), 'models[0].role: expected a text that is not empty, got ""'],
    [index({ role: undefined }), 'models[0].role: expected a text that is not empty, got none'],
    [index({ model_id: 5 }), 'models[0].model_id: expected a text that is not empty, got 5'],
    [index({ trained_at: '2026' }), 'models[0].trained_at: expected a number, got "2026"'],
    [index({ metrics: 3 }), 'models[0].metrics: expected an array, got 3'],
    [index({ metrics: [1] }), 'models[0].metrics[0]: expected a text that is not empty, got 1'],
    [index({ hosts: ['a', 'a'] }), 'models[0].hosts: expected distinct names, got ["a","a"]'],
    [index({ file: '../x' }), `${inside}"../x"`],
    [index({ file: 'a/../../x' }), `${inside}"a/../../x"`],
    [index({ file: '/x' }), `${inside}"/x"`],
    [index({ file: '//example.org/x' }), `${inside}"//example.org/x"`],
    [index({ file: 'https://example.org/x' }), `${inside}"https://example.org/x"`],
    [index({ file: 'javascript:x' }), `${inside}"javascript:x"`],
    [index({ file: '..\\x' }), `${inside}"..\\\\x"`],
    [index({ file: 'a\nb' }), `${inside}"a\\nb"`],
    [index({ file: '\ud800' }), `${inside}"\\ud800"`],
    [index({ file: '.' }), `${inside}"."`],
  ].map(([text, message]) => [message, text]);
  test.each(refused)('the index is checked: %s', async (message, text) => {
    const fetch = () => Promise.resolve(new Response(text));
    expect((await errorOf(() => openFolder('http://x.test/m/', { fetch }))).message).toBe(
      `http://x.test/m/index.json: ${message}`,
    );
  });

  test('odd names stay names', async () => {
    const fetch = () => Promise.resolve(new Response(index({ file: '%2e%2e/a?b#c' })));
    const { models } = await openFolder('http://x.test/m/', { fetch });
    expect(models[0].url.href).toBe('http://x.test/m/%252e%252e/a%3Fb%23c');
  });

  test('a model that is not there', async () => {
    const fetch = () => Promise.resolve(new Response(index({ file: 'model' })));
    const [html] = (await openFolder(`${base}/html`, { fetch })).models;
    expect((await errorOf(() => openModel(html))).message).toBe(
      `${base}/html/model: expected a model, got a page of HTML`,
    );
    const [gone] = (await openFolder(`${base}/none`, { fetch })).models;
    expect((await errorOf(() => openModel(gone))).message).toBe(
      `${base}/none/model: expected a model, got HTTP status 404 Not Found`,
    );
  });
});

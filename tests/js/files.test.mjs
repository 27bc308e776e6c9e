// Files that people drop or choose: what is read of them, in a worker and without.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { jest } from '@jest/globals';
import { chromium } from 'playwright-core';

import { openFiles } from '../../js/dist/files.js';
import { openFiles as openFilesInline } from '../../js/dist/inline.js';
import { root, run, serve } from './packed.mjs';
import { errorOf, goldenBytes } from './support.mjs';

const model = goldenBytes('model.rolemix');
const answer = (metric, ...values) =>
  JSON.stringify({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [{ metric: { __name__: metric, instance: 'a' }, values }],
    },
  });
/** Names and contents; what a caller gets for them. */
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
      file: 'bad.csv',
      code: 'bad_format',
      message: 'bad.csv:2: column cpu: expected a number, got "x"',
    },
    {
      file: 'other.csv',
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

const folder = mkdtempSync(join(tmpdir(), 'rolemix-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['in a worker', openFiles, {}],
  ['on the calling thread', openFiles, { worker: false }],
  ['inlined', openFilesInline, {}],
])('%s', (_, open, how) => {
  const read = (list, options = {}) => open(filesOf(list), { ...how, ...options });

  test('models, data of every kind and errors come apart', async () => {
    const calls = [];
    const onProgress = ({ file, done, total }) => calls.push(`${file} ${done}/${total}`);
    expect(plain(await read(dropped, { onProgress }))).toEqual(opened);
    expect(calls).toEqual(progress);
  });

  test('nothing, or models alone, give no table', async () => {
    expect(await read([])).toEqual({ models: [], table: null, errors: [] });
    const { models, table } = await read(dropped.slice(0, 1));
    expect([models.length, table]).toEqual([1, null]);
  });

  test('what is too much is refused, and the rest is read', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => `${i},a,1\n`).join('');
    const large = [
      ['small.csv', 'timestamp,host,x\n1,a,1\n'],
      ['plain.csv', `timestamp,host,cpu\n${rows}`],
      ['zipped.gz', [...gzipSync('x'.repeat(3e6))]],
      ['last.csv', 'timestamp,host,x\n2,a,1\n'],
    ];
    const { table, errors } = await read(large, { maxBytes: 10_000 });
    expect([...table.timestamps]).toEqual([1, 2]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^plain\.csv: expected at most 0 MB of data in all, got 0 MB; open fewer/,
      ),
      'zipped.gz: expected at most 0 MB when unzipped, got more',
    ]);
    const whole = await read(large);
    expect(whole.errors.map(({ file }) => file)).toEqual(['zipped.gz']);
  });

  test('a table is what one file says, names of every kind included', async () => {
    const csv = 'timestamp,host,__proto__,a\n1,toString,2,\n2,__proto__,3,4\n';
    const { table, errors } = await read([['odd.csv', csv]]);
    expect(errors).toEqual([]);
    expect(table.timestamps).toEqual(Float64Array.of(1, 2));
    expect(table.hosts).toEqual(['toString', '__proto__']);
    expect(Object.entries(table.metrics)).toEqual([
      ['__proto__', Float64Array.of(2, 3)],
      ['a', Float64Array.of(NaN, 4)],
    ]);
  });

  test('a module that is not there is an error of each file of data', async () => {
    const wasmUrl = new URL('nothing.wasm', import.meta.url);
    if (open === openFiles) {
      const { models, table, errors } = await read(dropped.slice(0, 2), { wasmUrl });
      expect([models.length, table]).toEqual([1, null]);
      expect(errors).toMatchObject([{ file: 'cpu.csv', code: 'source_failed' }]);
      expect(errors[0].message).toMatch(/^cpu\.csv: .*nothing\.wasm: /);
    }
  });

  test('a file that cannot be read is named', async () => {
    const [file, other] = filesOf([['gone.csv', 'timestamp,host,x\n1,a,1\n'], dropped[1]]);
    file.slice = () => {
      throw new Error('the file is gone');
    };
    const { table, errors } = await open([file, other], how);
    expect(errors).toEqual([
      { file: 'gone.csv', code: null, message: 'gone.csv: the file is gone' },
    ]);
    expect(table.hosts).toEqual(['a', 'b']);
  });

  test('a signal stops it', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const onProgress = () => stop.abort(reason);
    const { signal } = stop;
    await expect(read(dropped, { signal, onProgress })).rejects.toBe(reason);
    await expect(read(dropped, { signal })).rejects.toBe(reason);
  });

  test('a worker that cannot start leaves the work here', async () => {
    const startWorker = () => {
      throw new Error('forbidden');
    };
    expect(plain(await read(dropped, { startWorker }))).toEqual(opened);
  });
});

test('a worker that says nothing is given up, and the work is done here', async () => {
  const doNotFake = ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'];
  jest.useFakeTimers({ doNotFake });
  try {
    let ended = 0;
    const silent = { postMessage() {}, addEventListener() {}, terminate: () => ended++ };
    const started = new Promise((resolve) => {
      silent.postMessage = resolve;
    });
    const reading = openFiles(filesOf(dropped), { startWorker: () => silent });
    expect((await started).method).toBe('ready');
    await jest.advanceTimersByTimeAsync(9999);
    expect(ended).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(ended).toBeGreaterThan(0);
    expect(plain(await reading)).toEqual(opened);
  } finally {
    jest.useRealTimers();
  }
});

test.each([
  ['no list', 5, {}, 'files: expected a list of files, got 5'],
  ['names', ['a.csv'], {}, 'files[0]: expected { name, size, slice }, got "a.csv"'],
  ['no blobs', [{ name: 'a.csv' }], {}, 'files[0].size: expected a number, got undefined'],
  ['no limit', [], { maxBytes: NaN }, 'maxBytes: expected a number of bytes, got NaN'],
])('%s is refused', async (_, files, options, message) => {
  const error = await errorOf(() => openFiles(files, options));
  expect([error.code, error.message]).toEqual(['invalid_argument', message]);
});

test('a list of files need not be an array', async () => {
  const files = new Set(filesOf(dropped));
  expect(plain(await openFiles(files, { worker: false }))).toEqual(opened);
});

test('a process reads in a thread, and ends by itself', () => {
  const script = join(folder, 'read.mjs');
  writeFileSync(
    script,
    `import { File } from 'node:buffer';
    let threads = 0;
    process.on('worker', () => threads++);
    const { openFiles } = await import(process.argv[2]);
    const file = new File(['timestamp,host,x\\n1,a,5\\n'], 'x.csv');
    const { table } = await openFiles([file]);
    console.log(JSON.stringify([threads, table.metrics.x[0]]));`,
  );
  const entry = new URL('../../js/dist/files.js', import.meta.url).href;
  expect(run(process.execPath, [script, entry]).trim()).toBe('[1,5]');
});

describe('in Chromium', () => {
  const policy = (workers) => ({
    'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src ${workers}`,
  });
  let usual, strict, browser, tab;
  beforeAll(async () => {
    cpSync(join(root, 'js/dist'), join(folder, 'rolemix'), { recursive: true });
    const files = {
      'index.html': '<!doctype html><script type="module" src="page.js"></script>',
      'page.js': `import { openFiles } from './rolemix/files.js'; Object.assign(window, { openFiles });`,
      'crash.js': `onmessage = ({ data }) => {
        if (data.method !== 'ready') throw new Error('broken');
        postMessage({ id: data.id });
      };`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    usual = await serve(folder, policy("'self' blob:"));
    strict = await serve(folder, policy("'none'"));
    browser = await chromium.launch({
      executablePath: process.env.ROLEMIX_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    tab = await browser.newPage();
    await tab.addInitScript(`${filesOf}; ${plain}; Object.assign(window, { filesOf, plain });`);
  });
  afterAll(async () => {
    await browser?.close();
    await usual?.close();
    await strict?.close();
  });

  /** What is read, how often progress is told, and the workers that were started; `script`: of another worker. */
  const open = async (server, script) => {
    await tab.goto(`${server.origin}/index.html`);
    await tab.waitForFunction(() => 'openFiles' in window);
    const workers = [];
    const note = (worker) => workers.push(worker.url());
    tab.on('worker', note);
    const result = await tab.evaluate(
      async ([list, script]) => {
        const calls = [];
        const result = await window.openFiles(window.filesOf(list), {
          onProgress: ({ file, done, total }) => calls.push(`${file} ${done}/${total}`),
          ...(script && { startWorker: () => new Worker(script) }),
        });
        return { ...window.plain(result), calls };
      },
      [dropped, script],
    );
    tab.off('worker', note);
    return { ...result, workers };
  };

  test('a worker of the package reads them', async () => {
    const { calls, workers, ...result } = await open(usual);
    expect(result).toEqual(opened);
    expect(calls).toEqual(progress);
    expect(workers).toEqual([`${usual.origin}/rolemix/worker.js`]);
  });

  test('where a policy forbids workers, the page reads them', async () => {
    const { calls, workers, ...result } = await open(strict);
    expect(result).toEqual(opened);
    expect(calls).toEqual(progress);
    expect(workers).toEqual([]);
  });

  test('a worker that breaks is an error of its files', async () => {
    const { models, table, errors } = await open(usual, 'crash.js');
    expect([models.length, table]).toEqual([1, null]);
    expect(errors).toContainEqual({
      file: 'cpu.csv',
      code: null,
      message: 'cpu.csv: the reader stopped: Uncaught Error: broken',
    });
  });
});

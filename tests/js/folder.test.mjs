// Folders of models on a server: the index, and the models that it names.
import { createServer } from 'node:http';

import fc from 'fast-check';

import { openFolder, openModel } from '../../js/dist/files.js';
import { errorOf, goldenBytes, RolemixError } from './support.mjs';

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

const model = goldenBytes('model.rolemix');
const entry = {
  role: 'shop:web',
  file: 'a1/web b.rolemix',
  model_id: '84087d634745af4d',
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
      modelId: '84087d634745af4d',
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
    expect(message).toBe(`${url}: expected the http or https URL of a folder, got something else`);
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

const anyUnit = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('a', '..', '%2e', 'b/c'),
);
/** Mostly what it should be, else anything. */
const mostly = (good) =>
  fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: fc.jsonValue() });
const anyEntry = fc.record(
  {
    role: mostly(anyUnit),
    file: mostly(fc.array(anyUnit, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))),
    model_id: mostly(anyUnit),
    trained_at: mostly(fc.double()),
    metrics: mostly(fc.array(anyUnit, { maxLength: 3 })),
    hosts: mostly(fc.array(anyUnit, { maxLength: 3 })),
  },
  { requiredKeys: ['role', 'file', 'model_id', 'trained_at'] },
);
const anyIndex = mostly(
  fc.record({
    version: mostly(fc.constant(1)),
    models: mostly(fc.array(mostly(anyEntry), { maxLength: 3 })),
  }),
).map((value) => JSON.stringify(value));
const damaged = fc
  .tuple(anyIndex, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }))
  .map(([text, at, bytes]) => {
    const whole = new TextEncoder().encode(text);
    whole.set(bytes.subarray(0, whole.length), at % Math.max(1, whole.length - bytes.length + 1));
    return whole;
  });

test('any answer as an index is an error with the URL, or names files inside the folder', async () => {
  const folder = 'http://x.test/m/';
  let good = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyIndex, damaged), async (body) => {
      const fetch = () => Promise.resolve(new Response(body));
      let opened;
      try {
        opened = await openFolder(folder, { fetch });
      } catch (error) {
        expect(error).toBeInstanceOf(RolemixError);
        expect(error.message.startsWith(`${folder}index.json: `)).toBe(true);
        expect(() => encodeURIComponent(error.message)).not.toThrow();
        return;
      }
      good += opened.models.length;
      for (const { role, file, modelId, trainedAt, metrics, hosts, url } of opened.models) {
        for (const name of [role, file, modelId, ...metrics, ...hosts]) {
          expect(typeof name === 'string' && name !== '').toBe(true);
        }
        expect(Number.isFinite(trainedAt)).toBe(true);
        expect(new Set(hosts).size).toBe(hosts.length);
        expect(url.href.startsWith(folder) && !/[?#]/.test(url.href)).toBe(true);
        expect(decodeURIComponent(url.href.slice(folder.length))).toBe(file);
      }
    }),
    { numRuns: 1000 },
  );
  expect(good).toBeGreaterThan(10);
});

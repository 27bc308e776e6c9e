// Where models and the module come from, and what is said when they do not.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readBytes } from '../../js/dist/index.js';
import { ModelPool } from '../../js/dist/pool.js';
import { errorOf, mixtureCases, modelBytes, parseTable, RoleModel } from './support.mjs';

const bytes = modelBytes(mixtureCases[1]);
const wasmPath = fileURLToPath(new URL('../../js/dist/rolemix.wasm', import.meta.url));
const wasm = new Uint8Array(readFileSync(wasmPath));
const page = '<!DOCTYPE html><html><body>Not here</body></html>';

const answers = {
  '/model': [200, 'application/octet-stream', bytes],
  '/rolemix.wasm': [200, 'application/wasm', wasm],
  '/page': [200, 'text/html', page],
  '/page-without-type': [200, 'application/octet-stream', `\n${page}`],
  '/empty': [200, 'application/octet-stream', ''],
};

let folder, server, origin;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rolemix-'));
  writeFileSync(join(folder, 'a model.rolemix'), bytes);
  server = createServer(({ url }, response) => {
    const [status, type, body] = answers[url] ?? [404, 'text/html', page];
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections?.();
  await new Promise((resolve) => server.close(resolve));
});

const padded = () => {
  const buffer = new ArrayBuffer(bytes.length + 11);
  const view = new Uint8Array(buffer, 3, bytes.length);
  view.set(bytes);
  return view;
};

test.each([
  ['a URL as text', () => `${origin}/model`],
  ['a URL', () => new URL('/model', origin)],
  ['a response', () => fetch(`${origin}/model`)],
  ['a path', () => join(folder, 'a model.rolemix')],
  ['a file URL', () => pathToFileURL(join(folder, 'a model.rolemix'))],
  ['a file URL as text', () => pathToFileURL(join(folder, 'a model.rolemix')).href],
  ['a data URL', () => `data:;base64,${mixtureCases[1].model}`],
  ['an ArrayBuffer', () => bytes.slice().buffer],
  ['a Uint8Array', () => bytes],
  ['a part of a buffer', padded],
  ['a Buffer', () => Buffer.from(bytes)],
])('a model loads from %s', async (_, source) => {
  const model = await RoleModel.load(await source());
  expect(model.info.role).toBe('golden:mixture');
  expect(model.info.modelId).toMatch(/^[0-9a-f]{16}$/);
  model.dispose();
});

test.each([
  ['/nothing', 'expected a file, got HTTP status 404 Not Found'],
  ['/page', 'expected a file, got a page of HTML'],
  ['/page-without-type', 'expected a file, got a page of HTML'],
])('%s is an error that names the URL, for the model and the module', async (path, message) => {
  const url = origin + path;
  for (const load of [
    () => RoleModel.load(url),
    () => fetch(url).then(RoleModel.load),
    () => RoleModel.load(bytes, { wasmUrl: url }),
    () => parseTable('timestamp,host,x\n1,a,2', 'csv', { locateFile: () => url }),
  ]) {
    const error = await errorOf(load);
    expect([error.code, error.message]).toEqual(['source_failed', `${url}: ${message}`]);
  }
});

test('what cannot be reached or read is an error that names it', async () => {
  const path = join(folder, 'none');
  for (const source of ['http://127.0.0.1:1/model', path, pathToFileURL(path)]) {
    const error = await errorOf(() => RoleModel.load(source));
    expect(error.code).toBe('source_failed');
    expect(error.message).toContain(String(source));
    expect(error.cause).toBeDefined();
  }
});

test('what is no model is an error that names where it came from', async () => {
  const file = join(folder, 'db.csv');
  writeFileSync(file, 'timestamp,host');
  for (const load of [
    () => RoleModel.load(file),
    () => ModelPool.load(file),
    async () => RoleModel.load(await readBytes(file)),
  ]) {
    const error = await errorOf(load);
    expect(error.code).toBe('bad_format');
    expect(error.message.startsWith(`${file}: model file: not a rolemix model`)).toBe(true);
  }
  const bare = await errorOf(() => RoleModel.load(new Uint8Array(8)));
  expect(bare.message).toMatch(/^model file: /);
});

test('a response that was read already is an error', async () => {
  const response = await fetch(`${origin}/model`);
  await response.arrayBuffer();
  expect((await errorOf(() => RoleModel.load(response))).code).toBe('source_failed');
});

describe('the module', () => {
  test.each([
    ['its bytes', () => ({ wasmBinary: wasm })],
    ['an ArrayBuffer', () => ({ wasmBinary: wasm.slice().buffer })],
    ['a URL', () => ({ wasmUrl: `${origin}/rolemix.wasm` })],
    ['a path', () => ({ wasmUrl: wasmPath })],
    ['a locator', () => ({ locateFile: (name) => new URL(name, origin) })],
  ])('comes from %s', async (_, options) => {
    const model = await RoleModel.load(bytes, options());
    expect(model.scoreRows([20]).anomalyScore).toHaveLength(1);
    model.dispose();
  });

  test('is asked for once, and again after a failure', async () => {
    const asked = [];
    const flaky = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(asked.length === 1 ? 503 : 200).end(wasm);
    });
    await new Promise((resolve) => flaky.listen(0, '127.0.0.1', resolve));
    const wasmUrl = `http://127.0.0.1:${flaky.address().port}/rolemix.wasm`;
    try {
      expect((await errorOf(() => RoleModel.load(bytes, { wasmUrl }))).message).toMatch(
        /status 503/,
      );
      const load = () => RoleModel.load(bytes, { wasmUrl });
      const models = await Promise.all([load(), load(), load()]);
      expect(asked).toHaveLength(2);
      models[0].dispose();
      expect(models[1].scoreRows([20]).anomalyScore).toHaveLength(1);
    } finally {
      await new Promise((resolve) => flaky.close(resolve));
    }
  });

  test('that is none is an error', async () => {
    for (const [wasmBinary, name] of [
      [bytes, 'wasmBinary'],
      [new Uint8Array(), 'wasmBinary'],
    ]) {
      const error = await errorOf(() => RoleModel.load(bytes, { wasmBinary }));
      expect(error.code).toBe('source_failed');
      expect(error.message).toMatch(`${name}: expected the WebAssembly module of this package`);
    }
    const empty = await errorOf(() => RoleModel.load(bytes, { wasmUrl: `${origin}/empty` }));
    expect(empty.message).toMatch(`${origin}/empty: expected the WebAssembly module`);
  });
});

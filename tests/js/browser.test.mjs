// The package in a real browser, under a content security policy that allows WebAssembly and nothing else.
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

import { readFileSync } from 'node:fs';
import { goldenBytes, goldenJson } from './support.mjs';

const dist = (name) => readFileSync(new URL(`../../js/dist/${name}`, import.meta.url));
const row = goldenJson('model.json').rows[0];
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

const use = `
import { RoleModel, RolemixError } from './index.js';
export async function use(values) {
  const model = await RoleModel.load('model.rolemix');
  const { anomalyScore } = model.scoreRows(values);
  const failed = await RoleModel.load('page.rolemix').catch((error) => error);
  const missing = await RoleModel.load('none.rolemix').catch((error) => error);
  return { score: anomalyScore[0], errors: [failed, missing].map(({ code, message }) => [code, message]) };
}`;
const worker = `
import { use } from './use.js';
self.onmessage = async ({ data }) => self.postMessage(await use(data));`;
const page = `
import { use } from './use.js';
window.inPage = use;
window.inWorker = (values) =>
  new Promise((resolve, reject) => {
    const worker = new Worker('worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(values);
  });`;

const files = {
  '/': ['text/html', '<!doctype html><script type="module" src="page.js"></script>'],
  '/page.js': ['text/javascript', page],
  '/worker.js': ['text/javascript', worker],
  '/use.js': ['text/javascript', use],
  '/index.js': ['text/javascript', dist('index.js')],
  '/rolemix.wasm': ['application/wasm', dist('rolemix.wasm')],
  '/model.rolemix': ['application/octet-stream', goldenBytes('model.rolemix')],
  '/page.rolemix': ['text/html', '<!doctype html><p>The start page.'],
};

let server, origin, browser, tab;
beforeAll(async () => {
  server = createServer(({ url }, response) => {
    const [type, body] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, {
      'content-type': type ?? 'text/plain',
      'content-security-policy': policy,
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({
    executablePath: process.env.ROLEMIX_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  tab = await browser.newPage();
  await tab.goto(origin);
  await tab.waitForFunction(() => 'inWorker' in window);
});
afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server.close(resolve));
});

test.each(['inPage', 'inWorker'])('loads, scores and explains failures %s', async (where) => {
  const result = await tab.evaluate(([name, values]) => window[name](values), [where, row.values]);
  expect(result.score).toBeCloseTo(row.anomaly_score, 9);
  expect(result.errors).toEqual([
    ['source_failed', expect.stringMatching(/page\.rolemix: expected a file, got a page of HTML$/)],
    [
      'source_failed',
      expect.stringMatching(/none\.rolemix: expected a file, got HTTP status 404 Not Found$/),
    ],
  ]);
});

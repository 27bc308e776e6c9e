// Engine rolemix-wasm-chromium: PROBLEM MODULE; drives a page in Debian's Chromium.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { serve } from './engine.mjs';

const [, , problemFile, moduleFile] = process.argv;
const here = dirname(fileURLToPath(import.meta.url));
const files = {
  '/': () => '<!doctype html><title>bench</title>',
  '/problem': () => readFileSync(problemFile),
  '/wasm.mjs': () => readFileSync(join(here, 'wasm.mjs')),
  '/bench_wasm.mjs': () => readFileSync(moduleFile),
  '/bench_wasm.wasm': () => readFileSync(moduleFile.replace(/mjs$/, 'wasm')),
};
const types = { mjs: 'text/javascript', wasm: 'application/wasm' };
const headers = {
  // Isolated pages have a clock of 5 microseconds, others of 100.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const browser = await chromium.launch({
  executablePath: process.env.ROLEMIX_CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage();
await page.route('**/*', (route) => {
  const path = new URL(route.request().url()).pathname;
  if (!files[path]) return route.fulfill({ status: 404 });
  const contentType = types[path.split('.')[1]] ?? 'text/html';
  return route.fulfill({ body: files[path](), contentType, headers });
});
await page.goto('https://bench.localhost/');
await page.evaluate(
  async (makeTimes) => {
    const { makeWasmEngine } = await import('/wasm.mjs');
    const { default: createModule } = await import('/bench_wasm.mjs');
    const numbers = new Float64Array(await (await fetch('/problem')).arrayBuffer());
    const times = (0, eval)(`(${makeTimes})`);
    globalThis.engine = makeWasmEngine(await createModule(), numbers);
    globalThis.times = { score: times(), explain: times(), quantiles: times() };
  },
  (await import('./engine.mjs')).makeTimes.toString(),
);

const ask = async (name, rows) =>
  Float64Array.from(
    await page.evaluate(([n, count]) => [...globalThis.engine[n](count)], [name, rows]),
  );
const measure = (name, rows, window_) =>
  page.evaluate(
    ([command, count, window]) =>
      globalThis.times[command](count, window, globalThis.engine[command]),
    [name, rows, window_],
  );
await serve(
  {
    likelihoods: (rows) => ask('likelihoods', rows),
    explanations: (rows) => ask('explanations', rows),
  },
  measure,
);
await browser.close();

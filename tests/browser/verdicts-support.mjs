// The page of nothing but the verdict elements, from a file and from a server, under policies that allow its own files only.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch } from './browser.mjs';
import { bundle, pageStyle } from './bundled.mjs';

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const html = (head, script) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Verdicts</title>
${head}</head>
<body><main><h1>Verdicts of alerts</h1><div id="page"></div></main>${script}</body></html>`;

export let browser, folder;
export const urls = {};
let server;

export async function start() {
  const script = bundle('verdicts-page.mjs').replaceAll('</script', '<\\/script');
  const style = `${pageStyle} main { max-width: 46rem; margin: 0 auto; padding: 0 12px; }
    verdict-panel, verdict-summary { margin-bottom: 12px; padding: 12px; border: 1px solid var(--line);
      border-radius: 8px; background: var(--surface); }`;

  folder = mkdtempSync(join(tmpdir(), 'rolemix-verdicts-'));
  const policy = [
    "default-src 'none'; base-uri 'none'; form-action 'none'",
    `script-src ${hash(script)}; style-src ${hash(style)}`,
    "require-trusted-types-for 'script'; trusted-types lit-html",
  ].join('; ');
  const file = join(folder, 'page.html');
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const inline = `<script type="module">${script}</script>`;
  writeFileSync(file, html(`${meta}<style>${style}</style>`, inline));
  urls.file = pathToFileURL(file).href;

  const files = {
    '/': [
      'text/html',
      html(
        '<link rel="stylesheet" href="page.css">',
        '<script type="module" src="page.js"></script>',
      ),
    ],
    '/page.js': ['text/javascript', script],
    '/page.css': ['text/css', style],
    '/favicon.ico': ['image/x-icon', ''],
  };
  server = createServer(({ url }, response) => {
    const [type, body] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, {
      'Content-Type': `${type ?? 'text/plain'}; charset=utf-8`,
      'Content-Security-Policy': "default-src 'self'; script-src 'self'",
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  urls.localhost = `http://localhost:${server.address().port}/`;
  browser = await launch();
}

export async function stop() {
  await browser?.close();
  server?.close();
  if (folder) rmSync(folder, { recursive: true });
}

export const isReady = (page) => page.locator('verdict-panel .verdicts').waitFor();

/** Opens the page, hands it to `look`, and checks that nothing was complained of. */
export async function onPage(look, options = {}) {
  const { url = urls.localhost, at = '', width = 1280, scheme = 'light', before, quota } = options;
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  if (before) await page.addInitScript(before);
  if (quota) {
    const session = await context.newCDPSession(page);
    const { origin } = new URL(url);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: quota });
  }
  await page.goto(url + at);
  await isReady(page);
  await look(page);
  expect(problems).toEqual([]);
  await context.close();
}

export const again = async (page) => {
  await page.evaluate(() => window.book.settled());
  await page.reload();
  await isReady(page);
};
export const button = (page, name) => page.locator(`verdict-panel [data-verdict="${name}"]`);
export const pressed = (page) =>
  page
    .locator('verdict-panel [aria-pressed="true"]')
    .evaluateAll((found) => found.map((element) => element.dataset.verdict).join());
export const status = (page) => page.locator('verdict-panel [role="status"]').innerText();
export const texts = async (page) => [
  await page.locator('verdict-panel .kind').inputValue(),
  await page.locator('verdict-panel .note').inputValue(),
];
export const records = (page) => page.evaluate(() => window.book.records);
export const count = (page, name) => page.locator(`verdict-summary dd.${name}`).innerText();
export const report = (page) => page.locator('verdict-summary .report').innerText();
export const importText = (page, name, text) =>
  page
    .locator('verdict-summary input[type="file"]')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** The text of the file that the button gives. */
export async function exported(page) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('verdict-summary .export').click(),
  ]);
  expect(download.suggestedFilename()).toBe('verdicts.jsonl');
  return readFileSync(await download.path(), 'utf8');
}

/** In the order of the store. */
export const toLines = (list) =>
  [...list]
    .sort((a, b) => (a.uid < b.uid ? -1 : 1))
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');

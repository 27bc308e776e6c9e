// The built page, from a file and from a server, with the section of verdicts open.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { launch, openConsole, openSections, pageFile, settled } from './browser.mjs';
import { saved } from './command.mjs';
import { serveSite } from './site-server.mjs';

export const hostile = '<img src=x onerror="document.title=1">';
/** How many alerts the page's sample has. */
export const alertCount = 6;

export let browser, folder;
export const urls = {};
let server;

export async function start() {
  browser = await launch();
  server = await serveSite();
  folder = mkdtempSync(join(tmpdir(), 'rolemix-verdicts-'));
  urls.file = pathToFileURL(pageFile).href;
  urls.localhost = `${server.origin}/`;
}

export async function stop() {
  await browser?.close();
  server?.close();
  if (folder) rmSync(folder, { recursive: true });
}

export async function isReady(page) {
  await settled(page);
  await openSections(page, 'verdicts');
  await page.locator('verdict-panel .verdicts').waitFor();
}

/** Opens the page, hands it to `look`, and checks that nothing was complained of. */
export async function onPage(look, options = {}) {
  const { url = urls.localhost, at: hash = '', quota, ...others } = options;
  const { origin } = server;
  const { page, problems } = await openConsole(browser, { url, origin, hash, ...others });
  await isReady(page);
  if (quota) {
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: quota });
  }
  await look(page);
  expect(problems).toEqual([]);
  await page.context().close();
}

/** Runs in the page. */
const inBook = (page, name) =>
  page.locator('rolemix-console').evaluate(({ book }, name) => book[name], name);
export const records = (page) => inBook(page, 'records');
export const kept = (page) => inBook(page, 'kept');
/** Until the store has everything. */
export const written = (page) =>
  page.locator('rolemix-console').evaluate(({ book }) => book.settled());

export const again = async (page) => {
  await written(page);
  await page.reload();
  await isReady(page);
};

/** Shows an alert of the list. */
export async function choose(page, index) {
  await page.locator('alert-list li button').nth(index).click();
  await settled(page);
}

export const shownAlert = (page) =>
  page.locator('rolemix-console').evaluate(({ model }) => model.shown.alert?.alertId);

/** What the panel makes of a key that is pressed in some way. */
export const handledKeys = (page, options) =>
  page.locator('verdict-panel').evaluate(
    (panel, all) =>
      all.map(({ used, ...how }) => {
        const event = new window.KeyboardEvent('keydown', { key: 't', cancelable: true, ...how });
        if (used) event.preventDefault();
        return panel.handleKey(event);
      }),
    options,
  );

/** Away from what has the focus. */
export const leave = (page) => page.locator('h1').click();
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
export const count = (page, name) => page.locator(`verdict-summary dd.${name}`).innerText();
export const report = (page) => page.locator('verdict-summary .report').innerText();
export const importText = (page, name, text) =>
  page
    .locator('verdict-summary input[type="file"]')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** The text of the file that the button gives. */
export async function exported(page) {
  const { name, text } = await saved(page, page.locator('verdict-summary .export'));
  expect(name).toBe('verdicts.jsonl');
  return text;
}

/** In the order of the store. */
export const toLines = (list) =>
  [...list]
    .sort((a, b) => (a.uid < b.uid ? -1 : 1))
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');

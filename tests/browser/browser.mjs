// A headless browser on the offline page, and what the page did that it must not do.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const pageFile = fileURLToPath(new URL('../../demo/dist/rolemix.html', import.meta.url));

export async function launch() {
  if (!existsSync(pageFile))
    throw new Error(`${pageFile} is missing; build it: script/demo --once`);
  return chromium.launch({
    executablePath: process.env.ROLEMIX_CHROMIUM || '/usr/bin/chromium',
    args: flags,
  });
}

/** {page, problems}: problems lists console messages, errors and requests other than the one for the page. */
export async function openPage(browser, options = {}) {
  const {
    hash = '',
    width = 1280,
    height = 900,
    scheme = 'light',
    file = pageFile,
    before,
  } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const problems = [];
  page.on('console', (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const [asked] = request.url().split('#');
    if (asked !== url && !asked.startsWith('data:')) problems.push(`request: ${asked}`);
  });
  if (before) await page.addInitScript(before);
  await page.goto(url + hash);
  return { page, problems };
}

/** openPage(), and waits until everything is computed. */
export async function openConsole(browser, options) {
  const opened = await openPage(browser, options);
  await ready(opened.page);
  return opened;
}

/** Waits for the model without tolerances as well, which comes last. */
export async function ready(page) {
  await page.locator('rolemix-console[data-ready] h2.sentence').waitFor({ timeout: 60_000 });
}

/** What the page shows of the chosen moment. */
export async function readMoment(page) {
  const text = async (selector) => (await page.locator(selector).innerText()).trim();
  return {
    level: await text('.facts .level'),
    host: await text('.facts .host'),
    facts: await text('.facts'),
    sentence: await text('h2.sentence'),
    severity: Number((await text('.severity')).match(/Severity (\d+) of 100/)[1]),
    label: (await page.locator('.label.details').allInnerTexts()).join(),
  };
}

/** The rows of the metric table: {metric, reason, observed, expected, usual, blame}. */
export async function readMetrics(page) {
  return page.locator('metric-table tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      const text = (selector) => row.querySelector(selector)?.textContent.trim() ?? '';
      const usual = text('.usual');
      return {
        metric: row.dataset.metric,
        selected: row.classList.contains('selected'),
        reason: text('.reason'),
        observed: text('.observed')
          .replace(/^[▲▼]\s*|,.*$/gs, '')
          .trim(),
        expected: text('.expected').replace(usual, '').trim(),
        usual: usual.replace(/^usual /, ''),
        blame: text('.share'),
      };
    }),
  );
}

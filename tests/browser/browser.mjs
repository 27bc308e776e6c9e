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

/** {page, problems}: problems lists console messages, errors and requests other than those for the page; what a server at `origin`
 *  is asked for is none. */
export async function openPage(browser, options = {}) {
  const {
    hash = '',
    width = 1280,
    height = 900,
    scheme = 'light',
    file = pageFile,
    url = pathToFileURL(file).href,
    origin = null,
    before,
  } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const [asked] = request.url().split('#');
    const isOurs = asked === url || (origin !== null && asked.startsWith(`${origin}/`));
    if (!isOurs && !/^(data|blob):/.test(asked)) problems.push(`request: ${asked}`);
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

/** Opens the page, hands it to `look`, checks that nothing was complained of, and closes it. */
export async function onConsole(browser, options, look) {
  const { page, problems } = await openConsole(browser, options);
  await look(page);
  expect(problems).toEqual([]);
  await page.context().close();
}

export async function ready(page) {
  await page
    .locator('rolemix-console[data-ready] moment-header h2.sentence')
    .waitFor({ timeout: 60_000 });
}

/** Until what follows a change is computed, and the address says it: some of that comes after a pause, and the page's own timers
 *  wait for what is being computed. */
export async function settled(page) {
  await ready(page);
  for (const pause of [250, 50]) {
    await page.evaluate((time) => new Promise((resolve) => setTimeout(resolve, time)), pause);
  }
  await ready(page);
}

/** Until every role's lane and number of alerts is there that comes by itself, when there is nothing else to do. */
export async function lanesKnown(page) {
  await page.waitForFunction(() =>
    document
      .querySelector('rolemix-console')
      .model.state.lanes.every((entry) => entry.state !== 'coming'),
  );
  await settled(page);
}

/** What the address says. */
export async function parameters(page) {
  await settled(page);
  return new URLSearchParams(new URL(page.url()).hash.slice(1));
}

/** Shows another address in the same page, from where it opened. */
export async function showAddress(page, hash) {
  await page.evaluate((wanted) => {
    window.location.hash = wanted;
  }, hash || '#');
  await settled(page);
}

/** Opens sections: settings, curves, verdicts, data. */
export async function openSections(page, ...names) {
  for (const name of names) {
    const section = page.locator(`[data-section="${name}"]`);
    if ((await section.getAttribute('open')) === null) await section.locator('summary').click();
    await section.locator(':scope > :nth-child(2)').waitFor();
  }
  await settled(page);
}

export const allSections = ['settings', 'curves', 'verdicts', 'data'];

/** Draws what is drawn when it comes into sight. */
export async function drawCharts(page) {
  for (const chart of await page.locator('rolemix-metric-chart').all()) {
    await chart.evaluate((element) => element.scrollIntoView());
    await chart.locator('canvas').first().waitFor({ state: 'attached' });
  }
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
}

/** All texts of the page, of shadow roots too. */
export const allText = (page) =>
  page.evaluate(() => {
    const textOf = (node) => {
      if (['STYLE', 'SCRIPT'].includes(node.nodeName)) return '';
      if (node.nodeType === 3) return node.data;
      const label = node.getAttribute?.('aria-label') ?? '';
      const children = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes];
      return [label, ...children.map(textOf)].join(' ');
    };
    return textOf(document.getElementById('page')).replaceAll(/\s+/g, ' ');
  });

/** What the page shows of the chosen moment. */
export async function readMoment(page) {
  const text = async (selector) =>
    (await page.locator(`moment-header ${selector}`).innerText()).trim();
  return {
    level: await text('.facts .level'),
    host: await text('.facts .host'),
    facts: await text('.facts'),
    sentence: await text('h2.sentence'),
    severity: Number((await text('.severity')).match(/(\d+) (?:of|\/) 100/)[1]),
    label: (await page.locator('moment-header .label').allInnerTexts()).join(),
  };
}

/** The rows of the metric table: {metric, selected, reason, observed, expected, usual, blame}. */
export async function readMetrics(page) {
  return page.locator('rolemix-explanation tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      const text = (selector) => row.querySelector(selector)?.textContent.trim() ?? '';
      return {
        metric: row.dataset.metric,
        selected: row.classList.contains('selected'),
        reason: text('.reason'),
        observed: text('.observed .value'),
        expected: text('.expected .value'),
        usual: text('.usual').replace(/^(usual|普段) /, ''),
        blame: text('.share'),
      };
    }),
  );
}

/** The alerts of the list: {level, host, since, sentence, label, verdict, current}. */
export async function readAlerts(page) {
  return page.locator('alert-list li button').evaluateAll((buttons) =>
    buttons.map((button) => {
      const text = (selector) => button.querySelector(selector)?.textContent.trim() ?? '';
      return {
        level: text('.level'),
        host: text('.host'),
        since: text(':scope > .muted').replaceAll(/\s+/g, ' '),
        sentence: text('.sentence'),
        label: text('.label'),
        verdict: text('.verdict'),
        current: button.hasAttribute('aria-current'),
      };
    }),
  );
}

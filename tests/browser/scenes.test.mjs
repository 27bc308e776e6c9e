// What each scene claims, read from the page as people see it. Screenshots go to build/screenshots/, and with
// ROLEMIX_UPDATE_DOCS=1 one of them into docs/.
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { jest } from '@jest/globals';

import { launch, openConsole, readMetrics, readMoment } from './browser.mjs';

jest.setTimeout(120_000);

const screenshots = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
const picture = fileURLToPath(new URL('../../docs/screenshot.png', import.meta.url));
const pictured = 'broken-relation';
let browser;

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
});

/** Opens the page, makes the choices with the mouse, hands the page to `look`. */
async function onPage(choices, look) {
  const { page, problems } = await openConsole(browser);
  for (const choice of choices) await page.locator(choice).click();
  await look(page);
  expect(problems).toEqual([]);
  await page.context().close();
}

const scene = (id) => `[data-scene="${id}"]`;
const everyMetric = 'metric-table .more';
const tolerance = '[role="switch"]';

const units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** "836 KiB/s" -> 856064, "0.11-1.42 MiB/s" -> [...], in one unit each. */
function numbers(text) {
  const [, figures, unit] = text.match(/^([-\d. to]+?)\s*(%|\/s|[KMG]?i?B(?:\/s)?)?$/);
  const factor = units[(unit ?? '').replace('/s', '')] ?? 1;
  const ends = figures.includes(' to ') ? figures.split(' to ') : figures.split(/(?<=\d)-/);
  return ends.map((end) => Number(end) * factor);
}

/** Rounding of what is shown, relative to the ends of the range. */
function isWithin(observed, range) {
  const [value] = numbers(observed);
  const [low, high] = numbers(range);
  const rounding = 0.005 * Math.max(Math.abs(low), Math.abs(high));
  return value >= low - rounding && value <= high + rounding;
}

test('the page opens on the worst incident, and its numbers agree with its sentence', async () => {
  await onPage([], async (page) => {
    const moment = await readMoment(page);
    const [top] = await readMetrics(page);
    expect(moment.level).toBe('critical');
    expect(moment.severity).toBeGreaterThanOrEqual(75);
    expect(moment.facts).toMatch(/since \d+ \w+ \d\d:\d\d, lasted/);
    expect(moment.sentence).toContain(`${top.metric} is ${top.observed}`);
    expect(moment.sentence).toContain(top.usual);
    expect(moment.sentence).toContain(top.expected);
    expect(top.selected).toBe(true);
    expect(await readMetrics(page)).toHaveLength(6);
  });
});

test('no jargon of models is on the first view', async () => {
  await onPage([], async (page) => {
    const text = await page.locator('rolemix-console').innerText();
    expect(text).not.toMatch(
      /\bnats?\b|gaussian|mixture|likelihood|posterior|covariance|component/i,
    );
  });
});

test('a broken relation alerts although every metric is within its usual range', async () => {
  await onPage([scene('broken-relation'), everyMetric], async (page) => {
    const moment = await readMoment(page);
    const metrics = await readMetrics(page);
    expect(moment.level).toMatch(/^(warning|critical)$/);
    expect(moment.label).toContain('broken relation');
    expect(metrics).toHaveLength(19);
    expect(metrics[0]).toMatchObject({ metric: 'cpu.user.pct', reason: 'does not fit the others' });
    expect(isWithin(metrics[0].observed, metrics[0].expected)).toBe(false);
    for (const { metric, reason, observed, usual } of metrics) {
      expect(`${metric} ${reason}`).not.toContain('unusual value');
      expect([metric, observed, usual, isWithin(observed, usual)]).toEqual([
        metric,
        observed,
        usual,
        true,
      ]);
    }
  });
});

test('a traffic spike is silent: the sentence gives what the requests predict', async () => {
  await onPage([scene('traffic-spike'), everyMetric], async (page) => {
    const moment = await readMoment(page);
    const metrics = await readMetrics(page);
    const cpu = metrics.find(({ metric }) => metric === 'cpu.user.pct');
    const requests = metrics.find(({ metric }) => metric === 'requests.rate');
    expect(moment.level).toBe('no alert, normal');
    expect(moment.severity).toBeLessThan(25);
    expect(moment.sentence).toContain(
      `Normal: cpu.user.pct is high (${cpu.observed}, usually ${cpu.usual}), but the other metrics predict ${cpu.expected}`,
    );
    const [, alone] = moment.sentence.match(/; requests\.rate \(.*\) alone predicts (.*)\.$/);
    expect(moment.sentence).toContain(`requests.rate (${requests.observed})`);
    expect(isWithin(cpu.observed, cpu.usual)).toBe(false);
    expect(isWithin(cpu.observed, cpu.expected)).toBe(true);
    expect(isWithin(cpu.observed, alone)).toBe(true);
    expect(metrics.filter(({ reason }) => reason.includes('does not fit'))).toEqual([]);
    await expect(page.locator('alert-list [aria-current]').count()).resolves.toBe(0);
  });
});

test('+40 MB of memory is silent with the tolerance, and a false alarm without', async () => {
  await onPage([scene('memory-step')], async (page) => {
    const counts = async (which) => {
      const text = await page.locator(`[data-tolerance="${which}"] dd`).innerText();
      const [, alerts, caught, all, wrong] = text.match(
        /^(\d+) alerts?: (\d+) of (\d+) incidents, (no|\d+) false alarms?$/,
      );
      return { alerts: +alerts, caught: +caught, all: +all, wrong: wrong === 'no' ? 0 : +wrong };
    };
    const on = await counts('on');
    const off = await counts('off');
    expect(on.wrong).toBe(0);
    expect(on.caught).toBe(on.all);
    expect(off.alerts).toBeGreaterThan(on.alerts);
    expect(off.wrong).toBeGreaterThan(0);
    expect((await readMoment(page)).level).toBe('no alert, normal');
    expect((await readMoment(page)).sentence).toMatch(/^Normal: /);
    await expect(page.locator('alert-list li').count()).resolves.toBe(on.alerts);

    await page.locator(tolerance).click();
    const moment = await readMoment(page);
    expect(moment.level).toMatch(/^(warning|critical)$/);
    expect(moment.label).toContain('this is a false alarm');
    expect((await readMetrics(page))[0]).toMatchObject({
      metric: 'memory.used.bytes',
      reason: 'does not fit the others',
    });
    await expect(page.locator('alert-list li').count()).resolves.toBe(off.alerts);
    await expect(page.locator('alert-list .false').count()).resolves.toBe(off.wrong);
    await expect(page.locator('alert-list [aria-current] .false').count()).resolves.toBe(1);
    await expect(page.locator('metric-curve .alert-key').count()).resolves.toBe(1);
  });
});

test('a leak names memory or swap', async () => {
  await onPage([scene('leak')], async (page) => {
    const moment = await readMoment(page);
    const [top] = await readMetrics(page);
    expect(moment.level).toBe('critical');
    expect(moment.label).toContain('leak');
    expect(top.metric).toMatch(/^(memory|swap)\./);
    expect(moment.sentence).toContain(top.metric);
  });
});

const pictures = [
  ['worst', ''],
  ['broken-relation', '#scene=broken-relation'],
  ['traffic-spike', '#scene=traffic-spike'],
  ['memory-step', '#scene=memory-step'],
  ['memory-step-off', '#scene=memory-step&tolerance=off'],
  ['leak', '#scene=leak'],
];

/** For the README: down to the end of the chosen moment. */
async function takePicture(page) {
  const { y, height } = await page.locator('section.panel').boundingBox();
  const clip = { x: 0, y: 0, width: 1280, height: Math.ceil(y + height + 10) };
  const path = `${screenshots}readme.png`;
  await page.screenshot({ path, fullPage: true, clip });
  expect(statSync(path).size).toBeLessThan(200_000);
  if (process.env.ROLEMIX_UPDATE_DOCS) copyFileSync(path, picture);
}

test.each(pictures)('screenshots of %s', async (name, hash) => {
  for (const width of [1280, 400]) {
    for (const scheme of ['light', 'dark']) {
      const { page, problems } = await openConsole(browser, { hash, width, scheme });
      const path = `${screenshots}${name}-${width}-${scheme}.png`;
      await page.screenshot({ path, fullPage: true });
      if (name === pictured && width === 1280 && scheme === 'light') await takePicture(page);
      expect(problems).toEqual([]);
      await page.context().close();
    }
  }
});

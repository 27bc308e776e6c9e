// What each scene claims, read from the page as people see it. Screenshots of every view go to build/screenshots/, and with
// ROLEMIX_UPDATE_DOCS=1 one of them into docs/.
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  allText,
  drawCharts,
  launch,
  onConsole,
  openConsole,
  openSections,
  readAlerts,
  readMetrics,
  readMoment,
  settled,
  showAddress,
} from './browser.mjs';

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
const onPage = (choices, look) =>
  onConsole(browser, {}, async (page) => {
    for (const choice of choices) await page.locator(choice).click();
    await settled(page);
    await look(page);
  });

/** What is told of the alert beside its worst moment. */
const storyOf = async (page) => (await page.locator('moment-header .story').allInnerTexts()).join();

const scene = (id) => `[data-scene="${id}"]`;
const everyMetric = 'rolemix-explanation .more';
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
    expect(moment.facts).toMatch(/since [-\d]+ \d\d:\d\d UTC, lasted/);
    expect(moment.sentence).toContain(`${top.metric} is ${top.observed}`);
    expect(moment.sentence).toContain(top.usual);
    expect(moment.sentence).toContain(top.expected);
    expect(top.selected).toBe(true);
    expect(await readMetrics(page)).toHaveLength(6);
    const current = (await readAlerts(page)).filter((alert) => alert.current);
    expect(current).toEqual([
      expect.objectContaining({ host: moment.host, sentence: moment.sentence }),
    ]);
    expect(await storyOf(page)).toMatch(new RegExp(`^${top.metric} .*left (its|their) range`));
  });
});

test('no jargon of models is on the first view', async () => {
  await onPage([], async (page) => {
    const text = await allText(page);
    expect(text).toContain('Expected, given the others');
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
    expect(await storyOf(page)).toMatch(
      /^cpu\.user\.pct left its range first, at .* No other host/,
    );
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
    expect(await page.locator('joint-density h3').innerText()).toMatch(/^cpu\.user\.pct and /);
    expect(await page.locator('joint-density strong').innerText()).toBe('The dot lies outside.');
  });
});

test('a traffic spike is silent: what is unusual goes with the other metrics', async () => {
  await onPage([scene('traffic-spike'), everyMetric], async (page) => {
    const moment = await readMoment(page);
    const metrics = await readMetrics(page);
    const cpu = metrics.find(({ metric }) => metric === 'cpu.user.pct');
    expect(moment.level).toBe('no alert, normal');
    expect(moment.severity).toBeLessThan(25);
    expect(moment.sentence).toMatch(
      /: outside its usual .*, though it goes with the other metrics/,
    );
    expect(isWithin(cpu.observed, cpu.usual)).toBe(false);
    expect(isWithin(cpu.observed, cpu.expected)).toBe(true);
    expect(metrics.filter(({ reason }) => reason.includes('does not fit'))).toEqual([]);
    expect((await readAlerts(page)).filter(({ current }) => current)).toEqual([]);
    expect(await storyOf(page)).toBe('');
    await expect(page.locator('verdict-panel').count()).resolves.toBe(0);
  });
});

test('+40 MB of memory is silent with the tolerance, and a false alarm without', async () => {
  await onPage([scene('memory-step')], async (page) => {
    const counts = async (which) => {
      const counted = page.locator(`[data-tolerance="${which}"] dd`, { hasText: 'alert' });
      const [, alerts, caught, all, wrong] = (await counted.innerText()).match(
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
    expect(await page.locator('.comparison').innerText()).toMatch(
      /memory\.used\.bytes may move by \d+ MiB before it is news/,
    );
    expect((await readMoment(page)).level).toBe('no alert, normal');
    expect((await readMoment(page)).sentence).toMatch(/^No single metric is outside|goes with/);
    expect(await readAlerts(page)).toHaveLength(on.alerts);

    await page.locator(tolerance).click();
    await settled(page);
    const moment = await readMoment(page);
    expect(moment.level).toMatch(/^(warning|critical)$/);
    expect(moment.label).toContain('this is a false alarm');
    expect((await readMetrics(page))[0]).toMatchObject({
      metric: 'memory.used.bytes',
      reason: 'does not fit the others',
    });
    const alerts = await readAlerts(page);
    expect(alerts).toHaveLength(off.alerts);
    expect(alerts.filter(({ label }) => label === 'false alarm')).toHaveLength(off.wrong);
    expect(alerts.filter(({ current }) => current)).toEqual([
      expect.objectContaining({ label: 'false alarm' }),
    ]);
    await expect(page.locator('.pictures rolemix-metric-chart .alert-key').count()).resolves.toBe(
      1,
    );
  });
});

test('a leak names memory or swap', async () => {
  await onPage([scene('leak')], async (page) => {
    const moment = await readMoment(page);
    const [top] = await readMetrics(page);
    expect(moment.level).toBe('critical');
    expect(moment.label).toContain('leak');
    expect(await storyOf(page)).toMatch(/^memory\.used\.bytes left its range first, at /);
    expect(top.metric).toMatch(/^(memory|swap)\./);
    expect(moment.sentence).toContain(top.metric);
  });
});

/** For the README: down to the end of the metric table. */
async function takePicture(page) {
  const { y, height } = await page.locator('rolemix-explanation .below').boundingBox();
  const clip = { x: 0, y: 0, width: 1280, height: Math.ceil(y + height) };
  const path = `${screenshots}readme.png`;
  await page.screenshot({ path, fullPage: true, clip });
  expect(statSync(path).size).toBeLessThan(250_000);
  if (process.env.ROLEMIX_UPDATE_DOCS) copyFileSync(path, picture);
}

const nothing = () => undefined;
const section = (name) => (page) => openSections(page, name);
const moveValue = async (page) => {
  const thumb = page.locator('rolemix-explanation .thumb').first();
  for (let i = 0; i < 2; i++) await thumb.press('PageDown');
  await thumb.evaluate((element) => element.blur());
  await settled(page);
};

/** What is done with the page at an address; the language stays. */
const views = [
  ['worst', '', nothing],
  ['broken-relation', 'scene=broken-relation', nothing],
  ['traffic-spike', 'scene=traffic-spike', nothing],
  ['memory-step', 'scene=memory-step', nothing],
  ['memory-step-off', 'scene=memory-step&tolerance=off', nothing],
  ['leak', 'scene=leak', nothing],
  ['zoomed', 'scene=leak&from=2026-10-11T00:00Z&to=2026-10-11T18:00Z', nothing],
  ['what-if', 'scene=broken-relation', moveValue],
  ['japanese', 'scene=broken-relation&lang=ja', nothing],
  ['settings', 'scene=leak&attempts=5&t.loadavg5=0.5&mute=cpu.iowait.pct', section('settings')],
  ['curves', 'scene=leak', section('curves')],
  ['verdicts', 'scene=leak', section('verdicts')],
  ['data', '', section('data')],
];

async function closeSections(page) {
  for (const summary of await page.locator('details[open] > summary').all()) await summary.click();
}

test.each([
  [1280, 'light'],
  [1280, 'dark'],
  [400, 'light'],
  [400, 'dark'],
])('screenshots of every view at %i px, %s', async (width, scheme) => {
  const { page, problems } = await openConsole(browser, { width, scheme });
  for (const [name, address, act] of views) {
    await showAddress(page, `#${address}`);
    await act(page);
    await drawCharts(page);
    await page.screenshot({ path: `${screenshots}${name}-${width}-${scheme}.png`, fullPage: true });
    if (name === pictured && width === 1280 && scheme === 'light') await takePicture(page);
    await closeSections(page);
  }
  expect(problems).toEqual([]);
  await page.context().close();
});

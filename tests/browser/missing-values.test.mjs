// Values given by hand to metrics that have none: in the element by itself, and on the page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { launch, onConsole, readMetrics, settled } from './browser.mjs';
import { openElements, serveElements } from './elements-page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let server, browser;

beforeAll(async () => {
  server = await serveElements();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const gap = 'cpu.user.pct';
const row = (page, metric = gap) => page.locator(`tbody tr[data-metric="${metric}"]`);
const thumb = (page, metric) => row(page, metric).locator('.thumb');
const text = (page, part, metric) => row(page, metric).locator(part).innerText();
const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element.getAttribute('role');
  });

/** An explanation of the worst moment without its value of `gap`, the page's side of what-ifs, and how it is explained. */
async function withGap(options, look, properties = {}) {
  const { page, problems } = await openElements(browser, server.origin, options);
  const expected = await page.evaluate(
    ({ gap: metric, more }) => {
      const { model, table, moment, show } = window.kit;
      const without = { ...table, metrics: { ...table.metrics } };
      without.metrics[metric] = table.metrics[metric].map((value, i) =>
        table.hosts[i] === moment.host && table.timestamps[i] === moment.timestamp ? NaN : value,
      );
      const language = more.language ?? 'en';
      const samples = model.open(without);
      const original = samples.explain(moment, { language });
      const limit = original.metrics.length;
      const element = show('explanation', {
        explanation: original,
        editable: true,
        limit,
        ...more,
      });
      let values = {};
      element.addEventListener('rolemix-what-if', ({ detail }) => {
        values = { ...values, [detail.metric]: detail.value };
        element.original = original;
        element.explanation = samples.whatIf(moment, values, { language });
      });
      element.addEventListener('rolemix-reset', () => {
        values = {};
        Object.assign(element, { original: null, explanation: original });
      });
      return original.metrics.find((one) => one.metric === metric);
    },
    { gap, more: properties },
  );
  await look(page, expected);
  expect(problems).toEqual([]);
  await page.context().close();
}

/** Values of the metric asked for since the last call. */
const asked = (page) =>
  page.evaluate(
    (metric) =>
      window.kit.events
        .splice(0)
        .filter(([name, detail]) => name === 'what-if' && detail.metric === metric)
        .map(([, { value }]) => value),
    gap,
  );

const isNear = (value, { expected, low, high }) =>
  expect(Math.abs(value - expected)).toBeLessThan(0.01 * (high - low));

describe('the element', () => {
  test('says that there is no value, and where it is expected', async () => {
    await withGap({}, async (page, { observed }) => {
      expect(observed).toBeNull();
      expect(await thumb(page).getAttribute('role')).toBe('button');
      expect(await thumb(page).getAttribute('aria-label')).toBe(
        `${gap}: not measured; set a value`,
      );
      for (const name of ['min', 'max', 'now', 'text']) {
        expect(await thumb(page).getAttribute(`aria-value${name}`)).toBeNull();
      }
      expect(await text(page, '.observed .value')).toBe('not measured');
      expect(await page.locator('.missing-key').innerText()).toBe('not measured; set a value');
      const dot = await thumb(page).boundingBox();
      const range = await row(page).locator('.expected-bar').boundingBox();
      const middle = dot.x + dot.width / 2;
      expect(middle).toBeGreaterThan(range.x);
      expect(middle).toBeLessThan(range.x + range.width);
      // At least as large as a finger needs it.
      expect(Math.min(dot.width, dot.height)).toBeGreaterThanOrEqual(24);
    });
  });

  test.each(['Enter', 'Space', 'ArrowLeft', 'ArrowUp'])(
    '%s gives it the expected value, arrows move it on, reset takes it back',
    async (key) => {
      await withGap({}, async (page, expected) => {
        const before = await page.locator('table').innerText();
        await thumb(page).press(key);
        const [first, ...others] = await asked(page);
        expect(others).toEqual([]);
        isNear(first, expected);
        expect(await thumb(page).getAttribute('role')).toBe('slider');
        expect(await focused(page)).toBe('slider');
        expect(Number(await thumb(page).getAttribute('aria-valuenow'))).toBe(first);
        expect(await thumb(page).getAttribute('aria-label')).toBe(`Value of ${gap}`);
        expect(await text(page, '.observed .was')).toBe('was not measured');
        expect(await text(page, '.reason')).not.toBe('not measured');
        await page.keyboard.press('ArrowRight');
        const [second] = await asked(page);
        expect(second).toBeGreaterThan(first);
        // Of a value Enter is no key.
        await page.keyboard.press('Enter');
        expect(await asked(page)).toEqual([]);
        await page.getByRole('button', { name: 'Reset values' }).click();
        expect(await thumb(page).getAttribute('role')).toBe('button');
        expect(await page.locator('table').innerText()).toBe(before);
        expect(await page.locator('.was').count()).toBe(0);
      });
    },
  );

  test('other keys, and keys with modifiers, give it none', async () => {
    await withGap({}, async (page) => {
      for (const key of ['Control+Enter', 'Alt+ArrowLeft', 'Meta+ArrowUp', 'x', 'Tab']) {
        await thumb(page).press(key);
      }
      expect(await asked(page)).toEqual([]);
      expect(await thumb(page).getAttribute('role')).toBe('button');
    });
  });

  test('a click gives it the expected value, even one of an unsteady hand', async () => {
    await withGap({}, async (page, expected) => {
      await thumb(page).scrollIntoViewIfNeeded();
      const { x, y, width, height } = await thumb(page).boundingBox();
      await page.mouse.move(x + width / 2 + 6, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width / 2 + 9, y + height / 2 + 2);
      expect(await asked(page)).toEqual([]);
      await page.mouse.up();
      const [value, ...others] = await asked(page);
      isNear(value, expected);
      expect(others).toEqual([]);
      expect(await focused(page)).toBe('slider');
    });
  });

  test('dragging from there gives it the value below the pointer, on a scale that stays', async () => {
    await withGap({}, async (page) => {
      await thumb(page).scrollIntoViewIfNeeded();
      const { x, y, width, height } = await thumb(page).boundingBox();
      const bar = await row(page).locator('svg.bar').boundingBox();
      const range = await row(page).locator('.usual-bar').boundingBox();
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(bar.x + 0.8 * bar.width, y + 40, { steps: 6 });
      await page.mouse.up();
      const values = await asked(page);
      expect(values.length).toBeGreaterThan(3);
      expect(Number(await thumb(page).getAttribute('aria-valuenow'))).toBe(values.at(-1));
      const moved = await thumb(page).boundingBox();
      expect(Math.abs(moved.x + moved.width / 2 - (bar.x + 0.8 * bar.width))).toBeLessThan(3);
      const after = await row(page).locator('.usual-bar').boundingBox();
      expect(Math.abs(after.x - range.x) + Math.abs(after.width - range.width)).toBeLessThan(1);
    });
  });

  test('a tap gives it the expected value, a screen reader the same', async () => {
    const use = [
      (page) => thumb(page).tap(),
      (page) => page.getByRole('button', { name: `${gap}: not measured; set a value` }).click(),
      (page) => thumb(page).dispatchEvent('click'),
    ];
    for (const act of use) {
      await withGap({ hasTouch: true }, async (page, expected) => {
        await act(page);
        const [value] = await asked(page);
        isNear(value, expected);
      });
    }
  });

  test('several values are given one after the other', async () => {
    await withGap({}, async (page) => {
      const other = await page.evaluate(() => {
        const element = document.querySelector('rolemix-explanation');
        return element.explanation.metrics[0].metric;
      });
      await thumb(page, other).press('PageDown');
      await thumb(page).press('Enter');
      expect(await text(page, '.observed .was', other)).toMatch(/^was /);
      expect(await text(page, '.observed .was')).toBe('was not measured');
    });
  });

  test('where values are not to be moved there is nothing to set', async () => {
    await withGap(
      {},
      async (page) => {
        expect(await page.locator('.thumb, .missing, .missing-key').count()).toBe(0);
      },
      { editable: false },
    );
  });

  test('without an expected value there is nothing to set', async () => {
    await withGap({}, async (page) => {
      await page.evaluate((metric) => {
        const element = document.querySelector('rolemix-explanation');
        const { explanation } = element;
        const metrics = explanation.metrics.map((one) =>
          one.metric === metric ? { ...one, expected: NaN } : one,
        );
        element.explanation = { ...explanation, metrics };
      }, gap);
      await thumb(page).waitFor({ state: 'detached' });
      expect(await text(page, '.observed .value')).toBe('not measured');
      expect(await page.locator('.missing-key').count()).toBe(0);
    });
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 400],
    ['dark', 400],
  ])('axe finds nothing: %s, %i px', async (scheme, width) => {
    await withGap({ scheme, width }, async (page) => {
      const violations = async () => {
        await page.evaluate(axe);
        const found = await page.evaluate(() => window.axe.run('rolemix-explanation'));
        return found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      };
      expect(await violations()).toEqual([]);
      await thumb(page).press('Enter');
      expect(await violations()).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      );
    });
  });

  test('speaks Japanese', async () => {
    await withGap(
      {},
      async (page) => {
        const button = page.getByRole('button', { name: `${gap}: 測定値なし。値を設定` });
        await button.press('Enter');
        expect(await text(page, '.observed .was')).toBe('変更前 測定値なし');
        const slider = page.getByRole('slider', { name: `${gap} の値` });
        expect(await slider.getAttribute('aria-valuetext')).toMatch(/、予測範囲 /);
      },
      { language: 'ja' },
    );
  });
});

describe('the page', () => {
  /** A moment of the sample in which disks and network were not measured. */
  const hash = '#host=shop-web-ha1&time=2026-10-11T04:40Z';
  const metric = 'interface.rx.bytes';
  const explanation = (page) =>
    page.locator('rolemix-explanation').evaluate((element) => element.explanation);

  const onGap = (look) =>
    onConsole(browser, { hash }, async (page) => {
      const host = await page.evaluate((name) => {
        const { table } = document.querySelector('rolemix-console').model.role;
        const at = table.metrics[name].findIndex(Number.isNaN);
        return [table.hosts[at], new Date(1000 * table.timestamps[at]).toISOString().slice(0, 16)];
      }, metric);
      expect(hash).toBe(`#host=${host[0]}&time=${host[1]}Z`);
      await page.locator('rolemix-explanation .more').click();
      await look(page);
    });

  test.each([
    ['by key', (page) => thumb(page, metric).press('ArrowRight')],
    ['by pointer', (page) => thumb(page, metric).click()],
  ])('a missing value is set %s, and is missing again after a reset', async (_, act) => {
    await onGap(async (page) => {
      const before = await readMetrics(page);
      expect(before.find((one) => one.metric === metric).observed).toBe('not measured');
      // The page chooses the row of what is clicked.
      await row(page, metric).locator('.name').click();
      await settled(page);
      const plain = await explanation(page);
      await act(page);
      await settled(page);
      const moved = await explanation(page);
      const now = moved.metrics.find((one) => one.metric === metric);
      isNear(now.observed, now);
      expect(now.reason).toBe('none');
      expect(moved.anomalyScore).not.toBe(plain.anomalyScore);
      expect(await text(page, '.observed .was', metric)).toBe('was not measured');
      await page.locator('moment-header .what-if').waitFor();
      await thumb(page, metric).press('End');
      await settled(page);
      expect((await explanation(page)).anomalyScore).toBeGreaterThan(moved.anomalyScore);
      await page.locator('rolemix-explanation .reset').click();
      await settled(page);
      expect(await explanation(page)).toEqual(plain);
      expect(await thumb(page, metric).getAttribute('role')).toBe('button');
      expect(await page.locator('moment-header .what-if').count()).toBe(0);
    });
  });
});

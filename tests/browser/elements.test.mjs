// The package's elements in a page under a strict policy: shown, operated by mouse and keyboard, and never blank.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

import { openElements, serveElements } from './elements-page.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let server, browser;

beforeAll(async () => {
  server = await serveElements();
  browser = await chromium.launch({
    executablePath: process.env.ROLEMIX_CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Looks at a page with window.kit, which must not say anything on the console. */
async function withPage(options, look) {
  const { page, problems } = await openElements(browser, server.origin, options);
  await look(page);
  expect(problems).toEqual([]);
  await page.context().close();
}

/** Events since the last call: [name, detail]. */
const events = (page) => page.evaluate(() => window.kit.events.splice(0));
/** Of the last event of that name. */
const lastDetail = async (page, name) => (await events(page)).findLast(([of]) => of === name)?.[1];

const showSwimlane = (page, language = 'en') =>
  page.evaluate((spoken) => {
    const { show, lanes, alerts, moment } = window.kit;
    show('swimlane', { lanes, alerts, selected: moment, language: spoken });
    return moment;
  }, language);

const showExplanation = (page, properties = {}) =>
  page.evaluate((more) => {
    const { show, explain, samples, moment } = window.kit;
    const explanation = explain(moment, { language: more.language ?? 'en' });
    const similar = samples.similar(moment);
    show('explanation', { explanation, similar, ...more });
    return explanation;
  }, properties);

const showChart = (page, properties = {}) =>
  page.evaluate(async (more) => {
    const { show, curves, explain, moment, alerts, lanes } = window.kit;
    const { metric } = explain().metrics[0];
    const peers = lanes.slice(0, 2).map(({ host }) => {
      const { timestamps, metrics } = curves(host);
      return { host, timestamps, values: metrics.find((of) => of.metric === metric).observed };
    });
    const common = { data: curves(), metric, time: moment.timestamp, alerts, peers };
    const element = show('metric-chart', { ...common, ...more });
    element.scrollIntoView();
    while (!element.shadowRoot?.querySelector('canvas')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { ...moment, metric };
  }, properties);

/** How many colours the picture on a canvas has. */
const coloursOf = (page, selector) =>
  page.locator(selector).evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

describe('the swimlane', () => {
  test('draws the lanes, the worst host first, and says what is chosen', async () => {
    await withPage({}, async (page) => {
      const { host } = await showSwimlane(page);
      expect(await coloursOf(page, 'canvas.lanes')).toBeGreaterThan(20);
      const text = await page.locator('[role="slider"]').getAttribute('aria-valuetext');
      expect(text).toMatch(
        new RegExp(`^${host}, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC, severity \\d+, \\w+$`),
      );
      expect(await page.locator('.tip').innerText()).toBe(text);
    });
  });

  test('a click chooses, dragging zooms in, a double click shows all', async () => {
    await withPage({}, async (page) => {
      await showSwimlane(page);
      const canvas = page.locator('canvas.lanes');
      await canvas.click({ position: { x: 500, y: 12 } });
      const { host, timestamp } = await lastDetail(page, 'select');
      const text = await page.locator('[role="slider"]').getAttribute('aria-valuetext');
      expect(text.startsWith(`${host}, `)).toBe(true);
      const box = await canvas.boundingBox();
      await page.mouse.move(box.x + 400, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + 500, box.y + 22, { steps: 3 });
      await page.mouse.move(box.x + 600, box.y + 25, { steps: 3 });
      await page.mouse.up();
      const seen = await events(page);
      expect(seen.map(([name]) => name)).toEqual(['zoom']);
      const [[, { from, to }]] = seen;
      expect(from).toBeLessThan(timestamp);
      expect(to).toBeGreaterThan(timestamp);
      await canvas.dblclick({ position: { x: 500, y: 60 } });
      expect(await lastDetail(page, 'zoom')).toEqual({ from: null, to: null });
    });
  });

  test('keys move the moment, change the host and the period', async () => {
    await withPage({}, async (page) => {
      await showSwimlane(page);
      const slider = page.locator('[role="slider"]');
      const press = async (key, name = 'select') => {
        await slider.press(key);
        return lastDetail(page, name);
      };
      const start = await press('Home');
      expect(await press('ArrowRight')).toEqual({ ...start, timestamp: start.timestamp + 300 });
      const far = await press('Shift+ArrowRight');
      expect(far.timestamp).toBe(start.timestamp + 3900);
      expect(await press('ArrowLeft')).toEqual({ ...start, timestamp: start.timestamp + 3600 });
      const other = (await press('ArrowDown')) ?? (await press('ArrowUp'));
      expect(other.host).not.toBe(start.host);
      const end = await press('End');
      const whole = await page.evaluate(() => {
        const { timestamps } = window.kit.table;
        return [Math.min(...timestamps), Math.max(...timestamps) + 300];
      });
      expect(end.timestamp).toBeGreaterThan(whole[0] + 4 * 86400);
      const near = await press('+', 'zoom');
      expect(near.to - near.from).toBeLessThan(0.76 * (whole[1] - whole[0]));
      expect(near.from <= end.timestamp && end.timestamp < near.to).toBe(true);
      expect(await press('-', 'zoom')).toBeDefined();
      await press('+', 'zoom');
      expect(await press('Escape', 'zoom')).toEqual({ from: null, to: null });
    });
  });

  test('moving on at the end of a zoomed period takes the period along', async () => {
    await withPage({}, async (page) => {
      const { host, timestamp } = await showSwimlane(page);
      await page.locator('rolemix-swimlane').evaluate((element, time) => {
        Object.assign(element, { from: time - 3600, to: time + 300 });
      }, timestamp);
      await page.locator('[role="slider"]').press('ArrowRight');
      const seen = Object.fromEntries(await events(page));
      expect(seen.select).toEqual({ host, timestamp: timestamp + 300 });
      expect(seen.zoom.to - seen.zoom.from).toBe(3900);
      expect(seen.zoom.to).toBeGreaterThan(timestamp + 300);
    });
  });

  test('200 hosts with a week of minutes each are drawn', async () => {
    await withPage({}, async (page) => {
      const times = await page.evaluate(async () => {
        const lanes = Array.from({ length: 200 }, (_, h) => ({
          host: `host${h}`,
          timestamps: Float64Array.from({ length: 10080 }, (__, i) => 1.79e9 + 60 * i),
          severity: Float64Array.from({ length: 10080 }, (__, i) => (i % 997 ? (h + i) % 20 : 80)),
        }));
        const measured = async (change) => {
          const started = performance.now();
          await change().updateComplete;
          return Math.round(performance.now() - started);
        };
        let element;
        const first = await measured(() => (element = window.kit.show('swimlane', { lanes })));
        const zoomed = await measured(() =>
          Object.assign(element, { from: 1.79e9, to: 1.79e9 + 5e5 }),
        );
        return { first, zoomed };
      });
      console.log(`200 hosts of 10080 samples: ${times.first} ms, zoomed ${times.zoomed} ms`);
      expect(await coloursOf(page, 'canvas.lanes')).toBeGreaterThan(10);
      const rows = page.locator('.rows');
      const height = await rows.evaluate((of) => [of.scrollHeight, of.clientHeight]);
      expect(height[0]).toBeGreaterThan(1800);
      expect(height[1]).toBeLessThanOrEqual(0.6 * 900 + 1);
      await page
        .locator('rolemix-swimlane')
        .evaluate((of) => (of.selected = { host: 'host199', timestamp: 1.79e9 }));
      await expect(rows.getAttribute('aria-valuetext')).resolves.toMatch(/^host199, /);
    });
  });
});

describe('the explanation', () => {
  test('shows the sentence, the metrics by rank and the remarks', async () => {
    await withPage({}, async (page) => {
      const { sentence, metrics, host, remarks } = await showExplanation(page);
      expect(await page.locator('h2[part="sentence"]').innerText()).toBe(sentence);
      const names = await page.locator('tbody .name').allInnerTexts();
      expect(names).toEqual(metrics.slice(0, 6).map(({ metric }) => metric));
      await page.getByRole('button', { name: `Show all ${metrics.length}` }).click();
      expect(await page.locator('tbody tr').count()).toBe(metrics.length);
      expect(await page.locator('caption').innerText()).toContain(host);
      expect(await page.locator('.remarks li').allInnerTexts()).toEqual(remarks);
      expect(remarks.at(-1)).toMatch(/^Judged in state \d \(.* likely/);
    });
  });

  test('a row chooses a metric, a similar moment itself', async () => {
    await withPage({}, async (page) => {
      await showExplanation(page, {
        similar: [{ host: 'web9', timestamp: 1791741600, severity: 80, similarity: 0.93 }],
      });
      const name = page.locator('tbody .name').nth(2);
      await name.press('Enter');
      expect(await lastDetail(page, 'metric')).toEqual({ metric: await name.innerText() });
      expect(await name.getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('button', { name: 'web9' }).click();
      expect(await lastDetail(page, 'select')).toEqual({ host: 'web9', timestamp: 1791741600 });
    });
  });

  /** With the page's side of what-ifs. */
  const editable = async (page) => {
    await showExplanation(page, { editable: true });
    await page.evaluate(() => {
      const { samples, moment, explain, main } = window.kit;
      const element = main.querySelector('rolemix-explanation');
      const original = explain();
      element.addEventListener('rolemix-what-if', ({ detail: { metric, value } }) => {
        element.original = original;
        element.explanation = samples.whatIf(moment, { [metric]: value });
      });
      element.addEventListener('rolemix-reset', () => {
        Object.assign(element, { original: null, explanation: original });
      });
    });
    return page.locator('[role="slider"]').first();
  };

  test('keys move a value by small and large steps, and reset undoes them', async () => {
    await withPage({}, async (page) => {
      const slider = await editable(page);
      const numbers = async () =>
        Promise.all(
          ['min', 'max', 'now'].map(async (of) =>
            Number(await slider.getAttribute(`aria-value${of}`)),
          ),
        );
      const [least, most, start] = await numbers();
      const step = (most - least) / 100;
      await slider.press('ArrowLeft');
      const first = await lastDetail(page, 'what-if');
      expect(Math.abs(start - step - first.value)).toBeLessThan(0.3 * step);
      await slider.press('PageDown');
      const [, , now] = await numbers();
      expect(Math.abs(first.value - 10 * step - now)).toBeLessThan(0.3 * step);
      expect(await numbers()).toEqual([least, most, now]);
      expect(await page.locator('tbody .was').first().innerText()).toMatch(/^was /);
      await page.getByRole('button', { name: 'Reset values' }).click();
      expect(await numbers()).toEqual([least, most, start]);
      expect(await page.getByRole('button', { name: 'Reset values' }).count()).toBe(0);
    });
  });

  test('the dot follows the pointer on a scale that stays', async () => {
    await withPage({}, async (page) => {
      const slider = await editable(page);
      const before = [
        await slider.getAttribute('aria-valuemin'),
        await slider.getAttribute('aria-valuemax'),
      ];
      const dot = await slider.boundingBox();
      const bar = await page.locator('svg.bar').first().boundingBox();
      const y = dot.y + dot.height / 2;
      await page.mouse.move(dot.x + dot.width / 2, y);
      await page.mouse.down();
      await page.mouse.move(bar.x + 0.5 * bar.width, y, { steps: 5 });
      await page.mouse.move(bar.x + 0.2 * bar.width, y + 40, { steps: 5 });
      await page.mouse.up();
      const seen = (await events(page)).filter(([name]) => name === 'what-if');
      expect(seen.length).toBeGreaterThan(5);
      const moved = await slider.boundingBox();
      expect(Math.abs(moved.x + moved.width / 2 - (bar.x + 0.2 * bar.width))).toBeLessThan(3);
      expect([
        await slider.getAttribute('aria-valuemin'),
        await slider.getAttribute('aria-valuemax'),
      ]).toEqual(before);
      await page.mouse.move(bar.x, y);
      expect(await events(page)).toEqual([]);
    });
  });
});

describe('the chart', () => {
  test('draws, describes itself, and chooses moments by mouse and keyboard', async () => {
    await withPage({}, async (page) => {
      const { host, timestamp, metric } = await showChart(page);
      expect(await page.locator('[part="title"]').innerText()).toBe(`${metric} on ${host}`);
      const chart = page.getByRole('img');
      expect(await chart.getAttribute('aria-label')).toMatch(
        /^Curve of .* outside its expected range in \d+ of \d+ samples\. At .* expected /,
      );
      expect(await coloursOf(page, '.chart canvas')).toBeGreaterThan(10);
      await chart.press('ArrowRight');
      expect(await lastDetail(page, 'select')).toEqual({ host, timestamp: timestamp + 300 });
      await chart.click({ position: { x: 200, y: 100 } });
      const seen = await events(page);
      expect(seen.map(([name]) => name)).toEqual(expect.arrayContaining(['cursor', 'select']));
      await page.mouse.move(5, 890);
      expect(await lastDetail(page, 'cursor')).toEqual({ timestamp: null });
    });
  });

  test('another chart shows the moment that is pointed at', async () => {
    await withPage({}, async (page) => {
      const { timestamp } = await showChart(page, { compact: true });
      const element = page.locator('rolemix-metric-chart');
      expect((await element.boundingBox()).height).toBeLessThan(135);
      await element.evaluate((chart, time) => (chart.cursor = time), timestamp - 3600);
      const line = page.locator('.cursor');
      await line.waitFor();
      const box = await line.boundingBox();
      expect(box.x).toBeGreaterThan(100);
      await element.evaluate((chart) => (chart.cursor = null));
      await line.waitFor({ state: 'hidden' });
    });
  });

  test('many charts are made when they come into sight, and again after a move', async () => {
    await withPage({}, async (page) => {
      const count = () =>
        page.evaluate(
          () =>
            [...document.querySelectorAll('rolemix-metric-chart')].filter((chart) =>
              chart.shadowRoot.querySelector('canvas'),
            ).length,
        );
      await page.evaluate(() => {
        const data = window.kit.curves();
        for (let i = 0; i < 40; i++) {
          window.kit.show(
            'metric-chart',
            { data, metric: data.metrics[i % 19].metric },
            { compact: '' },
          );
        }
      });
      await page.waitForFunction(() =>
        document.querySelector('rolemix-metric-chart').shadowRoot.querySelector('canvas'),
      );
      const first = await count();
      expect(first).toBeGreaterThan(3);
      expect(first).toBeLessThan(30);
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await page.waitForFunction(() =>
        [...document.querySelectorAll('rolemix-metric-chart')]
          .at(-1)
          .shadowRoot.querySelector('canvas'),
      );
      await page.evaluate(() => {
        const last = [...document.querySelectorAll('rolemix-metric-chart')].at(-1);
        last.remove();
        window.kit.gone = last.shadowRoot.querySelector('canvas') === null;
        window.kit.main.append(last);
      });
      expect(await page.evaluate(() => window.kit.gone)).toBe(true);
      await page.waitForFunction(() =>
        [...document.querySelectorAll('rolemix-metric-chart')]
          .at(-1)
          .shadowRoot.querySelector('canvas'),
      );
    });
  });
});

test.each([
  ['swimlane', {}, /Score samples first/],
  ['swimlane', { lanes: [{ host: 'a', timestamps: [1, 2], severity: [1] }] }, /a: one severity/],
  ['swimlane', { lanes: [], language: 'ja' }, /レーン/],
  ['swimlane', { lanes: null }, /Score samples first/],
  ['explanation', {}, /Choose a host and a time/],
  ['explanation', { hint: 'Pick an alert.' }, /^Pick an alert\.$/],
  [
    'explanation',
    { explanation: { sentence: 'x' } },
    /cannot be shown: expected what samples.explain gives, got an object without host/,
  ],
  ['explanation', { explanation: 'why' }, /expected what samples.explain gives, got "why"/],
  [
    'explanation',
    { explanation: [], language: 'ja' },
    /samples.explain の結果が必要ですが、an array/,
  ],
  ['swimlane', { lanes: 'all' }, /lanes: expected an array of .*, got "all"/],
  ['swimlane', { lanes: [null] }, /a lane without a host/],
  ['metric-chart', { data: 'all' }, /expected what samples.explainHost gives, got "all"/],
  ['metric-chart', {}, /No curve to show/],
  ['metric-chart', { data: { host: 'a', timestamps: [], metrics: [] } }, /No samples/],
  ['metric-chart', { data: { timestamps: [1], metrics: [] }, metric: 'luck' }, /named luck/],
  ['metric-chart', { data: { timestamps: [1] }, metric: 'luck' }, /got an object without metrics/],
])('%s with %j says what is missing', async (name, properties, expected) => {
  await withPage({ load: false }, async (page) => {
    await page.evaluate(([of, values]) => window.kit.show(of, values), [name, properties]);
    expect(await page.locator('.hint').innerText()).toMatch(expected);
  });
});

test('names are shown as they are, whatever they look like', async () => {
  await withPage({}, async (page) => {
    const name = '<img src=x onerror="document.title=1">&amp;{a|b}';
    await page.evaluate((hostile) => {
      const { show, lanes, moment, explain, curves } = window.kit;
      const [lane] = lanes;
      show('swimlane', {
        lanes: [{ ...lane, host: hostile }],
        selected: { host: hostile, timestamp: lane.timestamps[5] },
      });
      const base = explain();
      const metrics = base.metrics.map((of) => ({ ...of, metric: hostile, unit: hostile }));
      show('explanation', {
        explanation: { ...base, host: hostile, sentence: hostile, metrics },
        states: base.responsibilities.map(() => ({ name: hostile, weight: 0.5 })),
        similar: [{ ...moment, host: hostile, similarity: 1, severity: 1 }],
      });
      const data = curves();
      const columns = data.metrics.map((of) => ({ ...of, metric: hostile, unit: hostile }));
      show('metric-chart', { data: { ...data, host: hostile, metrics: columns }, metric: hostile });
    }, name);
    expect(await page.locator('.tip').innerText()).toContain(name);
    expect(await page.locator('[part="sentence"]').innerText()).toBe(name);
    expect(await page.locator('[part="title"]').innerText()).toBe(`${name} on ${name}`);
    expect(await page.locator('.similar').innerText()).toContain(name);
    await page.locator('.chart canvas').hover();
    await expect(page.locator('img:not([role])').count()).resolves.toBe(0);
    expect(await page.title()).toBe('Elements');
  });
});

test('a policy for trusted types holds, with one name for the elements', async () => {
  await withPage({ path: '/trusted.html' }, async (page) => {
    await showSwimlane(page);
    await showExplanation(page);
    await showChart(page);
    const drawn = await page.evaluate(() => {
      const chart = document.querySelector('rolemix-metric-chart');
      const { shadowRoot } = chart;
      chart.remove();
      return shadowRoot.querySelector('canvas') === null;
    });
    expect(drawn).toBe(true);
    expect(await page.locator('tbody tr').count()).toBe(6);
  });
});

test('colours are those that the page sets, and follow theme', async () => {
  await withPage({}, async (page) => {
    await showSwimlane(page);
    const background = () =>
      page
        .locator('rolemix-swimlane')
        .evaluate((of) => window.getComputedStyle(of).backgroundColor);
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.locator('rolemix-swimlane').evaluate((of) => (of.theme = 'dark'));
    expect(await background()).toBe('rgb(22, 28, 34)');
    await page.evaluate(() =>
      document.documentElement.style.setProperty('--rolemix-surface', 'oklch(0.7 0.1 200)'),
    );
    expect(await background()).toBe('oklch(0.7 0.1 200)');
  });
});

test('defining the elements a second time does no harm', async () => {
  await withPage({}, async (page) => {
    const same = await page.evaluate(async () => {
      const again = await import('/js/dist/elements.js?again');
      return (
        again.RolemixSwimlane !== window.kit.elements.RolemixSwimlane &&
        new window.kit.elements.RolemixSwimlane() instanceof HTMLElement &&
        customElements.get('rolemix-swimlane') === window.kit.elements.RolemixSwimlane
      );
    });
    expect(same).toBe(true);
  });
});

test.each([
  ['light', 1280, 'en'],
  ['dark', 1280, 'ja'],
  ['light', 400, 'ja'],
  ['dark', 400, 'en'],
])('axe finds nothing: %s, %i px, %s', async (scheme, width, language) => {
  await withPage({ scheme, width }, async (page) => {
    await page.evaluate((spoken) => {
      document.documentElement.lang = spoken;
      window.kit.main.append(Object.assign(document.createElement('h1'), { textContent: 'role' }));
    }, language);
    await showSwimlane(page, language);
    await showExplanation(page, { language, editable: true });
    await page.evaluate((spoken) => {
      const { explain, samples, moment, show } = window.kit;
      const original = explain();
      const { metric, high } = original.metrics[0];
      const explanation = samples.whatIf(moment, { [metric]: high });
      show('explanation', { explanation, original, editable: true, calm: true, language: spoken });
    }, language);
    await showChart(page, { language });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document));
    const found = violations.map(
      ({ impact, id, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(' ')}`,
    );
    expect(found).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(width);
  });
});

test('the example embeds an explanation, and answers a what-if', async () => {
  await withPage({ path: '/js/examples/embed.html' }, async (page) => {
    const sentence = page.locator('[part="sentence"]');
    await sentence.waitFor();
    const before = await sentence.innerText();
    await page.locator('tbody [role="slider"]').first().press('PageDown');
    await page.getByRole('button', { name: 'Reset values' }).waitFor();
    expect(await page.locator('.remarks').innerText()).toMatch(/Judged in state .* (high|low) \(/);
    expect(await sentence.innerText()).not.toBe(before);
    await page.getByRole('button', { name: 'Reset values' }).click();
    expect(await sentence.innerText()).toBe(before);
  });
});

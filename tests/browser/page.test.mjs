// The page as such: offline, closed to scripts of others, operable by keyboard, readable, never blank.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import { jest } from '@jest/globals';

import { launch, openConsole, openPage, pageFile, readMetrics, readMoment } from './browser.mjs';

jest.setTimeout(120_000);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
});

const closing = async (opened, look) => {
  await look(opened.page, opened.problems);
  await opened.page.context().close();
};

const parameters = (page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

test('it asks no server for anything and says nothing on the console', async () => {
  await closing(await openConsole(browser), async (page, problems) => {
    const resources = await page.evaluate(() => performance.getEntriesByType('resource').length);
    expect(resources).toBe(0);
    expect(problems).toEqual([]);
  });
});

test('the footer has measured numbers', async () => {
  await closing(await openConsole(browser), async (page) => {
    const text = await page.locator('footer').innerText();
    const numbers = text.match(
      /Scored ([\d,]+) samples, with the tolerance and without, in ([\d,]+) ms, found the alerts in ([\d,]+) ms and explained ([\d,]+) samples in ([\d,]+) ms, here in your browser, without network/,
    );
    const [scored, , , explained] = numbers.slice(1).map((n) => Number(n.replaceAll(',', '')));
    expect(scored).toBeGreaterThan(9000);
    expect(explained).toBeGreaterThan(10);
  });
});

test('its policy allows its own script and style and nothing else', async () => {
  const html = readFileSync(pageFile, 'utf8');
  const [, policy] = html.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'sha256-[^']+' 'wasm-unsafe-eval';/);
  expect(policy).toMatch(/style-src 'sha256-[^']+';/);
  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toContain("'unsafe-eval'");
  await closing(await openConsole(browser), async (page) => {
    const outcome = await page.evaluate(() => {
      const element = document.createElement('div');
      try {
        element.innerHTML = '<b>text</b>';
      } catch (error) {
        return error.name;
      }
      return element.innerHTML;
    });
    expect(outcome).toBe('TypeError');
  });
});

/** A copy of the page whose sample has been changed. */
function pageWith(folder, change) {
  const html = readFileSync(pageFile, 'utf8');
  const changed = html.replace(/(id="sample">)([^<]*)/, (_, start, base64) => {
    const bytes = inflateRawSync(Buffer.from(base64, 'base64'));
    const length = bytes.readUInt32LE();
    const header = JSON.parse(bytes.subarray(4, 4 + length).toString());
    const text = Buffer.from(JSON.stringify(change(header)));
    const size = Buffer.alloc(4);
    size.writeUInt32LE(text.length);
    const packed = deflateRawSync(Buffer.concat([size, text, bytes.subarray(4 + length)]));
    return start + packed.toString('base64');
  });
  const file = join(folder, 'page.html');
  writeFileSync(file, changed);
  return file;
}

test('names are shown as they are, whatever they look like', async () => {
  const name = '<img src=x onerror="document.title=1">&amp;{a|b}';
  const folder = mkdtempSync(join(tmpdir(), 'rolemix-page-'));
  const rename = (header) => {
    const [first] = header.hosts;
    const renamed = (entry) => (entry.host === first ? { ...entry, host: name } : entry);
    return {
      ...header,
      hosts: [name, ...header.hosts.slice(1)],
      incidents: header.incidents
        .map(renamed)
        .map((incident) => ({ ...incident, description: name, kind: name })),
      scenes: header.scenes.map(renamed),
    };
  };
  const file = pageWith(folder, rename);
  const hash = `#host=${encodeURIComponent(name)}&time=2026-10-09T12:00Z`;
  await closing(await openConsole(browser, { file, hash }), async (page, problems) => {
    expect((await readMoment(page)).host).toBe(name);
    expect((await readMoment(page)).label).toContain(name);
    await expect(page.locator('img').count()).resolves.toBe(0);
    expect(problems).toEqual([]);
  });
  rmSync(folder, { recursive: true });
});

test('the address restores scene, host, time, metric and tolerance', async () => {
  const opened = await openConsole(browser);
  const { page } = opened;
  await page.locator('[data-scene="memory-step"]').click();
  await page.locator('[role="switch"]').click();
  await page.locator('metric-table [data-metric="interface.tx.bytes"] button').click();
  const before = await readMoment(page);
  const address = new URL(page.url()).hash;
  expect(Object.fromEntries(parameters(page))).toMatchObject({
    scene: 'memory-step',
    host: before.host,
    metric: 'interface.tx.bytes',
    tolerance: 'off',
  });
  await closing(await openConsole(browser, { hash: address }), async (again) => {
    expect(await readMoment(again)).toEqual(before);
    const selected = (await readMetrics(again)).find((metric) => metric.selected);
    expect(selected.metric).toBe('interface.tx.bytes');
    expect(await again.locator('[role="switch"]').getAttribute('aria-checked')).toBe('false');
    expect(await again.locator('[data-scene="memory-step"]').getAttribute('aria-pressed')).toBe(
      'true',
    );
  });
  await page.goBack();
  await expect(page.locator('[data-scene="worst"]').getAttribute('aria-pressed')).resolves.toBe(
    'true',
  );
  await page.context().close();
});

test.each([
  ['what does not exist', '#scene=none&host=nobody&time=yesterday&metric=luck&tolerance=maybe'],
  ['a time outside the sample', '#host=shop-web-ha1&time=1999-01-01T00:00Z'],
])('an address with %s still shows a moment', async (_, hash) => {
  await closing(await openConsole(browser, { hash }), async (page, problems) => {
    expect((await readMoment(page)).sentence).not.toBe('');
    expect(problems).toEqual([]);
  });
});

/** Names of the elements that the tab key reaches, in order. */
async function tabOrder(page) {
  const names = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element || element === document.body) return null;
      return element.getAttribute('role') ?? element.textContent.trim().split('\n')[0].trim();
    });
    if (name === null || (names.length > 0 && name === names[0])) break;
    names.push(name);
  }
  return names;
}

test('everything is reached and operated with the keyboard', async () => {
  await closing(await openConsole(browser), async (page) => {
    const names = await tabOrder(page);
    const metrics = (await readMetrics(page)).map(({ metric }) => metric);
    expect(names).toEqual(
      expect.arrayContaining(['switch', 'Worst incident', ...metrics, 'Show all 19', 'slider']),
    );
    const press = async (selector, key) => {
      await page.locator(selector).focus();
      await page.keyboard.press(key);
    };
    await press('[data-scene="leak"]', 'Enter');
    expect(parameters(page).get('scene')).toBe('leak');
    const { metric } = (await readMetrics(page)).at(-1);
    await press(`metric-table [data-metric="${metric}"] button`, 'Enter');
    expect(await page.locator('metric-curve h2').innerText()).toContain(metric);
    await press('[role="switch"]', 'Space');
    expect(parameters(page).get('tolerance')).toBe('off');
    await press('alert-list li:first-child button', 'Enter');
    expect((await readMoment(page)).level).not.toContain('no alert');
  });
});

test('arrow keys move the moment over time and hosts', async () => {
  const hash = '#host=shop-web01&time=2026-10-10T06:00Z';
  await closing(await openConsole(browser, { hash }), async (page) => {
    const strip = page.locator('[role="slider"]');
    const move = async (key) => {
      await strip.press(key);
      const { host, time } = Object.fromEntries(parameters(page));
      return `${host} ${time}`;
    };
    expect(await move('ArrowRight')).toBe('shop-web01 2026-10-10T06:05Z');
    expect(await move('Shift+ArrowLeft')).toBe('shop-web01 2026-10-10T05:05Z');
    expect(await move('ArrowDown')).toBe('shop-web02 2026-10-10T05:05Z');
    expect(await move('ArrowUp')).toBe('shop-web01 2026-10-10T05:05Z');
    expect(await strip.getAttribute('aria-valuetext')).toMatch(
      /^shop-web01, 10 Oct 05:05 UTC, severity \d+, \w+$/,
    );
    expect(await move('End')).toMatch(/^shop-web01 2026-10-11T23:5/);
  });
});

test('a click into the strip and one into the curve choose the moment', async () => {
  await closing(await openConsole(browser), async (page) => {
    const before = parameters(page).toString();
    await page.locator('heat-strip canvas').click({ position: { x: 200, y: 60 } });
    const chosen = parameters(page).toString();
    expect(chosen).not.toBe(before);
    await page.locator('metric-curve canvas').click({ position: { x: 120, y: 150 } });
    expect(parameters(page).get('time')).not.toBe(new URLSearchParams(chosen).get('time'));
    expect(parameters(page).get('host')).toBe(new URLSearchParams(chosen).get('host'));
  });
});

const views = [
  ['worst, light', { scheme: 'light' }],
  ['worst, dark', { scheme: 'dark' }],
  ['no tolerance, dark', { scheme: 'dark', hash: '#scene=memory-step&tolerance=off' }],
  ['no tolerance, light', { scheme: 'light', hash: '#scene=memory-step&tolerance=off' }],
  ['silent, 400 px, light', { width: 400, scheme: 'light', hash: '#scene=traffic-spike' }],
  ['silent, 400 px, dark', { width: 400, scheme: 'dark', hash: '#scene=traffic-spike' }],
];

test.each(views)('axe finds nothing serious: %s', async (_, options) => {
  await closing(await openConsole(browser, options), async (page) => {
    await page.locator('metric-table .more').click();
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      window.axe.run(document, { resultTypes: ['violations'] }),
    );
    const found = violations.map(
      ({ impact, id, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(' ')}`,
    );
    expect(found).toEqual([]);
  });
});

test.each([400, 760, 761, 1180, 1181, 1600])('nothing is cut off at %i px', async (width) => {
  await closing(await openConsole(browser, { width, hash: '#scene=leak' }), async (page) => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    const cut = await page
      .locator('metric-table td, metric-table th, alert-list button')
      .evaluateAll((cells) =>
        cells
          .filter((cell) => {
            const panel = cell.getRootNode().host.getBoundingClientRect();
            const box = cell.getBoundingClientRect();
            const hidden = box.width < 2 || cell.closest('thead')?.offsetHeight === 0;
            return (
              !hidden && (box.right > panel.right + 0.5 || cell.scrollWidth > cell.clientWidth + 1)
            );
          })
          .map((cell) => cell.textContent.trim()),
      );
    expect(cut).toEqual([]);
  });
});

test.each([
  ['WebAssembly', () => delete window.WebAssembly],
  ['WebAssembly SIMD', () => (window.WebAssembly.validate = () => false)],
  ['DecompressionStream', () => delete window.DecompressionStream],
])('without %s it says so', async (name, before) => {
  await closing(await openPage(browser, { before }), async (page, problems) => {
    const notice = page.locator('#notice[role="alert"]');
    await notice.waitFor();
    expect(await notice.innerText()).toContain(`this browser lacks ${name}`);
    expect(problems).toEqual([]);
  });
});

test('without scripts it says that it needs them', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`file://${pageFile}`);
  expect(await page.locator('body').innerText()).toContain('needs JavaScript');
  await context.close();
});

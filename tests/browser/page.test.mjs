// The page as such: offline, closed to scripts of others, operable by keyboard, readable, never blank.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

import {
  allSections,
  launch,
  onConsole,
  openConsole,
  openPage,
  openSections,
  pageFile,
  parameters,
  readAlerts,
  readMoment,
  settled,
  showAddress,
} from './browser.mjs';

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

test('it asks no server for anything and says nothing on the console', async () => {
  await closing(await openConsole(browser), async (page, problems) => {
    const resources = await page.evaluate(() => performance.getEntriesByType('resource').length);
    expect(resources).toBe(0);
    expect(problems).toEqual([]);
  });
});

test('the footer has measured numbers, which stay when scores are known already', async () => {
  await onConsole(browser, {}, async (page) => {
    const read = async () => {
      const text = await page.locator('footer').innerText();
      const [, scored, time] = text.match(
        /Scored ([\d,]+) samples in ([\d,]+) ms, here in your browser, without network/,
      );
      return [scored, time].map((n) => Number(n.replaceAll(',', '')));
    };
    const [scored, time] = await read();
    expect(scored).toBeGreaterThan(9000);
    expect(time).toBeGreaterThan(0);
    for (let i = 0; i < 2; i++) await page.locator('[role="switch"]').click();
    await settled(page);
    expect(await read()).toEqual([scored, time]);
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
  expect(policy).toContain("require-trusted-types-for 'script'");
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
    const started = await page.evaluate(() => {
      try {
        new Worker('data:text/javascript,');
      } catch (error) {
        return error.name;
      }
      return 'started';
    });
    expect(started).toBe('TypeError');
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
    const incident = header.incidents.find(({ anomalous }) => anomalous);
    const renamed = (entry) => (entry.host === incident.host ? { ...entry, host: name } : entry);
    return {
      ...header,
      hosts: header.hosts.map((host) => (host === incident.host ? name : host)),
      incidents: header.incidents
        .map(renamed)
        .map((entry) => ({ ...entry, description: name, kind: name })),
      scenes: header.scenes.map(renamed),
    };
  };
  const file = pageWith(folder, rename);
  await onConsole(browser, { file }, async (page) => {
    await openSections(page, ...allSections);
    const of = (alerts) => alerts.findIndex(({ host }) => host === name);
    await page
      .locator('alert-list li button')
      .nth(of(await readAlerts(page)))
      .click();
    await page.keyboard.press('f');
    await settled(page);
    expect(await readMoment(page)).toMatchObject({ host: name });
    expect((await readMoment(page)).label).toContain(name);
    expect(await page.locator('.pictures .title').innerText()).toContain(name);
    expect((await parameters(page)).get('host')).toBe(name);
    await expect(page.locator('img').count()).resolves.toBe(0);
    await page.reload();
    await settled(page);
    expect(await readMoment(page)).toMatchObject({ host: name });
    expect(await page.title()).not.toBe('1');
  });
  rmSync(folder, { recursive: true });
});

const addresses = [
  ['the worst incident', ''],
  ['no tolerance', '#scene=memory-step&tolerance=off'],
  ['silence', '#scene=traffic-spike'],
  ['settings, in Japanese', '#scene=leak&lang=ja&attempts=5&mute=loadavg5&t.cpu.user.pct=3'],
];

async function axeFinds(page) {
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations.map(
    ({ impact, id, nodes }) =>
      `${impact} ${id}: ${nodes.map(({ target, failureSummary }) => `${target.flat().join(' ')} ${failureSummary}`).join('\n')}`,
  );
}

describe.each(['light', 'dark'])('in %s', (scheme) => {
  test.each([1280, 400])('at %i px axe finds nothing, with all sections open', async (width) => {
    await onConsole(browser, { scheme, width }, async (page) => {
      await page.evaluate(axe);
      await openSections(page, ...allSections);
      await page.locator('rolemix-explanation .more').click();
      for (const [name, hash] of addresses) {
        await showAddress(page, hash);
        expect([name, await axeFinds(page)]).toEqual([name, []]);
      }
      // A value is moved, an alert judged, a file refused.
      await showAddress(page, '#scene=leak');
      await page.keyboard.press('t');
      await page.locator('rolemix-explanation .thumb').first().press('PageDown');
      const file = { name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from('nothing') };
      await page.locator('data-panel input[type="file"]').setInputFiles(file);
      await page.locator('data-panel [role="alert"] li').waitFor();
      expect(await axeFinds(page)).toEqual([]);
    });
  });
});

test('nothing is cut off at any width, with all sections open', async () => {
  await onConsole(browser, { hash: '#scene=leak' }, async (page) => {
    await openSections(page, ...allSections);
    await page.locator('rolemix-explanation .more').click();
    for (const language of ['en', 'ja']) {
      await showAddress(page, `#scene=leak&lang=${language}`);
      for (const width of [400, 760, 761, 1180, 1181, 1600, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect([language, width, wide]).toEqual([language, width, Math.min(width, wide)]);
        const cut = await page.evaluate(() => {
          const roots = [document];
          for (const root of roots) {
            for (const element of root.querySelectorAll('*')) {
              if (element.shadowRoot) roots.push(element.shadowRoot);
            }
          }
          const cells = 'td, th, button, h1, h2, h3, p, li, label, dd, figcaption, summary';
          return roots
            .flatMap((root) => [...root.querySelectorAll(cells)])
            .filter((cell) => {
              const box = cell.getBoundingClientRect();
              const isHidden = box.width < 2 || box.height < 2 || cell.closest('.hidden, [hidden]');
              if (isHidden || cell.closest('thead')?.offsetHeight < 2) return false;
              const host = cell.getRootNode().host?.getBoundingClientRect();
              const right = host?.right ?? window.innerWidth;
              return box.right > right + 0.5 || cell.scrollWidth > cell.clientWidth + 1;
            })
            .filter((cell) => window.getComputedStyle(cell).display !== 'inline')
            .map(
              (cell) =>
                `${cell.getRootNode().host?.localName} ${cell.localName}: ${cell.textContent.trim()}`,
            );
        });
        expect([language, width, cut]).toEqual([language, width, []]);
      }
    }
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

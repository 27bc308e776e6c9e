// All roles over time: what their lanes say, and how one is chosen.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import {
  lanesKnown,
  launch,
  onConsole,
  openSections,
  parameters,
  readMoment,
  settled,
} from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('on the page', () => {
  let browser;

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(async () => {
    await browser?.close();
  });

  const onPage = (options, look) =>
    onConsole(browser, options, async (page) => {
      await lanesKnown(page);
      await look(page);
    });

  const lanes = (page) => page.locator('role-overview rolemix-swimlane');
  const buttons = (page) => page.locator('role-overview button');
  const heightOf = async (page) => (await page.locator('role-overview').boundingBox()).height;

  /** Roles as the first one, in its period or later; each with other names of hosts. */
  const addRoles = (page, count, { copies = 1, later = 0 } = {}) =>
    page.evaluate(
      ([added, times, by]) => {
        const { model } = document.querySelector('rolemix-console');
        const [first] = model.roles;
        const { timestamps, hosts, metrics } = first.table;
        const repeated = (column) =>
          Float64Array.from({ length: times * column.length }, (_, i) => column[i % column.length]);
        const made = Array.from({ length: added }, (_, n) => {
          const table = {
            timestamps: repeated(timestamps).map((time) => time + by),
            hosts: Array.from({ length: times }, (__, i) => hosts.map((host) => `${host}-${i}`)),
            metrics: Object.fromEntries(
              Object.entries(metrics).map(([name, column]) => [name, repeated(column)]),
            ),
          };
          table.hosts = table.hosts.flat();
          const samples = first.model.open(table);
          const none = { incidents: [], scenes: [], makeOff: null };
          return { ...first, name: `svc:<b>${n}</b>`, table, samples, ...none };
        });
        model.roles = [...model.roles, ...made];
        model.show({}, false);
      },
      [count, copies, later],
    );

  test('each role has a lane, named, with its alerts; what is of one time shares an axis', async () => {
    await onPage({}, async (page) => {
      const texts = await buttons(page).allInnerTexts();
      expect(texts.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
        'shop:web 6 alerts',
        'bench:render 5 alerts',
      ]);
      const shown = await page.locator('.role option').allTextContents();
      expect(shown.map((text) => text.trim().replaceAll(/\s+/g, ' '))).toEqual([
        'shop:web (simulated), 6 alerts',
        'bench:render (recorded), 5 alerts',
      ]);
      await expect(lanes(page).count()).resolves.toBe(2);
      const right = await lanes(page).evaluateAll((elements) =>
        elements
          .flatMap((element) => element.lanes)
          .map(({ host, timestamps, severity }) => {
            const { model } = document.querySelector('rolemix-console');
            const role = model.roles.find(({ name }) => name === host);
            const { scores } = model.scoredAsTrained(role).samples;
            return [...timestamps].every((time, i) => {
              const at = [...scores.severity].filter(
                (_, row) => role.table.timestamps[row] === time,
              );
              const worst = at.filter((value) => !Number.isNaN(value));
              return Object.is(severity[i], worst.length > 0 ? Math.max(...worst) : NaN);
            });
          }),
      );
      expect(right).toEqual([true, true]);
      await addRoles(page, 1);
      await lanesKnown(page);
      await expect(lanes(page).count()).resolves.toBe(2);
      const [first] = await lanes(page).all();
      expect(await first.evaluate((element) => element.lanes.map(({ host }) => host))).toEqual([
        'shop:web',
        'svc:<b>0</b>',
      ]);
      await expect(page.locator('role-overview b').count()).resolves.toBe(0);
    });
  });

  test('lanes change nothing of the layout when they arrive, and scores are computed once', async () => {
    const before = () => {
      window.heights = new Set();
      const look = () => {
        const page = document.querySelector('rolemix-console')?.shadowRoot;
        const height = page?.querySelector('role-overview')?.getBoundingClientRect().height;
        if (height) window.heights.add(height);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    for (const width of [400, 1280, 2560]) {
      await onPage({ before, width }, async (page) => {
        expect(await page.evaluate(() => window.heights.size)).toBe(1);
        const same = await page.evaluate(() => {
          const { model } = document.querySelector('rolemix-console');
          const { scores } = model.scoredAsTrained(model.roles[1]).samples;
          model.showRole(model.roles[1].name);
          return model.shown.analysis.samples.scores === scores;
        });
        expect(same).toBe(true);
        expect(await page.evaluate(() => window.heights.size)).toBe(1);
      });
    }
  });

  test('a click shows the role at that time, at its worst host then', async () => {
    await onPage({ hash: '#attempts=5' }, async (page) => {
      const lane = lanes(page).nth(1);
      const { width } = await lane.locator('canvas.lanes').boundingBox();
      await lane.locator('canvas.lanes').click({ position: { x: 0.5 * width, y: 12 } });
      const said = await parameters(page);
      expect(said.get('role')).toBe('bench:render');
      expect(said.has('attempts')).toBe(false);
      const [isWorst, middle] = await page.evaluate(() => {
        const { role, shown, view } = document.querySelector('rolemix-console').model;
        const { timestamps } = role.table;
        const { severity } = shown.analysis.samples.scores;
        const at = [...severity].filter((_, row) => timestamps[row] === view.time);
        const { start, end } = role.samples.period;
        return [
          shown.explanation.severity === Math.max(...at),
          (view.time - start) / (end - start),
        ];
      });
      expect(isWorst).toBe(true);
      expect(middle).toBeGreaterThan(0.3);
      expect(middle).toBeLessThan(0.6);
      expect(await lane.evaluate(({ selected }) => selected.host)).toBe('bench:render');
      expect(
        await lanes(page)
          .first()
          .evaluate(({ selected }) => selected),
      ).toBe(null);
      // Of the same role it is another moment, with what is changed left as it is, and no entry in the history.
      await page.evaluate(() =>
        document.querySelector('rolemix-console').model.show({ tolerance: 'off' }, false),
      );
      await settled(page);
      await lane.locator('canvas.lanes').click({ position: { x: 0.9 * width, y: 12 } });
      const then = await parameters(page);
      expect([then.get('role'), then.get('tolerance')]).toEqual(['bench:render', 'off']);
      expect(then.get('time') > said.get('time')).toBe(true);
      await page.goBack();
      expect((await parameters(page)).get('attempts')).toBe('5');
    });
  });

  test('arrow keys walk along lanes, Enter shows what they came to', async () => {
    await onPage({}, async (page) => {
      await addRoles(page, 1);
      await lanesKnown(page);
      const before = await readMoment(page);
      const slider = lanes(page).first().locator('[role="slider"]');
      await slider.press('ArrowDown');
      await slider.press('ArrowRight');
      const [text] = (await slider.getAttribute('aria-valuetext')).split(', severity');
      expect(text).toBe('svc:<b>0</b>, 2026-10-10 20:45 UTC');
      await settled(page);
      expect(await readMoment(page)).toEqual(before);
      await slider.press('Enter');
      const said = await parameters(page);
      expect(said.get('role')).toBe('svc:<b>0</b>');
      expect(said.get('time')).toBe('2026-10-10T20:45Z');
      // Who leaves without Enter has chosen nothing.
      await slider.press('ArrowUp');
      await page.locator('.language').focus();
      expect(await slider.getAttribute('aria-valuetext')).toMatch(/^svc:<b>0<\/b>, /);
      expect((await parameters(page)).get('role')).toBe('svc:<b>0</b>');
    });
  });

  test('the names beside the lanes are buttons, which show a role at its worst', async () => {
    await onPage({ hash: '#lang=ja' }, async (page) => {
      expect(await buttons(page).nth(1).innerText()).toMatch(/アラート 5 件/);
      await buttons(page).nth(1).focus();
      await page.keyboard.press('Enter');
      expect((await parameters(page)).get('role')).toBe('bench:render');
      expect((await readMoment(page)).severity).toBe(100);
      const current = page.locator('role-overview [aria-current="true"]');
      expect(await current.innerText()).toContain('bench:render');
    });
  });

  test('a large role says that it is not scored yet, and has its lane when it has been shown', async () => {
    await onPage({}, async (page) => {
      await addRoles(page, 1, { copies: 3, later: 600 });
      await settled(page);
      const large = buttons(page).last();
      expect(await large.innerText()).toMatch(/^svc:<b>0<\/b>\s+not scored yet$/);
      const lane = (name) =>
        lanes(page)
          .first()
          .evaluate((element, host) => {
            const { severity } = element.lanes.find((one) => one.host === host);
            return severity.filter((value) => !Number.isNaN(value)).length;
          }, name);
      expect(await lane('svc:<b>0</b> (not scored yet)')).toBe(0);
      const height = await heightOf(page);
      await large.click();
      await page.waitForFunction(() => {
        const { model } = document.querySelector('rolemix-console');
        return model.state.lanes.find(({ role }) => role === model.role).lane;
      });
      await settled(page);
      expect(await lane('svc:<b>0</b>')).toBeGreaterThan(800);
      expect(await page.locator('role-overview [aria-current]').innerText()).toMatch(/\d+ alerts/);
      expect(await heightOf(page)).toBe(height);
      // As trained: edits change the hosts, not the lane.
      await openSections(page, 'settings');
      const trained = await lanes(page)
        .first()
        .evaluate((element) => element.lanes);
      await page.locator('[role="switch"]').click();
      await settled(page);
      expect(
        await lanes(page)
          .first()
          .evaluate((element) => element.lanes),
      ).toEqual(trained);
    });
  });

  test.each([
    [1280, 'light'],
    [400, 'dark'],
  ])(
    'at %i px twenty roles take a bounded place, in which axe finds nothing',
    async (width, scheme) => {
      await onPage({ width, scheme }, async (page) => {
        await addRoles(page, 18);
        await lanesKnown(page);
        await expect(buttons(page).count()).resolves.toBe(20);
        expect(await heightOf(page)).toBeLessThan(0.8 * 900);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document));
        expect(violations.map(({ id, nodes }) => [id, nodes[0].failureSummary])).toEqual([]);
      });
    },
  );

  test('a single role needs no overview of roles', async () => {
    await onPage({}, async (page) => {
      await page.evaluate(() => {
        const { model } = document.querySelector('rolemix-console');
        model.roles = model.roles.slice(0, 1);
        model.show({}, false);
      });
      await settled(page);
      await expect(page.locator('role-overview').count()).resolves.toBe(0);
    });
  });
});

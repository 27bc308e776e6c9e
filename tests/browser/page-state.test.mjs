// What the page shows while work is under way, and when some of it comes too late or fails.
import { launch, onConsole, openSections, parameters, readMoment, settled } from './browser.mjs';

let browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
});

const onPage = (hash, look) =>
  onConsole(browser, { hash }, async (page) => {
    await settled(page);
    await look(page);
  });

/** Adds a role like the first one with as many copies of its hosts; its model without tolerances is `off`, or fails. */
const addRole = (page, name, { copies = 1, off = 'own' } = {}) =>
  page.evaluate(
    async ([named, times, kind]) => {
      const { model } = document.querySelector('rolemix-console');
      const [first] = model.roles;
      const { timestamps, hosts, metrics } = first.table;
      const repeated = (column) =>
        Float64Array.from({ length: times * column.length }, (_, i) => column[i % column.length]);
      const table = {
        timestamps: repeated(timestamps),
        hosts: Array.from({ length: times }, (_, i) => hosts.map((host) => `${host}-${i}`)).flat(),
        metrics: Object.fromEntries(
          Object.entries(metrics).map(([metric, column]) => [metric, repeated(column)]),
        ),
      };
      const makeOff = {
        own: first.makeOff,
        failing: () => Promise.reject(new Error('no model without tolerances')),
        late: () =>
          new Promise((resolve) => {
            window.release = async () => {
              resolve(await first.makeOff());
            };
          }),
      };
      const own = await first.model.constructor.load(first.file, model.options);
      model.add({
        ...first,
        name: named,
        model: own,
        table,
        samples: own.open(table),
        incidents: [],
        scenes: [],
        makeOff: makeOff[kind],
      });
    },
    [name, copies, off],
  );

const showRole = (page, name) => page.locator('.role').selectOption(name);
const toleranceSwitch = (page) => page.locator('[role="switch"]');
const problem = (page) => page.locator('rolemix-console .problem');
const counted = (page) => page.locator('.alerts h2 span').innerText();

describe('results that come too late', () => {
  test('scores of a role that was left meanwhile are not shown', async () => {
    await onPage('', async (page) => {
      const before = [await readMoment(page), await counted(page)];
      // More rows than are scored in one piece.
      await addRole(page, 'svc:large', { copies: 7 });
      const about = await page.evaluate(() => {
        const { model } = document.querySelector('rolemix-console');
        const [first] = model.roles;
        model.showRole('svc:large');
        const waiting = [model.shown, model.state.scoring];
        model.showRole(first.name);
        return [...waiting, model.shown.analysis.role.name, model.state.scoring];
      });
      expect(about).toEqual([null, 0, 'shop:web', null]);
      await page.waitForTimeout(500);
      await settled(page);
      expect([await readMoment(page), await counted(page)]).toEqual(before);
      expect((await parameters(page)).get('role')).toBe('shop:web');
      await expect(problem(page).count()).resolves.toBe(0);
    });
  });

  test('nothing of another role is said while a large one is being scored', async () => {
    await onPage('', async (page) => {
      await addRole(page, 'svc:large', { copies: 7 });
      const texts = await page.evaluate(async () => {
        const console_ = document.querySelector('rolemix-console');
        console_.model.showRole('svc:large');
        await console_.updateComplete;
        const { shadowRoot } = console_;
        return {
          ready: console_.hasAttribute('data-ready'),
          waiting: shadowRoot.querySelector('.waiting').textContent,
          parts: shadowRoot.querySelectorAll('moment-header, alert-list, .hosts').length,
          footer: shadowRoot.querySelector('footer').textContent,
        };
      });
      expect(texts).toMatchObject({ ready: false, parts: 0 });
      expect(texts.waiting).toMatch(/^Scoring/);
      expect(texts.footer).toContain(' 0 ms');
      await settled(page);
      expect((await parameters(page)).get('host')).toMatch(/^shop-web.*-\d$/);
    });
  });

  test('a model without tolerances that arrives after they are on again changes nothing', async () => {
    await onPage('', async (page) => {
      await addRole(page, 'svc:late', { off: 'late' });
      await showRole(page, 'svc:late');
      await settled(page);
      const before = [await readMoment(page), await counted(page)];
      await toleranceSwitch(page).click();
      await page.waitForFunction(() => window.release !== undefined);
      await toleranceSwitch(page).click();
      await page.evaluate(() => window.release());
      await settled(page);
      expect([await readMoment(page), await counted(page)]).toEqual(before);
      expect(await toleranceSwitch(page).getAttribute('aria-checked')).toBe('true');
    });
  });

  test('prices are those of the last settings, however fast these change', async () => {
    const readPrices = async (page) => {
      await page.locator('settings-panel .bars button > span', { hasText: /\d/ }).nth(9).waitFor();
      return page.locator('settings-panel').evaluate(({ renderRoot }) => {
        const cells = renderRoot.querySelectorAll('td.count, .bars button > span');
        return [...cells].map(({ textContent }) => textContent.trim());
      });
    };
    let hash;
    let prices;
    await onPage('', async (page) => {
      await openSections(page, 'settings');
      await readPrices(page);
      const known = await page.evaluate(async () => {
        const { model } = document.querySelector('rolemix-console');
        const pricesOf = () => model.state.prices?.warning.length ?? 0;
        const seen = [];
        for (const maxCheckAttempts of [1, 5, 8]) {
          model.show({ settings: { maxCheckAttempts } });
          seen.push(pricesOf());
          while (pricesOf() === 0) await new Promise((resolve) => setTimeout(resolve));
        }
        const { name, tolerance } = model.role.model.info.metrics[1];
        model.show({ edits: { tolerances: { [name]: 20 * tolerance }, muted: [] } });
        return [...seen, pricesOf()];
      });
      // Those of before are gone at once.
      expect(known).toEqual([0, 0, 0, 0]);
      await settled(page);
      prices = await readPrices(page);
      hash = `#${await parameters(page)}`;
    });
    await onPage(hash, async (page) => {
      await openSections(page, 'settings');
      expect(await readPrices(page)).toEqual(prices);
    });
  });
});

describe('what fails', () => {
  test('an edit that the model refuses is said, and the last one stays', async () => {
    await onPage('#t.loadavg5=2', async (page) => {
      const before = [await readMoment(page), await counted(page)];
      const said = await page.evaluate(() => {
        const { model } = document.querySelector('rolemix-console');
        const { edits } = model.view;
        model.show({ edits: { ...edits, muted: ['no.such'] } });
        return model.view.edits.muted;
      });
      expect(said).toEqual([]);
      expect(await problem(page).innerText()).toContain('no.such');
      expect((await parameters(page)).get('t.loadavg5')).toBe('2');
      expect([await readMoment(page), await counted(page)]).toEqual(before);
      await page.locator('[data-scene="leak"]').click();
      await expect(problem(page).count()).resolves.toBe(0);
    });
  });

  test('an address with an edit that cannot be is said, and the role shown as it was trained', async () => {
    let trained;
    await onPage('#host=shop-web01', async (page) => {
      trained = [await readMoment(page), await counted(page)];
    });
    await onPage('#host=shop-web01&t.loadavg5=1e-50', async (page) => {
      expect(await problem(page).innerText()).toContain('1e50');
      expect([await readMoment(page), await counted(page)]).toEqual(trained);
      expect((await parameters(page)).has('t.loadavg5')).toBe(false);
    });
  });

  test('a model that cannot be loaded leaves what is shown, and the address says that', async () => {
    await onPage('', async (page) => {
      await addRole(page, 'svc:failing', { off: 'failing' });
      await showRole(page, 'svc:failing');
      await settled(page);
      const before = [await readMoment(page), await counted(page)];
      await toleranceSwitch(page).click();
      await problem(page).waitFor();
      expect(await problem(page).innerText()).toContain('no model without tolerances');
      expect((await parameters(page)).get('tolerance')).toBe('on');
      expect([await readMoment(page), await counted(page)]).toEqual(before);
      expect(await toleranceSwitch(page).getAttribute('aria-checked')).toBe('true');
    });
  });

  test('from a role that cannot be shown the page goes back to the last one', async () => {
    await onPage('#scene=leak', async (page) => {
      await addRole(page, 'svc:failing', { off: 'failing' });
      const before = [await readMoment(page), await counted(page)];
      await page.evaluate(() => {
        const { model } = document.querySelector('rolemix-console');
        model.show({ role: 'svc:failing', tolerance: 'off', scene: null, host: '', time: NaN });
      });
      await problem(page).waitFor();
      const said = await parameters(page);
      expect([said.get('role'), said.get('scene')]).toEqual(['shop:web', 'leak']);
      expect([await readMoment(page), await counted(page)]).toEqual(before);
      // It can be asked for again.
      await showRole(page, 'svc:failing');
      await expect(problem(page).count()).resolves.toBe(0);
      expect((await parameters(page)).get('role')).toBe('svc:failing');
    });
  });
});

describe('while a hand moves', () => {
  test('alerts follow at once, the explanation and the address when it rests', async () => {
    await onPage('#scene=leak', async (page) => {
      const moved = await page.evaluate(() => {
        const { model } = document.querySelector('rolemix-console');
        const { replaceState } = window.history;
        window.written = 0;
        window.history.replaceState = (...parts) => {
          window.written++;
          replaceState.apply(window.history, parts);
        };
        const { explanation } = model.shown;
        const { name, tolerance } = model.role.model.info.metrics.find(
          (metric) => metric.name === explanation.metrics[0].metric,
        );
        return [1.5, 3, 20].map((factor) => {
          const { analysis } = model.state;
          model.show({ edits: { tolerances: { [name]: factor * tolerance }, muted: [] } });
          return {
            scored: model.state.analysis !== analysis,
            stays: model.shown.explanation === explanation,
            written: window.written,
          };
        });
      });
      expect(moved).toEqual(Array(3).fill({ scored: true, stays: true, written: 0 }));
      await settled(page);
      const after = await page.evaluate(() => {
        const { state, shown } = document.querySelector('rolemix-console').model;
        const { analysis, sample, explanation } = shown;
        const { severity } = analysis.explain(sample);
        return [analysis === state.analysis, explanation.severity === severity, window.written];
      });
      expect(after).toEqual([true, true, 1]);
    });
  });

  test('another moment that is chosen meanwhile is explained at once', async () => {
    await onPage('#scene=leak', async (page) => {
      const same = await page.evaluate(() => {
        const { model } = document.querySelector('rolemix-console');
        const { name, tolerance } = model.role.model.info.metrics[1];
        const { worstHost, worstAt } = model.state.analysis.alerts[0];
        model.show({ edits: { tolerances: { [name]: 2 * tolerance }, muted: [] } });
        model.show({ scene: null, host: worstHost, time: worstAt });
        const { analysis, explanation } = model.shown;
        return [analysis === model.state.analysis, explanation.host === worstHost];
      });
      expect(same).toEqual([true, true]);
      await settled(page);
      const { sentence } = await page
        .locator('rolemix-console')
        .evaluate(({ model }) => model.state.analysis.explain(model.shown.sample));
      expect((await readMoment(page)).sentence).toBe(sentence);
    });
  });
});

test('a role in the place of the one that is shown is shown as it was trained', async () => {
  await onPage('#scene=leak&t.loadavg5=2&attempts=5', async (page) => {
    await addRole(page, 'shop:web', { copies: 2 });
    await page.evaluate(() => {
      const { model } = document.querySelector('rolemix-console');
      model.showRole('shop:web');
    });
    const said = await parameters(page);
    expect(said.get('host')).toMatch(/-[01]$/);
    expect([said.has('t.loadavg5'), said.has('attempts'), said.has('scene')]).toEqual(
      Array(3).fill(false),
    );
    expect(await page.locator('.about').innerText()).toContain('24 hosts');
    await expect(page.locator('.role option').count()).resolves.toBe(2);
  });
});

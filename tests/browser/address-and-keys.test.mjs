// What the address says and restores, and what the keyboard reaches.

import {
  allSections,
  launch,
  onConsole,
  openConsole,
  openSections,
  parameters,
  readAlerts,
  readMetrics,
  readMoment,
  settled,
  showAddress,
} from './browser.mjs';

let browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
});

test('the address restores scene, host, time, metric and tolerance', async () => {
  const { page } = await openConsole(browser);
  await page.locator('[data-scene="memory-step"]').click();
  await page.locator('[role="switch"]').click();
  await page.locator('rolemix-explanation [data-metric="interface.tx.bytes"] button').click();
  const said = await parameters(page);
  const before = await readMoment(page);
  expect(Object.fromEntries(said)).toMatchObject({
    role: 'shop:web',
    scene: 'memory-step',
    host: before.host,
    metric: 'interface.tx.bytes',
    tolerance: 'off',
    lang: 'en',
  });
  const { hash } = new URL(page.url());
  await onConsole(browser, { hash }, async (again) => {
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

const everything = {
  role: 'shop:web',
  host: 'shop-web01',
  time: '2026-10-11T12:00Z',
  metric: 'loadavg5',
  from: '2026-10-11T06:00Z',
  to: '2026-10-11T18:00Z',
  tolerance: 'on',
  warning: 'sensitive',
  critical: 'normal',
  attempts: '5',
  't.cpu.user.pct': '7.5',
  mute: 'cpu.iowait.pct',
  lang: 'ja',
};

test('the address restores zoom, settings, edits and language, and says them again', async () => {
  const hash = `#${new URLSearchParams(everything)}`;
  await onConsole(browser, { hash }, async (page) => {
    expect((await readMoment(page)).host).toBe('shop-web01');
    await expect(page.locator('html').getAttribute('lang')).resolves.toBe('ja');
    expect(
      await page.locator('rolemix-swimlane.hosts').evaluate(({ from, to }) => [from, to]),
    ).toEqual([1791698400, 1791741600]);
    expect((await readMetrics(page)).find(({ selected }) => selected).metric).toBe('loadavg5');
    await openSections(page, 'settings');
    const chosen = await page
      .locator('settings-panel')
      .evaluate(({ renderRoot }) => [
        ...[...renderRoot.querySelectorAll('tr.chosen')].map((row) => row.dataset.sensitivity),
        renderRoot.querySelector('[aria-pressed="true"] strong').textContent,
        ...[...renderRoot.querySelectorAll('tr.changed')].map((row) => row.dataset.metric),
      ]);
    expect(chosen).toEqual(['sensitive', 'normal', '5', 'cpu.user.pct', 'cpu.iowait.pct']);
    // Something else is chosen, so that the page writes the whole address.
    await page.locator('rolemix-explanation tbody tr').last().click();
    await page.locator('rolemix-explanation [data-metric="loadavg5"] .name').click();
    expect(Object.fromEntries(await parameters(page))).toEqual(everything);
  });
});

test('addresses of what does not exist still show a moment', async () => {
  await onConsole(browser, {}, async (page) => {
    const worst = await readMoment(page);
    for (const hash of [
      '#scene=none&host=nobody&time=yesterday&metric=luck&tolerance=maybe&lang=xx',
      '#role=none:such&from=9&to=1&attempts=99&warning=loud&critical=&t.luck=1&mute=luck',
      '#t.loadavg5=-1&t.cpu.user.pct=NaN&attempts=2.5&mute=&%E0%A4%A&&=&#',
      '#__proto__=1&t.__proto__=2&mute=constructor&host=__proto__&metric=toString',
    ]) {
      await showAddress(page, hash);
      expect([hash, await readMoment(page)]).toEqual([hash, worst]);
    }
    await showAddress(page, '#host=shop-web-ha1&time=1999-01-01T00:00Z');
    expect(await readMoment(page)).toMatchObject({ host: 'shop-web-ha1' });
    expect((await readMoment(page)).facts).toContain('2026-10-09 04:45 UTC');
  });
});

test('an address of a role that is not loaded says so, until something else is shown', async () => {
  await onConsole(browser, { hash: '#role=blog:web&host=web1' }, async (page) => {
    const problem = page.locator('rolemix-console .problem');
    await expect(problem.innerText()).resolves.toContain('blog:web, which is not loaded here');
    await page.locator('[data-scene="memory-step"]').click();
    await expect(problem.count()).resolves.toBe(0);
  });
});

test('an address that mutes every metric mutes none', async () => {
  await onConsole(browser, {}, async (page) => {
    const names = await page.evaluate(() =>
      document
        .querySelector('rolemix-console')
        .model.role.model.info.metrics.map(({ name }) => name),
    );
    await showAddress(page, `#${names.map((name) => `mute=${name}`).join('&')}`);
    expect(await page.locator('rolemix-explanation .more').innerText()).toBe('Show all 19');
    await showAddress(
      page,
      `#${names
        .slice(1)
        .map((name) => `mute=${name}`)
        .join('&')}`,
    );
    expect(await readMetrics(page)).toHaveLength(1);
  });
});

/** Names of the elements that the tab key reaches, in order. */
async function tabOrder(page) {
  const names = [];
  for (let i = 0; i < 300; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      if (!element || element === document.body) return null;
      const text = (element.labels?.[0] ?? element).textContent.trim().split('\n')[0].trim();
      return element.getAttribute('aria-label') ?? (text || element.localName);
    });
    if (name === null || (names.length > 0 && name === names[0])) break;
    names.push(name);
  }
  return names;
}

test('everything is reached with the tab key, in the order of the page', async () => {
  await onConsole(browser, {}, async (page) => {
    await openSections(page, ...allSections);
    await page.evaluate(() => {
      document.querySelector('rolemix-console').blur();
      window.scrollTo(0, 0);
    });
    await page.mouse.click(2, 2);
    const names = await tabOrder(page);
    const metrics = (await readMetrics(page)).map(({ metric }) => metric);
    const alerts = await readAlerts(page);
    const wanted = [
      ...['Tolerances: on', '日本語', 'Open data …', 'Worst incident', 'Memory leak'],
      ...metrics.flatMap((metric) => [metric, `Value of ${metric}`]),
      ...['Show all 19', 'CSV', 'JSON', /^Curve of /, 'True alarm', 'Unsure', 'Shortcut keys'],
      ...['Kind', 'Note'],
      ...[/^Moment shown\./, ...alerts.map(({ level }) => level)],
      ...['Sensitivity and its price', 'normal', 'insensitive', '6'],
      ...['Tolerance: requests.rate', 'Mute: requests.rate', 'Save as YAML'],
      ...['All metrics over time', /^Curve of /, 'Verdicts', 'Import'],
      ...['Open data', 'Choose files …', 'Folder of models (URL)', 'Load'],
    ];
    let place = -1;
    for (const name of wanted) {
      const fits = (other, i) =>
        i > place && (name instanceof RegExp ? name.test(other) : other.startsWith(name));
      const found = names.findIndex(fits);
      expect([String(name), found > place ? 'reached' : names.slice(place + 1)]).toEqual([
        String(name),
        'reached',
      ]);
      place = found;
    }
  });
});

test('everything is operated with the keyboard', async () => {
  await onConsole(browser, {}, async (page) => {
    const press = async (selector, ...keys) => {
      const element = page.locator(selector).first();
      for (const key of keys) await element.press(key);
      return Object.fromEntries(await parameters(page));
    };
    expect(await press('[data-scene="leak"]', 'Enter')).toMatchObject({ scene: 'leak' });
    const { metric } = (await readMetrics(page)).at(-1);
    await press(`rolemix-explanation [data-metric="${metric}"] .name`, 'Enter');
    const title = page.locator('.pictures rolemix-metric-chart .title');
    expect(await title.innerText()).toContain(metric);
    expect(await press('[role="switch"]', 'Space')).toMatchObject({ tolerance: 'off' });
    expect(await press('[role="switch"]', 'Space')).toMatchObject({ tolerance: 'on' });
    expect(await press('.language', 'Enter')).toMatchObject({ lang: 'ja' });
    expect(await press('.language', 'Enter')).toMatchObject({ lang: 'en' });
    await press('rolemix-explanation .more', 'Enter');
    expect(await readMetrics(page)).toHaveLength(19);
    await press('alert-list li:first-child button', 'Enter');
    const moment = await readMoment(page);
    expect(moment.level).not.toContain('no alert');

    const value = page.locator('rolemix-explanation .thumb').first();
    const observed = await value.getAttribute('aria-valuenow');
    await press('rolemix-explanation .thumb', 'ArrowLeft');
    expect(await value.getAttribute('aria-valuenow')).not.toBe(observed);
    await press('rolemix-explanation .reset', 'Enter');
    expect(await readMoment(page)).toEqual(moment);

    const { time } = Object.fromEntries(await parameters(page));
    const later = await press('.pictures rolemix-metric-chart .chart', 'ArrowRight');
    expect(Date.parse(later.time) - Date.parse(time)).toBe(300_000);

    for (const [key, name] of [
      ['t', 'true_alarm'],
      ['f', 'false_alarm'],
      ['u', 'unsure'],
    ]) {
      await page.keyboard.press(key);
      const pressed = page.locator('verdict-panel [aria-pressed="true"]');
      expect(await pressed.getAttribute('data-verdict')).toBe(name);
    }
    await press('verdict-panel .undo', 'Enter', 'Enter');

    for (const name of allSections) {
      await press(`[data-section="${name}"] summary`, 'Enter');
      expect(await page.locator(`[data-section="${name}"]`).getAttribute('open')).toBe('');
    }
    const warning = '[data-setting="warningSensitivity"] [data-sensitivity="normal"] input';
    expect(await press(warning, 'ArrowUp')).toMatchObject({ warning: 'sensitive' });
    expect(await press('settings-panel .bars button', 'Enter')).toMatchObject({ attempts: '1' });
    const row = 'settings-panel [data-metric="loadavg5"]';
    const moved = await press(`${row} [type="range"]`, 'ArrowRight', 'ArrowRight');
    expect(Number(moved['t.loadavg5'])).toBeGreaterThan(0);
    expect(await press(`${row} [type="checkbox"]`, 'Space')).toMatchObject({ mute: 'loadavg5' });
    const reset = await press('settings-panel .reset', 'Enter');
    expect(Object.keys(reset)).not.toEqual(expect.arrayContaining(['mute', 'attempts']));
  });
});

test('keys of the overview move the moment over time and hosts, and zoom', async () => {
  const hash = '#host=shop-web01&time=2026-10-10T06:00Z';
  await onConsole(browser, { hash }, async (page) => {
    const lanes = page.locator('rolemix-swimlane.hosts [role="slider"]');
    const move = async (key) => {
      await lanes.press(key);
      const { host, time } = Object.fromEntries(await parameters(page));
      return `${host} ${time}`;
    };
    expect(await move('ArrowRight')).toBe('shop-web01 2026-10-10T06:05Z');
    expect(await move('Shift+ArrowLeft')).toBe('shop-web01 2026-10-10T05:05Z');
    const below = await move('ArrowDown');
    expect(below).toMatch(/^shop-web(?!01).* 2026-10-10T05:05Z$/);
    expect(await move('ArrowUp')).toBe('shop-web01 2026-10-10T05:05Z');
    expect(await lanes.getAttribute('aria-valuetext')).toMatch(
      /^shop-web01, 2026-10-10 05:05 UTC, severity \d+, \w+$/,
    );
    const width = async (key) => {
      await lanes.press(key);
      const said = await parameters(page);
      return Date.parse(said.get('to')) - Date.parse(said.get('from'));
    };
    const half = await width('+');
    expect(half).toBeGreaterThan(30 * 3600e3);
    expect(await width('+')).toBeCloseTo(half / 2, -4);
    expect(await width('-')).toBeCloseTo(half, -4);
    expect(await width('Escape')).toBeNaN();
    expect(await move('End')).toMatch(/^shop-web01 2026-10-11T23:5/);
    expect(await move('Home')).toBe('shop-web01 2026-10-09T04:45Z');
  });
});

test('a click into the overview and one into the curve choose the moment', async () => {
  await onConsole(browser, {}, async (page) => {
    const before = (await parameters(page)).toString();
    await page
      .locator('rolemix-swimlane.hosts canvas.lanes')
      .click({ position: { x: 400, y: 60 } });
    const chosen = await parameters(page);
    expect(chosen.toString()).not.toBe(before);
    const chart = page.locator('.pictures rolemix-metric-chart canvas');
    // It draws once it is in sight; a click while it does is lost.
    await chart.scrollIntoViewIfNeeded();
    await settled(page);
    await chart.click({ position: { x: 120, y: 100 } });
    const after = await parameters(page);
    expect(after.get('time')).not.toBe(chosen.get('time'));
    expect(after.get('host')).toBe(chosen.get('host'));
  });
});

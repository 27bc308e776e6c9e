// The page as files on a server that sends a security policy.
import {
  allSections,
  launch,
  openConsole,
  openPage,
  openSections,
  parameters,
  readAlerts,
  readMetrics,
  readMoment,
  settled,
} from './browser.mjs';
import { serveSite } from './site-server.mjs';

let browser;
let server;
let origin;

beforeAll(async () => {
  server = await serveSite();
  ({ origin } = server);
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

const onSite = async (look, options = {}) => {
  const { page, problems } = await openConsole(browser, { url: `${origin}/`, origin, ...options });
  await look(page, problems);
  expect(problems).toEqual([]);
  await page.context().close();
};

test('it opens on the worst incident and asks nobody else', async () => {
  const { page: alone } = await openConsole(browser);
  const wanted = [await readMoment(alone), await readMetrics(alone), await readAlerts(alone)];
  await alone.context().close();
  await onSite(async (page) => {
    expect([await readMoment(page), await readMetrics(page), await readAlerts(page)]).toEqual(
      wanted,
    );
    const asked = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => name),
    );
    for (const address of asked) expect(address).toMatch(/^(blob:)?http:\/\/127\.0\.0\.1:/);
    await openSections(page, ...allSections);
    await page.keyboard.press('t');
    await page.locator('rolemix-explanation .thumb').first().press('PageDown');
    await page.locator('.language').click();
    expect((await parameters(page)).get('lang')).toBe('ja');
  });
});

test('a large table is scored in slices there, with the same results', async () => {
  await onSite(async (page) => {
    const [rows, before] = await page.evaluate(() => {
      const { model } = document.querySelector('rolemix-console');
      const { role } = model;
      const { timestamps, hosts, metrics } = role.table;
      const copies = 7;
      const repeated = (column) => {
        const whole = new Float64Array(copies * column.length);
        for (let i = 0; i < copies; i++) whole.set(column, i * column.length);
        return whole;
      };
      const table = {
        timestamps: repeated(timestamps),
        hosts: Array.from({ length: copies }, (_, i) => hosts.map((host) => `${host}-${i}`)).flat(),
        metrics: Object.fromEntries(
          Object.entries(metrics).map(([name, column]) => [name, repeated(column)]),
        ),
      };
      const samples = role.model.open(table);
      const severity = [...model.shown.analysis.samples.scores.severity];
      model.roles = [
        ...model.roles,
        { ...role, name: 'large', table, samples, incidents: [], scenes: [], makeOff: null },
      ];
      model.showRole('large');
      return [table.timestamps.length, severity];
    });
    expect(rows).toBeGreaterThan(60_000);
    await settled(page);
    const severity = await page.evaluate(() => [
      ...document.querySelector('rolemix-console').model.shown.analysis.samples.scores.severity,
    ]);
    expect(severity).toHaveLength(rows);
    expect(severity.slice(-before.length)).toEqual(before);
    expect(await readAlerts(page)).toHaveLength(42);
    expect(await page.locator('footer').innerText()).toContain('Scored 67,746 samples');
  });
});

test('files are read in a worker there', async () => {
  await onSite(async (page) => {
    const workers = [];
    page.on('worker', (worker) => workers.push(worker.url()));
    await openSections(page, 'data');
    const csv = await page.evaluate(() => {
      const { timestamps, hosts, metrics } =
        document.querySelector('rolemix-console').model.role.table;
      const names = Object.keys(metrics);
      const rows = [...timestamps.keys()].filter((row) => hosts[row] === 'shop-web01');
      const line = (row) =>
        [timestamps[row], hosts[row], ...names.map((name) => metrics[name][row])].join();
      return [['timestamp', 'host', ...names].join(), ...rows.map(line)].join('\n');
    });
    const file = { name: 'own.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
    await page.locator('data-panel input[type="file"]').setInputFiles(file);
    await page.waitForFunction(
      () => document.querySelector('rolemix-console').model.role.origin === 'opened',
    );
    await settled(page);
    expect((await readMoment(page)).host).toBe('shop-web01');
    expect(workers).toHaveLength(1);
  });
});

test.each([
  ['.wasm', 404],
  ['.bin', 500],
])('without its %s it says so', async (end, status) => {
  server.broken.set(end, status);
  const { page } = await openPage(browser, { url: `${origin}/`, origin });
  const notice = page.locator('#notice[role="alert"]');
  await notice.waitFor();
  expect(await notice.innerText()).toMatch(
    new RegExp(`^The page cannot start: http.*\\${end}: got HTTP status ${status}\\.$`),
  );
  await page.context().close();
  server.broken.clear();
});

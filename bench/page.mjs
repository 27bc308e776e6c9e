// What the page takes in Chromium: to open, to score and draw many hosts, for each step of a hand. script/bench page builds what it
// needs and starts it.
import { statSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const pageFile = fileURLToPath(new URL('../demo/dist/rolemix.html', import.meta.url));
const rounds = Number(process.env.ROLEMIX_BENCH_ROUNDS ?? 5);
const steps = 40;

const browser = await chromium.launch({
  executablePath: process.env.ROLEMIX_CHROMIUM || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

async function open(hash = '') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(pathToFileURL(pageFile).href + hash);
  await page.locator('rolemix-console[data-ready]').waitFor({ timeout: 60_000 });
  return page;
}

/** Milliseconds from the start of loading until the first explanation was on the screen. */
async function opening() {
  const page = await open();
  const time = await page.evaluate(
    () => performance.getEntriesByName('rolemix-explained')[0].startTime,
  );
  await page.context().close();
  return time;
}

/** Runs in the page: the sample's hosts over and over, as many as wanted, for a day. */
function manyHosts([hosts, interval]) {
  const console_ = document.querySelector('rolemix-console');
  const { role } = console_.model;
  const samples = 86400 / interval;
  const source = role.samples.hosts.map((host) =>
    role.table.hosts.flatMap((name, row) => (name === host ? [row] : [])),
  );
  const timestamps = new Float64Array(hosts * samples);
  const names = [];
  const metrics = Object.fromEntries(
    Object.keys(role.table.metrics).map((name) => [name, new Float64Array(hosts * samples)]),
  );
  for (let h = 0; h < hosts; h++) {
    const from = source[h % source.length];
    for (let i = 0; i < samples; i++) {
      const row = h * samples + i;
      timestamps[row] = role.samples.period.start + i * interval;
      names.push(`host-${h}`);
      for (const name in metrics)
        metrics[name][row] = role.table.metrics[name][from[i % from.length]];
    }
  }
  const table = { timestamps, hosts: names, metrics };
  return {
    ...role,
    name: role.name,
    table,
    samples: role.model.open(table),
    incidents: [],
    scenes: [],
  };
}

/** Milliseconds to score, find alerts, explain the worst and draw. */
async function scoring(hosts, interval) {
  const page = await open();
  const time = await page.evaluate(
    async ([make, wanted]) => {
      const console_ = document.querySelector('rolemix-console');
      const role = (0, eval)(`(${make})`)(wanted);
      const started = performance.now();
      console_.model.roles = [role];
      console_.model.showRole(role.name);
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        if (console_.hasAttribute('data-ready') && console_.model.shown?.analysis.role === role)
          break;
      }
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - started;
    },
    [manyHosts.toString(), [hosts, interval]],
  );
  await page.context().close();
  return time;
}

/** Median milliseconds from a change until everything is rendered and laid out. */
async function stepping(kind, wholePeriod) {
  const page = await open('#scene=broken-relation');
  await page.waitForTimeout(300);
  const times = await page.evaluate(
    async ([make, what, whole, count]) => {
      const console_ = document.querySelector('rolemix-console');
      const { model } = console_;
      if (!whole) {
        const role = (0, eval)(`(${make})`)([
          model.role.samples.hosts.length,
          model.role.samples.period.interval,
        ]);
        model.roles = [role];
        model.showRole(role.name);
        await console_.updateComplete;
      }
      const { name, tolerance } = model.role.model.info.metrics[1];
      const measured = [];
      for (let i = 0; i < count; i++) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const started = performance.now();
        if (what === 'what-if') model.move(name, 20 + i / 2);
        else
          model.show(
            { edits: { tolerances: { [name]: tolerance * (1 + i / 10) }, muted: [] } },
            false,
          );
        await console_.updateComplete;
        document.body.getBoundingClientRect();
        measured.push(performance.now() - started);
      }
      return measured;
    },
    [manyHosts.toString(), kind, wholePeriod, steps],
  );
  await page.context().close();
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** The least of some rounds: what it takes when nothing else runs. */
async function least(measure) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) best = Math.min(best, await measure());
  return best;
}

const results = [
  ['open to the first explanation', await least(opening), 'ms', 1000],
  ['100 hosts x 1 day, 5 min', await least(() => scoring(100, 300)), 'ms', 300],
  ['100 hosts x 1 day, 1 min', await least(() => scoring(100, 60)), 'ms', 300],
  ['what-if step', await least(() => stepping('what-if', true)), 'ms', 16],
  ['tolerance step, a day', await least(() => stepping('tolerance', false)), 'ms', 16],
  ['tolerance step, whole period', await least(() => stepping('tolerance', true)), 'ms', null],
  ['page file', statSync(pageFile).size / 1e6, 'MB', 1.5],
];
await browser.close();
for (const [what, value, unit, target] of results) {
  const aim = target === null ? '' : `   (aim: at most ${target} ${unit})`;
  console.log(`${what.padEnd(34)} ${value.toPrecision(3).padStart(8)} ${unit}${aim}`);
}
if (process.argv[2] === '--json') {
  const rows = results.map(([engine, value, unit]) => ({
    task: 'page',
    engine,
    value,
    unit,
    ratio: null,
  }));
  writeFileSync(process.argv[3], `${JSON.stringify(rows, null, 2)}\n`);
}

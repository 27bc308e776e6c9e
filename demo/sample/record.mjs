// Records a role from real processes: workers of sample/render-service.mjs under a load with a daily rhythm, measured once a second
// from /proc and by the service itself. One second recorded is shown as a minute: timestamps lie 60 s apart from a fixed day on, and
// a day lasts 24 minutes. Rates and durations are those that were measured, per real second. After the clean part incidents are
// provoked in single workers, and labelled. Writes DIR/metrics/<host>.csv, DIR/incidents.csv and DIR/role.yaml.
// Usage: node record.mjs -o DIR [--seconds 2400] [--workers 8] [--warm-up 150] [--seed 1]      (Linux)
import { fork } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { labels, provoke } from './incidents.mjs';
import { startLoad } from './load.mjs';
import { measure, metricNames, rates } from './proc.mjs';

const start = Date.UTC(2026, 9, 5) / 1000; // shown time of the first sample
const shown = 60; // seconds that one second stands for
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

function readOptions() {
  const { values } = parseArgs({
    options: {
      output: { type: 'string', short: 'o' },
      seconds: { type: 'string', default: '2400' },
      workers: { type: 'string', default: '8' },
      'warm-up': { type: 'string', default: '150' },
      seed: { type: 'string', default: '1' },
    },
  });
  const whole = (name, least) => {
    const number = Number(values[name]);
    if (Number.isInteger(number) && number >= least) return number;
    throw new Error(`--${name}: expected a whole number from ${least} on, got '${values[name]}'`);
  };
  if (!values.output) throw new Error('expected -o DIR');
  return {
    output: values.output,
    seconds: whole('seconds', 1),
    workers: whole('workers', 1),
    warmUp: whole('warm-up', 0),
    seed: whole('seed', 0),
  };
}

/** Starts a worker and waits for its port. */
async function startWorker(folder, host) {
  const own = join(folder, host);
  mkdirSync(own);
  const child = fork(here('render-service.mjs'), [own], {
    execArgv: ['--expose-gc', '--max-semi-space-size=2', '--max-old-space-size=256'],
  });
  const port = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.port));
    child.once('exit', (code) => reject(new Error(`${host} ended with ${code} before it served`)));
  });
  return { host, child, port };
}

/** Without its channel a worker ends. */
async function stop({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  await ended;
}

/** The worker's own counters; null when it does not answer in time. */
function askService({ child }, number, milliseconds) {
  return new Promise((resolve) => {
    const done = (result) => {
      clearTimeout(timer);
      child.off('message', listen);
      resolve(result);
    };
    const listen = (message) => {
      if (message.answer === number) done(message);
    };
    const timer = setTimeout(() => done(null), milliseconds);
    child.on('message', listen);
    child.send({ ask: number });
  });
}

async function take(worker, number) {
  const service = await askService(worker, number, 700);
  return service && measure(worker.child.pid, service);
}

const until = (time) => new Promise((resolve) => setTimeout(resolve, time - performance.now()));

async function record(workers, { output, seconds, warmUp, seed }) {
  const begin = performance.now() + 1000 * warmUp;
  const hour = () => (((performance.now() - begin) / 1000) * shown) / 3600;
  let factor = 1;
  const children = workers.map(({ child }) => child);
  const ports = workers.map(({ port }) => port);
  const load = startLoad(ports, seed, hour, () => factor);
  let before = [];
  let provoked = 0;
  for (let second = 0; second <= seconds; second++) {
    if (performance.now() > begin + 1000 * (second + 1)) continue; // this machine was too busy
    await until(begin + 1000 * second);
    const now = await Promise.all(workers.map((worker) => take(worker, second)));
    workers.forEach(({ host }, i) => {
      if (!now[i] || !before[i]) return;
      const values = rates(before[i], now[i]);
      const row = [start + shown * (second - 1), host, ...values];
      appendFileSync(fileOf(output, host), `${row.join()}\n`);
    });
    before = now;
    for (; provoked <= second; provoked++) factor = provoke(children, seconds, provoked);
    if (second % 60 === 0) console.error(`record: ${second} of ${seconds} s`);
  }
  load.stop();
  if (load.failures.count > 0) console.error(`record: ${load.failures.count} requests failed`);
}

const fileOf = (output, host) => join(output, 'metrics', `${host}.csv`);

function prepare(output, hosts, seconds) {
  mkdirSync(join(output, 'metrics'), { recursive: true });
  const header = ['timestamp', 'host', ...metricNames].join();
  for (const host of hosts) writeFileSync(fileOf(output, host), `${header}\n`);
  writeFileSync(
    join(output, 'incidents.csv'),
    labels(hosts, seconds, (second) => start + shown * second),
  );
  copyFileSync(here('recorded.yaml'), join(output, 'role.yaml'));
}

const folder = mkdtempSync(join(tmpdir(), 'rolemix-record-'));
const workers = [];
try {
  const options = readOptions();
  for (let i = 1; i <= options.workers; i++) {
    workers.push(await startWorker(folder, `render-${i}`));
  }
  const hosts = workers.map(({ host }) => host);
  prepare(options.output, hosts, options.seconds);
  await record(workers, options);
  const { user, system } = process.cpuUsage();
  console.error(`record: load and measuring took ${((user + system) / 1e6).toFixed(1)} s of CPU`);
} catch (error) {
  console.error(`record: ${error.message}`);
  process.exitCode = 2;
} finally {
  await Promise.all(workers.map(stop));
  rmSync(folder, { recursive: true });
}

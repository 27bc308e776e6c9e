// Makes the page's sample: simulates a week, learns from its clean part with and without a tolerance for memory, finds the scenes,
// packs the rest.
// Checks what the page is going to say of it, and says so if the data no longer show it. Usage: node build-sample.mjs [SEED]
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { decode, encode, pack, quantisation } from './sample/pack.mjs';
import { parseCsv, rolemix } from './sample/rolemix.mjs';
import { findScenes, isAbout } from './sample/scenes.mjs';

const settings = { seed: process.argv[2] ?? '1', interval: 300, hosts: 12, days: 7 };
const cleanShare = 0.6; // rolemix simulate --help: the first 60 % are free of incidents
const mostBytes = 350_000; // in the page, as base64
const mostChange = 0.1; // of a severity, by packing
const output = fileURLToPath(new URL('../build/demo/sample.bin', import.meta.url));

function simulate(folder) {
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  rolemix('simulate', ...options, '-o', folder);
  const incidents = parseCsv(readFileSync(join(folder, 'incidents.csv'), 'utf8'));
  return incidents.map(({ kind, host, from, to, anomalous, cause_metrics, description }) => ({
    kind,
    host: host === '' ? null : host,
    from: Number(from),
    to: Number(to),
    anomalous: anomalous === 'true',
    causes: cause_metrics.split(';'),
    description,
  }));
}

function readTable(folder) {
  const files = readdirSync(join(folder, 'metrics')).sort();
  const rows = files.flatMap((file) =>
    parseCsv(readFileSync(join(folder, 'metrics', file), 'utf8')),
  );
  const names = Object.keys(rows[0]).filter((name) => name !== 'timestamp' && name !== 'host');
  return { rows, names, start: Number(rows[0].timestamp) };
}

/** The role's configuration, in which one metric's tolerance is next to nothing. */
function withoutTolerance(config, metric) {
  const place = new RegExp(`^( +${metric.replaceAll('.', '\\.')}: .*tolerance: )[^,}]+`, 'm');
  if (!place.test(config)) throw new Error(`no tolerance of ${metric} in the configuration`);
  return config.replace(place, '$10.001 %');
}

/** The metric whose tolerance the page switches off. */
function flatMetric(incidents) {
  const step = incidents.find(({ kind }) => kind === 'memory_step');
  if (!step) throw new Error('no memory_step in the simulated week');
  return step.causes[0];
}

function learn(folder, until, metric) {
  const config = join(folder, 'role.yaml');
  const loose = join(folder, 'role-without-tolerance.yaml');
  writeFileSync(loose, withoutTolerance(readFileSync(config, 'utf8'), metric));
  const models = { on: join(folder, 'on.rolemix'), off: join(folder, 'off.rolemix') };
  const input = ['--input', join(folder, 'metrics'), '--to', until];
  // As many as tell the standby hosts, whose memory is flat, from the others.
  const states = ['--components', '6'];
  rolemix('train', ...input, ...states, '--config', config, '-o', models.on);
  rolemix('train', ...input, ...states, '--config', loose, '-o', models.off);
  return models;
}

function quantise({ rows, names }, from) {
  const later = rows.filter((row) => Number(row.timestamp) >= from);
  const number = (text) => (text === '' ? NaN : Number(text));
  const metrics = names.map((name) => ({
    name,
    ...quantisation(later.map((row) => number(row[name]))),
  }));
  const hosts = [...new Set(later.map((row) => row.host))];
  const times = later.map((row) => Number(row.timestamp));
  const steps = (Math.max(...times) - from) / settings.interval + 1;
  const columns = metrics.map((metric) => {
    const codes = new Array(hosts.length * steps).fill(0);
    later.forEach((row, i) => {
      const place = hosts.indexOf(row.host) * steps + (times[i] - from) / settings.interval;
      codes[place] = encode(number(row[metric.name]), metric);
    });
    return codes;
  });
  return { start: from, interval: settings.interval, steps, hosts, metrics, columns };
}

/** The table as the page is going to see it. */
function toCsv({ start, interval, steps, hosts, metrics, columns }) {
  const lines = [['timestamp', 'host', ...metrics.map((metric) => metric.name)].join()];
  hosts.forEach((host, h) => {
    for (let step = 0; step < steps; step++) {
      const values = metrics.map((metric, d) => decode(columns[d][h * steps + step], metric));
      if (values.every(Number.isNaN)) continue;
      const cells = values.map((value) => (Number.isNaN(value) ? '' : value));
      lines.push([start + step * interval, host, ...cells].join());
    }
  });
  return `${lines.join('\n')}\n`;
}

/** The same part of the table as it is. */
function cutCsv({ rows, names }, from) {
  const columns = ['timestamp', 'host', ...names];
  const later = rows.filter((row) => Number(row.timestamp) >= from);
  const lines = [columns, ...later.map((row) => columns.map((name) => row[name]))];
  return `${lines.map((cells) => cells.join()).join('\n')}\n`;
}

function alertsOf(model, input) {
  const found = parseCsv(rolemix('alerts', '-m', model, '--input', input, '--format', 'csv'));
  return found.map((alert) => ({
    host: alert.host,
    startedAt: Number(alert.started_at),
    openedAt: Number(alert.opened_at),
    closedAt: alert.closed_at === '' ? null : Number(alert.closed_at),
    topMetrics: alert.top_metrics.split(';'),
  }));
}

function severities(model, input) {
  const rows = parseCsv(rolemix('score', '-m', model, '--input', input));
  return new Map(rows.map((row) => [`${row.host} ${row.timestamp}`, Number(row.severity)]));
}

function check(holds, claim) {
  if (!holds) throw new Error(`the sample no longer shows it: ${claim}`);
}

function checkClaims({ incidents, alerts }) {
  const real = incidents.filter((incident) => incident.anomalous);
  const isFalse = (alert) => !real.some((incident) => isAbout(alert, incident));
  for (const incident of real) {
    check(
      alerts.on.some((alert) => isAbout(alert, incident)),
      `an alert about ${incident.kind} on ${incident.host}`,
    );
  }
  check(!alerts.on.some(isFalse), 'no false alarm with the tolerance');
  check(alerts.off.some(isFalse), 'false alarms without the tolerance');
}

function largestChange(before, after) {
  return Math.max(...[...after].map(([key, severity]) => Math.abs(severity - before.get(key))));
}

function describe(name, model, exact, packed) {
  const before = severities(model, exact);
  const after = severities(model, packed);
  const change = largestChange(before, after);
  console.error(
    `sample: tolerance ${name}: packing changes severity by ${change.toFixed(3)} at most`,
  );
  check(change <= mostChange, `severities within ${mostChange} of those before packing`);
  const alerts = alertsOf(model, packed);
  const same = JSON.stringify(alerts) === JSON.stringify(alertsOf(model, exact));
  check(same, 'the alerts of before packing');
  return { alerts, severity: (host, timestamp) => after.get(`${host} ${timestamp}`) };
}

function build(folder) {
  console.error(`sample: simulating ${settings.days} days of ${settings.hosts} hosts`);
  const incidents = simulate(folder);
  const table = readTable(folder);
  const cleanSteps = Math.floor((cleanShare * settings.days * 86400) / settings.interval);
  const from = table.start + cleanSteps * settings.interval;
  const metric = flatMetric(incidents);
  console.error(`sample: learning from the clean part, with and without a tolerance of ${metric}`);
  const models = learn(folder, from, metric);
  const packed = quantise(table, from);
  const input = join(folder, 'packed.csv');
  writeFileSync(input, toCsv(packed));
  const exact = join(folder, 'exact.csv');
  writeFileSync(exact, cutCsv(table, from));
  const on = describe('on', models.on, exact, input);
  const off = describe('off', models.off, exact, input);
  const week = {
    input,
    incidents,
    models,
    alerts: { on: on.alerts, off: off.alerts },
    severity: { on: on.severity, off: off.severity },
  };
  checkClaims(week);
  const scenes = findScenes(week);
  const bytes = pack({
    ...packed,
    incidents,
    scenes,
    models: { on: readFileSync(models.on), off: readFileSync(models.off) },
  });
  const size = Math.ceil(bytes.length / 3) * 4;
  check(size <= mostBytes, `at most ${mostBytes} bytes, not ${size}`);
  mkdirSync(join(output, '..'), { recursive: true });
  writeFileSync(output, bytes);
  const counts = `${week.alerts.on.length} alerts with the tolerance, ${week.alerts.off.length} without`;
  console.error(`sample: ${size} bytes as base64; ${counts}`);
}

const folder = mkdtempSync(join(tmpdir(), 'rolemix-sample-'));
try {
  build(folder);
} catch (error) {
  console.error(`sample: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

// The simulated role: a week, learned from its clean part with and without a tolerance for memory, and the scenes that the page tells.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { rolemix } from './rolemix.mjs';
import { findScenes, isAbout } from './scenes.mjs';
import {
  alertsOf,
  check,
  cutCsv,
  quantise,
  readIncidents,
  readTable,
  severities,
  stepsOf,
  toCsv,
} from './table.mjs';

const settings = { interval: 300, hosts: 12, days: 7 };
const cleanShare = 0.6; // rolemix simulate --help: the first 60 % are free of incidents
const mostChange = 0.25; // of a severity, by packing: people see whole numbers
const stepsInTolerance = [50, 100, 200, 400]; // of packed values, the first that changes no severity by more
const flatStep = 500_000; // bytes, of the metric whose tolerance is switched off: its least move counts then

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

/** The table in codes, as coarse as the severities of both models allow; `input` is it as CSV. */
function packTable(table, from, models, metric, folder) {
  const exact = join(folder, 'exact.csv');
  const input = join(folder, 'packed.csv');
  writeFileSync(exact, cutCsv(table, from));
  const before = Object.values(models).map((model) => severities(model, exact));
  for (const share of stepsInTolerance) {
    const steps = stepsOf(models.on, share).set(metric, flatStep);
    const packed = quantise(table, settings.interval, from, steps);
    writeFileSync(input, toCsv(packed));
    const changes = Object.values(models).map((model, i) =>
      largestChange(before[i], severities(model, input)),
    );
    const change = Math.max(...changes);
    if (change > mostChange) continue;
    console.error(
      `sample: ${share} steps in a tolerance change severity by ${change.toFixed(3)} at most`,
    );
    return { packed, exact, input };
  }
  throw new Error(`packing changes severities by more than ${mostChange}`);
}

function describe(model, exact, packed) {
  const alerts = alertsOf(model, packed);
  const same = JSON.stringify(alerts) === JSON.stringify(alertsOf(model, exact));
  check(same, 'the alerts of before packing');
  const severity = severities(model, packed);
  return { alerts, severity: (host, timestamp) => severity.get(`${host} ${timestamp}`) };
}

/** The role for pack(), made in the folder. */
export function simulatedRole(folder, seed) {
  console.error(`sample: simulating ${settings.days} days of ${settings.hosts} hosts`);
  const options = Object.entries({ ...settings, seed });
  rolemix('simulate', ...options.flatMap(([name, value]) => [`--${name}`, value]), '-o', folder);
  const incidents = readIncidents(folder);
  const table = readTable(folder);
  const cleanSteps = Math.floor((cleanShare * settings.days * 86400) / settings.interval);
  const from = Number(table.rows[0].timestamp) + cleanSteps * settings.interval;
  const metric = flatMetric(incidents);
  console.error(`sample: learning from the clean part, with and without a tolerance of ${metric}`);
  const models = learn(folder, from, metric);
  const { packed, exact, input } = packTable(table, from, models, metric, folder);
  const on = describe(models.on, exact, input);
  const off = describe(models.off, exact, input);
  const week = {
    input,
    incidents,
    models,
    alerts: { on: on.alerts, off: off.alerts },
    severity: { on: on.severity, off: off.severity },
  };
  checkClaims(week);
  const scenes = findScenes(week);
  console.error(
    `sample: ${on.alerts.length} alerts with the tolerance, ${off.alerts.length} without`,
  );
  return {
    role: 'shop:web',
    origin: 'simulated',
    ...packed,
    incidents,
    scenes,
    models: { on: readFileSync(models.on), off: readFileSync(models.off) },
  };
}

// The recorded role: real processes, measured by sample/record.mjs and kept in sample/recorded.bin; learned from its clean part.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { unpack } from './pack.mjs';
import { rolemix } from './rolemix.mjs';
import { isAbout } from './scenes.mjs';
import { alertsOf, check, cut, toCsv } from './table.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

// What is told of the recording. Answers of 17 ms alert nobody here: this machine's other work had made them usual.
const missed = ['slow_responses'];

function checkClaims(incidents, alerts) {
  const real = incidents.filter(({ anomalous }) => anomalous);
  for (const incident of real) {
    const found = alerts.filter((alert) => isAbout(alert, incident));
    const about = `${incident.kind} on ${incident.host}`;
    if (missed.includes(incident.kind)) check(found.length === 0, `no alert about ${about}`);
    else check(found.length > 0, `an alert about ${about}`);
    for (const { topMetrics } of found) {
      check(incident.causes.includes(topMetrics[0]), `a cause is to blame first: ${about}`);
    }
  }
  const isFalse = (alert) => !real.some((incident) => isAbout(alert, incident));
  check(!alerts.some(isFalse), 'no false alarm, nor one about more load, in the recording');
}

/** The role for pack(), made in the folder. */
export function recordedRole(folder) {
  const { until, ...whole } = unpack(readFileSync(file('recorded.bin')));
  const { interval, start, incidents } = whole;
  mkdirSync(join(folder, 'metrics'));
  writeFileSync(join(folder, 'metrics', 'all.csv'), toCsv(whole));
  const on = join(folder, 'on.rolemix');
  const input = ['--input', join(folder, 'metrics'), '--to', until];
  rolemix('train', ...input, '--config', file('recorded.yaml'), '-o', on);
  const shown = cut(whole, (until - start) / interval);
  const csv = join(folder, 'shown.csv');
  writeFileSync(csv, toCsv(shown));
  const alerts = alertsOf(on, csv);
  checkClaims(incidents, alerts);
  console.error(`sample: ${alerts.length} alerts of the recorded role`);
  const models = { on: readFileSync(on) };
  return { ...shown, role: 'bench:render', origin: 'recorded', scenes: [], models };
}

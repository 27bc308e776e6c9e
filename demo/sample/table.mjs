// Tables of a role as the sample keeps them ({start, interval, steps, hosts, metrics, columns of codes}), and what the command says
// of them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { decode, encode, quantisation, roundStep } from './pack.mjs';
import { parseCsv, rolemix } from './rolemix.mjs';

/** An error that says which claim the data no longer show. */
export function check(holds, claim) {
  if (!holds) throw new Error(`the sample no longer shows it: ${claim}`);
}

/** The folder's metrics/*.csv: {rows, names}, values as text. */
export function readTable(folder) {
  const files = readdirSync(join(folder, 'metrics')).sort();
  const rows = files.flatMap((file) =>
    parseCsv(readFileSync(join(folder, 'metrics', file), 'utf8')),
  );
  const names = Object.keys(rows[0]).filter((name) => name !== 'timestamp' && name !== 'host');
  return { rows, names };
}

export function readIncidents(folder) {
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

/** By metric: a step as fine as values need be kept, `share` to a tolerance of the model. */
export function stepsOf(model, share) {
  const { metrics } = JSON.parse(rolemix('inspect', model, '--format', 'json'));
  return new Map(metrics.map(({ metric, tolerance }) => [metric, roundStep(tolerance / share)]));
}

/** The table from a time on, in codes; `finest`: by metric, see quantisation(). */
export function quantise({ rows, names }, interval, from, finest) {
  const later = rows.filter((row) => Number(row.timestamp) >= from);
  const number = (text) => (text === '' ? NaN : Number(text));
  const metrics = names.map((name) => ({
    name,
    ...quantisation(
      later.map((row) => number(row[name])),
      finest.get(name),
    ),
  }));
  const hosts = [...new Set(later.map((row) => row.host))];
  const times = later.map((row) => Number(row.timestamp));
  const last = times.reduce((a, b) => Math.max(a, b));
  const steps = (last - from) / interval + 1;
  const columns = metrics.map((metric) => {
    const codes = new Array(hosts.length * steps).fill(0);
    later.forEach((row, i) => {
      const place = hosts.indexOf(row.host) * steps + (times[i] - from) / interval;
      codes[place] = encode(number(row[metric.name]), metric);
    });
    return codes;
  });
  return { start: from, interval, steps, hosts, metrics, columns };
}

/** The part of a table in codes from a step on. */
export function cut(table, first) {
  const { steps, interval, columns } = table;
  const kept = columns.map((codes) => codes.filter((_, i) => i % steps >= first));
  return { ...table, start: table.start + first * interval, steps: steps - first, columns: kept };
}

/** The table as the page is going to see it. */
export function toCsv({ start, interval, steps, hosts, metrics, columns }) {
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
export function cutCsv({ rows, names }, from) {
  const columns = ['timestamp', 'host', ...names];
  const later = rows.filter((row) => Number(row.timestamp) >= from);
  const lines = [columns, ...later.map((row) => columns.map((name) => row[name]))];
  return `${lines.map((cells) => cells.join()).join('\n')}\n`;
}

export function alertsOf(model, input) {
  const found = parseCsv(rolemix('alerts', '-m', model, '--input', input, '--format', 'csv'));
  return found.map((alert) => ({
    scope: alert.scope,
    host: alert.host,
    level: alert.level,
    startedAt: Number(alert.started_at),
    openedAt: Number(alert.opened_at),
    closedAt: alert.closed_at === '' ? null : Number(alert.closed_at),
    topMetrics: alert.top_metrics.split(';'),
  }));
}

/** By `host timestamp`. */
export function severities(model, input) {
  const rows = parseCsv(rolemix('score', '-m', model, '--input', input));
  return new Map(rows.map((row) => [`${row.host} ${row.timestamp}`, Number(row.severity)]));
}

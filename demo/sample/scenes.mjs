// The moments that the page's scenes show, found in the data: {id, host, timestamp, metric}. An error says which scene the data do
// not have.
import { explainRows } from './rolemix.mjs';

const unusual = (metric) => metric.reason === 'unusual_value' || metric.reason === 'both';
const unfitting = (metric) => metric.reason === 'unusual_given_others' || metric.reason === 'both';
const lasting = 900; // seconds that an alert may start after its incident's end
const { abs } = Math;

/** Whether the alert is about the incident's host while it lasts. */
export function isAbout(alert, incident) {
  return (
    incident.host === alert.host &&
    alert.startedAt <= incident.to + lasting &&
    (alert.closedAt ?? Infinity) >= incident.from
  );
}

/** week: {input, incidents, models: {on, off}, alerts: {on, off}, severity: {on, off} (host, timestamp) -> 0-100}. */
export function findScenes(week) {
  return [brokenRelation(week), trafficSpike(week), memoryStep(week), leak(week)];
}

function incidentsOf(week, kind) {
  const found = week.incidents.filter((incident) => incident.kind === kind);
  if (found.length === 0) throw new Error(`no ${kind} in the simulated week`);
  return found;
}

function best(rows, worth, what) {
  if (rows.length === 0) throw new Error(`no moment for the scene: ${what}`);
  return rows.reduce((a, b) => (worth(b) > worth(a) ? b : a));
}

/** Nothing is outside its usual range, and yet the alert is open. */
function brokenRelation(week) {
  const [incident] = incidentsOf(week, 'broken_relation');
  const rows = explainRows(week.models.on, week.input, incident).filter(
    (row) =>
      week.severity.on(row.host, row.timestamp) >= 75 &&
      row.metrics[0].reason === 'unusual_given_others' &&
      incident.causes.includes(row.metrics[0].metric) &&
      !row.metrics.some(unusual),
  );
  const deviation = ({ metrics: [top] }) =>
    abs(top.observed - top.expected) / (Number(top.high) - Number(top.low));
  const { host, timestamp, metrics } = best(rows, deviation, 'a broken relation');
  return { id: 'broken-relation', host, timestamp, metric: metrics[0].metric };
}

/** The most requests at which some metric is above its usual range, none unlike what the others predict. */
function trafficSpike(week) {
  const quiet = (row) =>
    week.severity.on(row.host, row.timestamp) < 25 &&
    !week.alerts.on.some((alert) =>
      isAbout(alert, { ...row, from: row.timestamp, to: row.timestamp }),
    );
  const rows = incidentsOf(week, 'traffic_spike')
    .flatMap(({ from, to, causes }) =>
      explainRows(week.models.on, week.input, { from, to }).map((row) => ({ ...row, causes })),
    )
    .filter((row) => quiet(row) && !row.metrics.some(unfitting))
    .map((row) => ({ ...row, risen: row.metrics.filter(unusual).map((metric) => metric.metric) }))
    .filter(({ risen, causes }) => risen.includes(causes[0]) && risen.includes('cpu.user.pct'));
  const requests = ({ metrics, causes }) =>
    Number(metrics.find((metric) => metric.metric === causes[0]).observed);
  const { host, timestamp } = best(rows, requests, 'a traffic spike');
  return { id: 'traffic-spike', host, timestamp, metric: 'cpu.user.pct' };
}

/** The worst moment of a false alarm about the step, without the tolerance, at which all is quiet with it. */
function memoryStep(week) {
  const [incident] = incidentsOf(week, 'memory_step');
  const [metric] = incident.causes;
  const alarms = week.alerts.off.filter(
    (alert) => isAbout(alert, incident) && alert.topMetrics.includes(metric),
  );
  const rows = alarms.flatMap(({ openedAt, closedAt }) => {
    const span = { host: incident.host, from: openedAt, to: closedAt ?? incident.to };
    const calm = explainRows(week.models.on, week.input, span)
      .filter((row) => week.severity.on(row.host, row.timestamp) < 25)
      .filter((row) => row.metrics.every((m) => m.metric !== metric || m.reason === 'none'))
      .map((row) => row.timestamp);
    return explainRows(week.models.off, week.input, span).filter(
      (row) =>
        row.metrics[0].metric === metric &&
        week.severity.off(row.host, row.timestamp) >= 25 &&
        calm.includes(row.timestamp),
    );
  });
  const severity = (row) => week.severity.off(row.host, row.timestamp);
  const { host, timestamp } = best(rows, severity, 'a false alarm about memory');
  return { id: 'memory-step', host, timestamp, metric };
}

/** When the alert about memory becomes critical; the host does not swap until much later. */
function leak(week) {
  const [incident] = incidentsOf(week, 'leak');
  const rows = explainRows(week.models.on, week.input, incident);
  const swap = rows.find((row) =>
    row.metrics.some((m) => m.metric === 'swap.used.pct' && unusual(m)),
  );
  const early = rows.filter(
    (row) =>
      week.severity.on(row.host, row.timestamp) >= 75 &&
      row.metrics[0].metric === incident.causes[0] &&
      row.timestamp + 2 * 3600 < swap.timestamp,
  );
  const { host, timestamp, metrics } = best(early, (row) => -row.timestamp, 'a leak');
  return { id: 'leak', host, timestamp, metric: metrics[0].metric };
}

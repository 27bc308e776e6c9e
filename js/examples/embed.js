// Explains the moment that is chosen in the swimlane, at first the worst. Beside this file: role.rolemix and samples.csv.
import { parseTable } from '../dist/csv.js';
import '../dist/elements.js';
import { RoleModel } from '../dist/index.js';

const here = (name) => new URL(name, import.meta.url);
const swimlane = document.querySelector('rolemix-swimlane');
const view = document.querySelector('rolemix-explanation');

async function start() {
  const model = await RoleModel.load(here('role.rolemix'));
  const table = await parseTable(await (await fetch(here('samples.csv'))).text());
  const scores = model.score(table);

  const lanes = new Map();
  table.hosts.forEach((host, row) => {
    if (!lanes.has(host)) lanes.set(host, { host, rows: [] });
    lanes.get(host).rows.push(row);
  });
  swimlane.lanes = [...lanes.values()].map(({ host, rows }) => ({
    host,
    timestamps: Float64Array.from(rows, (row) => table.timestamps[row]),
    severity: Float64Array.from(rows, (row) => scores.severity[row]),
  }));
  swimlane.alerts = model.alerts(table, { scores });

  const show = (moment) => {
    swimlane.selected = moment;
    view.original = null;
    view.explanation = model.explain(table, moment);
    view.similar = model.similar(table, moment, { scores });
  };
  document.addEventListener('rolemix-select', ({ detail }) => show(detail));
  view.addEventListener('rolemix-what-if', ({ detail: { metric, value } }) => {
    view.original ??= view.explanation;
    view.explanation = model.whatIf(table, swimlane.selected, metric, value);
  });
  view.addEventListener('rolemix-reset', () => show(swimlane.selected));

  const worst = scores.anomalyScore.reduce((a, score, row, all) => (score > all[a] ? row : a), 0);
  show({ host: table.hosts[worst], timestamp: table.timestamps[worst] });
}

start().catch((error) => (view.hint = error.message));

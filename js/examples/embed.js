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
  const samples = model.open(table);

  swimlane.lanes = samples.hosts.map((host) => samples.severities(host));
  swimlane.alerts = samples.alerts();

  let values = {};
  const show = (moment) => {
    values = {};
    swimlane.selected = moment;
    view.original = null;
    view.explanation = samples.explain(moment);
    view.similar = samples.similar(moment);
  };
  document.addEventListener('rolemix-select', ({ detail }) => show(detail));
  view.addEventListener('rolemix-what-if', ({ detail: { metric, value } }) => {
    values = { ...values, [metric]: value };
    view.original ??= view.explanation;
    view.explanation = samples.whatIf(swimlane.selected, values);
  });
  view.addEventListener('rolemix-reset', () => show(swimlane.selected));

  show(samples.worst());
}

start().catch((error) => (view.hint = error.message));

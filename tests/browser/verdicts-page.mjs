// A page of nothing but the verdict elements, put together as a page does it. #alert=1 chooses the second alert, #language=ja.
import { VerdictBook } from '../../demo/src/verdicts/book.ts';
import { VerdictPanel } from '../../demo/src/verdicts/verdict-panel.ts';
import { VerdictSummary } from '../../demo/src/verdicts/verdict-summary.ts';
import { alerts } from './verdicts-alerts.mjs';

const parameters = new URLSearchParams(window.location.hash.slice(1));
const panel = new VerdictPanel();
const summary = new VerdictSummary();
summary.alerts = alerts;
panel.language = summary.language = parameters.get('language') ?? 'en';
document.documentElement.lang = panel.language;

const book = await VerdictBook.open('', show);
function show() {
  panel.record = book.of(panel.alert?.alertId ?? '');
  panel.kinds = book.kinds;
  panel.kept = summary.kept = book.kept;
  summary.records = book.records;
}

const choose = (index) => {
  panel.alert = alerts[index] ?? null;
  show();
};

panel.addEventListener('verdict-change', ({ detail: { alert, ...said } }) => {
  book.say(alert, said);
});
panel.addEventListener('verdict-undo', ({ detail }) => {
  book.undo(detail.alert.alertId);
});
summary.addEventListener('verdicts-import', ({ detail }) => {
  summary.report = book.import(detail.text, detail.name);
});
window.addEventListener('keydown', (event) => {
  panel.handleKey(event);
});

choose(Number(parameters.get('alert') ?? 0));
document.getElementById('page').replaceChildren(panel, summary);
Object.assign(window, { book, choose, newPanel: () => new VerdictPanel() });

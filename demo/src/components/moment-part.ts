// What the page says of the chosen moment.
import type { Explanation, Language } from 'rolemix';
import { html, nothing, type TemplateResult } from 'lit';
import 'rolemix/elements';

import { saveFile, toCsv } from '../files.js';
import { roleOf, type PageState } from '../page-state.js';
import type { Incident } from '../sample.js';
import type { Shown } from '../shown.js';
import { say } from '../words.js';
import './joint-density.js';
import './moment-header.js';
import { comparison } from './tolerance-comparison.js';

/** verdict: where people judge the moment's alert. */
export function momentPart(
  state: PageState,
  shown: Shown,
  verdict: TemplateResult | typeof nothing,
): TemplateResult {
  const { view, later } = state;
  const { explanation, alert, analysis, original } = shown;
  const { language } = view;
  const isMoved = original !== null;
  return html`<section class="panel" aria-label=${say(language, 'chosenMoment')}>
    <moment-header
      .explanation=${explanation}
      .alert=${alert}
      .why=${later?.why ?? null}
      .incident=${incidentOf(state, shown)}
      .labelled=${roleOf(state).incidents.length > 0}
      .moved=${isMoved}
      .sentence=${shown.sentence}
      .info=${analysis.info}
      .language=${language}
    ></moment-header>
    ${view.scene === 'memory-step' ? comparison(state) : nothing}
    <div class="why">
      <div>
        <rolemix-explanation
          .explanation=${explanation}
          .original=${original}
          .selected=${shown.metric}
          .similar=${later?.similar ?? none}
          .calm=${alert === null}
          .editable=${true}
          .showSentence=${false}
          .language=${language}
        ></rolemix-explanation>
        ${saveButtons(explanation, isMoved, language)}
      </div>
      <div class="pictures">
        <rolemix-metric-chart
          .data=${shown.curve}
          .metric=${shown.metric}
          .time=${view.time}
          .alerts=${shown.spans}
          .peers=${shown.peersOf(shown.metric)}
          .language=${language}
        ></rolemix-metric-chart>
        <joint-density .picture=${shown.joint} .language=${language}></joint-density>
      </div>
    </div>
    ${verdict}
  </section>`;
}

/** The same one each time, so that elements have nothing to do. */
const none: readonly never[] = [];

/** What the alert is about, or what happens at the moment. */
function incidentOf(state: PageState, { alert, analysis }: Shown): Incident | null {
  const { host: shownHost, time } = state.view;
  const isHere = ({ host, from, to }: Incident): boolean =>
    (host ?? shownHost) === shownHost && from <= time && time <= to;
  return (alert && analysis.incidentOf(alert)) ?? roleOf(state).incidents.find(isHere) ?? null;
}

/** What is shown of the moment, as files. moved: its values were moved by hand. */
function saveButtons(explanation: Explanation, moved: boolean, language: Language): TemplateResult {
  const what = moved ? '-what-if' : '';
  const name = `${explanation.host}-${explanation.timestamp}${what}`.replaceAll(/[^\w.-]+/g, '_');
  return html`<p class="save">
    <span class="muted">${say(language, 'saveShown')}:</span>
    <button
      type="button"
      class="plain"
      @click=${() => {
        saveFile(`${name}.csv`, 'text/csv', toCsv(explanation));
      }}
    >
      ${say(language, 'saveCsv')}
    </button>
    <button
      type="button"
      class="plain"
      @click=${() => {
        saveFile(`${name}.json`, 'application/json', JSON.stringify(explanation, null, 2));
      }}
    >
      ${say(language, 'saveJson')}
    </button>
  </p>`;
}

// Parts of the page that only show what the page's model holds.
import { formatTime, type Explanation, type Language } from 'rolemix';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

import { saveFile, toCsv } from '../files.js';
import { formatCount, formatDuration } from '../format.js';
import { scoringWords, type PageModel } from '../page-model.js';
import { problemWords } from '../problems.js';
import type { Role } from '../roles.js';
import { alertCount, say, type TextName } from '../words.js';

/** Roles, the switch of the tolerances, the language, and the way to one's own data. */
export function pageHeader(
  model: PageModel,
  switchLanguage: () => void,
  showData: () => void,
): TemplateResult {
  const { language, tolerance } = model.view;
  const { index, origin } = model.role;
  const { provenance } = model.role.model.info;
  const on = tolerance === 'on';
  const learned = formatDuration(provenance.to - provenance.from, language);
  return html`<header>
    <h1>rolemix</h1>
    <p class="about">
      ${rolesOf(model)}
      ${say(
        language,
        'about',
        index.hosts.length,
        formatTime(index.start),
        formatTime(index.end),
        learned,
      )}${model.roles.length > 1 ? '' : `; ${say(language, origin)}`}
      <span class="progress" role="status">${model.shown ? scoringWords(model) : ''}</span>
      ${
        !on && !model.role.makeOff
          ? html`<span class="progress">${say(language, 'severityOfEdits')}</span>`
          : nothing
      }
    </p>
    ${model.problem ? html`<p class="problem" role="alert">${problemWords(language, model.problem)}</p>` : nothing}
    ${model.notices.map(({ text }) => html`<p class="notice" role="status">${text}</p>`)}
    <div class="tools">
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked=${on}
        title=${say(language, 'toleranceTitle')}
        @click=${() => {
          model.show({ tolerance: on ? 'off' : 'on' }, false);
        }}
      >
        <span class="track"></span> ${say(language, on ? 'toleranceOn' : 'toleranceOff')}
      </button>
      <button
        type="button"
        class="plain language"
        lang=${language === 'en' ? 'ja' : 'en'}
        @click=${switchLanguage}
      >
        ${say(language, 'language')}
      </button>
      <button type="button" class="plain" @click=${showData}>${say(language, 'openData')}</button>
    </div>
  </header>`;
}

function rolesOf(model: PageModel): TemplateResult {
  const { roles, role, view } = model;
  if (roles.length === 1) return html`<strong>${role.name}</strong>, `;
  const choose = (event: Event): void => {
    model.showRole((event.target as HTMLSelectElement).value);
  };
  return html`<label
    ><span class="hidden">${say(view.language, 'role')}</span>
    <select class="role" @change=${choose}>
      ${roles.map(
        (each) =>
          html`<option value=${each.name} .selected=${live(each === role)}>
            ${each.name} (${say(view.language, each.origin)})${alertsOf(model, each)}
          </option>`,
      )}
    </select></label
  > `;
}

/** ", 5 alerts", once it is known. */
function alertsOf(model: PageModel, role: Role): string {
  const { language } = model.view;
  const count = model.lanes.of(role)?.alerts.length;
  return count === undefined
    ? ''
    : `${language === 'ja' ? '、' : ', '}${alertCount(language, count)}`;
}

/** What is shown of the moment, as files. moved: its values were moved by hand. */
export function saveButtons(
  explanation: Explanation,
  moved: boolean,
  language: Language,
): TemplateResult {
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

export function pageFooter(model: PageModel): TemplateResult {
  const { language } = model.view;
  const { table, origin } = model.role;
  const count = formatCount(table.timestamps.length);
  const time = formatCount(model.scoringTime);
  const source: Readonly<Record<string, TextName>> = {
    simulated: 'originSimulated',
    recorded: 'originRecorded',
  };
  const about = source[origin];
  return html`<footer>
    <p>
      ${say(language, origin === 'opened' ? 'footerOpened' : 'footer', count, time)}
      ${about ? say(language, about) : ''}
    </p>
  </footer>`;
}

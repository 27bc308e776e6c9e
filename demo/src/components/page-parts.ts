// The page's head and foot.
import { formatTime } from 'rolemix';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

import { formatCount, formatDuration } from '../format.js';
import {
  analysisOf,
  messageOf,
  noticesOf,
  roleOf,
  scoringWords,
  shownOf,
  type PageState,
} from '../page-state.js';
import { problemWords } from '../problems.js';
import type { Role } from '../roles.js';
import type { View } from '../view.js';
import { alertCount, say, type TextName } from '../words.js';

/** What is done where the head asks for it. */
export interface HeaderActions {
  readonly show: (change: Partial<View>) => void;
  readonly showRole: (name: string) => void;
  readonly showData: () => void;
}

/** Roles, the switch of the tolerances, the language, and the way to one's own data. */
export function pageHeader(state: PageState, actions: HeaderActions): TemplateResult {
  const { language, tolerance } = state.view;
  const { samples, origin, makeOff, model } = roleOf(state);
  const { provenance } = model.info;
  const { show, showData } = actions;
  const on = tolerance === 'on';
  const learned = formatDuration(provenance.to - provenance.from, language);
  return html`<header>
    <h1>rolemix</h1>
    <p class="about">
      ${rolesOf(state, actions)}
      ${say(
        language,
        'about',
        samples.hosts.length,
        formatTime(samples.period.start),
        formatTime(samples.period.end),
        learned,
      )}${state.roles.length > 1 ? '' : `; ${say(language, origin)}`}
      <span class="progress" role="status">${shownOf(state) ? scoringWords(state) : ''}</span>
      ${
        !on && !makeOff
          ? html`<span class="progress">${say(language, 'severityOfEdits')}</span>`
          : nothing
      }
    </p>
    ${state.problem ? html`<p class="problem" role="alert">${problemWords(language, state.problem)}</p>` : nothing}
    ${noticesOf(state).map((notice) => html`<p class="notice" role="status">${messageOf(notice)}</p>`)}
    <div class="tools">
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked=${on}
        title=${say(language, 'toleranceTitle')}
        @click=${() => {
          show({ tolerance: on ? 'off' : 'on' });
        }}
      >
        <span class="track"></span> ${say(language, on ? 'toleranceOn' : 'toleranceOff')}
      </button>
      <button
        type="button"
        class="plain language"
        lang=${language === 'en' ? 'ja' : 'en'}
        @click=${() => {
          show({ language: language === 'en' ? 'ja' : 'en' });
        }}
      >
        ${say(language, 'language')}
      </button>
      <button type="button" class="plain" @click=${showData}>${say(language, 'openData')}</button>
    </div>
  </header>`;
}

function rolesOf(state: PageState, { showRole }: HeaderActions): TemplateResult {
  const { roles, view } = state;
  const role = roleOf(state);
  if (roles.length === 1) return html`<strong>${role.name}</strong>, `;
  const choose = (event: Event): void => {
    showRole((event.target as HTMLSelectElement).value);
  };
  return html`<label
    ><span class="hidden">${say(view.language, 'role')}</span>
    <select class="role" @change=${choose}>
      ${roles.map(
        (each) =>
          html`<option value=${each.name} .selected=${live(each === role)}>
            ${each.name} (${say(view.language, each.origin)})${alertsOf(state, each)}
          </option>`,
      )}
    </select></label
  > `;
}

/** ", 5 alerts", once it is known. */
function alertsOf({ lanes, view }: PageState, role: Role): string {
  const { language } = view;
  const lane = lanes.find((entry) => entry.role === role)?.lane;
  if (!lane) return '';
  return `${language === 'ja' ? '、' : ', '}${alertCount(language, lane.alerts.length)}`;
}

export function pageFooter(state: PageState): TemplateResult {
  const { language } = state.view;
  const { table, origin } = roleOf(state);
  const count = formatCount(table.timestamps.length);
  const time = formatCount(analysisOf(state)?.scored.time ?? 0);
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

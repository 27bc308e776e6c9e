import {
  formatValue,
  vocabulary,
  type Alert,
  type AlertSettings,
  type Language,
  type MetricInfo,
  type ModelInfo,
  type Sensitivity,
} from 'rolemix';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { sensitivities, withSensitivity, type Prices } from '../analysis.js';
import { askFor } from '../events.js';
import { shared } from '../styles.js';
import { noEdits, type Edits } from '../view.js';
import { say, type TextName } from '../words.js';

const widest = 100; // times the trained tolerance
const steps = 200;
const promises: Readonly<Record<Sensitivity, TextName>> = {
  sensitive: 'onceWeek',
  normal: 'onceMonth',
  insensitive: 'onceYear',
};

/** 0.01 to 100 times what was trained, on a log scale. */
const toStep = (factor: number): number =>
  Math.round((steps / 2) * (1 + Math.log(factor) / Math.log(widest)));
const toFactor = (step: number): number => widest ** ((2 * step) / steps - 1);

/** Of less than a day there is no telling. */
const rate = (alerts: number, weeks: number): string =>
  weeks >= 1 / 7 ? String(Number((alerts / weeks).toPrecision(2))) : '–';

/** What alerts cost: sensitivities, attempts, tolerances; each with the alerts it would have raised. */
@customElement('settings-panel')
export class SettingsPanel extends LitElement {
  static override styles = [
    shared,
    css`
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1.3fr);
        gap: 1rem 1.5rem;
        padding: 0.75rem;
      }

      h3 {
        margin: 0 0 0.3rem;
        font-size: 0.875rem;
      }

      h3 span {
        font-weight: 400;
        color: var(--muted);
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.8125rem;
      }

      th,
      td {
        padding: 0.2rem 0.4rem;
        text-align: right;
        border-bottom: 1px solid var(--line);
      }

      th {
        font-weight: 500;
        color: var(--muted);
      }

      th:first-child,
      td:first-child {
        text-align: left;
      }

      .level::first-letter {
        text-transform: uppercase;
      }

      td small {
        display: block;
        color: var(--muted);
      }

      label {
        cursor: pointer;
      }

      .chosen td {
        background: var(--selected);
      }

      .attempts {
        margin-top: 0.75rem;
      }

      .bars {
        display: grid;
        grid-template-columns: repeat(10, minmax(0, 1fr));
        gap: 2px;
      }

      .bars button {
        display: flex;
        flex-direction: column;
        justify-content: end;
        align-items: center;
        height: 4.5rem;
        padding: 0 0 0.1rem;
        border: 1px solid transparent;
        border-radius: 4px;
        background: var(--raised);
        font-size: 0.75rem;
      }

      .bars button[aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--selected);
      }

      .bars .bar {
        width: 60%;
        background: var(--accent);
        border-radius: 1px;
      }

      .list {
        max-height: 24rem;
        overflow-y: auto;
        border: 1px solid var(--line);
        border-radius: 6px;
      }

      .list td:first-child {
        overflow-wrap: anywhere;
      }

      .list input[type='range'] {
        width: 100%;
        min-width: 5rem;
        accent-color: var(--accent);
      }

      .changed td:first-child {
        box-shadow: inset 3px 0 0 var(--accent);
      }

      .below {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 0.75rem;
        margin-top: 0.6rem;
        font-size: 0.8125rem;
        color: var(--muted);
      }

      .below button {
        padding: 0.3rem 0.7rem;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--surface);
        color: var(--text);
      }

      .below button:hover {
        border-color: var(--accent);
      }

      @media (max-width: 900px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  /** Of the model as trained. */
  @property({ attribute: false }) info!: ModelInfo;
  @property({ attribute: false }) settings!: AlertSettings;
  @property({ attribute: false }) edits: Edits = noEdits;
  /** null: not computed yet. */
  @property({ attribute: false }) prices: Prices | null = null;
  @property() language: Language = 'en';

  protected override render(): TemplateResult {
    return html`<div class="columns">
      <div>
        ${this.#sensitivity('warning', 'warningSensitivity', this.prices?.warning)}
        ${this.#sensitivity('critical', 'criticalSensitivity', this.prices?.critical)}
        ${this.#attempts()}
      </div>
      <div>${this.#tolerances()}${this.#below()}</div>
    </div>`;
  }

  #sensitivity(
    level: Alert['level'],
    setting: 'warningSensitivity' | 'criticalSensitivity',
    prices: readonly number[] | undefined,
  ): TemplateResult {
    const { language } = this;
    const words = vocabulary({ language });
    return html`<table data-setting=${setting}>
      <thead>
        <tr>
          <th scope="col" class="level">${words.levels[level]}</th>
          <th scope="col">${say(language, 'inPeriod')}</th>
          <th scope="col">${say(language, 'perHostWeek')}</th>
          <th scope="col">${say(language, 'perRoleWeek')}</th>
        </tr>
      </thead>
      <tbody>
        ${sensitivities.map((sensitivity, i) => {
          const alerts = prices?.[i];
          const { hostWeeks = 0, roleWeeks = 0 } = this.prices ?? {};
          const choose = (): void => {
            askFor(this, { settings: withSensitivity(this.settings, setting, sensitivity) });
          };
          const chosen = this.settings[setting] === sensitivity;
          return html`<tr class=${chosen ? 'chosen' : ''} data-sensitivity=${sensitivity}>
            <td>
              <label
                ><input
                  type="radio"
                  name=${setting}
                  .checked=${chosen}
                  @change=${choose}
                />${words.sensitivities[sensitivity]}
                <small>${say(language, 'promised', say(language, promises[sensitivity]))}</small>
              </label>
            </td>
            <td class="count">${this.#count(alerts)}</td>
            <td>${this.#count(alerts, hostWeeks)}</td>
            <td>${this.#count(alerts, roleWeeks)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  /** Of the period, or of a week; a model that is not ready never alerts, which is no price. */
  #count(alerts: number | undefined, weeks?: number): string {
    if (!this.info.calibration.ready) return '–';
    if (alerts === undefined) return '…';
    return weeks === undefined ? String(alerts) : rate(alerts, weeks);
  }

  #attempts(): TemplateResult {
    const { language, prices } = this;
    const most = Math.max(1, ...(prices?.attempts ?? []));
    return html`<div class="attempts">
      <h3>${say(language, 'attempts')} <span>${say(language, 'attemptsHint')}</span></h3>
      <div class="bars" role="group" aria-label=${say(language, 'attempts')}>
        ${Array.from({ length: 10 }, (_, i) => {
          const alerts = prices?.attempts[i];
          const choose = (): void => {
            askFor(this, { settings: { ...this.settings, maxCheckAttempts: i + 1 } });
          };
          const height = alerts === undefined ? 0 : (36 * alerts) / most;
          return html`<button
            type="button"
            aria-pressed=${this.settings.maxCheckAttempts === i + 1}
            @click=${choose}
          >
            <span>${this.#count(alerts)}</span>
            <svg class="bar" width="100%" height=${height} aria-hidden="true"></svg>
            <strong>${i + 1}</strong>
          </button>`;
        })}
      </div>
    </div>`;
  }

  #tolerances(): TemplateResult {
    const { language } = this;
    return html`<h3>
        ${say(language, 'tolerances')} <span>${say(language, 'tolerancesHint')}</span>
      </h3>
      <div class="list">
        <table>
          <thead>
            <tr>
              <th scope="col">${say(language, 'metric')}</th>
              <th scope="col" colspan="2">${say(language, 'tolerance')}</th>
              <th scope="col">${say(language, 'mute')}</th>
            </tr>
          </thead>
          <tbody>
            ${this.info.metrics.map((metric) => this.#tolerance(metric))}
          </tbody>
        </table>
      </div>`;
  }

  #tolerance({ name, unit, tolerance: trained }: MetricInfo): TemplateResult {
    const { edits, language } = this;
    const tolerance = Object.hasOwn(edits.tolerances, name) ? edits.tolerances[name]! : trained;
    const muted = edits.muted.includes(name);
    const isLast = !muted && edits.muted.length + 1 >= this.info.metrics.length;
    const shown = formatValue(tolerance, unit);
    const move = (event: Event): void => {
      const step = Number((event.target as HTMLInputElement).value);
      const others = Object.fromEntries(
        Object.entries(edits.tolerances).filter(([metric]) => metric !== name),
      );
      const value = Number((trained * toFactor(step)).toPrecision(3));
      const tolerances = step === steps / 2 ? others : { ...others, [name]: value };
      askFor(this, { edits: { ...edits, tolerances } });
    };
    const mute = (): void => {
      const rest = edits.muted.filter((metric) => metric !== name);
      askFor(this, { edits: { ...edits, muted: muted ? rest : [...rest, name] } });
    };
    const changed = muted || tolerance !== trained;
    return html`<tr class=${changed ? 'changed' : ''} data-metric=${name}>
      <td>${name}</td>
      <td>
        <input
          type="range"
          min="0"
          max=${steps}
          .value=${String(toStep(tolerance / trained))}
          ?disabled=${muted}
          aria-label="${say(language, 'tolerance')}: ${name}"
          aria-valuetext=${shown}
          @input=${move}
        />
      </td>
      <td class="whole">${shown}</td>
      <td>
        <input
          type="checkbox"
          .checked=${muted}
          ?disabled=${isLast}
          aria-label="${say(language, 'mute')}: ${name}"
          @change=${mute}
        />
      </td>
    </tr>`;
  }

  #below(): TemplateResult {
    const { language, edits } = this;
    const isEdited = edits.muted.length > 0 || Object.keys(edits.tolerances).length > 0;
    const reset = (): void => {
      askFor(this, { edits: noEdits, settings: {} });
    };
    const save = (): void => {
      this.dispatchEvent(new CustomEvent('save-yaml', { bubbles: true, composed: true }));
    };
    const usual = this.info.alertSettings;
    const isSet = (Object.keys(usual) as (keyof AlertSettings)[]).some(
      (name) => usual[name] !== this.settings[name],
    );
    return html`<p class="below">
      <button type="button" class="save" @click=${save}>${say(language, 'saveYaml')}</button>
      ${
        isEdited || isSet
          ? html`<button type="button" class="reset" @click=${reset}>
              ${say(language, 'resetAll')}
            </button>`
          : nothing
      }
      <span>${say(language, 'yamlHint')}</span>
    </p>`;
  }
}

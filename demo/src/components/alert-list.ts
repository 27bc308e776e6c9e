import { formatTime, vocabulary, type Alert, type Language } from 'rolemix';
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Analysis } from '../analysis.js';
import { askFor } from '../events.js';
import { choiceStyles, levelStyles, shared } from '../styles.js';
import { unbroken } from '../unbroken.js';
import { kindWords, lastingWords, say } from '../words.js';

const mostShown = 200;

/** All alerts, first to last; choosing one shows its worst moment. */
@customElement('alert-list')
export class AlertList extends LitElement {
  static override styles = [
    shared,
    levelStyles,
    choiceStyles,
    css`
      li + li {
        border-top: 1px solid var(--line);
      }

      li button {
        display: block;
        padding: 0.5rem 0.75rem;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.75rem;
      }

      .host {
        font-weight: 600;
      }

      .label {
        margin-left: auto;
      }

      .verdict {
        font-size: 0.8125rem;
        color: var(--accent);
      }

      .none {
        padding: 0.5rem 0.75rem;
      }

      .false {
        color: var(--alarm);
        font-weight: 600;
      }

      .sentence {
        display: block;
        font-size: 0.8125rem;
        line-height: 1.4;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) analysis!: Analysis;
  /** Sentences by alertId, as far as they are known. */
  @property({ attribute: false }) told: ReadonlyMap<string, string> = new Map();
  @property({ attribute: false }) selected: Alert | null = null;
  /** What people said of alerts, by alertId. */
  @property({ attribute: false }) verdicts: ReadonlyMap<string, string> = new Map();
  @property() language: Language = 'en';
  @state() private all = false;

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('selected')) return;
    // When the elements beside the list have their heights, too.
    requestAnimationFrame(() => {
      this.#showCurrent();
    });
  }

  #showCurrent(): void {
    const current = this.renderRoot.querySelector<HTMLElement>('[aria-current]');
    // Not scrollIntoView, which would move the page as well.
    if (!current || this.scrollHeight <= this.clientHeight) return;
    const top = current.offsetTop - this.offsetTop;
    const below = top + current.offsetHeight - this.clientHeight;
    this.scrollTop = Math.min(top, Math.max(below, this.scrollTop));
  }

  protected override render(): TemplateResult {
    const { alerts } = this.analysis;
    if (alerts.length === 0) {
      return html`<p class="muted none">${say(this.language, 'noAlerts')}</p>`;
    }
    const shown = this.all ? alerts : alerts.slice(0, mostShown);
    const showAll = (): void => {
      this.all = true;
    };
    return html`<ol>
        ${shown.map((alert) => this.#entry(alert))}
      </ol>
      ${
        shown.length < alerts.length
          ? html`<button type="button" @click=${showAll}>
              ${say(this.language, 'showAll', alerts.length)}
            </button>`
          : nothing
      }`;
  }

  #entry(alert: Alert): TemplateResult {
    const { language } = this;
    const incident = this.analysis.incidentOf(alert);
    const isLabelled = this.analysis.role.incidents.length > 0;
    const verdict = this.verdicts.get(alert.alertId);
    const choose = (): void => {
      askFor(this, {
        scene: null,
        host: alert.worstHost,
        time: alert.worstAt,
        metric: null,
      });
    };
    const selected = this.selected?.alertId === alert.alertId;
    return html`<li>
      <button type="button" aria-current=${selected ? 'true' : nothing} @click=${choose}>
        <span class="head">
          <span class="level ${alert.level}">${vocabulary({ language }).levels[alert.level]}</span>
          <span class="host">${alert.scope === 'role' ? alert.role : alert.host}</span>
          <span class="muted">${say(language, 'upTo', Math.round(alert.severity))}</span>
          ${verdict ? html`<span class="verdict">${verdict}</span>` : nothing}
          ${
            incident
              ? html`<span class="label muted">${kindWords(language, incident.kind)}</span>`
              : isLabelled
                ? html`<span class="label false">${say(language, 'falseAlarm')}</span>`
                : nothing
          }
        </span>
        <span class="muted"
          >${say(language, 'since', formatTime(alert.startedAt))}${language === 'ja' ? '、' : ', '}${lastingWords(language, alert)}</span
        >
        <span class="sentence">${unbroken(this.told.get(alert.alertId) ?? '…')}</span>
      </button>
    </li>`;
  }
}

import type { Alert } from 'rolemix';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Analysis } from '../analysis.js';
import { askFor } from '../events.js';
import { formatTime } from '../format.js';
import { levelStyles, shared, unbroken } from '../styles.js';
import { hostWords, kindWords, lastingWords } from '../words.js';

/** All alerts, first to last; choosing one shows its worst moment. */
@customElement('alert-list')
export class AlertList extends LitElement {
  static override styles = [
    shared,
    levelStyles,
    css`
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li + li {
        border-top: 1px solid var(--line);
      }

      button {
        display: block;
        width: 100%;
        padding: 0.5rem 0.75rem;
        border: 0;
        background: none;
        text-align: left;
        outline-offset: -2px;
      }

      button:hover {
        background: var(--raised);
      }

      button[aria-current='true'] {
        background: var(--selected);
        box-shadow: inset 3px 0 0 var(--accent);
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
  @property({ attribute: false }) selected: Alert | null = null;

  protected override updated(): void {
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
    if (alerts.length === 0) return html`<p class="muted">No alerts.</p>`;
    return html`<ol>
      ${alerts.map((alert) => this.#entry(alert))}
    </ol>`;
  }

  #entry(alert: Alert): TemplateResult {
    const incident = this.analysis.incidentOf(alert);
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
          <span class="level ${alert.level}">${alert.level}</span>
          <span class="host">${hostWords(alert)}</span>
          ${
            incident
              ? html`<span class="label muted">${kindWords(incident.kind)}</span>`
              : html`<span class="label false">false alarm</span>`
          }
        </span>
        <span class="muted">since ${formatTime(alert.startedAt)}, ${lastingWords(alert)}</span>
        <span class="sentence">${unbroken(alert.sentence)}</span>
      </button>
    </li>`;
  }
}

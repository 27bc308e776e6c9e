import type { Alert, HostExplanations, Language } from 'rolemix';
import type { Peer } from 'rolemix/elements';
import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import 'rolemix/elements';

import { askFor } from '../events.js';
import { shared } from '../styles.js';

/** Every metric of a host over the shown hours, most to blame first; one cursor for all. */
@customElement('curves-panel')
export class CurvesPanel extends LitElement {
  static override styles = [
    shared,
    css`
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
        gap: 0.5rem 1rem;
        padding: 0.75rem;
      }
    `,
  ];

  @property({ attribute: false }) explained!: HostExplanations;
  /** In the order in which they are shown. */
  @property({ attribute: false }) metrics: readonly string[] = [];
  @property({ attribute: false }) peersOf!: (metric: string) => readonly Peer[];
  @property({ attribute: false }) alerts: readonly Alert[] = [];
  @property({ type: Number }) time = 0;
  @property() language: Language = 'en';
  @state() private cursor: number | null = null;

  protected override render(): TemplateResult {
    return html`<div class="curves" @rolemix-cursor=${this.#follow}>
      ${this.metrics.map(
        (metric) =>
          html`<rolemix-metric-chart
            compact
            .data=${this.explained}
            .metric=${metric}
            .time=${this.time}
            .cursor=${this.cursor}
            .alerts=${this.alerts}
            .peers=${this.peersOf(metric)}
            .language=${this.language}
            @click=${() => {
              askFor(this, { metric });
            }}
          ></rolemix-metric-chart>`,
      )}
    </div>`;
  }

  readonly #follow = (event: Event): void => {
    this.cursor = (event as CustomEvent<{ timestamp: number | null }>).detail.timestamp;
  };
}

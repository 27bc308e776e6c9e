import { formatRange, formatValue, type Explanation, type MetricExplanation } from 'rolemix';
import {
  LitElement,
  css,
  html,
  nothing,
  svg,
  type SVGTemplateResult,
  type TemplateResult,
} from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { askFor } from '../events.js';
import { shared } from '../styles.js';
import { reasonWords } from '../words.js';

const shortList = 6;

/** The metrics of one moment, most to blame first; choosing one shows its curve. */
@customElement('metric-table')
export class MetricTable extends LitElement {
  static override styles = [
    shared,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }

      th {
        padding: 0 0.5rem 0.4rem;
        font-size: 0.75rem;
        font-weight: 500;
        color: var(--muted);
        text-align: left;
        vertical-align: bottom;
      }

      td {
        padding: 0.3rem 0.5rem;
        border-top: 1px solid var(--line);
        vertical-align: middle;
      }

      th:first-child,
      td:first-child {
        padding-left: 0.75rem;
      }

      td:first-child {
        min-width: 15.75rem;
      }

      .number {
        text-align: right;
        white-space: nowrap;
      }

      tbody tr {
        cursor: pointer;
      }

      tbody tr:hover {
        background: var(--raised);
      }

      tbody tr.selected {
        background: var(--selected);
        box-shadow: inset 3px 0 0 var(--accent);
      }

      .name {
        display: block;
        width: 100%;
        padding: 0;
        border: 0;
        background: none;
        font-weight: 600;
        text-align: left;
        overflow-wrap: anywhere;
      }

      .reason,
      .usual {
        display: block;
        font-size: 0.75rem;
        color: var(--muted);
      }

      .reason.outside {
        color: var(--alarm);
      }

      .observed {
        font-weight: 600;
      }

      .scale {
        width: 18%;
        min-width: 5rem;
      }

      svg {
        display: block;
        width: 100%;
        height: 22px;
        overflow: visible;
      }

      .axis {
        stroke: var(--line);
      }

      .usual-bar {
        fill: var(--usual-bar);
      }

      .expected-bar {
        fill: var(--expected);
      }

      .dot {
        fill: var(--text);
        stroke: var(--surface);
        stroke-width: 1.5;
      }

      .dot.outside {
        fill: var(--alarm);
      }

      .blame {
        width: 8rem;
      }

      .blame div {
        display: flex;
        align-items: center;
        gap: 0.4rem;
      }

      .blame svg {
        flex: 1;
        min-width: 0;
        height: 8px;
      }

      .blame-bar {
        fill: var(--blame);
      }

      .calm .blame-bar {
        fill: var(--usual-bar);
      }

      .share {
        flex: none;
        width: 2.6rem;
        font-size: 0.8125rem;
        white-space: nowrap;
        color: var(--muted);
        text-align: right;
      }

      .below {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 1rem;
        padding: 0 0.75rem;
        border-top: 1px solid var(--line);
      }

      .more {
        padding: 0.5rem 0;
        border: 0;
        background: none;
        color: var(--accent);
        font-weight: 500;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem 0.9rem;
        padding: 0.4rem 0;
        font-size: 0.75rem;
        color: var(--muted);
      }

      .legend span::before {
        content: '';
        display: inline-block;
        width: 0.8rem;
        height: 0.35rem;
        margin-right: 0.3rem;
        border-radius: 1px;
        vertical-align: middle;
        background: var(--usual-bar);
      }

      .legend .expected-key::before {
        background: var(--expected);
      }

      .legend .observed-key::before {
        width: 0.5rem;
        height: 0.5rem;
        border-radius: 50%;
        background: var(--text);
      }

      @media (max-width: 760px) {
        thead {
          position: absolute;
          clip-path: inset(50%);
        }

        tbody,
        tr,
        td {
          display: block;
        }

        tr {
          display: grid;
          grid-template-columns: 1fr auto;
          gap: 0.15rem 0.75rem;
          padding: 0.5rem 0.75rem;
          border-top: 1px solid var(--line);
        }

        td,
        td:first-child {
          min-width: 0;
          padding: 0;
          border: 0;
        }

        .expected {
          grid-area: 2 / 1;
          text-align: left;
        }

        .expected::before {
          content: 'expected ';
          color: var(--muted);
        }

        .share-cell {
          grid-area: 2 / 2;
          width: 8.5rem;
          align-self: end;
        }

        .blame div::before {
          content: 'blame';
          font-size: 0.75rem;
          color: var(--muted);
        }

        .scale {
          grid-column: 1 / -1;
          width: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) explanation!: Explanation;
  @property() selected = '';
  /** Whether there is an alert to blame somebody for. */
  @property({ type: Boolean }) alarmed = false;
  @state() private all = false;

  protected override render(): TemplateResult {
    const { metrics } = this.explanation;
    const shown = metrics.filter(
      ({ metric }, i) => this.all || i < shortList || metric === this.selected,
    );
    return html`
      <table role="table" class=${this.alarmed ? '' : 'calm'}>
        <caption class="hidden">
          Metrics of ${this.explanation.host}, most to blame first
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Metric</th>
            <th role="columnheader" scope="col" class="number">Observed</th>
            <th role="columnheader" scope="col" class="number">Expected,<br />given the others</th>
            <th role="columnheader" scope="col" class="scale">Ranges</th>
            <th role="columnheader" scope="col" class="blame">Blame</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${shown.map((metric) => this.#row(metric))}
        </tbody>
      </table>
      <div class="below">
        ${this.#toggleButton(metrics.length)}
        <span class="legend">
          <span>usual</span>
          <span class="expected-key">expected, given the others</span>
          <span class="observed-key">observed</span>
        </span>
      </div>
    `;
  }

  #toggleButton(count: number): TemplateResult | typeof nothing {
    if (count <= shortList) return nothing;
    return html`<button type="button" class="more" aria-expanded=${this.all} @click=${this.#toggle}>
      ${this.all ? `Show the first ${shortList}` : `Show all ${count}`}
    </button>`;
  }

  readonly #toggle = (): void => {
    this.all = !this.all;
  };

  #row(metric: MetricExplanation): TemplateResult {
    const { metric: name, unit, reason } = metric;
    const outside = reason !== null && reason !== 'none';
    const choose = (): void => {
      askFor(this, { metric: name });
    };
    const side = sideOf(metric);
    const arrow = side && (side.above ? '▲ ' : '▼ ');
    return html`<tr
      role="row"
      class=${name === this.selected ? 'selected' : ''}
      data-metric=${name}
      @click=${choose}
    >
      <td role="cell">
        <button type="button" class="name" aria-pressed=${name === this.selected}>${name}</button>
        <span class="reason ${outside && this.alarmed ? 'outside' : ''}"
          >${reasonWords(metric) || 'within its ranges'}</span
        >
      </td>
      <td role="cell" class="number observed">
        <span aria-hidden="true" class="muted">${arrow}</span>${
          metric.observed === null ? 'no value' : formatValue(metric.observed, unit)
        }
        ${side ? html`<span class="hidden">, ${side.words}</span>` : nothing}
      </td>
      <td role="cell" class="number expected">
        ${formatRange(metric.low, metric.high, unit)}
        <span class="usual">usual ${formatRange(metric.typicalLow, metric.typicalHigh, unit)}</span>
      </td>
      <td role="cell" class="scale">${rangeBar(metric)}</td>
      <td role="cell" class="blame share-cell">${blameBar(metric.blame)}</td>
    </tr>`;
  }
}

/** On which side of which range the observed value lies; null: on none. */
function sideOf(metric: MetricExplanation): { above: boolean; words: string } | null {
  const { observed, reason, direction, typicalHigh } = metric;
  if (observed === null || reason === null || reason === 'none') return null;
  const above = reason === 'unusual_value' ? observed > typicalHigh : direction === 'above';
  const range = reason === 'unusual_value' ? 'usual' : 'expected';
  return { above, words: `${above ? 'above' : 'below'} what is ${range}` };
}

/** The usual range, the expected one upon it, and where the observed value lies. */
function rangeBar(metric: MetricExplanation): SVGTemplateResult | TemplateResult {
  const { low, high, typicalLow, typicalHigh, observed } = metric;
  const marks = [low, high, typicalLow, typicalHigh, observed ?? low];
  const from = Math.min(...marks);
  const span = Math.max(...marks) - from || 1;
  const place = (value: number): number => 3 + (94 * (value - from)) / span;
  const outside = metric.reason !== null && metric.reason !== 'none';
  return html`<svg aria-hidden="true">
    <line class="axis" x1="0" x2="100%" y1="11" y2="11" />
    ${bar('usual-bar', place(typicalLow), place(typicalHigh), 8, 6)}
    ${bar('expected-bar', place(low), place(high), 6, 10)}
    ${
      observed === null
        ? nothing
        : svg`<circle class="dot ${outside ? 'outside' : ''}" cx="${place(observed)}%" cy="11" r="5" />`
    }
  </svg>`;
}

function bar(name: string, from: number, to: number, y: number, height: number): SVGTemplateResult {
  const width = Math.max(0.8, to - from);
  return svg`<rect class=${name} x="${from}%" y=${y} width="${width}%" height=${height} rx="1.5" />`;
}

function blameBar(blame: number): TemplateResult {
  const percent = Math.round(100 * blame);
  const text = blame > 0 ? `${percent < 1 ? '<1' : percent} %` : '–';
  return html`<div>
    <svg aria-hidden="true">
      <rect class="blame-bar" width="${100 * blame}%" height="8" rx="1.5" />
    </svg>
    <span class="share">${text}</span>
  </div>`;
}

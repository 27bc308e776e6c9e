import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { html as staticHtml, literal } from 'lit/static-html.js';

import type {
  Explanation as ExplanationData,
  MetricExplanation,
  SimilarMoment,
} from '../explanation.js';
import { formatTime } from '../index.js';
import { RolemixElement, unbroken } from './base.js';
import { explanationStyles } from './explanation-styles.js';
import { rangeText, shareText, valueText } from './format.js';
import { barScale, rangeBar, tidy, valueAt, type BarScale, type Slider } from './range-bar.js';
import { shared } from './theme.js';
import type { ExplanationProperties, WhatIf } from './types.js';
import { notMeasured, reasonText, sideText } from './words.js';

const steady = 4; // pixels that a click may move before it is a drag
const setKeys = ['Enter', ' ', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const headings = [literal`h1`, literal`h2`, literal`h3`, literal`h4`, literal`h5`, literal`h6`];

export class Explanation extends RolemixElement implements ExplanationProperties {
  static override styles = [shared, explanationStyles];

  @property({ attribute: false }) accessor explanation: ExplanationData | null = null;
  @property({ attribute: false }) accessor original: ExplanationData | null = null;
  @property() accessor selected = '';
  @property({ attribute: false }) accessor similar: readonly SimilarMoment[] = [];
  @property({ type: Boolean }) accessor calm = false;
  @property({ type: Boolean }) accessor editable = false;
  @property({ type: Number }) accessor limit = 6;
  @property({ type: Number }) accessor heading = 2;
  @property({ attribute: false }) accessor showSentence = true;
  @property() accessor hint = '';
  @state() private accessor all = false;
  /** A value that was asked for and that the explanation does not have yet. */
  @state() private accessor wish: WhatIf | null = null;
  #dragging: string | null = null;
  /** Where dragging began. */
  #grabbedAt = 0;
  /** What must not move while values are changed: of one moment, the bars' ends and the order of the metrics. */
  #moment = '';
  #scales = new Map<string, BarScale>();
  #order: readonly string[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('explanation') && this.#dragging === null) this.wish = null;
    const { explanation, original } = this;
    if (!explanation) return;
    const moment = JSON.stringify([explanation.host, explanation.timestamp]);
    const edited = this.editable && (original !== null || this.#dragging !== null);
    if (moment === this.#moment && edited) return;
    this.#moment = moment;
    this.#scales.clear();
    this.#order = [];
  }

  protected override content(): TemplateResult {
    const { explanation, words } = this;
    if (!explanation) return html`<p class="hint">${this.hint || words.noExplanation}</p>`;
    this.#checkData(explanation);
    if (this.original) this.#checkData(this.original);
    return html`
      ${this.showSentence ? this.#sentence(explanation) : nothing} ${this.#changedNote()}
      ${this.#table(explanation)} ${this.#remarks(explanation)} ${this.#similar()}
    `;
  }

  #checkData(data: ExplanationData): void {
    const giver = 'samples.explain';
    this.check(data, giver, ['host', 'sentence'], ['metrics', 'remarks']);
    for (const metric of data.metrics) this.check(metric, giver, ['metric']);
  }

  #sentence({ sentence }: ExplanationData): TemplateResult {
    const tag = headings[this.heading - 1] ?? headings[1]!;
    return staticHtml`<${tag} class="sentence" part="sentence">${unbroken(sentence)}</${tag}>`;
  }

  #remarks({ remarks }: ExplanationData): TemplateResult | typeof nothing {
    if (remarks.length === 0) return nothing;
    return html`<ul class="remarks">
      ${remarks.map((remark) => html`<li>${unbroken(remark)}</li>`)}
    </ul>`;
  }

  #similar(): TemplateResult | typeof nothing {
    const { similar, words } = this;
    if (similar.length === 0) return nothing;
    const choose = ({ host, timestamp }: SimilarMoment): void => {
      this.tell('rolemix-select', { host, timestamp });
    };
    return html`<div class="similar">
      <p class="muted" id="similar">${words.similar}</p>
      <ul aria-labelledby="similar">
        ${similar.map(
          (moment) =>
            html`<li>
              <button
                type="button"
                @click=${() => {
                  choose(moment);
                }}
              >
                <span class="metric">${moment.host}</span> ${formatTime(moment.timestamp)}
                <span class="muted">${words.alike(shareText(moment.similarity))}</span>
              </button>
            </li>`,
        )}
      </ul>
    </div>`;
  }

  #changedNote(): TemplateResult | typeof nothing {
    if (!this.original) return nothing;
    return html`<p class="changed">
      <span role="status">${this.words.changed}</span>
      <button type="button" class="reset" @click=${this.#reset}>${this.words.reset}</button>
    </p>`;
  }

  readonly #reset = (): void => {
    this.wish = null;
    this.tell('rolemix-reset', null);
  };

  /** By rank; while values are changed, as they were. */
  #ordered({ metrics }: ExplanationData): readonly MetricExplanation[] {
    if (this.#order.length === 0) {
      const { metrics: before } = (this.editable && this.original) || { metrics };
      this.#order = before.map(({ metric }) => metric);
    }
    const places = new Map(this.#order.map((name, place) => [name, place]));
    const placeOf = ({ metric }: MetricExplanation): number => places.get(metric) ?? Infinity;
    return [...metrics].sort((a, b) => placeOf(a) - placeOf(b) || a.rank - b.rank);
  }

  #table(explanation: ExplanationData): TemplateResult {
    const { words, limit } = this;
    const metrics = this.#ordered(explanation);
    if (metrics.length === 0) return html`<p class="hint">${words.noMetrics}</p>`;
    const shown = metrics.filter(
      ({ metric }, i) => this.all || i < limit || metric === this.selected,
    );
    return html`
      <table role="table" class=${this.calm ? 'calm' : ''}>
        <caption class="hidden">
          ${words.caption(explanation.host)}
        </caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">${words.metric}</th>
            <th role="columnheader" scope="col" class="number">${words.observedHead}</th>
            <th role="columnheader" scope="col" class="number">${words.expectedHead}</th>
            <th role="columnheader" scope="col" class="scale">${words.ranges}</th>
            <th role="columnheader" scope="col" class="blame">${words.blame}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${repeat(
            shown,
            ({ metric }) => metric,
            (metric) => this.#row(metric),
          )}
        </tbody>
      </table>
      <div class="below">
        ${this.#toggleButton(metrics.length)}
        <span class="legend">
          <span class="usual-key">${words.usual}</span>
          <span class="expected-key">${words.expected}</span>
          <span class="observed-key">${words.observed}</span>
          ${
            shown.some((metric) => this.#isToSet(metric))
              ? html`<span class="missing-key">${words.setValue}</span>`
              : nothing
          }
        </span>
      </div>
    `;
  }

  #toggleButton(count: number): TemplateResult | typeof nothing {
    const { words, limit } = this;
    if (count <= limit) return nothing;
    return html`<button type="button" class="more" aria-expanded=${this.all} @click=${this.#toggle}>
      ${this.all ? words.showFirst(limit) : words.showAll(count)}
    </button>`;
  }

  readonly #toggle = (): void => {
    this.all = !this.all;
  };

  #choose(metric: string): void {
    this.selected = metric;
    this.tell('rolemix-metric', { metric });
  }

  #row(metric: MetricExplanation): TemplateResult {
    const { metric: name, unit, reason } = metric;
    const { words, language } = this;
    const outside = reason !== null && reason !== 'none';
    const before = this.original?.metrics.find(({ metric: other }) => other === name);
    const observed = this.#valueOf(metric);
    const isEdited = before !== undefined && before.observed !== observed;
    const wasObserved = isEdited ? before.observed : null;
    const was = wasObserved === null ? words.wasMissing : words.was(valueText(wasObserved, unit));
    const side = sideOf(metric);
    const expected = rangeText(metric.low, metric.high, unit, language);
    // In a title, lest rows change their heights under the pointer.
    const rangeBefore = before ? rangeText(before.low, before.high, unit, language) : expected;
    const wasExpected = rangeBefore === expected ? null : rangeBefore;
    const usual = rangeText(metric.typicalLow, metric.typicalHigh, unit, language);
    return html`<tr
      role="row"
      class=${name === this.selected ? 'selected' : ''}
      data-metric=${name}
      @click=${() => {
        this.#choose(name);
      }}
    >
      <td role="cell">
        <button type="button" class="name" aria-pressed=${name === this.selected}>
          ${breakable(name)}
        </button>
        <span class="reason ${outside ? 'outside' : ''}">${reasonText(metric, language)}</span>
      </td>
      <td role="cell" class="number observed ${isEdited ? 'edited' : ''}">
        <span aria-hidden="true" class="arrow">${side ? (side.above ? '▲ ' : '▼ ') : ''}</span
        ><span class="value"
          >${observed === null ? notMeasured(language) : valueText(observed, unit)}</span
        >
        ${side ? html`<span class="hidden">, ${sideText(side.above, side.usual, language)}</span>` : nothing}
        ${isEdited ? html`<span class="was">${was}</span>` : nothing}
      </td>
      <td
        role="cell"
        class="number expected ${wasExpected === null ? '' : 'edited'}"
        data-label=${words.expectedShort}
        title=${wasExpected === null ? nothing : words.was(wasExpected)}
      >
        <span class="value">${expected}</span>
        ${wasExpected === null ? nothing : html`<span class="hidden">, ${words.was(wasExpected)}</span>`}
        <span class="usual">${words.usualRange(usual)}</span>
      </td>
      <td role="cell" class="scale">
        ${rangeBar(metric, this.#scaleOf(metric, before), observed, wasObserved, this.#slider(metric))}
      </td>
      <td role="cell" class="blame share-cell">
        ${blameBar(metric.blame, before?.blame, words.blame)}
      </td>
    </tr>`;
  }

  #valueOf({ metric, observed }: MetricExplanation): number | null {
    return this.wish?.metric === metric ? this.wish.value : observed;
  }

  #scaleOf(metric: MetricExplanation, before?: MetricExplanation): BarScale {
    const known = this.#scales.get(metric.metric);
    if (known) return known;
    const scale = barScale(before ?? metric, this.editable);
    this.#scales.set(metric.metric, scale);
    return scale;
  }

  /** Whether the metric has no value, and can be given one. */
  #isToSet(metric: MetricExplanation): boolean {
    return this.editable && this.#valueOf(metric) === null && Number.isFinite(metric.expected);
  }

  #slider(metric: MetricExplanation): Slider | null {
    const value = this.#valueOf(metric);
    if (!this.editable || (value === null && !this.#isToSet(metric))) return null;
    const { metric: name, low, high, unit } = metric;
    const { words } = this;
    const range = rangeText(low, high, unit, this.language);
    return {
      label: value === null ? words.setValueOf(name) : words.sliderOf(name),
      text: value === null ? null : words.sliderText(valueText(value, unit), range),
      onClick: () => {
        if (this.#isToSet(metric)) this.#set(metric);
      },
      onKey: (event) => {
        this.#onKey(event, metric);
      },
      onDown: (event) => {
        if (event.button !== 0) return;
        (event.currentTarget as Element).setPointerCapture(event.pointerId);
        this.#dragging = name;
        this.#grabbedAt = event.clientX;
      },
      onMove: (event) => {
        if (this.#dragging !== name) return;
        if (this.#isToSet(metric) && Math.abs(event.clientX - this.#grabbedAt) < steady) return;
        const box = (event.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect();
        const share = (event.clientX - box.left) / box.width;
        this.#ask(metric, valueAt(share, this.#scaleOf(metric)));
      },
      onUp: () => {
        this.#dragging = null;
      },
    };
  }

  #onKey(event: KeyboardEvent, metric: MetricExplanation): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const value = this.#valueOf(metric);
    if (value === null) {
      if (!setKeys.includes(event.key)) return;
      event.preventDefault();
      this.#set(metric);
      return;
    }
    const scale = this.#scaleOf(metric);
    const step = (scale.to - scale.from) / 100;
    const values: Readonly<Record<string, number>> = {
      ArrowLeft: value - step,
      ArrowDown: value - step,
      ArrowRight: value + step,
      ArrowUp: value + step,
      PageDown: value - 10 * step,
      PageUp: value + 10 * step,
      Home: scale.from,
      End: scale.to,
    };
    const wanted = values[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    this.#ask(metric, tidy(wanted, scale));
  }

  /** Gives a metric without a value the one that is expected. */
  #set(metric: MetricExplanation): void {
    this.#ask(metric, tidy(metric.expected, this.#scaleOf(metric)));
  }

  #ask(metric: MetricExplanation, value: number): void {
    if (value === this.#valueOf(metric)) return;
    this.wish = { metric: metric.metric, value };
    this.tell('rolemix-what-if', this.wish);
  }
}

/** On which side of which range the observed value lies; null: on none. */
function sideOf(metric: MetricExplanation): { above: boolean; usual: boolean } | null {
  const { observed, reason, direction, typicalHigh } = metric;
  if (observed === null || reason === null || reason === 'none') return null;
  const usual = reason === 'unusual_value';
  return { above: usual ? observed > typicalHigh : direction === 'above', usual };
}

function blameBar(blame: number, before: number | undefined, label: string): TemplateResult {
  const isChanged = before !== undefined && Math.round(100 * before) !== Math.round(100 * blame);
  return html`<div data-label=${label}>
    <svg aria-hidden="true">
      <rect class="blame-bar" width="${100 * blame}%" height="8" rx="1.5" />
      ${
        isChanged
          ? svg`<line class="before" x1="${100 * before}%" x2="${100 * before}%" y1="-2" y2="10" />`
          : nothing
      }
    </svg>
    <span class="share ${isChanged ? 'edited' : ''}">${blame > 0 ? shareText(blame) : '–'}</span>
  </div>`;
}

/** A long name may break behind its dots and underscores. */
function breakable(name: string): TemplateResult[] {
  return name.split(/(?<=[._])/).map((part) => html`${part}<wbr />`);
}

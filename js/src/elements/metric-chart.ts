import { init, type ECharts } from 'echarts/core';
import { css, html, nothing, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';

import type { HostExplanations, MetricColumns } from '../explanation.js';
import { formatTime } from '../index.js';
import { RolemixElement } from './base.js';
import { chartOption, isOutside, prepareCharts } from './chart-option.js';
import { rangeText, valueText } from './format.js';
import { nearestIndex } from './lanes.js';
import { Palette, shared } from './theme.js';
import type { MetricChartProperties, Peer } from './types.js';

export class MetricChart extends RolemixElement implements MetricChartProperties {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }

      .title {
        font-size: 0.875rem;
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .plot {
        position: relative;
        display: flex;
        flex: 1;
        min-height: 250px;
        max-height: 26rem;
      }

      .chart {
        flex: 1;
        min-width: 0;
        border-radius: 3px;
      }

      :host([compact]) .title {
        font-size: 0.75rem;
        line-height: 1.3;
      }

      :host([compact]) .plot {
        min-height: 100px;
        height: 100px;
        flex: none;
      }

      .cursor {
        position: absolute;
        inset: 0 auto 0 0;
        width: 0;
        border-left: 1px dashed var(--_muted);
        pointer-events: none;
      }

      .legend span::before {
        content: '';
        display: inline-block;
        width: 1rem;
        height: 0.6rem;
        margin-right: 0.35rem;
        border-radius: 1px;
        vertical-align: -1px;
        background: var(--_text);
      }

      .legend .observed-key::before {
        height: 2px;
        vertical-align: 3px;
      }

      .legend .outside-key::before {
        height: 3px;
        vertical-align: 3px;
        background: var(--_alarm);
      }

      .legend .peer-key::before {
        height: 1px;
        vertical-align: 3px;
        background: var(--_muted);
      }

      .legend .expected-key::before {
        background: color-mix(in srgb, var(--_expected) 27%, transparent);
        border: 1px solid var(--_expected);
      }

      .legend .usual-key::before {
        background: color-mix(in srgb, var(--_usual) 50%, transparent);
      }

      .legend .alert-key::before {
        background: color-mix(in srgb, var(--_alarm) 10%, transparent);
        border: solid var(--_alarm);
        border-width: 0 1px;
      }
    `,
  ];

  @property({ attribute: false }) accessor data: HostExplanations | null = null;
  @property() accessor metric = '';
  @property({ attribute: false }) accessor time: number | null = null;
  @property({ attribute: false }) accessor cursor: number | null = null;
  @property({ attribute: false }) accessor alerts: MetricChartProperties['alerts'] = [];
  @property({ attribute: false }) accessor peers: readonly Peer[] = [];
  @property({ type: Boolean, reflect: true }) accessor compact = false;
  @query('.chart') private accessor place!: HTMLElement | null;
  @query('.cursor') private accessor line!: HTMLElement | null;
  #chart: ECharts | undefined;
  #inSight = false;
  #pointed: number | null = null;
  readonly #sights = new IntersectionObserver(
    (entries) => {
      this.#inSight = entries[entries.length - 1]?.isIntersecting ?? false;
      if (this.#inSight) this.requestUpdate();
    },
    { rootMargin: '200px' },
  );
  readonly #resizes = new ResizeObserver(() => {
    this.#chart?.resize();
    this.#drawCursor();
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sights.observe(this);
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sights.disconnect();
    this.#resizes.disconnect();
    this.#inSight = false;
    this.#discard();
  }

  /** What keeps the metric from being shown; null: nothing. */
  #missing(): string | null {
    const { words } = this;
    if (!this.data) return this.words.noData;
    this.check(this.data, 'samples.explainHost', [], ['timestamps', 'metrics']);
    if (this.data.timestamps.length === 0) return words.noRows;
    if (!this.#columns()) return this.metric ? words.noMetric(this.metric) : words.noData;
    return null;
  }

  #columns(): MetricColumns | undefined {
    return this.data?.metrics.find(({ metric }) => metric === this.metric);
  }

  protected override content(): TemplateResult {
    const missing = this.#missing();
    const { words, data, compact } = this;
    if (missing !== null || !data) return html`<p class="hint">${missing}</p>`;
    const title = compact ? this.metric : words.chartTitle(this.metric, data.host);
    return html`
      <p class="title" part="title">${title}</p>
      ${compact ? nothing : this.#legend()}
      <div class="plot">
        <div
          class="chart"
          role="img"
          tabindex="0"
          aria-label=${this.#description(data, this.#columns()!)}
          @keydown=${this.#onKey}
        ></div>
        <div class="cursor" hidden></div>
      </div>
    `;
  }

  #legend(): TemplateResult {
    const { words } = this;
    return html`<div class="legend">
      <span class="observed-key">${words.observed}</span>
      <span class="outside-key">${words.outside}</span>
      <span class="expected-key">${words.expected}</span>
      <span class="usual-key">${words.usual}</span>
      ${this.peers.length > 0 ? html`<span class="peer-key">${words.peers}</span>` : nothing}
      ${this.alerts.length > 0 ? html`<span class="alert-key">${words.alert}</span>` : nothing}
    </div>`;
  }

  #description({ timestamps, host }: HostExplanations, columns: MetricColumns): string {
    const { words, language } = this;
    let outside = 0;
    for (let row = 0; row < timestamps.length; row++) if (isOutside(columns, row)) outside++;
    const parts = [
      words.curve(
        this.metric,
        host,
        formatTime(timestamps[0]!),
        formatTime(timestamps[timestamps.length - 1]!),
      ),
      words.outsideCount(outside, timestamps.length),
    ];
    const row = this.time === null ? -1 : timestamps.indexOf(this.time);
    if (row >= 0) {
      const value = valueText(columns.observed[row]!, columns.unit);
      const range = rangeText(columns.low[row]!, columns.high[row]!, columns.unit, language);
      parts.push(words.atTime(formatTime(timestamps[row]!), value, range));
    }
    return parts.join(words.stop);
  }

  protected override updated(changed: ReadonlyMap<PropertyKey, unknown>): void {
    const { place, data } = this;
    const columns = place ? this.#columns() : undefined;
    if (!place || !data || !columns) {
      this.#discard();
      return;
    }
    // Drawn when it comes into sight.
    if (!this.#inSight) return;
    const isNew = this.#chart?.getDom() !== place;
    const onlyCursor = changed.size === 1 && changed.has('cursor');
    this.attempt(() => {
      if (isNew) this.#start(place);
      if (isNew || !onlyCursor) this.#draw(data, columns);
      this.#drawCursor();
    });
  }

  #discard(): void {
    this.#chart?.dispose();
    this.#chart = undefined;
  }

  #start(place: HTMLElement): void {
    this.#discard();
    prepareCharts();
    const chart = init(place, null, { renderer: 'canvas' });
    this.#chart = chart;
    const surface = chart.getZr();
    surface.on('click', ({ offsetX }: { offsetX: number }) => {
      const time = this.#timeAt(offsetX);
      if (time !== null) this.#select(time);
    });
    surface.on('mousemove', ({ offsetX }: { offsetX: number }) => {
      this.#point(this.#timeAt(offsetX));
    });
    surface.on('globalout', () => {
      this.#point(null);
    });
  }

  #draw(data: HostExplanations, columns: MetricColumns): void {
    const { time, alerts, peers, compact, words, language } = this;
    const palette = new Palette(this);
    const setting = { data, columns, time, alerts, peers, compact, palette, words, language };
    this.#chart?.setOption(chartOption(setting), { notMerge: true });
  }

  #drawCursor(): void {
    const { line, cursor, data } = this;
    if (!line || !data || !this.#chart) return;
    const { timestamps } = data;
    const isIn =
      cursor !== null && cursor >= timestamps[0]! && cursor <= timestamps[timestamps.length - 1]!;
    // The chart has its own line where the pointer is.
    line.hidden = !isIn || this.#pointed !== null;
    if (!isIn) return;
    const x = this.#chart.convertToPixel({ xAxisIndex: 0 }, cursor * 1000);
    line.style.transform = `translateX(${x}px)`;
  }

  /** Of the sample nearest to a place in the chart; null beside the curve. */
  #timeAt(x: number): number | null {
    if (!this.#chart || !this.data) return null;
    const wanted = this.#chart.convertFromPixel({ xAxisIndex: 0 }, x) / 1000;
    const { timestamps } = this.data;
    if (!(wanted >= timestamps[0]! && wanted <= timestamps[timestamps.length - 1]!)) return null;
    return timestamps[nearestIndex(timestamps, wanted)] ?? null;
  }

  #point(timestamp: number | null): void {
    if (timestamp === this.#pointed) return;
    this.#pointed = timestamp;
    this.cursor = timestamp;
    this.tell('rolemix-cursor', { timestamp });
  }

  #select(timestamp: number): void {
    if (!this.data) return;
    this.time = timestamp;
    this.tell('rolemix-select', { host: this.data.host, timestamp });
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!this.data || event.ctrlKey || event.metaKey || event.altKey) return;
    const { timestamps } = this.data;
    const last = timestamps.length - 1;
    const row = this.time === null ? last + 1 : nearestIndex(timestamps, this.time);
    const rows: Readonly<Record<string, number>> = {
      ArrowLeft: row - 1,
      ArrowRight: row + 1,
      Home: 0,
      End: last,
    };
    const wanted = rows[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const time = timestamps[Math.min(last, Math.max(0, wanted))];
    if (time !== undefined && time !== this.time) this.#select(time);
  };
}

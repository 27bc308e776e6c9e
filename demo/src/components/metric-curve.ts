import {
  formatRange,
  formatValue,
  type Alert,
  type HostExplanations,
  type MetricColumns,
} from 'rolemix';
import {
  CustomChart,
  LineChart,
  type CustomSeriesOption,
  type LineSeriesOption,
} from 'echarts/charts';
import {
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  type GridComponentOption,
  type TooltipComponentOption,
} from 'echarts/components';
import { init, use, type ComposeOption, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';

import { askFor } from '../events.js';
import { formatClock, formatDay, formatTime, scaleOf } from '../format.js';
import { cssColour, onSchemeChange } from '../palette.js';
import { shared } from '../styles.js';

use([
  CanvasRenderer,
  CustomChart,
  GridComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
]);

type Option = ComposeOption<
  CustomSeriesOption | GridComponentOption | LineSeriesOption | TooltipComponentOption
>;
type Point = readonly [number, number];

interface Axis {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** From and to whole steps of 1, 2 or 5 times a power of ten. */
function roundAxis(low: number, high: number): Axis {
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = power * ([1, 2, 5].find((step) => step * power >= rough) ?? 10);
  return {
    min: Math.floor(low / interval) * interval,
    max: Math.ceil(high / interval) * interval,
    interval,
  };
}

/** What the curve has to show. Of a usual range that is much wider than all else only a part, lest a flat line hide its steps. */
function extent({ observed, low, high, typicalLow, typicalHigh }: MetricColumns): [number, number] {
  const finite = [...observed, ...low, ...high].filter((value) => Number.isFinite(value));
  const from = Math.min(...finite);
  const to = Math.max(...finite);
  const least = Math.min(from, ...typicalLow);
  const most = Math.max(to, ...typicalHigh);
  return most - least > 6 * (to - from) ? [from, to] : [least, most];
}

/** One metric of a host over some hours: what was observed, and what it should have been. */
@customElement('metric-curve')
export class MetricCurve extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
      }

      h2 {
        color: var(--text);
        font-size: 0.875rem;
        overflow-wrap: anywhere;
      }

      .chart {
        flex: 1;
        min-height: 250px;
        max-height: 26rem;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.9rem;
        font-size: 0.75rem;
        color: var(--muted);
      }

      .legend span::before {
        content: '';
        display: inline-block;
        width: 1rem;
        height: 0.6rem;
        margin-right: 0.35rem;
        border-radius: 1px;
        vertical-align: -1px;
        background: var(--text);
      }

      .legend .observed-key::before {
        height: 2px;
        vertical-align: 3px;
      }

      .legend .expected-key::before {
        background: var(--expected-soft);
        border: 1px solid var(--expected);
      }

      .legend .usual-key::before {
        background: var(--usual);
      }

      .legend .alert-key::before {
        background: var(--alarm-soft);
        border: solid var(--alarm);
        border-width: 0 1px;
      }
    `,
  ];

  @property({ attribute: false }) explained!: HostExplanations;
  @property() metric = '';
  @property({ type: Number }) time = 0;
  @property({ attribute: false }) alert: Alert | null = null;
  @query('.chart') private place!: HTMLElement;
  #chart: ECharts | undefined;
  #endSchemeChanges: (() => void) | undefined;
  readonly #resizes = new ResizeObserver(() => {
    this.#chart?.resize();
  });

  protected override render(): TemplateResult {
    return html`
      <h2>${this.metric} on ${this.explained.host}</h2>
      <div class="legend">
        <span class="observed-key">observed</span>
        <span class="expected-key">expected, given the others</span>
        <span class="usual-key">usual</span>
        ${this.alert ? html`<span class="alert-key">alert</span>` : nothing}
      </div>
      <div class="chart" role="img" aria-label=${this.#description()}></div>
    `;
  }

  protected override firstUpdated(): void {
    this.#chart = init(this.place, null, { renderer: 'canvas' });
    this.#chart.getZr().on('click', ({ offsetX }: { offsetX: number }) => {
      this.#choose(offsetX);
    });
    this.#resizes.observe(this.place);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endSchemeChanges = onSchemeChange(() => {
      this.#draw();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.#endSchemeChanges?.();
    this.#chart?.dispose();
  }

  protected override updated(): void {
    this.#draw();
  }

  #columns(): MetricColumns {
    const found = this.explained.metrics.find(({ metric }) => metric === this.metric);
    if (!found) throw new Error(`no metric ${this.metric}`);
    return found;
  }

  #description(): string {
    const { timestamps } = this.explained;
    const columns = this.#columns();
    const row = timestamps.indexOf(this.time);
    const span = `${formatTime(timestamps[0]!)} to ${formatTime(timestamps.at(-1)!)} UTC`;
    if (row < 0) return `Curve of ${this.metric}, ${span}`;
    const value = formatValue(columns.observed[row]!, columns.unit);
    const range = formatRange(columns.low[row]!, columns.high[row]!, columns.unit);
    return `Curve of ${this.metric}, ${span}. At ${formatTime(this.time)} it is ${value}, expected ${range}`;
  }

  #choose(x: number): void {
    const wanted = Number(this.#chart?.convertFromPixel({ xAxisIndex: 0 }, x)) / 1000;
    const { timestamps, host } = this.explained;
    if (!(wanted >= timestamps[0]! && wanted <= timestamps.at(-1)!)) return;
    const distance = (time: number): number => Math.abs(time - wanted);
    const time = timestamps.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    askFor(this, { scene: null, host, time, metric: this.metric });
  }

  #draw(): void {
    this.#chart?.setOption(this.#option(), { notMerge: true });
  }

  #option(): Option {
    const columns = this.#columns();
    const { timestamps } = this.explained;
    const { unit, typicalLow, typicalHigh } = columns;
    const [low, high] = extent(columns);
    const { factor, suffix } = scaleOf(Math.max(Math.abs(low), Math.abs(high)), unit);
    const colour = (name: string): string => cssColour(this, name);
    const axis = roundAxis(low / factor, high / factor);
    const muted = colour('--muted');
    const line = colour('--line');
    const points = (values: ArrayLike<number>): Point[] =>
      Array.from(timestamps, (time, row) => [time * 1000, values[row]! / factor]);
    const usual = [points(typicalLow), points(typicalHigh)];
    return {
      animation: false,
      color: [colour('--text')],
      useUTC: true,
      textStyle: { fontFamily: getComputedStyle(this).fontFamily },
      grid: { left: 4, right: 14, top: 26, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time',
        min: timestamps[0]! * 1000,
        max: timestamps.at(-1)! * 1000,
        axisLine: { lineStyle: { color: line } },
        axisTick: { lineStyle: { color: line } },
        axisLabel: {
          color: muted,
          hideOverlap: true,
          formatter: (time: number) =>
            time % 86400000 === 0 ? formatDay(time / 1000) : formatClock(time / 1000),
        },
      },
      yAxis: {
        type: 'value',
        ...axis,
        name: suffix.trim(),
        nameGap: 10,
        nameTextStyle: { color: muted, align: 'right' },
        axisLabel: { color: muted },
        splitLine: { lineStyle: { color: line } },
      },
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        confine: true,
        backgroundColor: colour('--surface'),
        borderColor: line,
        textStyle: { color: colour('--text'), fontSize: 12 },
        axisPointer: { type: 'line', lineStyle: { color: muted } },
        formatter: (entries) => this.#tooltip(Array.isArray(entries) ? entries : [entries]),
      },
      series: [
        band('usual', usual[0]!, usual[1]!, { fill: colour('--usual') }),
        band('expected', points(columns.low), points(columns.high), {
          fill: colour('--expected-soft'),
          stroke: colour('--expected'),
          lineWidth: 0.75,
        }),
        {
          name: 'observed',
          type: 'line',
          data: points(columns.observed) as [number, number][],
          showSymbol: false,
          connectNulls: false,
          lineStyle: { color: colour('--text'), width: 1.75 },
          z: 5,
          ...this.#marks(columns, factor),
        },
      ],
    };
  }

  /** The alert's time, the selected moment and its value. */
  #marks(columns: MetricColumns, factor: number): Partial<LineSeriesOption> {
    const { timestamps } = this.explained;
    const observed = columns.observed[timestamps.indexOf(this.time)] ?? NaN;
    const accent = cssColour(this, '--accent');
    const alarm = cssColour(this, '--alarm');
    const first = timestamps[0]!;
    const last = timestamps.at(-1)!;
    const from = this.alert && Math.max(first, this.alert.startedAt) * 1000;
    const to = this.alert && Math.min(last, this.alert.closedAt ?? Infinity) * 1000;
    const outside = columns.reason[timestamps.indexOf(this.time)] !== 'none';
    return {
      markLine: {
        silent: true,
        symbol: 'none',
        data: [{ xAxis: this.time * 1000 }],
        lineStyle: { color: accent, type: 'solid', width: 1.25 },
        label: { formatter: formatClock(this.time), color: accent, fontSize: 12 },
      },
      ...(Number.isFinite(observed) && {
        markPoint: {
          silent: true,
          symbol: 'circle',
          symbolSize: 10,
          data: [{ name: 'shown', coord: [this.time * 1000, observed / factor] }],
          label: { show: false },
          itemStyle: {
            color: outside ? alarm : cssColour(this, '--text'),
            borderColor: cssColour(this, '--surface'),
            borderWidth: 1.5,
          },
        },
      }),
      ...(from !== null &&
        to !== null && {
          markArea: {
            silent: true,
            itemStyle: {
              color: cssColour(this, '--alarm-soft'),
              borderColor: alarm,
              borderWidth: 0.5,
            },
            data: [[{ xAxis: from }, { xAxis: to }]],
          },
        }),
    };
  }

  #tooltip(entries: readonly { seriesName?: string; dataIndex: number }[]): string {
    const row = entries.find(({ seriesName }) => seriesName === 'observed')?.dataIndex;
    if (row === undefined) return '';
    const { unit, observed, low, high } = this.#columns();
    return [
      `${formatTime(this.explained.timestamps[row]!)} UTC`,
      `observed ${formatValue(observed[row]!, unit)}`,
      `expected ${formatRange(low[row]!, high[row]!, unit)}`,
    ].join('\n');
  }
}

/** The area between two curves, with a gap where one has no value. */
function band(
  name: string,
  lower: readonly Point[],
  upper: readonly Point[],
  style: { readonly fill: string; readonly stroke?: string; readonly lineWidth?: number },
): CustomSeriesOption {
  return {
    name,
    type: 'custom',
    silent: true,
    clip: true,
    tooltip: { show: false },
    data: [[lower[0]?.[0] ?? 0, lower[0]?.[1] ?? 0]],
    renderItem: (_, api) => ({
      type: 'group',
      children: stretches(lower, upper).map(([from, to]) => {
        const there = upper.slice(from, to).map((point) => api.coord([...point]));
        const back = lower.slice(from, to).map((point) => api.coord([...point]));
        return { type: 'polygon', shape: { points: [...there, ...back.reverse()] }, style };
      }),
    }),
  };
}

/** [from, to) of the stretches where both have values. */
function stretches(lower: readonly Point[], upper: readonly Point[]): [number, number][] {
  const found: [number, number][] = [];
  lower.forEach(([, low], i) => {
    if (!Number.isFinite(low) || !Number.isFinite(upper[i]?.[1])) return;
    const last = found.at(-1);
    if (last?.[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  });
  return found;
}

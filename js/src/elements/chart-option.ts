// What ECharts is to draw: observed values upon their expected and their usual range.
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
import { use, type ComposeOption } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

import type { HostExplanations, Language, MetricColumns } from '../explanation.js';
import { formatTime } from '../index.js';
import { clockText, dayText, rangeText, scaleOf, valueText } from './format.js';
import type { Palette } from './theme.js';
import type { MetricChartProperties, Peer } from './types.js';
import type { Words } from './words.js';

/** Called when a chart is made, not when the module is loaded: nothing to do where there is no page. */
export function prepareCharts(): void {
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
}

export type ChartOption = ComposeOption<
  CustomSeriesOption | GridComponentOption | LineSeriesOption | TooltipComponentOption
>;
type Point = [number, number];

export interface ChartSetting {
  readonly data: HostExplanations;
  readonly columns: MetricColumns;
  readonly time: number | null;
  readonly alerts: MetricChartProperties['alerts'];
  readonly peers: readonly Peer[];
  readonly compact: boolean;
  readonly palette: Palette;
  readonly words: Words;
  readonly language: Language;
}

interface Axis {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** From and to whole steps of 1, 2 or 5 times a power of ten. */
function roundAxis(low: number, high: number): Axis {
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = power * ([1, 2, 5].find((step) => step * power >= rough) ?? 10);
  return {
    min: Math.floor(low / interval) * interval,
    max: Math.ceil(high / interval) * interval || interval,
    interval,
  };
}

/** Least and largest finite value; [Infinity, -Infinity] of none. */
function bounds(arrays: readonly Float64Array[]): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const values of arrays) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return [least, most];
}

/** What the curve has to show. Of a usual range that is much wider than all else only a part, lest a flat line hide its steps. */
function extent(columns: MetricColumns, peers: readonly Peer[]): [number, number] {
  const { observed, low, high, typicalLow, typicalHigh } = columns;
  const [from, to] = bounds([observed, low, high, ...peers.map(({ values }) => values)]);
  const [least, most] = bounds([observed, low, high, typicalLow, typicalHigh]);
  if (!(least <= most)) return [0, 1];
  if (!(from <= to)) return [least, most];
  const [bottom, top] = [Math.min(from, least), Math.max(to, most)];
  return top - bottom > 6 * (to - from) ? [from, to] : [bottom, top];
}

/** Whether the observed value lies outside of what the others predict. */
export function isOutside({ observed, low, high }: MetricColumns, row: number): boolean {
  return observed[row]! < low[row]! || observed[row]! > high[row]!;
}

export function chartOption(setting: ChartSetting): ChartOption {
  const { data, columns, compact, palette, peers } = setting;
  const { timestamps } = data;
  const [low, high] = extent(columns, peers);
  const { factor, suffix } = scaleOf(Math.max(Math.abs(low), Math.abs(high)), columns.unit);
  const axis = roundAxis(low / factor, high / factor);
  const muted = palette.css('muted');
  const line = palette.css('line');
  const points = (times: Float64Array, values: Float64Array): Point[] =>
    Array.from(times, (time, row) => [time * 1000, (values[row] ?? NaN) / factor]);
  return {
    animation: false,
    color: [palette.css('text')],
    useUTC: true,
    textStyle: { fontFamily: palette.font },
    grid: compact
      ? { left: 60, right: 8, top: 8, bottom: 18 } // the same for all that stand together
      : { left: 4, right: 14, top: 26, bottom: 4, containLabel: true },
    xAxis: {
      type: 'time',
      min: timestamps[0]! * 1000,
      max: timestamps[timestamps.length - 1]! * 1000,
      axisLine: { lineStyle: { color: line } },
      axisTick: { lineStyle: { color: line } },
      axisLabel: {
        color: muted,
        hideOverlap: true,
        fontSize: compact ? 10 : 12,
        formatter: (time: number) =>
          time % 86400000 === 0 ? dayText(time / 1000) : clockText(time / 1000),
      },
    },
    yAxis: {
      type: 'value',
      ...axis,
      // At the ends only, where there is little room.
      ...(compact && { interval: axis.max - axis.min }),
      name: compact ? '' : suffix.trim(),
      nameGap: 10,
      nameTextStyle: { color: muted, align: 'right' },
      axisLabel: {
        color: muted,
        fontSize: compact ? 10 : 12,
        ...(compact && {
          formatter: (value: number) => `${Number(value.toPrecision(4))}${suffix}`,
        }),
      },
      splitLine: { lineStyle: { color: line } },
    },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      backgroundColor: palette.css('surface'),
      borderColor: line,
      textStyle: { color: palette.css('text'), fontSize: 12 },
      axisPointer: { type: 'line', lineStyle: { color: muted } },
      formatter: (entries) => tooltip(Array.isArray(entries) ? entries : [entries], setting),
    },
    series: [
      band(
        'usual',
        points(timestamps, columns.typicalLow),
        points(timestamps, columns.typicalHigh),
        {
          fill: palette.css('usual', 0.5),
        },
      ),
      band('expected', points(timestamps, columns.low), points(timestamps, columns.high), {
        fill: palette.css('expected', 0.27),
        stroke: palette.css('expected'),
        lineWidth: 0.75,
      }),
      ...peers.map(({ timestamps: times, values }): LineSeriesOption => ({
        ...curve('peer', points(times, values), palette.css('muted', 0.45), 1, 3),
        tooltip: { show: false },
      })),
      {
        ...curve('observed', points(timestamps, columns.observed), palette.css('text'), 1.75, 5),
        ...marks(setting, factor),
      },
      outsideCurve(setting, points(timestamps, columns.observed)),
    ],
  };
}

function curve(
  name: string,
  data: Point[],
  color: string,
  width: number,
  z: number,
): LineSeriesOption {
  return {
    name,
    type: 'line',
    data,
    silent: true,
    showSymbol: false,
    connectNulls: false,
    lineStyle: { color, width },
    z,
  };
}

/** The stretches outside of what is expected; one sample alone as a point. */
function outsideCurve(
  { columns, palette, compact }: ChartSetting,
  observed: Point[],
): LineSeriesOption {
  const outside = observed.map((_, row) => isOutside(columns, row));
  const alone = (row: number): boolean => outside[row]! && !outside[row - 1] && !outside[row + 1];
  const colour = palette.css('alarm');
  return {
    ...curve(
      'outside',
      observed.map(([time, value], row) => [time, outside[row] ? value : NaN]),
      colour,
      2.5,
      6,
    ),
    showSymbol: true,
    showAllSymbol: true,
    symbol: 'circle',
    symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) =>
      alone(dataIndex) ? (compact ? 3 : 4) : 0,
    itemStyle: { color: colour },
    tooltip: { show: false },
  };
}

/** The alerts' times, the marked moment and its value. */
function marks(setting: ChartSetting, factor: number): Partial<LineSeriesOption> {
  const { data, columns, time, alerts, palette, compact } = setting;
  const { timestamps } = data;
  const row = time === null ? -1 : timestamps.indexOf(time);
  const observed = columns.observed[row] ?? NaN;
  const accent = palette.css('accent');
  const alarm = palette.css('alarm');
  const first = timestamps[0]!;
  const last = timestamps[timestamps.length - 1]!;
  const shown = alerts.filter(
    ({ startedAt, closedAt }) => startedAt <= last && (closedAt ?? Infinity) >= first,
  );
  const reason = columns.reason[row] ?? 'none';
  return {
    ...(time !== null && {
      markLine: {
        silent: true,
        symbol: 'none',
        data: [{ xAxis: time * 1000 }],
        lineStyle: { color: accent, type: 'solid', width: 1.25 },
        label: { show: !compact, formatter: clockText(time), color: accent, fontSize: 12 },
      },
    }),
    ...(time !== null &&
      Number.isFinite(observed) && {
        markPoint: {
          silent: true,
          symbol: 'circle',
          symbolSize: compact ? 7 : 10,
          data: [{ name: 'shown', coord: [time * 1000, observed / factor] }],
          label: { show: false },
          itemStyle: {
            color: reason === 'none' ? palette.css('text') : alarm,
            borderColor: palette.css('surface'),
            borderWidth: 1.5,
          },
        },
      }),
    ...(shown.length > 0 && {
      markArea: {
        silent: true,
        itemStyle: { color: palette.css('alarm', 0.1), borderColor: alarm, borderWidth: 0.5 },
        data: shown.map(({ startedAt, closedAt }) => [
          { xAxis: Math.max(first, startedAt) * 1000 },
          { xAxis: Math.min(last, closedAt ?? Infinity) * 1000 },
        ]),
      },
    }),
  };
}

function tooltip(
  entries: readonly { seriesName?: string; dataIndex: number }[],
  { data, columns, words, language }: ChartSetting,
): string {
  const row = entries.find(({ seriesName }) => seriesName === 'observed')?.dataIndex;
  if (row === undefined) return '';
  const { unit, observed, low, high, typicalLow, typicalHigh } = columns;
  const lines = [
    formatTime(data.timestamps[row]!),
    words.tipObserved(valueText(observed[row]!, unit)),
    words.tipExpected(rangeText(low[row]!, high[row]!, unit, language)),
    words.tipUsual(rangeText(typicalLow[row]!, typicalHigh[row]!, unit, language)),
  ];
  // A unit is not to be taken for markup of rich text.
  return lines.join('\n').replaceAll('{', '(').replaceAll('}', ')');
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
function stretches(lower: readonly Point[], upper: readonly Point[]): Point[] {
  const found: Point[] = [];
  lower.forEach(([, low], i) => {
    if (!Number.isFinite(low) || !Number.isFinite(upper[i]?.[1])) return;
    const last = found[found.length - 1];
    if (last?.[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  });
  return found;
}

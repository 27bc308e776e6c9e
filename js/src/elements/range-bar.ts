// The bar of a metric: its usual range, the expected one upon it, and where the observed value lies, which may be moved.
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

import type { MetricExplanation } from '../explanation.js';

/** The values at the ends of a bar. */
export interface BarScale {
  readonly from: number;
  readonly to: number;
}

const marksOf = (metric: MetricExplanation): number[] =>
  [metric.low, metric.high, metric.typicalLow, metric.typicalHigh, metric.observed ?? NaN].filter(
    Number.isFinite,
  );

/** Just what is to be shown, or room for other values as well. */
export function barScale(metric: MetricExplanation, roomy: boolean): BarScale {
  const marks = marksOf(metric);
  if (marks.length === 0) return { from: 0, to: 1 };
  const least = Math.min(...marks);
  const most = Math.max(...marks);
  const span = most - least || Math.abs(most) || 1;
  if (!roomy) return { from: least, to: least + span };
  const from = least - span / 2;
  const to = most + span / 2;
  // What has never been negative, or a percentage, will hardly be.
  const isShare = metric.unit === 'percent' && least >= 0 && most <= 100;
  return { from: least >= 0 ? Math.max(0, from) : from, to: isShare ? Math.min(100, to) : to };
}

/** Percent of the bar's width. */
export function placeOf(value: number, { from, to }: BarScale): number {
  const share = (value - from) / (to - from || 1);
  return 3 + 94 * Math.min(1, Math.max(0, share));
}

/** The value at this share of the bar's width, within its ends. */
export function valueAt(share: number, { from, to }: BarScale): number {
  const within = Math.min(1, Math.max(0, (share - 0.03) / 0.94));
  return tidy(from + within * (to - from), { from, to });
}

/** Without digits that are finer than anybody can point at. */
export function tidy(value: number, { from, to }: BarScale): number {
  const least = (to - from) / 2000;
  const power = 10 ** Math.floor(Math.log10(least || 1));
  const rounded =
    power < 1 ? Math.round(value * (1 / power)) / (1 / power) : Math.round(value / power) * power;
  return Math.min(to, Math.max(from, rounded));
}

export interface Slider {
  readonly label: string;
  /** Null: there is no value, and this is a button that gives it one. */
  readonly text: string | null;
  readonly onClick: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onDown: (event: PointerEvent) => void;
  readonly onMove: (event: PointerEvent) => void;
  readonly onUp: (event: PointerEvent) => void;
}

export function rangeBar(
  metric: MetricExplanation,
  scale: BarScale,
  value: number | null,
  before: number | null,
  slider: Slider | null,
): TemplateResult {
  const { low, high, typicalLow, typicalHigh } = metric;
  return html`<svg class="bar" aria-hidden=${slider ? nothing : 'true'}>
    <line class="axis" x1="0" x2="100%" y1="11" y2="11" />
    ${bar('usual-bar', placeOf(typicalLow, scale), placeOf(typicalHigh, scale), 8, 6)}
    ${bar('expected-bar', placeOf(low, scale), placeOf(high, scale), 6, 10)}
    ${
      before === null
        ? nothing
        : svg`<circle class="before" cx="${placeOf(before, scale)}%" cy="11" r="4" />`
    }
    ${value === null && !slider ? nothing : dot(metric, scale, value, slider)}
  </svg>`;
}

/** Without a value a hollow one where it is expected. It stays the same element, with its focus, when it gets a value. */
function dot(
  metric: MetricExplanation,
  scale: BarScale,
  value: number | null,
  slider: Slider | null,
): SVGTemplateResult {
  const isMissing = value === null;
  const outside = metric.reason !== null && metric.reason !== 'none';
  const kind = isMissing ? 'missing' : outside ? 'outside' : '';
  const x = `${placeOf(value ?? metric.expected, scale)}%`;
  const shown = svg`<circle class="dot ${kind}" cx=${x} cy="11" r=${slider ? 6 : 5} />`;
  if (!slider) return shown;
  return svg`${shown}<circle
    class="thumb"
    role=${isMissing ? 'button' : 'slider'}
    tabindex="0"
    cx=${x}
    cy="11"
    r="12"
    aria-label=${slider.label}
    aria-valuemin=${isMissing ? nothing : tidy(scale.from, scale)}
    aria-valuemax=${isMissing ? nothing : tidy(scale.to, scale)}
    aria-valuenow=${value ?? nothing}
    aria-valuetext=${slider.text ?? nothing}
    @click=${slider.onClick}
    @keydown=${slider.onKey}
    @pointerdown=${slider.onDown}
    @pointermove=${slider.onMove}
    @pointerup=${slider.onUp}
    @pointercancel=${slider.onUp}
  />`;
}

function bar(name: string, from: number, to: number, y: number, height: number): SVGTemplateResult {
  if (!Number.isFinite(from + to)) return svg``;
  const width = Math.max(0.8, to - from);
  return svg`<rect class=${name} x="${from}%" y=${y} width="${width}%" height=${height} rx="1.5" />`;
}

import { formatValue, type JointEllipse, type Language } from 'rolemix';
import {
  LitElement,
  css,
  html,
  nothing,
  svg,
  type SVGTemplateResult,
  type TemplateResult,
} from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { shared } from '../styles.js';
import { say } from '../words.js';

/** Two metrics of one sample, and where they could lie given the others. */
export interface JointPicture {
  readonly x: JointAxis;
  readonly y: JointAxis;
  readonly ellipses: readonly JointEllipse[];
}

export interface JointAxis {
  readonly metric: string;
  readonly unit: string;
  readonly observed: number;
}

const width = 320;
const height = 212;
const leastLeft = 40;
const digit = 6; // width
const top = 20; // with the name of the vertical axis above
const bottom = 34;
const ticks = 4;

/** Where the picture begins, beside the labels. */
function leftOf(labels: readonly string[]): number {
  return Math.max(leastLeft, ...labels.map((label) => 8 + digit * label.length));
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly place: (value: number) => number;
}

function scaleOf(values: readonly number[], begin: number, end: number): Scale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const room = 0.08 * (most - least || Math.abs(most) || 1);
  const from = least - room;
  const to = most + room;
  return { from, to, place: (value) => begin + ((value - from) / (to - from)) * (end - begin) };
}

/** Values of about equal distance that read well; of bytes in steps of their own units. */
function marks({ from, to }: Scale, unit: string): number[] {
  const most = Math.max(Math.abs(from), Math.abs(to));
  const thousands = Math.max(0, Math.floor(Math.log(most) / Math.log(1024)));
  const scale = unit.startsWith('bytes') ? 1024 ** thousands : 1;
  return roundMarks(from / scale, to / scale).map((mark) => mark * scale);
}

function roundMarks(from: number, to: number): number[] {
  const rough = (to - from) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

function isInside(x: number, y: number, outline: Float64Array): boolean {
  let inside = false;
  for (let i = 0; i + 3 < outline.length; i += 2) {
    const [x1, y1, x2, y2] = outline.subarray(i, i + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

/** The joint density of the two metrics most to blame, given the rest, with what was observed. */
@customElement('joint-density')
export class JointDensity extends LitElement {
  static override styles = [
    shared,
    css`
      figure {
        margin: 0;
      }

      h3 {
        margin: 0 0 0.2rem;
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }

      svg {
        display: block;
        width: 100%;
        max-width: 30rem;
        height: auto;
      }

      .frame {
        fill: none;
        stroke: var(--line);
      }

      .grid {
        stroke: var(--line);
        stroke-width: 0.5;
      }

      text {
        fill: var(--muted);
        font-size: 10px;
      }

      .ellipse {
        fill: var(--expected-soft);
        stroke: var(--expected);
        stroke-width: 1.2;
      }

      .dot {
        fill: var(--text);
        stroke: var(--surface);
        stroke-width: 1.5;
      }

      .dot.outside {
        fill: var(--alarm);
      }

      figcaption {
        font-size: 0.75rem;
        color: var(--muted);
      }
    `,
  ];

  /** null: there are no two measured metrics. */
  @property({ attribute: false }) picture: JointPicture | null = null;
  @property() language: Language = 'en';

  protected override render(): TemplateResult {
    const { picture, language } = this;
    if (!picture || picture.ellipses.length === 0) {
      return html`<p class="muted">${say(language, 'jointMissing')}</p>`;
    }
    const { x, y, ellipses } = picture;
    const inside = ellipses.some(({ outline }) => isInside(x.observed, y.observed, outline));
    const place = say(language, inside ? 'jointInside' : 'jointOutside');
    return html`<figure>
      <h3>${say(language, 'jointTitle', x.metric, y.metric)}</h3>
      ${this.#draw(picture, inside, `${x.metric}, ${y.metric}. ${place}`)}
      <figcaption>${say(language, 'jointLegend')} <strong>${place}</strong></figcaption>
    </figure>`;
  }

  #draw({ x, y, ellipses }: JointPicture, inside: boolean, label: string): TemplateResult {
    const points = ellipses.map(({ outline }) => outline);
    const every = (offset: number): number[] =>
      points.flatMap((outline) => [...outline].filter((_, i) => i % 2 === offset));
    const up = scaleOf([y.observed, ...every(1)], height - bottom, top);
    const heights = marks(up, y.unit).map(
      (mark) => [up.place(mark), formatValue(mark, y.unit)] as const,
    );
    const left = leftOf(heights.map(([, text]) => text));
    const across = scaleOf([x.observed, ...every(0)], left, width - 8);
    const path = (outline: Float64Array): string => {
      const corners: string[] = [];
      for (let i = 0; i < outline.length; i += 2) {
        corners.push(
          `${across.place(outline[i]!).toFixed(2)},${up.place(outline[i + 1]!).toFixed(2)}`,
        );
      }
      return `M${corners.join('L')}Z`;
    };
    return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${label}>
      ${marks(across, x.unit).map((mark) => verticalMark(across.place(mark), formatValue(mark, x.unit)))}
      ${heights.map(([place, text]) => horizontalMark(place, left, text))}
      <rect
        class="frame"
        x=${left}
        y=${top}
        width=${width - 8 - left}
        height=${height - bottom - top}
      ></rect>
      ${ellipses.map(
        ({ weight }, i) =>
          svg`<path class="ellipse" d=${path(points[i]!)} opacity=${0.35 + 0.65 * weight} />`,
      )}
      <circle
        class="dot ${inside ? nothing : 'outside'}"
        cx=${across.place(x.observed)}
        cy=${up.place(y.observed)}
        r="5"
      ></circle>
      <text x=${(left + width) / 2} y=${height - 4} text-anchor="middle">${short(x.metric)}</text>
      <text x="2" y="3" dominant-baseline="hanging">${short(y.metric)}</text>
    </svg>`;
  }
}

const short = (name: string): string => (name.length > 40 ? `${name.slice(0, 39)}…` : name);

function verticalMark(x: number, label: string): SVGTemplateResult {
  return svg`<line class="grid" x1=${x} x2=${x} y1=${top} y2=${height - bottom} />
    <text x=${x} y=${height - bottom + 12} text-anchor="middle">${label}</text>`;
}

function horizontalMark(y: number, left: number, label: string): SVGTemplateResult {
  return svg`<line class="grid" x1=${left} x2=${width - 8} y1=${y} y2=${y} />
    <text x=${left - 4} y=${y} text-anchor="end" dominant-baseline="middle">${label}</text>`;
}

// Colours, as custom properties that a page may set, and styles that the elements share.
import { css, unsafeCSS, type CSSResult } from 'lit';

/** --rolemix-NAME: what it is in light and in dark pages. */
const colours = {
  text: ['#14191f', '#e8ecf0'],
  muted: ['#55606c', '#9eabb7'],
  surface: ['#ffffff', '#161c22'],
  raised: ['#f7f9fb', '#1b222a'],
  line: ['#d7dde3', '#2c353e'],
  accent: ['#0b5cad', '#74b4f5'],
  expected: ['#2f7fd1', '#5aa2ec'],
  usual: ['#c3cbd3', '#46525e'],
  alarm: ['#b83a0e', '#ff9a5c'],
  blame: ['#c8571f', '#ef8a4a'],
  selected: ['#e8f1fa', '#1d2f40'],
  'severity-0': ['#e9edf1', '#1f272f'],
  'severity-25': ['#f6d58e', '#5a2f56'],
  'severity-50': ['#ee8d3d', '#b0405a'],
  'severity-75': ['#bf3a2b', '#f08b47'],
  'severity-100': ['#5f0f40', '#fde79a'],
} as const;

export type ColourName = keyof typeof colours;

function declarations(scheme: 0 | 1): CSSResult {
  const lines = Object.entries(colours).map(
    ([name, values]) => `--_${name}: var(--rolemix-${name}, ${values[scheme]});`,
  );
  return unsafeCSS(lines.join('\n'));
}

export const shared = css`
  :host {
    ${declarations(0)}
    display: block;
    min-width: 0;
    color: var(--_text);
    background: var(--_surface);
    font-size: 0.875rem;
    line-height: 1.45;
    font-variant-numeric: tabular-nums;
  }

  @media (prefers-color-scheme: dark) {
    :host(:not([theme='light'])) {
      ${declarations(1)}
    }
  }

  :host([theme='dark']) {
    ${declarations(1)}
  }

  :host([hidden]),
  [hidden] {
    display: none;
  }

  * {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  h4,
  h5,
  h6,
  p {
    margin: 0;
  }

  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }

  button:focus-visible,
  [tabindex]:focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }

  .whole {
    white-space: nowrap;
  }

  .muted,
  .hint {
    color: var(--_muted);
  }

  .hint {
    padding: 0.75rem;
    overflow-wrap: anywhere;
  }

  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.1rem 0.9rem;
    font-size: 0.75rem;
    color: var(--_muted);
  }
`;

export type Rgba = readonly [number, number, number, number];

let pixel: CanvasRenderingContext2D | null | undefined;
const known = new Map<string, Rgba>();

/** Any colour that the browser understands, 0-255 each; black for others. */
function parseColour(text: string): Rgba {
  const before = known.get(text);
  if (before) return before;
  if (pixel === undefined) {
    const canvas = document.createElement('canvas');
    canvas.width = 1;
    canvas.height = 1;
    pixel = canvas.getContext('2d', { willReadFrequently: true });
  }
  if (!pixel) return [0, 0, 0, 255];
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = '#000';
  pixel.fillStyle = text;
  pixel.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = pixel.getImageData(0, 0, 1, 1).data;
  const colour: Rgba = [red, green, blue, alpha];
  known.set(text, colour);
  return colour;
}

/** An element's colours, for canvases. */
export class Palette {
  readonly #style: CSSStyleDeclaration;
  readonly font: string;

  constructor(element: Element) {
    this.#style = getComputedStyle(element);
    this.font = this.#style.fontFamily;
  }

  rgba(name: ColourName): Rgba {
    return parseColour(this.#style.getPropertyValue(`--_${name}`).trim());
  }

  /** As CSS writes it, with a share of its opacity. */
  css(name: ColourName, opacity = 1): string {
    const [red, green, blue, alpha] = this.rgba(name);
    return `rgba(${red}, ${green}, ${blue}, ${(alpha / 255) * opacity})`;
  }

  /** 101 colours of the severities 0 to 100, as pixels of an image: four bytes each. */
  severities(): Uint32Array {
    const names = [
      'severity-0',
      'severity-25',
      'severity-50',
      'severity-75',
      'severity-100',
    ] as const;
    const stops = names.map((name) => this.rgba(name));
    const bytes = new Uint8ClampedArray(4 * 101);
    for (let severity = 0; severity <= 100; severity++) {
      const stop = Math.min(3, Math.floor(severity / 25));
      const share = severity / 25 - stop;
      for (let i = 0; i < 4; i++) {
        const from = stops[stop]![i]!;
        bytes[4 * severity + i] = Math.round(from + (stops[stop + 1]![i]! - from) * share);
      }
    }
    return new Uint32Array(bytes.buffer);
  }
}

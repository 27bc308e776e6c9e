import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';

import type { Analysis } from '../analysis.js';
import { askFor } from '../events.js';
import { formatClock, formatDay, formatTime } from '../format.js';
import { cssColour, onSchemeChange, severityPalette } from '../palette.js';
import { shared } from '../styles.js';
import { levelOf } from '../words.js';

const rowHeight = 24;
const gap = 3;
const top = 3; // room for the frame around the first row
const axisHeight = 34;
const day = 86400;

/** Hosts by time, coloured by severity. A click or the arrow keys choose host and time. */
@customElement('heat-strip')
export class HeatStrip extends LitElement {
  static override styles = [
    shared,
    css`
      .strip {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        column-gap: 0.6rem;
        padding: 0 0.75rem;
      }

      .hosts {
        margin: 0;
        padding: ${top}px 0 0;
        list-style: none;
        font-size: 0.8125rem;
        line-height: ${rowHeight - gap}px;
        text-align: right;
        color: var(--muted);
      }

      .hosts li {
        margin-bottom: ${gap}px;
      }

      .hosts .selected {
        color: var(--text);
        font-weight: 600;
      }

      canvas {
        display: block;
        width: 100%;
        cursor: crosshair;
      }

      [role='slider'] {
        min-width: 0;
        border-radius: 3px;
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.2rem 0.9rem;
        padding: 0.4rem 0.75rem 0.7rem;
        font-size: 0.75rem;
        color: var(--muted);
      }

      .scale {
        display: flex;
        align-items: center;
        gap: 0.4rem;
      }

      .ramp {
        width: 8rem;
        height: 0.6rem;
        border-radius: 2px;
        background: linear-gradient(
          to right,
          var(--severity-0),
          var(--severity-25),
          var(--severity-50),
          var(--severity-75),
          var(--severity-100)
        );
      }

      .underlined::before {
        content: '';
        display: inline-block;
        width: 1.2rem;
        height: 2px;
        margin-right: 0.35rem;
        vertical-align: middle;
        background: var(--text);
      }

      @media (max-width: 560px) {
        .hosts {
          font-size: 0.6875rem;
        }

        .strip {
          column-gap: 0.35rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) analysis!: Analysis;
  @property() host = '';
  @property({ type: Number }) time = 0;
  @query('canvas') private canvas!: HTMLCanvasElement;
  #endSchemeChanges: (() => void) | undefined;
  readonly #resizes = new ResizeObserver(() => {
    this.#draw();
  });

  protected override render(): TemplateResult {
    const { hosts, steps, start, interval } = this.analysis.sample;
    const severity = this.#severityAt(this.host, this.time);
    const words = Number.isNaN(severity)
      ? 'no sample'
      : `severity ${Math.round(severity)}, ${levelOf(severity)}`;
    return html`
      <div class="strip">
        <ul class="hosts" aria-hidden="true">
          ${hosts.map((host) => html`<li class=${host === this.host ? 'selected' : ''}>${host}</li>`)}
        </ul>
        <div
          role="slider"
          tabindex="0"
          aria-label="Moment shown. Left and right change the time, with shift by an hour, up and down the host"
          aria-valuemin="0"
          aria-valuemax=${steps - 1}
          aria-valuenow=${Math.round((this.time - start) / interval)}
          aria-valuetext="${this.host}, ${formatTime(this.time)} UTC, ${words}"
          @keydown=${this.#onKey}
          @pointerdown=${this.#onPointer}
        >
          <canvas></canvas>
        </div>
      </div>
      <div class="legend">
        <span class="scale">severity 0 <span class="ramp"></span> 100</span>
        <span class="underlined">alert</span>
        <span>blank: no sample</span>
      </div>
    `;
  }

  protected override firstUpdated(): void {
    this.#resizes.observe(this.canvas);
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
  }

  protected override updated(): void {
    this.#draw();
  }

  #severityAt(host: string, time: number): number {
    const { timestamps, severity } = this.analysis.series(host);
    return severity[timestamps.indexOf(time)] ?? NaN;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { hosts, interval } = this.analysis.sample;
    const stride = event.shiftKey ? 3600 : interval;
    const row = hosts.indexOf(this.host);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => {
        this.#goTo(this.host, this.time - stride, -1);
      },
      ArrowRight: () => {
        this.#goTo(this.host, this.time + stride, 1);
      },
      ArrowUp: () => {
        this.#goTo(hosts[row - 1], this.time, 0);
      },
      ArrowDown: () => {
        this.#goTo(hosts[row + 1], this.time, 0);
      },
      Home: () => {
        this.#goTo(this.host, -Infinity, 0);
      },
      End: () => {
        this.#goTo(this.host, Infinity, 0);
      },
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  readonly #onPointer = (event: PointerEvent): void => {
    const { hosts, start, interval, steps } = this.analysis.sample;
    const box = this.canvas.getBoundingClientRect();
    const step = Math.floor(((event.clientX - box.left) / box.width) * steps);
    const row = Math.floor((event.clientY - box.top - top) / rowHeight);
    this.#goTo(hosts[row], start + step * interval, 0);
  };

  /** The nearest sample; where samples are missing, the next one in the direction of the move. */
  #goTo(host: string | undefined, wanted: number, direction: -1 | 0 | 1): void {
    if (host === undefined) return;
    const { timestamps } = this.analysis.series(host);
    const first = timestamps[0]!;
    const last = timestamps.at(-1)!;
    const within = Math.min(last, Math.max(first, wanted));
    const onwards = direction > 0 ? timestamps.find((time) => time >= within) : undefined;
    const back = direction < 0 ? timestamps.filter((time) => time <= within).at(-1) : undefined;
    const time = onwards ?? back ?? this.analysis.nearest(host, within);
    askFor(this, { scene: null, host, time, metric: null });
  }

  #draw(): void {
    const width = this.canvas.clientWidth;
    if (width === 0) return;
    const { hosts } = this.analysis.sample;
    const height = top + hosts.length * rowHeight + axisHeight;
    const ratio = window.devicePixelRatio;
    this.canvas.style.height = `${height}px`;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const context = this.canvas.getContext('2d');
    if (!context) return;
    context.scale(ratio, ratio);
    context.translate(0, top);
    const palette = severityPalette(this);
    hosts.forEach((host, row) => {
      this.#drawHost(context, palette, host, row * rowHeight, width);
    });
    this.#drawAlerts(context, width);
    this.#drawAxis(context, width);
    this.#drawSelection(context, width);
  }

  #drawHost(
    context: CanvasRenderingContext2D,
    palette: readonly string[],
    host: string,
    y: number,
    width: number,
  ): void {
    const { start, interval, steps } = this.analysis.sample;
    const { timestamps, severity } = this.analysis.series(host);
    // A column of pixels shows the most severe of its samples.
    const columns = Math.min(steps, Math.floor(width));
    const worst = new Float64Array(columns).fill(NaN);
    timestamps.forEach((time, i) => {
      const column = Math.floor((((time - start) / interval) * columns) / steps);
      const before = worst[column]!;
      worst[column] = Number.isNaN(before) ? severity[i]! : Math.max(before, severity[i]!);
    });
    worst.forEach((value, column) => {
      if (Number.isNaN(value)) return;
      const left = (column * width) / columns;
      const right = ((column + 1) * width) / columns;
      context.fillStyle = palette[Math.round(value)]!;
      // Half a pixel over the next column, which is painted later: no seams.
      context.fillRect(left, y, right - left + 0.5, rowHeight - gap);
    });
  }

  #x(time: number, width: number): number {
    const { start, interval, steps } = this.analysis.sample;
    return ((time - start) / (interval * steps)) * width;
  }

  #drawAlerts(context: CanvasRenderingContext2D, width: number): void {
    const { hosts } = this.analysis.sample;
    context.fillStyle = cssColour(this, '--text');
    for (const alert of this.analysis.alerts) {
      const left = this.#x(alert.startedAt, width);
      const right = Math.min(width, this.#x(alert.closedAt ?? Infinity, width));
      for (const host of alert.hosts) {
        const bottom = (hosts.indexOf(host) + 1) * rowHeight;
        context.fillRect(left, bottom - gap, Math.max(2, right - left), 2);
      }
    }
  }

  #drawAxis(context: CanvasRenderingContext2D, width: number): void {
    const { hosts, start, interval, steps } = this.analysis.sample;
    const end = start + steps * interval;
    const y = hosts.length * rowHeight;
    const stride = width < 420 ? day : width < 700 ? day / 2 : day / 4;
    context.font = `11px ${getComputedStyle(this).fontFamily}`;
    context.textBaseline = 'top';
    context.textAlign = 'center';
    for (let time = Math.ceil(start / stride) * stride; time < end; time += stride) {
      const x = this.#x(time, width);
      const isDay = time % day === 0;
      context.fillStyle = cssColour(this, '--muted');
      context.fillRect(x - 0.5, y, 1, isDay ? 7 : 4);
      if (x < 16 || x > width - 18) continue;
      context.fillText(formatClock(time), x, y + 8);
      if (isDay) context.fillText(formatDay(time), x, y + 21);
    }
  }

  #drawSelection(context: CanvasRenderingContext2D, width: number): void {
    const { hosts, interval } = this.analysis.sample;
    const x = this.#x(this.time + interval / 2, width);
    const row = hosts.indexOf(this.host);
    context.fillStyle = cssColour(this, '--accent');
    context.fillRect(x - 0.5, 0, 1, hosts.length * rowHeight + 4);
    context.strokeStyle = cssColour(this, '--accent');
    context.lineWidth = 2;
    context.strokeRect(1, row * rowHeight - 1, width - 2, rowHeight - gap + 2);
    context.strokeStyle = cssColour(this, '--surface');
    context.fillStyle = cssColour(this, '--accent');
    context.beginPath();
    context.arc(x, row * rowHeight + (rowHeight - gap) / 2, 5, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

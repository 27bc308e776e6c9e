import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';

import type { Alert } from '../alert.js';
import { formatTime, levelOf } from '../index.js';
import { RolemixElement } from './base.js';
import { lowerBound, nearestIndex, rowHeights, rowsOf, spanOf, type Row } from './lanes.js';
import {
  drawAxis,
  drawLanes,
  gutterOf,
  heatImage,
  timeAt,
  top,
  xOf,
  type Geometry,
} from './swimlane-draw.js';
import { swimlaneStyles } from './swimlane-styles.js';
import { Palette, shared } from './theme.js';
import type { Lane, LaneOrder, Moment, Period, SwimlaneProperties } from './types.js';
import { levelText } from './words.js';

const dragFrom = 5; // pixels; less is a click
const leastSamples = 4; // that a zoom still shows

export class Swimlane extends RolemixElement implements SwimlaneProperties {
  static override styles = [shared, swimlaneStyles];

  @property({ attribute: false }) accessor lanes: readonly Lane[] = [];
  @property({ attribute: false }) accessor from: number | null = null;
  @property({ attribute: false }) accessor to: number | null = null;
  @property({ attribute: false }) accessor selected: Moment | null = null;
  @property({ attribute: false }) accessor alerts: readonly Pick<
    Alert,
    'hosts' | 'startedAt' | 'closedAt' | 'level'
  >[] = [];
  @property() accessor order: LaneOrder = 'trouble';
  /** Without the legend, as beside another one. */
  @property({ type: Boolean }) accessor compact = false;
  @state() private accessor hovered: Moment | null = null;
  @state() private accessor brush: readonly [number, number] | null = null;
  @query('.rows') private accessor scroller!: HTMLElement | null;
  @query('.lanes') private accessor canvas!: HTMLCanvasElement | null;
  @query('.axis') private accessor axis!: HTMLCanvasElement | null;

  #rows: readonly Row[] = [];
  #places: ReadonlyMap<string, number> = new Map();
  #span: readonly [number, number] | null = null;
  #geometry: Geometry | null = null;
  #image: { readonly key: string; readonly canvas: HTMLCanvasElement } | null = null;
  #gutter: { readonly key: string; readonly width: number } | null = null;
  #version = 0;
  #problem: Error | null = null;
  #pressed: { readonly x: number; readonly y: number } | null = null;
  readonly #resizes = new ResizeObserver(() => {
    this.#draw();
  });

  protected override content(): TemplateResult {
    if (this.#problem !== null) throw this.#problem;
    if (!this.#span) return html`<p class="hint">${this.words.noLanes}</p>`;
    const { words } = this;
    const row = this.#rowOf(this.selected);
    const index = this.selected && row ? nearestIndex(row.timestamps, this.selected.timestamp) : 0;
    const chosen = this.selected ? this.#momentText(this.selected) : words.nothingChosen;
    const told = this.hovered ?? this.selected;
    return html`
      <div
        class="rows"
        role="slider"
        tabindex="0"
        aria-label=${words.laneLabel}
        aria-valuemin="0"
        aria-valuemax=${Math.max(0, (row?.timestamps.length ?? 1) - 1)}
        aria-valuenow=${Math.max(0, index)}
        aria-valuetext=${chosen}
        @keydown=${this.#onKey}
        @scroll=${this.#onScroll}
      >
        <div class="space">
          <canvas
            class="lanes"
            @pointerdown=${this.#onDown}
            @pointermove=${this.#onMove}
            @pointerup=${this.#onUp}
            @pointercancel=${this.#onLeave}
            @pointerleave=${this.#onLeave}
            @dblclick=${this.#showAll}
          ></canvas>
        </div>
      </div>
      <canvas class="axis"></canvas>
      <p class="tip">${told ? this.#momentText(told) : words.howToChoose}</p>
      ${this.compact ? nothing : this.#legend()}
    `;
  }

  #legend(): TemplateResult {
    const { words } = this;
    return html`<div class="legend">
      <span class="scale">${words.severity} 0 <span class="ramp"></span> 100</span>
      <span class="underlined">${words.alert}</span>
      <span>${words.blank}</span>
      <span>${this.#zoomed ? words.howToZoomOut : words.howToZoom}</span>
    </div>`;
  }

  get #zoomed(): boolean {
    return this.from !== null || this.to !== null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('lanes') && !changed.has('order')) return;
    this.#version++;
    this.#problem = null;
    this.#rows = [];
    try {
      const lanes = this.lanes as readonly Lane[] | null;
      this.#rows = rowsOf(lanes ?? [], this.order);
    } catch (error) {
      this.#problem = error instanceof Error ? error : new Error(String(error));
    }
    this.#span = spanOf(this.#rows);
    this.#places = new Map(this.#rows.map(({ host }, row) => [host, row]));
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#draw();
    if (!changed.has('selected') && !changed.has('lanes')) return;
    const place = this.selected ? this.#places.get(this.selected.host) : undefined;
    if (place !== undefined) this.#scrollTo(place);
  }

  /** So far that the row is in sight; the page itself stays where it is. */
  #scrollTo(place: number): void {
    const { scroller } = this;
    const geometry = this.#geometry;
    if (!scroller || !geometry) return;
    const y = place * geometry.rowHeight;
    const least = y + 2 * geometry.rowHeight - scroller.clientHeight;
    scroller.scrollTop = Math.min(Math.max(scroller.scrollTop, least), Math.max(0, y - top));
  }

  #rowOf(moment: Moment | null): Row | undefined {
    const place = moment ? this.#places.get(moment.host) : undefined;
    return place === undefined ? undefined : this.#rows[place];
  }

  /** "web01, 2026-10-09 10:40 UTC, severity 61, warning" */
  #momentText({ host, timestamp }: Moment): string {
    const { words, language } = this;
    const row = this.#rowOf({ host, timestamp });
    const index = row ? nearestIndex(row.timestamps, timestamp) : -1;
    const there = row && Math.abs(row.timestamps[index]! - timestamp) < row.interval / 2;
    const severity = there ? row.severity[index]! : NaN;
    const said = Number.isNaN(severity)
      ? words.noSample
      : words.severityOf(Math.round(severity), levelText(levelOf(severity), language));
    return `${host}, ${formatTime(timestamp)}, ${said}`;
  }

  /** The period shown; null without samples. */
  #period(): readonly [number, number] | null {
    if (!this.#span) return null;
    const from = this.from ?? this.#span[0];
    const to = this.to ?? this.#span[1];
    return from < to ? [from, to] : this.#span;
  }

  #draw(): void {
    this.attempt(() => {
      this.#drawAll();
    });
  }

  #drawAll(): void {
    const { canvas, axis, scroller } = this;
    const period = this.#period();
    if (!canvas || !axis || !scroller || !period || scroller.clientWidth === 0) return;
    const { height: rowHeight, gap } = rowHeights(this.#rows.length);
    const whole = top + this.#rows.length * rowHeight + 1;
    const space = canvas.parentElement!;
    space.style.height = `${whole}px`;
    const palette = new Palette(this);
    const width = scroller.clientWidth;
    const height = Math.min(whole, scroller.clientHeight);
    const gutterKey = [this.#version, width, palette.font].join();
    if (this.#gutter?.key !== gutterKey) {
      const gutter = gutterOf(canvas, this.#rows, rowHeight, width, palette);
      this.#gutter = { key: gutterKey, width: gutter };
    }
    const gutter = this.#gutter.width;
    const [from, to] = period;
    const scroll = scroller.scrollTop;
    const geometry = { width, height, gutter, rowHeight, gap, from, to, scroll };
    this.#geometry = geometry;
    drawLanes(
      canvas,
      {
        rows: this.#rows,
        image: this.#heat(geometry, palette),
        palette,
        alerts: this.alerts,
        places: this.#places,
        selected: this.selected,
        hovered: this.hovered,
        brush: this.brush,
      },
      geometry,
    );
    drawAxis(axis, geometry, palette);
  }

  #heat({ width, gutter, from, to }: Geometry, palette: Palette): HTMLCanvasElement {
    const columns = Math.max(1, Math.round((width - gutter) * window.devicePixelRatio));
    const key = [this.#version, columns, from, to, ...palette.severities()].join();
    if (this.#image?.key !== key) {
      this.#image = { key, canvas: heatImage(this.#rows, from, to, columns, palette) };
    }
    return this.#image.canvas;
  }

  /** Of the pointer; null beside the rows. */
  #momentAt(event: PointerEvent): Moment | null {
    const geometry = this.#geometry;
    if (!geometry) return null;
    const { x, y } = this.#place(event);
    const row = this.#rows[Math.floor((y - top + geometry.scroll) / geometry.rowHeight)];
    if (!row || row.timestamps.length === 0) return null;
    const time = timeAt(Math.max(x, geometry.gutter), geometry) - row.interval / 2;
    return { host: row.host, timestamp: row.timestamps[nearestIndex(row.timestamps, time)]! };
  }

  #place(event: PointerEvent): { readonly x: number; readonly y: number } {
    const box = this.canvas!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  readonly #onScroll = (): void => {
    this.#draw();
  };

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.#pressed = this.#place(event);
    this.canvas?.setPointerCapture(event.pointerId);
  };

  readonly #onMove = (event: PointerEvent): void => {
    const place = this.#place(event);
    const geometry = this.#geometry;
    if (!this.#pressed || !geometry) {
      this.hovered = this.#momentAt(event);
      return;
    }
    const isDrag = this.brush !== null || Math.abs(place.x - this.#pressed.x) >= dragFrom;
    if (isDrag) this.brush = [timeAt(this.#pressed.x, geometry), timeAt(place.x, geometry)];
  };

  readonly #onUp = (event: PointerEvent): void => {
    if (!this.#pressed) return;
    this.#pressed = null;
    const { brush } = this;
    this.brush = null;
    const moment = this.#momentAt(event);
    if (brush) this.#zoomTo(Math.min(...brush), Math.max(...brush));
    else if (moment) this.#select(moment);
  };

  readonly #onLeave = (event: PointerEvent): void => {
    this.hovered = null;
    if (event.type !== 'pointercancel') return;
    this.#pressed = null;
    this.brush = null;
  };

  readonly #showAll = (): void => {
    this.#zoom({ from: null, to: null });
  };

  #select(moment: Moment): void {
    this.selected = moment;
    this.tell('rolemix-select', moment);
  }

  #zoom(period: Period): void {
    this.from = period.from;
    this.to = period.to;
    this.tell('rolemix-zoom', period);
  }

  /** Within the samples, and not so far that few are left. */
  #zoomTo(from: number, to: number): void {
    if (!this.#span) return;
    const [first, last] = this.#span;
    const interval = this.#rows.find(({ timestamps }) => timestamps.length > 1)?.interval ?? 60;
    const least = Math.min(leastSamples * interval, last - first);
    const middle = (from + to) / 2;
    const half = Math.max(to - from, least) / 2;
    const begin = Math.max(first, Math.min(middle - half, last - least));
    const end = Math.min(last, Math.max(middle + half, begin + least));
    const isWhole = begin <= first && end >= last;
    this.#zoom(isWhole ? { from: null, to: null } : { from: begin, to: end });
  }

  /** By a factor about the moment, or the middle where that is not in sight. */
  #zoomBy(factor: number): void {
    const period = this.#period();
    if (!period) return;
    const [from, to] = period;
    const moment = this.selected?.timestamp ?? NaN;
    const center = moment >= from && moment < to ? moment : (from + to) / 2;
    this.#zoomTo(center - (center - from) * factor, center + (to - center) * factor);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => {
        this.#step(-1, event.shiftKey);
      },
      ArrowRight: () => {
        this.#step(1, event.shiftKey);
      },
      ArrowUp: () => {
        this.#changeHost(-1);
      },
      ArrowDown: () => {
        this.#changeHost(1);
      },
      Home: () => {
        this.#goToEnd('first');
      },
      End: () => {
        this.#goToEnd('last');
      },
      '+': () => {
        this.#zoomBy(0.5);
      },
      '-': () => {
        this.#zoomBy(2);
      },
      Escape: () => {
        if (this.brush) this.#pressed = this.brush = null;
        else this.#showAll();
      },
    };
    const move = moves[event.key];
    if (!move || (event.key === 'Escape' && !this.brush && !this.#zoomed)) return;
    event.preventDefault();
    move();
  };

  /** The row of the moment, and the moment; what is worst in the first row where none is chosen. */
  #current(): { readonly place: number; readonly time: number; readonly chosen: boolean } {
    const place = this.selected ? this.#places.get(this.selected.host) : undefined;
    if (this.selected && place !== undefined) {
      return { place, time: this.selected.timestamp, chosen: true };
    }
    const row = this.#rows[0];
    let worst = 0;
    row?.severity.forEach((value, i) => {
      if (value > (row.severity[worst] ?? NaN) || Number.isNaN(row.severity[worst])) worst = i;
    });
    return { place: 0, time: row?.timestamps[worst] ?? 0, chosen: false };
  }

  /** To the next sample that way; where samples are missing, the first one beyond. */
  #step(direction: 1 | -1, far: boolean): void {
    const { place, time, chosen } = this.#current();
    const row = this.#rows[place];
    if (!row) return;
    const stride = far ? Math.max(3600, 12 * row.interval) : row.interval;
    const target = chosen ? time + direction * stride : time;
    const index = lowerBound(row.timestamps, target - (direction * row.interval) / 2);
    this.#goTo(row, direction > 0 ? index : index - 1);
  }

  #goToEnd(which: 'first' | 'last'): void {
    const row = this.#rows[this.#current().place];
    const period = this.#period();
    if (!row || !period) return;
    const [from, to] = period;
    this.#goTo(
      row,
      lowerBound(row.timestamps, which === 'first' ? from : to) - (which === 'last' ? 1 : 0),
    );
  }

  #goTo({ host, timestamps }: Row, index: number): void {
    const timestamp = timestamps[Math.min(timestamps.length - 1, Math.max(0, index))];
    if (timestamp !== undefined) this.#reveal({ host, timestamp });
  }

  #changeHost(direction: 1 | -1): void {
    const { place, time, chosen } = this.#current();
    for (let next = chosen ? place + direction : place; this.#rows[next]; next += direction) {
      const row = this.#rows[next]!;
      const timestamp = row.timestamps[nearestIndex(row.timestamps, time)];
      if (timestamp === undefined) continue;
      this.#reveal({ host: row.host, timestamp });
      return;
    }
  }

  /** Selects, and moves the period so that it is in sight. */
  #reveal(moment: Moment): void {
    const geometry = this.#geometry;
    this.#select(moment);
    if (!this.#zoomed || !geometry) return;
    const x = xOf(moment.timestamp, geometry);
    if (x >= geometry.gutter && x < geometry.width) return;
    const half = (geometry.to - geometry.from) / 2;
    const [first, last] = this.#span!;
    const middle = Math.min(Math.max(moment.timestamp, first + half), last - half);
    this.#zoom({ from: middle - half, to: middle + half });
  }
}

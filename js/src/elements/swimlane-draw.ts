// Draws the lanes and their time axis on canvases.
import type { Alert } from '../alert.js';
import { clockText, dayText } from './format.js';
import { axisStride, columnMaxima, type Row } from './lanes.js';
import type { Palette } from './theme.js';
import type { Moment } from './types.js';

const axisHeight = 32;
/** Room for the frame around the first row. */
export const top = 2;
const day = 86400;

/** Where things are, in CSS pixels; times in epoch seconds. */
export interface Geometry {
  readonly width: number;
  /** Of the visible part. */
  readonly height: number;
  /** Of the names at the left. */
  readonly gutter: number;
  readonly rowHeight: number;
  readonly gap: number;
  readonly from: number;
  readonly to: number;
  /** How far the rows are scrolled. */
  readonly scroll: number;
}

export function xOf(time: number, { width, gutter, from, to }: Geometry): number {
  return gutter + ((time - from) / (to - from)) * (width - gutter);
}

export function timeAt(x: number, { width, gutter, from, to }: Geometry): number {
  return from + ((x - gutter) / (width - gutter)) * (to - from);
}

function prepared(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [columns, lines] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== lines) canvas.height = lines;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}

/** All rows as an image: a pixel per host and column of the screen. */
export function heatImage(
  rows: readonly Row[],
  from: number,
  to: number,
  columns: number,
  palette: Palette,
): HTMLCanvasElement {
  const image = document.createElement('canvas');
  image.width = columns;
  image.height = rows.length;
  const context = image.getContext('2d');
  if (!context) return image;
  const pixels = context.createImageData(columns, rows.length);
  const colours = new Uint32Array(pixels.data.buffer);
  const severities = palette.severities();
  const worst = new Float32Array(columns);
  rows.forEach((row, index) => {
    columnMaxima(row, from, to, worst);
    const start = index * columns;
    for (let column = 0; column < columns; column++) {
      const value = worst[column]!;
      if (value !== value) continue;
      colours[start + column] = severities[Math.min(100, Math.max(0, Math.round(value)))]!;
    }
  });
  context.putImageData(pixels, 0, 0);
  return image;
}

/** The text, its middle left out where it is too wide: hosts of a role often differ at their ends. */
function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const without = (length: number): string =>
    `${text.slice(0, Math.ceil(length / 2))}…${text.slice(text.length - Math.floor(length / 2))}`;
  let length = Math.min(text.length - 1, 80);
  while (length > 1 && context.measureText(without(length)).width > width) length--;
  return without(length);
}

const nameFont = (rowHeight: number, palette: Palette): string =>
  `${rowHeight >= 24 ? 13 : 11}px ${palette.font}`;

/** How wide the names are, at most a share of the element. */
export function gutterOf(
  canvas: HTMLCanvasElement,
  rows: readonly Row[],
  rowHeight: number,
  width: number,
  palette: Palette,
): number {
  const context = canvas.getContext('2d');
  if (!context) return 0;
  // As wide as a chosen one's.
  context.font = `600 ${nameFont(rowHeight, palette)}`;
  const widest = rows.reduce(
    (most, { host }) => Math.max(most, context.measureText(host.slice(0, 80)).width),
    0,
  );
  return Math.ceil(Math.min(widest + 10, width * 0.3));
}

export interface Scene {
  readonly rows: readonly Row[];
  readonly image: HTMLCanvasElement;
  readonly palette: Palette;
  readonly alerts: readonly Pick<Alert, 'hosts' | 'startedAt' | 'closedAt' | 'level'>[];
  /** Row of each host. */
  readonly places: ReadonlyMap<string, number>;
  readonly selected: Moment | null;
  readonly hovered: Moment | null;
  /** Ends of the period that is being chosen. */
  readonly brush: readonly [number, number] | null;
}

export function drawLanes(canvas: HTMLCanvasElement, scene: Scene, geometry: Geometry): void {
  const { width, height, gutter, rowHeight, gap, scroll } = geometry;
  const context = prepared(canvas, width, height);
  if (!context) return;
  context.save();
  context.translate(0, top - scroll);
  const first = Math.max(0, Math.floor((scroll - top) / rowHeight));
  const end = Math.min(scene.rows.length, Math.ceil((scroll + height) / rowHeight));
  context.imageSmoothingEnabled = false;
  const { image } = scene;
  for (let row = first; row < end; row++) {
    context.drawImage(
      image,
      0,
      row,
      image.width,
      1,
      gutter,
      row * rowHeight,
      width - gutter,
      rowHeight - gap,
    );
  }
  drawAlerts(context, scene, geometry, first, end);
  drawNames(context, scene, geometry, first, end);
  drawMoment(context, scene, geometry);
  context.restore();
  drawBrush(context, scene, geometry);
}

function drawAlerts(
  context: CanvasRenderingContext2D,
  { alerts, places, palette }: Scene,
  geometry: Geometry,
  first: number,
  end: number,
): void {
  const { width, gutter, rowHeight, gap } = geometry;
  context.fillStyle = palette.css('text');
  for (const alert of alerts) {
    const left = Math.max(gutter, xOf(alert.startedAt, geometry));
    const right = Math.min(width, xOf(alert.closedAt ?? Infinity, geometry));
    if (left >= width || right < gutter) continue;
    for (const host of alert.hosts) {
      const row = places.get(host);
      if (row === undefined || row < first || row >= end) continue;
      const thickness = gap > 1 ? 2 : 1.5;
      const y = (row + 1) * rowHeight - Math.max(gap, thickness);
      context.fillRect(left, y, Math.max(2, right - left), thickness);
    }
  }
}

/** Every name where rows are high enough, else those of the selected and the hovered row. */
function drawNames(
  context: CanvasRenderingContext2D,
  { rows, places, palette, selected, hovered }: Scene,
  { gutter, rowHeight, gap }: Geometry,
  first: number,
  end: number,
): void {
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const font = nameFont(rowHeight, palette);
  const draw = (row: number, strong: boolean): void => {
    context.font = strong ? `600 ${font}` : font;
    context.fillStyle = palette.css(strong ? 'text' : 'muted');
    const text = fitted(context, rows[row]!.host, gutter - 8);
    context.fillText(text, gutter - 7, row * rowHeight + (rowHeight - gap) / 2 + 0.5);
  };
  const chosen = selected ? places.get(selected.host) : undefined;
  const pointed = hovered ? places.get(hovered.host) : undefined;
  if (rowHeight > 9) {
    for (let row = first; row < end; row++) draw(row, row === chosen);
    return;
  }
  if (pointed !== undefined) draw(pointed, false);
  // Where the two would lie upon each other, what is pointed at is what is asked for.
  const apart =
    pointed === undefined || chosen === pointed || Math.abs((chosen ?? 0) - pointed) > 1;
  if (chosen !== undefined && apart) draw(chosen, true);
}

function drawMoment(context: CanvasRenderingContext2D, scene: Scene, geometry: Geometry): void {
  const { rows, places, palette, selected, hovered } = scene;
  const { width, gutter, rowHeight, gap } = geometry;
  if (hovered) {
    const row = places.get(hovered.host);
    if (row !== undefined) {
      context.strokeStyle = palette.css('muted');
      context.lineWidth = 1;
      context.strokeRect(
        gutter + 0.5,
        row * rowHeight - 0.5,
        width - gutter - 1,
        rowHeight - gap + 1,
      );
    }
  }
  const row = selected ? places.get(selected.host) : undefined;
  if (!selected || row === undefined) return;
  const accent = palette.css('accent');
  const inner = rowHeight - gap;
  context.strokeStyle = accent;
  context.lineWidth = 2;
  context.strokeRect(gutter, row * rowHeight - 1, width - gutter - 1, inner + 2);
  const x = xOf(selected.timestamp + rows[row]!.interval / 2, geometry);
  if (x < gutter || x > width) return;
  context.fillStyle = accent;
  context.fillRect(x - 0.5, 0, 1, rows.length * rowHeight);
  context.strokeStyle = palette.css('surface');
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, row * rowHeight + inner / 2, 5, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function drawBrush(context: CanvasRenderingContext2D, scene: Scene, geometry: Geometry): void {
  if (!scene.brush) return;
  const { gutter, width, height } = geometry;
  const [one, other] = scene.brush.map((time) =>
    Math.min(width, Math.max(gutter, xOf(time, geometry))),
  );
  const left = Math.min(one!, other!);
  const span = Math.abs(one! - other!);
  context.fillStyle = scene.palette.css('accent', 0.18);
  context.fillRect(left, 0, span, height);
  context.fillStyle = scene.palette.css('accent');
  context.fillRect(left - 0.5, 0, 1, height);
  context.fillRect(left + span - 0.5, 0, 1, height);
}

/** Clock times, with the day below the first one and every midnight; UTC. */
export function drawAxis(canvas: HTMLCanvasElement, geometry: Geometry, palette: Palette): void {
  const { width, gutter, from, to } = geometry;
  const context = prepared(canvas, width, axisHeight);
  if (!context) return;
  context.font = `11px ${palette.font}`;
  context.textBaseline = 'top';
  context.textAlign = 'center';
  const stride = axisStride((64 * (to - from)) / Math.max(64, width - gutter));
  let dated = false;
  for (let time = Math.ceil(from / stride) * stride; time < to; time += stride) {
    const x = xOf(time, geometry);
    const isDay = time % day === 0;
    context.fillStyle = palette.css('muted');
    context.fillRect(x - 0.5, 0, 1, isDay ? 6 : 4);
    if (x < gutter + 16 || x > width - 18) continue;
    if (stride >= day) {
      context.fillText(dayText(time), x, 7);
      continue;
    }
    context.fillText(clockText(time), x, 7);
    if (isDay || !dated) context.fillText(dayText(time), x, 19);
    dated = true;
  }
}

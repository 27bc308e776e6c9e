// Values as people read them, and what stands along axes.
import { formatRange, formatTime, formatValue } from '../index.js';
import type { Language } from '../explanation.js';

const plain = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '-';

/** As formatValue; before any model is loaded a plain number. */
export function valueText(value: number, unit: string): string {
  try {
    return formatValue(value, unit);
  } catch {
    return `${plain(value)} ${unit}`.trim();
  }
}

/** As formatRange, with the sign that the language's sentences have between the ends. */
export function rangeText(low: number, high: number, unit: string, language: Language): string {
  let text: string;
  try {
    text = formatRange(low, high, unit);
  } catch {
    text = `${plain(low)}-${plain(high)} ${unit}`.trim();
  }
  return language === 'ja' ? text.replace(/^(-?[\d.]+(?:e[+-]?\d+)?)-/, '$1〜') : text;
}

interface Scale {
  readonly factor: number;
  /** With its leading space. */
  readonly suffix: string;
}

/** In what unit numbers up to this magnitude are shown. */
export function scaleOf(magnitude: number, unit: string): Scale {
  const suffix = valueText(magnitude, unit).replace(/^\S+/, '');
  if (unit === 'bytes' || unit === 'bytes/s') {
    return { factor: 1024 ** Math.max(0, 'BKMGTP'.indexOf(suffix.charAt(1))), suffix };
  }
  const thousands = Math.min(5, Math.floor(Math.log10(magnitude) / 3));
  if (!(thousands >= 2)) return { factor: 1, suffix };
  return { factor: 1000 ** thousands, suffix: ` ${' kMGTP'.charAt(thousands)}${suffix.trim()}` };
}

/** "10:40", UTC. */
export const clockText = (timestamp: number): string => formatTime(timestamp).slice(11, 16);

/** "10-09", UTC. */
export const dayText = (timestamp: number): string => formatTime(timestamp).slice(5, 10);

/** "97 %"; "<1 %" of something small. Lines do not break inside. */
export function shareText(share: number): string {
  const percent = Math.round(100 * share);
  if (share > 0 && percent < 1) return '<1\u00a0%';
  return `${percent}\u00a0%`;
}

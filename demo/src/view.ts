// What the page shows, as it stands in the address:
// #role=shop:web&host=...&time=...&metric=...&from=...&to=...&scene=leak&tolerance=off&attempts=3&warning=normal&t.METRIC=5&mute=METRIC&lang=ja
import type { AlertSettings, Language, Sensitivity } from 'rolemix';

import type { SceneId } from './sample.js';

export type Switch = 'on' | 'off';

/** What people change of a role's model without training. */
export interface Edits {
  /** In the metrics' units, by name. */
  readonly tolerances: Readonly<Record<string, number>>;
  readonly muted: readonly string[];
}

export interface View {
  readonly role: string;
  /** null: a moment that was chosen otherwise. */
  readonly scene: SceneId | null;
  readonly host: string;
  /** Epoch seconds. */
  readonly time: number;
  /** The visible period of the overview; null: all of it. */
  readonly zoom: { readonly from: number; readonly to: number } | null;
  /** Whose curve is shown; null: the metric most to blame. */
  readonly metric: string | null;
  /** Whether tolerances count at all. */
  readonly tolerance: Switch;
  readonly settings: Partial<AlertSettings>;
  readonly edits: Edits;
  readonly language: Language;
}

export const noEdits: Edits = { tolerances: {}, muted: [] };

export function isPlain({ tolerances, muted }: Edits): boolean {
  return muted.length === 0 && Object.keys(tolerances).length === 0;
}

const isoTime = (time: number): string =>
  new Date(time * 1000).toISOString().replace(/(:00)?\.000Z$/, 'Z');

export function toHash(view: View): string {
  const parts: (readonly [string, string])[] = [];
  const say = (name: string, value: string | number | null | undefined): void => {
    if (value !== null && value !== undefined) parts.push([name, String(value)]);
  };
  say('role', view.role);
  say('scene', view.scene);
  // Neither is known before samples are scored.
  say('host', view.host || null);
  say('time', Number.isFinite(view.time) ? isoTime(view.time) : null);
  say('metric', view.metric);
  say('from', view.zoom && isoTime(view.zoom.from));
  say('to', view.zoom && isoTime(view.zoom.to));
  say('tolerance', view.tolerance);
  say('warning', view.settings.warningSensitivity);
  say('critical', view.settings.criticalSensitivity);
  say('attempts', view.settings.maxCheckAttempts);
  for (const [metric, tolerance] of Object.entries(view.edits.tolerances)) {
    say(`t.${metric}`, tolerance);
  }
  for (const metric of view.edits.muted) say('mute', metric);
  say('lang', view.language);
  const plain = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':');
  return `#${parts.map(([name, value]) => `${plain(name)}=${plain(value)}`).join('&')}`;
}

export interface Known {
  readonly hosts: readonly string[];
  readonly metrics: readonly string[];
  readonly scenes: readonly SceneId[];
}

const sensitivities: readonly Sensitivity[] = ['sensitive', 'normal', 'insensitive'];

const parametersOf = (hash: string): URLSearchParams =>
  new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));

export function roleOfHash(hash: string): string | null {
  return parametersOf(hash).get('role');
}

/** Of the address, or else of the browser. */
export function languageOf(hash: string): Language {
  const said = parametersOf(hash).get('lang');
  if (said === 'en' || said === 'ja') return said;
  return navigator.language.startsWith('ja') ? 'ja' : 'en';
}

/** What the address says; what it does not say, or what does not exist, is left out. */
export function fromHash(hash: string, known: Known): Partial<View> {
  const parameters = parametersOf(hash);
  const pick = <T extends string>(name: string, list: readonly T[]): T | undefined =>
    list.find((entry) => entry === parameters.get(name));
  const time = (name: string): number => Date.parse(parameters.get(name) ?? '') / 1000;
  const [moment, from, to] = ['time', 'from', 'to'].map(time) as [number, number, number];
  const scene = pick('scene', known.scenes);
  const host = pick('host', known.hosts);
  const metric = pick('metric', known.metrics);
  const tolerance = pick('tolerance', ['on', 'off'] as const);
  const language = pick('lang', ['en', 'ja'] as const);
  return {
    ...(scene && { scene }),
    ...(host && { host }),
    ...(Number.isFinite(moment) && { time: moment }),
    ...(from < to && { zoom: { from, to } }),
    ...(metric && { metric }),
    ...(tolerance && { tolerance }),
    ...(language && { language }),
    settings: settingsOf(parameters, pick),
    edits: editsOf(parameters, known.metrics),
  };
}

function settingsOf(
  parameters: URLSearchParams,
  pick: <T extends string>(name: string, list: readonly T[]) => T | undefined,
): Partial<AlertSettings> {
  const warningSensitivity = pick('warning', sensitivities);
  const criticalSensitivity = pick('critical', sensitivities);
  const attempts = Number(parameters.get('attempts'));
  return {
    ...(warningSensitivity && { warningSensitivity }),
    ...(criticalSensitivity && { criticalSensitivity }),
    ...(Number.isInteger(attempts) &&
      attempts >= 1 &&
      attempts <= 10 && { maxCheckAttempts: attempts }),
  };
}

function editsOf(parameters: URLSearchParams, metrics: readonly string[]): Edits {
  const named = new Set(parameters.getAll('mute'));
  const muted = metrics.filter((metric) => named.has(metric));
  const tolerances = metrics
    .map((metric) => [metric, Number(parameters.get(`t.${metric}`))] as const)
    // What the core allows.
    .filter(([, tolerance]) => tolerance >= 1e-50 && tolerance <= 1e50);
  return {
    tolerances: Object.fromEntries(tolerances),
    // The last metric cannot be muted.
    muted: muted.length < metrics.length ? muted : [],
  };
}

// What the page shows, as it stands in the address: #scene=leak&host=...&time=...&metric=...&tolerance=off
import type { SceneId } from './sample.js';

export type Tolerance = 'on' | 'off';

export interface View {
  /** null: a moment that was chosen otherwise. */
  readonly scene: SceneId | null;
  readonly host: string;
  /** Epoch seconds. */
  readonly time: number;
  /** Whose curve is shown; null: the metric most to blame. */
  readonly metric: string | null;
  readonly tolerance: Tolerance;
}

export function toHash({ scene, host, time, metric, tolerance }: View): string {
  const moment = new Date(time * 1000).toISOString().replace(/:00\.000Z$/, 'Z');
  const parts = [
    scene && `scene=${scene}`,
    `host=${encodeURIComponent(host)}`,
    `time=${moment}`,
    metric && `metric=${encodeURIComponent(metric)}`,
    `tolerance=${tolerance}`,
  ];
  return `#${parts.filter(Boolean).join('&')}`;
}

/** What the address says; what it does not say, or what does not exist, is left out. */
export function fromHash(
  hash: string,
  known: {
    readonly hosts: readonly string[];
    readonly metrics: readonly string[];
    readonly scenes: readonly SceneId[];
  },
): Partial<View> {
  const parameters = new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));
  const pick = <T extends string>(name: string, list: readonly T[]): T | undefined =>
    list.find((entry) => entry === parameters.get(name));
  const time = Date.parse(parameters.get('time') ?? '') / 1000;
  const scene = pick('scene', known.scenes);
  const host = pick('host', known.hosts);
  const metric = pick('metric', known.metrics);
  const tolerance = pick('tolerance', ['on', 'off'] as const);
  return {
    ...(scene && { scene }),
    ...(host && { host }),
    ...(Number.isFinite(time) && { time }),
    ...(metric && { metric }),
    ...(tolerance && { tolerance }),
  };
}

// What the page says in words. Every sentence follows from an explanation's numbers.
import {
  formatRange,
  formatValue,
  returnTimeOfSeverity,
  type Alert,
  type Explanation,
  type MetricExplanation,
  type Reason,
} from 'rolemix';

import { formatDuration } from './format.js';
import type { SceneId } from './sample.js';

export type Level = 'normal' | 'unusual' | 'warning' | 'critical';

/** Alerts open from 50 (warning) and 75 (critical); 25 is what a normal host reaches once a week. */
export function levelOf(severity: number | null): Level {
  if (severity === null || !(severity >= 25)) return 'normal';
  if (severity < 50) return 'unusual';
  return severity < 75 ? 'warning' : 'critical';
}

const reasons: Readonly<Record<Reason, string>> = {
  none: '',
  unusual_value: 'unusual value',
  unusual_given_others: 'does not fit the others',
  both: 'unusual value, does not fit the others',
};

export function reasonWords({ reason, observed }: MetricExplanation): string {
  if (reason !== null) return reasons[reason];
  return observed === null ? 'no value' : 'its host has no level yet';
}

/** "a week", "in 3 weeks", as after "once". */
function frequency(days: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['year', 365],
    ['month', 30],
    ['week', 7],
  ];
  const [name, length] = units.find(([, unit]) => days >= 0.95 * unit) ?? ['day', 1];
  const count = Math.round(days / length);
  return count <= 1 ? `a ${name}` : `in ${count} ${name}s`;
}

/** "a normal host gets here about once in 8 months" */
export function severityWords(severity: number | null, spanHostDays: number): string {
  if (severity === null) return 'no metric has a value';
  if (severity >= 100) return 'a normal host gets here less than once in ten years';
  const days = returnTimeOfSeverity(severity);
  if (days < 1) return 'a normal host gets here every day';
  // Calibration cannot have seen what is rarer than its own span.
  const extrapolated = days > spanHostDays ? ', extrapolated' : '';
  return `a normal host gets here about once ${frequency(days)}${extrapolated}`;
}

/** A host, or how many at once. */
export function hostWords(alert: Alert): string {
  return alert.scope === 'role' ? `${alert.hosts.length} hosts at once` : alert.host;
}

export function lastingWords(alert: Alert): string {
  return alert.closedAt === null
    ? 'still open'
    : `lasted ${formatDuration(alert.closedAt - alert.startedAt)}`;
}

const values = (metric: MetricExplanation): string =>
  metric.observed === null ? '-' : formatValue(metric.observed, metric.unit);
const expectedRange = ({ low, high, unit }: MetricExplanation): string =>
  formatRange(low, high, unit);
const usualRange = ({ typicalLow, typicalHigh, unit }: MetricExplanation): string =>
  formatRange(typicalLow, typicalHigh, unit);

/** The metric, if it is outside its usual range while it fits the others; the preferred one first. */
export function fittingButUnusual(
  explanation: Explanation,
  preferred: string,
): MetricExplanation | null {
  const found = explanation.metrics.filter(({ reason }) => reason === 'unusual_value');
  return found.find(({ metric }) => metric === preferred) ?? found[0] ?? null;
}

/**
 * For a moment without an alert: what is unusual and yet fits, or that nothing is. `alone` is what the metric `source` predicts by
 * itself.
 */
export function silentSentence(
  explanation: Explanation,
  selected: string,
  alone?: { readonly source: string; readonly predicted: MetricExplanation },
): string {
  const unfitting = explanation.metrics.find(
    ({ reason }) => reason === 'both' || reason === 'unusual_given_others',
  );
  if (unfitting) return `No alert. ${explanation.sentence}`;
  const unusual = fittingButUnusual(explanation, selected);
  if (!unusual) return calmSentence(explanation, selected);
  const side = unusual.observed! > unusual.typicalHigh ? 'high' : 'low';
  const seen = `${unusual.metric} is ${side} (${values(unusual)}, usually ${usualRange(unusual)})`;
  const sentence = `Normal: ${seen}, but the other metrics predict ${expectedRange(unusual)}`;
  if (!alone) return `${sentence}.`;
  const source = explanation.metrics.find(({ metric }) => metric === alone.source);
  const cause = source ? `${alone.source} (${values(source)})` : alone.source;
  return `${sentence}; ${cause} alone predicts ${expectedRange(alone.predicted)}.`;
}

function calmSentence(explanation: Explanation, selected: string): string {
  const metric = explanation.metrics.find(({ metric: name }) => name === selected);
  const missing = explanation.metrics.filter(({ surprise }) => surprise === null).length;
  const count = explanation.metrics.length - missing;
  if (!metric || metric.surprise === null) {
    return `Normal: all ${count} metrics are within their usual and expected ranges.`;
  }
  const seen = `${metric.metric} is ${values(metric)}`;
  return `Normal: ${seen}, the other metrics predict ${expectedRange(metric)}; all ${count} metrics are within their ranges.`;
}

export interface SceneText {
  readonly id: SceneId;
  readonly name: string;
  readonly line: string;
}

export const sceneTexts: readonly SceneText[] = [
  {
    id: 'broken-relation',
    name: 'Broken relation',
    line: 'An alert, although every metric is within its usual range.',
  },
  {
    id: 'traffic-spike',
    name: 'Traffic spike',
    line: 'No alert: CPU is far above usual, as the requests predict.',
  },
  {
    id: 'memory-step',
    name: '+40 MB of memory',
    line: 'No alert on a flat line, unless its tolerance is off.',
  },
  {
    id: 'leak',
    name: 'Memory leak',
    line: 'An alert hours before the host begins to swap.',
  },
];

/** "broken_relation" -> "broken relation" */
export function kindWords(kind: string): string {
  return kind.replaceAll('_', ' ');
}

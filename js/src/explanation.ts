import type { MetricInfo, ModelInfo } from './info.js';
import type { Module, RawExplanations } from './rolemix.js';

/** Why a metric is ranked: which of its two ranges the observed value lies outside of. */
export type Reason = 'none' | 'unusual_value' | 'unusual_given_others' | 'both';

/** On which side of the expected value the observed one lies. */
export type Direction = 'above' | 'below';

/** One metric of one sample, in the metric's unit; null is what a missing metric lacks. */
export interface MetricExplanation {
  readonly metric: string;
  readonly unit: string;
  readonly observed: number | null;
  /** Mean given the other metrics. */
  readonly expected: number;
  /** Central 95 % range given the other metrics. */
  readonly low: number;
  readonly high: number;
  /** Central 95 % range of the metric on its own. */
  readonly typicalLow: number;
  readonly typicalHigh: number;
  /** Two-sided tail probability given the other metrics. */
  readonly surprise: number | null;
  /** Two-sided tail probability of the metric on its own. */
  readonly typicalSurprise: number | null;
  /** Share of the anomaly score above the model's floor, nats. */
  readonly contribution: number | null;
  /** Sums to 1 over the metrics, or is 0 for all of them. */
  readonly blame: number;
  /** 1 is most to blame. */
  readonly rank: number;
  readonly reason: Reason | null;
  readonly direction: Direction | null;
}

/** Languages of sentences. */
export type Language = 'en' | 'ja';

/** In which language sentences are; en when left out. */
export interface LanguageOption {
  readonly language?: Language;
}

/** Where a state, given a sample's other metrics, has 95 % of the probability of two. */
export interface JointEllipse {
  /** Of the state, given the other metrics. */
  readonly weight: number;
  /** A closed line in the metrics' units: x, y, x, y, ... */
  readonly outline: Float64Array;
}

/** Metrics that move as one, such as copies and the parts of a sum: their blame together. */
export interface MetricGroup {
  readonly metrics: readonly string[];
  readonly blame: number;
}

/** Which few metrics mainly predicted another, and to what value; in that metric's unit. */
export interface Prediction {
  readonly metric: string;
  /** One to three, the one that tells most first. */
  readonly predictors: readonly string[];
  readonly expected: number;
  /** Central 95 % range given the predictors alone. */
  readonly low: number;
  readonly high: number;
}

/** The fewest metrics that would make a sample normal, each set to what the others predict. */
export interface Remedy {
  /** With these values its severity is below the model's warning threshold. */
  readonly found: boolean;
  /** And no smaller set does. */
  readonly exact: boolean;
  /** Empty: it is normal, or the model is not ready. */
  readonly metrics: readonly { readonly metric: string; readonly value: number }[];
}

/** One metric over the span of an alert; null where there are no values, or none left its range. */
export interface SpanMetric {
  readonly metric: string;
  readonly unit: string;
  /** Sums to 1 over the metrics. */
  readonly blame: number;
  readonly rank: number;
  /** When it left a range, epoch seconds. */
  readonly leftAt: number | null;
  /** Median of what `AlertSpan.before` says. */
  readonly before: number | null;
  /** Median of the alert's samples, up to the last in which any metric is clearly outside of a range. */
  readonly during: number | null;
  /** At the worst moment. */
  readonly peers: PeerValues;
}

/** What the role's other hosts show of a metric at a moment; null where none has a value. */
export interface PeerValues {
  /** That have a value. */
  readonly hosts: number;
  /** The middle 80 % of them; of nine or fewer all. */
  readonly low: number | null;
  readonly median: number | null;
  readonly high: number | null;
}

/** What is to be said of an alert beside its worst sample. */
export interface AlertSpan {
  /** By rank. */
  readonly metrics: readonly SpanMetric[];
  /** What the metrics' `before` is of: the same hour of the host's earlier days, or the hour before where there are none. */
  readonly before: 'same_hour' | 'hour_before';
  /** Those that left a range first. */
  readonly firstToLeave: readonly string[];
  /** Hosts of the role that are unusual at the worst moment, of those that sent something then. */
  readonly unusualHosts: number;
  readonly measuredHosts: number;
  /** For people: what left its range first, what changed, and whether it is this host alone. */
  readonly sentences: readonly string[];
}

/** An alert explained, by the samples of its host; of a role's alert those of its worst host. */
export interface AlertExplanation extends AlertSpan {
  readonly worst: Explanation;
}

/** A past moment of the role, and how much another one is like it, 0-1. */
export interface SimilarMoment {
  readonly host: string;
  readonly timestamp: number;
  readonly severity: number;
  readonly similarity: number;
}

/** One sample explained. Scores are null when every metric is missing. */
export interface Explanation {
  readonly host: string;
  readonly timestamp: number;
  readonly anomalyScore: number | null;
  readonly alertScore: number | null;
  readonly severity: number | null;
  /** Most probable component; -1 when every metric is missing. */
  readonly state: number;
  /** Probability of each component. */
  readonly responsibilities: readonly number[];
  /** The next probable component; null without one. */
  readonly runnerUp: number | null;
  /** Whether rank 1 stays first within the calibration's uncertainty; null where that is not known. */
  readonly firm: boolean | null;
  /** Those with a metric outside a range. */
  readonly groups: readonly MetricGroup[];
  /** What mainly predicted the metric of rank 1. */
  readonly prediction: Prediction | null;
  readonly wouldBeNormal: Remedy;
  /** For people: which metric, what it is, what it should have been. */
  readonly sentence: string;
  /** For people, what else there is to say: predictors, metrics that move together, what would be normal, firmness, states. */
  readonly remarks: readonly string[];
  /** By rank. */
  readonly metrics: readonly MetricExplanation[];
}

/** One metric of many samples: fields as in {@link MetricExplanation}, one entry per row, NaN for null. */
export interface MetricColumns {
  readonly metric: string;
  readonly unit: string;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly typicalLow: Float64Array;
  readonly typicalHigh: Float64Array;
  readonly surprise: Float64Array;
  readonly typicalSurprise: Float64Array;
  readonly contribution: Float64Array;
  readonly blame: Float64Array;
  readonly rank: Int32Array;
  readonly reason: readonly (Reason | null)[];
  readonly direction: readonly (Direction | null)[];
}

/** Many samples explained, each on its own. */
export interface RowExplanations {
  /** One entry per row; NaN where every metric is missing. */
  readonly anomalyScore: Float64Array;
  readonly state: Int32Array;
  /** (rows, components), row after row. */
  readonly responsibilities: Float64Array;
  /** In the order of `info.metrics`. */
  readonly metrics: readonly MetricColumns[];
}

/** The samples of one host explained, in order of time. */
export interface HostExplanations extends RowExplanations {
  readonly host: string;
  readonly timestamps: Float64Array;
  readonly alertScore: Float64Array;
  readonly severity: Float64Array;
}

/** Names by the numbers that stand in {@link RawExplanations}. */
export type ExplanationNames = ReturnType<Module['explanationNames']>;

export function toRowExplanations(
  info: ModelInfo,
  names: ExplanationNames,
  raw: RawExplanations,
): RowExplanations {
  const { anomalyScore, state, responsibilities } = raw;
  const rows = state.length;
  const metrics = info.metrics.map((metric, d) =>
    metricColumns(metric, names, raw, d * rows, (d + 1) * rows),
  );
  return { anomalyScore, state, responsibilities, metrics };
}

function metricColumns(
  metric: MetricInfo,
  names: ExplanationNames,
  raw: RawExplanations,
  begin: number,
  end: number,
): MetricColumns {
  const surprise = raw.surprise.subarray(begin, end);
  const named = <T>(codes: Uint8Array, texts: readonly T[]): (T | null)[] =>
    Array.from(surprise, (value, i) => (Number.isNaN(value) ? null : texts[codes[begin + i]!]!));
  return {
    metric: metric.name,
    unit: metric.unit,
    observed: raw.observed.subarray(begin, end),
    expected: raw.expected.subarray(begin, end),
    low: raw.low.subarray(begin, end),
    high: raw.high.subarray(begin, end),
    typicalLow: raw.typicalLow.subarray(begin, end),
    typicalHigh: raw.typicalHigh.subarray(begin, end),
    surprise,
    typicalSurprise: raw.typicalSurprise.subarray(begin, end),
    contribution: raw.contribution.subarray(begin, end),
    blame: raw.blame.subarray(begin, end),
    rank: raw.rank.subarray(begin, end),
    reason: named(raw.reason, names.reasons),
    direction: named(raw.direction, names.directions),
  };
}

/** The metrics of one row, by rank. */
export function rankedMetrics(
  explanations: RowExplanations,
  row: number,
): readonly MetricExplanation[] {
  return explanations.metrics
    .map((column) => ({
      metric: column.metric,
      unit: column.unit,
      observed: numberOrNull(column.observed[row]!),
      expected: column.expected[row]!,
      low: column.low[row]!,
      high: column.high[row]!,
      typicalLow: column.typicalLow[row]!,
      typicalHigh: column.typicalHigh[row]!,
      surprise: numberOrNull(column.surprise[row]!),
      typicalSurprise: numberOrNull(column.typicalSurprise[row]!),
      contribution: numberOrNull(column.contribution[row]!),
      blame: column.blame[row]!,
      rank: column.rank[row]!,
      reason: column.reason[row]!,
      direction: column.direction[row]!,
    }))
    .sort((a, b) => a.rank - b.rank);
}

export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

// Everything that is shown of one moment, computed from an analysis; what did not change is taken over, so that elements that show
// it have nothing to do.
import type { Alert, Explanation, HostExplanations, SampleId } from 'rolemix';
import type { Peer } from 'rolemix/elements';

import type { Analysis } from './analysis.js';
import type { JointPicture } from './components/joint-density.js';
import type { View } from './view.js';

const margin = 2 * 3600; // seconds shown before and after an alert
const grid = 2 * 3600; // without an alert the window moves in steps, so that it stands still under small moves
const half = 5 * 3600;
const leastSamples = 40; // of a curve
const longest = 14 * 3600; // of an alert that lasts for days a part is shown

export interface Shown {
  readonly analysis: Analysis;
  readonly sample: SampleId;
  readonly explanation: Explanation;
  /** Before values were moved by hand; null: none was. */
  readonly original: Explanation | null;
  readonly alert: Alert | null;
  /** The alert, for pictures of its host. */
  readonly spans: readonly Alert[];
  /** Of the alert at its worst moment, else of the sample. */
  readonly sentence: string;
  readonly metric: string;
  readonly curve: HostExplanations;
  readonly joint: JointPicture | null;
  /** Other hosts' values of a metric, over the curve's time. */
  readonly peersOf: (metric: string) => readonly Peer[];
}

/** Values moved by hand, by metric. */
export type Moved = Readonly<Record<string, number>>;

/** The view's host and time where there is a sample; those of the worst moment where it names none. */
function sampleOf(analysis: Analysis, { host, time }: View): SampleId {
  const { samples } = analysis;
  const known = samples.hosts.includes(host);
  const worst = known && Number.isFinite(time) ? null : analysis.worstMoment();
  const where = known ? host : worst!.host;
  return samples.nearest({ host: where, timestamp: worst ? worst.timestamp : time })!;
}

/** told: sentences by alertId. */
export function show(
  analysis: Analysis,
  view: View,
  moved: Moved,
  told: ReadonlyMap<string, string>,
  before: Shown | null,
): Shown {
  const sample = sampleOf(analysis, view);
  const same = before?.analysis === analysis;
  const sameMoment =
    same && before.sample.host === sample.host && before.sample.timestamp === sample.timestamp;
  const plain = sameMoment ? (before.original ?? before.explanation) : analysis.explain(sample);
  const isMoved = Object.keys(moved).length > 0;
  const explanation = isMoved ? analysis.whatIf(sample, moved) : plain;
  const alert = analysis.alertAt(sample.host, sample.timestamp);
  const isWorst =
    alert !== null &&
    !isMoved &&
    alert.worstHost === sample.host &&
    alert.worstAt === sample.timestamp;
  const known = plain.metrics.some(({ metric: name }) => name === view.metric);
  const metric = known ? view.metric! : plain.metrics[0]!.metric;
  const curve = curveOf(analysis, sample, view, alert, same ? before : null);
  const sameCurve = same && curve === before.curve;
  return {
    analysis,
    sample: sameMoment ? before.sample : sample,
    explanation,
    original: isMoved ? plain : null,
    alert,
    spans: same && alert === before.alert ? before.spans : alert ? [alert] : [],
    sentence: (isWorst && told.get(alert.alertId)) || explanation.sentence,
    metric,
    curve,
    joint: jointOf(analysis, sample, plain, explanation, moved),
    peersOf: sameCurve ? before.peersOf : peersOf(analysis, curve),
  };
}

function peersOf(analysis: Analysis, { host, timestamps }: HostExplanations): Shown['peersOf'] {
  const known = new Map<string, readonly Peer[]>();
  const [from, to] = [timestamps[0] ?? 0, timestamps.at(-1) ?? 0];
  return (metric) => {
    const peers = known.get(metric) ?? analysis.peers(host, metric, from, to);
    known.set(metric, peers);
    return peers;
  };
}

function curveOf(
  analysis: Analysis,
  sample: SampleId,
  view: View,
  alert: Alert | null,
  before: Shown | null,
): HostExplanations {
  const [from, to] = windowOf(analysis, sample, view, alert);
  const curve = before?.curve;
  const same =
    curve?.host === sample.host && curve.timestamps[0] === from && curve.timestamps.at(-1) === to;
  return same ? curve : analysis.explainHost(sample.host, from, to);
}

/** Times of the first and the last sample of the curve. */
function windowOf(
  { samples }: Analysis,
  { host, timestamp: time }: SampleId,
  { zoom }: View,
  alert: Alert | null,
): [number, number] {
  const { start, end: last, interval } = samples.period;
  const nearest = (timestamp: number): number => samples.nearest({ host, timestamp })!.timestamp;
  // With many samples an hour fewer hours are legible; with few, more.
  const fewer = Math.min(4, Math.max(0.25, interval / 300)) ** 0.5;
  const scale = Math.max(fewer, (leastSamples * interval) / longest);
  const most = longest * scale;
  if (zoom && zoom.to - zoom.from <= most && zoom.from <= time && time <= zoom.to) {
    return [nearest(zoom.from), nearest(zoom.to)];
  }
  const middle = Math.round(time / grid) * grid;
  const begin = alert ? Math.min(alert.startedAt, time) - margin : middle - half * scale;
  const end = alert ? (alert.closedAt ?? last) + margin : middle + half * scale;
  const from = end - begin > most ? Math.max(begin, middle - most / 2) : begin;
  const to = Math.min(end, from + most);
  return [nearest(Math.max(start, from)), nearest(Math.min(last, to))];
}

/** Of the two metrics most to blame as they were measured. */
function jointOf(
  analysis: Analysis,
  sample: SampleId,
  plain: Explanation,
  explanation: Explanation,
  moved: Moved,
): JointPicture | null {
  const pair = plain.metrics.filter(({ surprise }) => surprise !== null).slice(0, 2);
  const [x, y] = pair.map(({ metric, unit }) => {
    const now = explanation.metrics.find((other) => other.metric === metric);
    return { metric, unit, observed: now?.observed ?? NaN };
  });
  if (!x || !y) return null;
  return { x, y, ellipses: analysis.joint(sample, [x.metric, y.metric], moved) };
}

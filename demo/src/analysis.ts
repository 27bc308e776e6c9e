// One model's view of the sample: scores, alerts and explanations, each computed once, and how long that took.
import type {
  Alert,
  Explanation,
  HostExplanations,
  MetricExplanation,
  ModelInfo,
  RoleModel,
  SampleTable,
} from 'rolemix';

import type { Incident, Sample } from './sample.js';

/** What the footer tells. */
export interface Work {
  scored: number;
  scoringTime: number;
  alertTime: number;
  explained: number;
  explainingTime: number;
}

export function newWork(): Work {
  return { scored: 0, scoringTime: 0, alertTime: 0, explained: 0, explainingTime: 0 };
}

/** One host's samples, in order of time. */
interface Series {
  readonly table: SampleTable;
  readonly timestamps: Float64Array;
  readonly severity: Float64Array;
}

const lateStart = 900; // seconds that an alert may start after its incident's end

export class Analysis {
  readonly info: ModelInfo;
  readonly alerts: readonly Alert[];
  readonly #series: ReadonlyMap<string, Series>;

  constructor(
    readonly model: RoleModel,
    readonly sample: Sample,
    readonly work: Work,
  ) {
    this.info = model.info;
    const started = performance.now();
    const scores = model.score(sample.table);
    const scored = performance.now();
    this.alerts = model.alerts(sample.table, { scores });
    work.scored += sample.table.timestamps.length;
    work.scoringTime += scored - started;
    work.alertTime += performance.now() - scored;
    this.#series = new Map(
      sample.hosts.map((host) => [host, toSeries(sample.table, host, scores)] as const),
    );
  }

  series(host: string): Series {
    const series = this.#series.get(host);
    if (!series) throw new Error(`no host ${host} in the sample`);
    return series;
  }

  /** The time of the host's sample that is nearest. */
  nearest(host: string, time: number): number {
    const { timestamps } = this.series(host);
    const distance = (timestamp: number): number => Math.abs(timestamp - time);
    return timestamps.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  }

  explain(host: string, timestamp: number): Explanation {
    return this.#explaining(1, () =>
      this.model.explain(this.series(host).table, { host, timestamp }),
    );
  }

  /** from <= timestamp <= to */
  explainHost(host: string, from: number, to: number): HostExplanations {
    const end = to + this.sample.interval;
    const rows = this.series(host).timestamps.filter((time) => time >= from && time < end).length;
    return this.#explaining(rows, () =>
      this.model.explainHost(this.series(host).table, { host, from, to: end }),
    );
  }

  /** What one other metric predicts on its own, all else being unknown. */
  predictedBy(explanation: Explanation, metric: string, other: string): MetricExplanation | null {
    const known = explanation.metrics.find(({ metric: name }) => name === other)?.observed;
    if (known === undefined || known === null) return null;
    const { timestamp, host } = explanation;
    const table = { timestamps: [timestamp], hosts: [host], metrics: { [other]: [known] } };
    const alone = this.#explaining(1, () => this.model.explain(table, { host, timestamp }));
    return alone.metrics.find(({ metric: name }) => name === metric) ?? null;
  }

  /** The alert of the host that lasts at this time. */
  alertAt(host: string, time: number): Alert | null {
    return (
      this.alerts.find(
        (alert) =>
          alert.hosts.includes(host) &&
          alert.startedAt <= time &&
          time < (alert.closedAt ?? Infinity),
      ) ?? null
    );
  }

  worstAlert(): Alert | null {
    const rank = ({ severity, anomalyScore }: Alert): number => severity * 1e9 + anomalyScore;
    return this.alerts.reduce<Alert | null>(
      (worst, alert) => (worst && rank(worst) >= rank(alert) ? worst : alert),
      null,
    );
  }

  /** The labelled incident that the alert is about; null: a false alarm. */
  incidentOf(alert: Alert): Incident | null {
    return (
      this.sample.incidents.find(
        (incident) =>
          incident.anomalous &&
          incident.host !== null &&
          alert.hosts.includes(incident.host) &&
          alert.startedAt <= incident.to + lateStart &&
          (alert.closedAt ?? Infinity) >= incident.from,
      ) ?? null
    );
  }

  /** How many of the labelled incidents have an alert. */
  recall(): { readonly caught: number; readonly incidents: number } {
    const real = this.sample.incidents.filter(({ anomalous }) => anomalous);
    const caught = new Set(this.alerts.map((alert) => this.incidentOf(alert)));
    return {
      caught: real.filter((incident) => caught.has(incident)).length,
      incidents: real.length,
    };
  }

  falseAlarms(): number {
    return this.alerts.filter((alert) => !this.incidentOf(alert)).length;
  }

  #explaining<T>(count: number, explain: () => T): T {
    const started = performance.now();
    const result = explain();
    this.work.explained += count;
    this.work.explainingTime += performance.now() - started;
    return result;
  }
}

function toSeries(
  table: SampleTable,
  host: string,
  scores: { readonly severity: Float64Array },
): Series {
  const rows = [...table.hosts.keys()].filter((row) => table.hosts[row] === host);
  const pick = (column: ArrayLike<number | null | undefined>): Float64Array =>
    Float64Array.from(rows, (row) => column[row] ?? NaN);
  const timestamps = pick(table.timestamps);
  return {
    timestamps,
    severity: pick(scores.severity),
    table: {
      timestamps,
      hosts: rows.map(() => host),
      metrics: Object.fromEntries(
        Object.entries(table.metrics).map(([name, column]) => [name, pick(column)]),
      ),
    },
  };
}

// One model's view of a role's samples under some settings: scores, alerts and explanations, each computed once.
import {
  alertSentence,
  type Alert,
  type AlertExplanation,
  type AlertSettings,
  type Explanation,
  type HostExplanations,
  type JointEllipse,
  type Language,
  type ModelInfo,
  type Price,
  type RoleModel,
  type SampleId,
  type Samples,
  type Sensitivity,
  type SimilarMoment,
} from 'rolemix';
import type { Lane, Peer } from 'rolemix/elements';

import type { Role } from './roles.js';
import type { Scored } from './scoring.js';
import type { Incident } from './sample.js';
import { isPlain, type Edits } from './view.js';

const lateStart = 900; // seconds that an alert may start after its incident's end
const mostAtOnce = 200_000; // rows that are gone through in one piece
const mostTold = 200; // alerts of a large table that are explained
const mostPeers = 40;
const week = 7 * 86400;

export const sensitivities: readonly Sensitivity[] = ['sensitive', 'normal', 'insensitive'];

/** The settings with another sensitivity; the other one follows where critical would be the more sensitive. */
export function withSensitivity(
  settings: AlertSettings,
  name: 'warningSensitivity' | 'criticalSensitivity',
  sensitivity: Sensitivity,
): AlertSettings {
  const changed = { ...settings, [name]: sensitivity };
  const place = (of: Sensitivity): number => sensitivities.indexOf(of);
  return place(changed.criticalSensitivity) < place(changed.warningSensitivity)
    ? { ...changed, warningSensitivity: sensitivity, criticalSensitivity: sensitivity }
    : changed;
}

/** Alerts that the sensitivities and 1, 2, ... attempts would have raised in the loaded period, as far as that is known. */
export interface Prices {
  readonly warning: readonly number[];
  readonly critical: readonly number[];
  readonly attempts: readonly number[];
  /** Weeks of the loaded samples. */
  readonly hostWeeks: number;
  readonly roleWeeks: number;
}

/** The model with what people changed; the caller disposes of it, unless it is the same one. */
export function edited(model: RoleModel, edits: Edits): RoleModel {
  return isPlain(edits) ? model : model.edit(edits);
}

/** The model as if nobody had said that any move is small. */
export function withoutTolerances(model: RoleModel): RoleModel {
  const tolerances = model.info.metrics.map(
    ({ name, tolerance }) => [name, tolerance / 1000] as const,
  );
  return model.edit({ tolerances: Object.fromEntries(tolerances) });
}

export class Analysis {
  readonly info: ModelInfo;
  readonly samples: Samples;
  readonly alerts: readonly Alert[];
  readonly lanes: readonly Lane[];
  /** By alertId; of no alert where they are not explained. */
  readonly sentenceOf: ReadonlyMap<string, string>;

  constructor(
    readonly role: Role,
    readonly scored: Scored,
    readonly settings: Partial<AlertSettings>,
    readonly language: Language,
    /** Whether alerts have sentences, which take longer than the alerts. */
    readonly explained = true,
  ) {
    this.info = scored.model.info;
    this.samples = scored.samples;
    this.alerts = this.samples.alerts({ ...settings, language, explained });
    const told = explained ? this.alerts : [];
    this.sentenceOf = new Map(told.map(({ alertId, sentence }) => [alertId, sentence]));
    this.lanes = role.index.hosts.map((host) => this.samples.severities(host));
  }

  /** The same with the alerts' sentences, unless that takes long: nothing is scored again. */
  complete(): Analysis {
    const { role, scored, settings, language } = this;
    const isLarge = this.samples.rows > mostAtOnce;
    return this.explained || isLarge ? this : new Analysis(role, scored, settings, language);
  }

  explain(sample: SampleId): Explanation {
    const { language } = this;
    return this.samples.explain(sample, { language });
  }

  whatIf(sample: SampleId, values: Readonly<Record<string, number>>): Explanation {
    const { language } = this;
    return this.samples.whatIf(sample, values, { language });
  }

  joint(
    sample: SampleId,
    pair: readonly [string, string],
    values: Readonly<Record<string, number>>,
  ): JointEllipse[] {
    return this.samples.joint(sample, pair, values);
  }

  similar(sample: SampleId): SimilarMoment[] {
    return this.samples.similar(sample);
  }

  explainAlert(alert: Alert): AlertExplanation {
    const { settings, language } = this;
    return this.samples.explainAlert(alert, { ...settings, language });
  }

  /** alertId and sentence of alerts that came without, the most severe first. */
  *sentences(): Generator<readonly [string, string]> {
    const bySeverity = [...this.alerts].sort((a, b) => b.severity - a.severity);
    for (const alert of bySeverity.slice(0, mostTold)) {
      const worst = this.explain({ host: alert.worstHost, timestamp: alert.worstAt });
      const { language } = this;
      yield [alert.alertId, alertSentence(alert, worst, { language })];
    }
  }

  /** from <= timestamp <= to */
  explainHost(host: string, from: number, to: number): HostExplanations {
    return this.samples.explainHost({ host, from, to: to + this.role.index.interval });
  }

  /** The metric's values of other hosts of the role. */
  peers(host: string, metric: string, from: number, to: number): Peer[] {
    const { index, table } = this.role;
    const column = table.metrics[metric];
    if (!column) return [];
    return index.hosts
      .filter((other) => other !== host)
      .slice(0, mostPeers)
      .map((other) => {
        const timestamps = index.pick(table.timestamps, other);
        const first = timestamps.findIndex((time) => time >= from);
        const after = timestamps.findIndex((time) => time > to);
        const begin = first < 0 ? timestamps.length : first;
        const end = after < 0 ? timestamps.length : after;
        return {
          host: other,
          timestamps: timestamps.subarray(begin, end),
          values: index.pick(column, other).subarray(begin, end),
        };
      });
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

  /** Of the worst alert; without one, of the highest severity. */
  worstMoment(): SampleId {
    const { hosts, start } = this.role.index;
    return this.samples.worst(this.alerts) ?? { host: hosts[0]!, timestamp: start };
  }

  /** What sensitivities and attempts would have cost in the loaded period: one more with every step. */
  *prices(): Generator<Prices> {
    const usual = { ...this.info.alertSettings, ...this.settings };
    const weeks = this.#weeks();
    const found = { warning: [] as number[], critical: [] as number[], attempts: [] as number[] };
    const settingsOf = {
      warning: sensitivities.map((value) => withSensitivity(usual, 'warningSensitivity', value)),
      critical: sensitivities.map((value) => withSensitivity(usual, 'criticalSensitivity', value)),
      attempts: Array.from({ length: 10 }, (_, i) => ({ ...usual, maxCheckAttempts: i + 1 })),
    };
    const known = new Map<string, Price>();
    for (const kind of ['warning', 'critical', 'attempts'] as const) {
      for (const settings of settingsOf[kind]) {
        const key = JSON.stringify(settings);
        const price = known.get(key) ?? this.samples.prices([settings])[0]!;
        known.set(key, price);
        found[kind].push(kind === 'critical' ? price.critical : price.alerts);
        yield { ...found, ...weeks };
      }
    }
  }

  /** Weeks of the loaded samples, of one host and of the role: time without samples does not count. */
  #weeks(): Pick<Prices, 'hostWeeks' | 'roleWeeks'> {
    const { index, table } = this.role;
    const hours = new Set<number>();
    let last = NaN;
    for (let row = 0; row < table.timestamps.length; row++) {
      const hour = Math.floor(table.timestamps[row]! / 3600);
      if (hour !== last) hours.add(hour);
      last = hour;
    }
    return {
      hostWeeks: (table.timestamps.length * index.interval) / week,
      roleWeeks: (hours.size * 3600) / week,
    };
  }

  /** The labelled incident that the alert is about; null: a false alarm. */
  incidentOf(alert: Alert): Incident | null {
    return (
      this.role.incidents.find(
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
    const real = this.role.incidents.filter(({ anomalous }) => anomalous);
    const caught = new Set(this.alerts.map((alert) => this.incidentOf(alert)));
    return {
      caught: real.filter((incident) => caught.has(incident)).length,
      incidents: real.length,
    };
  }

  falseAlarms(): number {
    return this.alerts.filter((alert) => !this.incidentOf(alert)).length;
  }
}

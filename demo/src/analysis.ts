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
import { recall, type Recall } from 'rolemix/verdicts';
import type { Lane, Peer } from 'rolemix/elements';

import type { Role } from './roles.js';
import type { Scored } from './scoring.js';
import type { Incident } from './sample.js';
import { isPlain, type Edits } from './view.js';

const mostAtOnce = 200_000; // rows that are gone through in one piece
const mostTold = 200; // alerts of a large table that are explained
const mostPeers = 40;

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

  readonly #incidents: ReturnType<typeof toAlertOn>;
  #recall: Recall | undefined;

  constructor(
    readonly role: Role,
    readonly scored: Scored,
    readonly settings: Partial<AlertSettings>,
    readonly language: Language,
    /** Whether alerts have sentences, which take longer than the alerts. */
    readonly explained = true,
  ) {
    this.info = scored.model.info;
    this.#incidents = toAlertOn(role);
    this.samples = scored.samples;
    this.alerts = this.samples.alerts({ ...settings, language, explained });
    const told = explained ? this.alerts : [];
    this.sentenceOf = new Map(told.map(({ alertId, sentence }) => [alertId, sentence]));
    this.lanes = this.samples.hosts.map((host) => this.samples.severities(host));
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
    return this.samples.explainHost({ host, from, to: to + this.samples.period.interval });
  }

  /** The metric's values of other hosts of the role. */
  peers(host: string, metric: string, from: number, to: number): Peer[] {
    if (this.samples.missingMetrics.includes(metric)) return [];
    return this.samples.hosts
      .filter((other) => other !== host)
      .slice(0, mostPeers)
      .map((other) => {
        const { timestamps, values } = this.samples.values(other, metric);
        const first = timestamps.findIndex((time) => time >= from);
        const after = timestamps.findIndex((time) => time > to);
        const begin = first < 0 ? timestamps.length : first;
        const end = after < 0 ? timestamps.length : after;
        return {
          host: other,
          timestamps: timestamps.subarray(begin, end),
          values: values.subarray(begin, end),
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
    const { hosts, period } = this.samples;
    return this.samples.worst(this.alerts) ?? { host: hosts[0]!, timestamp: period.start };
  }

  /** What sensitivities and attempts would have cost in the loaded period: one more with every step. */
  *prices(): Generator<Prices> {
    const usual = { ...this.info.alertSettings, ...this.settings };
    const { hostDays, roleDays } = this.samples.covered;
    const weeks = { hostWeeks: hostDays / 7, roleWeeks: roleDays / 7 };
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

  /** The labelled incident that the alert is about; null: a false alarm. */
  incidentOf(alert: Alert): Incident | null {
    const place = this.recall.incidentOf[this.alerts.indexOf(alert)] ?? -1;
    return this.#incidents[place] ?? null;
  }

  /** The alerts beside the labelled incidents. */
  get recall(): Recall {
    this.#recall ??= recall(this.alerts, this.#incidents);
    return this.#recall;
  }

  /** Of the labelled incidents those that are something to alert on. */
  get incidents(): number {
    return this.#incidents.length;
  }
}

function toAlertOn({ incidents }: Role): readonly (Incident & { readonly host: string })[] {
  return incidents.flatMap((incident) => {
    const { host } = incident;
    return incident.anomalous && host !== null ? [{ ...incident, host }] : [];
  });
}

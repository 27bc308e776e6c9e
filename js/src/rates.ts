import type { Alert } from './alert.js';
import { fieldsOf, invalid, listOf, numberOf, textsOf } from './check.js';
import { loadedTableModule } from './csv.js';
import { numberOrNull } from './explanation.js';
import type { Verdict } from './verdicts.js';

/** Of a verdict record what rates need. */
export type RatedVerdict = Pick<Verdict, 'uid' | 'alert_id' | 'verdict' | 'kind' | 'created'>;

/** A kind of false alarm. */
export interface KindCoverage {
  /** Empty: none was given. */
  readonly kind: string;
  readonly falseAlarms: number;
  /** Share of all false alarms, 0-1. */
  readonly coverage: number;
}

/** Of some alerts, each counted by its newest verdict. */
export interface VerdictRates {
  /** Distinct ones. */
  readonly alerts: number;
  readonly trueAlarms: number;
  readonly falseAlarms: number;
  readonly unsure: number;
  /** falseAlarms / (trueAlarms + falseAlarms); null: neither was said. */
  readonly falseAlarmRate: number | null;
  /** Largest coverage first; of the same by name. */
  readonly kinds: readonly KindCoverage[];
  /** Alerts with verdicts that are not among these. */
  readonly elsewhere: number;
}

/** What really happened to a host, as those label it who know. Times are epoch seconds. */
export interface LabelledIncident {
  readonly host: string;
  readonly from: number;
  readonly to: number;
}

/** How alerts did. */
export interface Recall {
  /** Of each alert the place of the first incident that it is about; -1: none is known. */
  readonly incidentOf: Int32Array;
  /** Incidents that some alert is about. */
  readonly caught: number;
  /** Alerts that are about none. */
  readonly falseAlarms: number;
}

const verdicts = ['true_alarm', 'false_alarm', 'unsure'];

/**
 * How often alerts are right, and what kind of false alarm covers most of the wrong ones, after
 * loadTableModule(). Errors: not_loaded, invalid_argument.
 */
export function verdictRates(
  alerts: readonly Pick<Alert, 'alertId'>[],
  records: readonly RatedVerdict[],
): VerdictRates {
  const ids = listOf('alerts', alerts, (alert) => {
    return fieldsOf('alert', alert, { alertId: 'text' }).alertId;
  });
  const numbered = listOf('records', records, (record) => {
    const text = { uid: 'text', alert_id: 'text', verdict: 'text', kind: 'text' };
    const read = fieldsOf('record', record, { ...text, created: 'number' });
    const verdict = verdicts.indexOf(read.verdict);
    if (verdict < 0) throw invalid('record.verdict', verdicts.join(' or '), read.verdict);
    return { ...read, verdict };
  });
  const rates = loadedTableModule().verdictRates(ids, numbered);
  return { ...rates, falseAlarmRate: numberOrNull(rates.falseAlarmRate) };
}

/**
 * Alerts beside what is known to have happened. An alert is about an incident of one of its hosts when
 * it begins at most 15 minutes after the incident's end, and ends no earlier than that begins. After
 * loadTableModule(). Errors: not_loaded, invalid_argument.
 */
export function recall(
  alerts: readonly Pick<Alert, 'hosts' | 'startedAt' | 'closedAt'>[],
  incidents: readonly LabelledIncident[],
): Recall {
  const times = listOf('alerts', alerts, (alert) => {
    const { startedAt } = fieldsOf('alert', alert, { startedAt: 'number' });
    const hosts = textsOf('alert.hosts', alert.hosts);
    return { hosts, startedAt, closedAt: numberOf('alert.closedAt', alert.closedAt) };
  });
  const labelled = listOf('incidents', incidents, (incident) =>
    fieldsOf('incident', incident, { host: 'text', from: 'number', to: 'number' }),
  );
  return loadedTableModule().recall(times, labelled);
}

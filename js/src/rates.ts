import type { Alert } from './alert.js';
import { call } from './call.js';
import { checkArray, checkFields, invalid } from './check.js';
import { numberOrNull } from './explanation.js';
import { loadedModule } from './module.js';
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
 * How often alerts are right, and what kind of false alarm covers most of the wrong ones. A model has to
 * be loaded before. Errors: not_loaded, invalid_argument.
 */
export function verdictRates(
  alerts: readonly Pick<Alert, 'alertId'>[],
  records: readonly RatedVerdict[],
): VerdictRates {
  checkArray('alerts', 'an array of alerts', alerts);
  checkArray('records', 'an array of verdicts', records);
  const numbered = records.map((record) => {
    const text = { uid: 'string', alert_id: 'string', verdict: 'string', kind: 'string' };
    checkFields('record', record, { ...text, created: 'number' });
    const verdict = verdicts.indexOf(record.verdict);
    if (verdict < 0) throw invalid('record.verdict', verdicts.join(' or '), record.verdict);
    return { ...record, verdict };
  });
  const ids = alerts.map((alert) => {
    checkFields('alert', alert, { alertId: 'string' });
    return alert.alertId;
  });
  const rates = call(() => loadedModule().verdictRates(ids, numbered));
  return { ...rates, falseAlarmRate: numberOrNull(rates.falseAlarmRate) };
}

/**
 * Alerts beside what is known to have happened. An alert is about an incident of one of its hosts when
 * it begins at most 15 minutes after the incident's end, and ends no earlier than that begins. A model has
 * to be loaded before. Errors: not_loaded, invalid_argument.
 */
export function recall(
  alerts: readonly Pick<Alert, 'hosts' | 'startedAt' | 'closedAt'>[],
  incidents: readonly LabelledIncident[],
): Recall {
  checkArray('alerts', 'an array of alerts', alerts);
  checkArray('incidents', 'an array of incidents', incidents);
  for (const incident of incidents) {
    checkFields('incident', incident, { host: 'string', from: 'number', to: 'number' });
  }
  const times = alerts.map((alert) => {
    checkFields('alert', alert, { startedAt: 'number' });
    checkArray('alert.hosts', 'an array of text', alert.hosts);
    const { hosts, startedAt, closedAt } = alert;
    return { hosts: hosts.map(String), startedAt, closedAt: closedAt ?? NaN };
  });
  return call(() => loadedModule().recall(times, incidents));
}

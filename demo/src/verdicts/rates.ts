// How often alerts are right, and what kind of false alarm covers most of the wrong ones.
import type { Alert } from 'rolemix';
import { newestPerAlert, type Verdict } from 'rolemix/verdicts';

export interface KindCoverage {
  /** Empty: none was given. */
  readonly kind: string;
  readonly falseAlarms: number;
  /** Share of all false alarms, 0-1. */
  readonly coverage: number;
}

export interface VerdictRates {
  readonly alerts: number;
  /** Of these alerts, each counted by its newest verdict. */
  readonly trueAlarms: number;
  readonly falseAlarms: number;
  readonly unsure: number;
  /** falseAlarms / (trueAlarms + falseAlarms); null: neither was said. */
  readonly falseAlarmRate: number | null;
  /** Largest coverage first; the same coverage in order of names. */
  readonly kinds: readonly KindCoverage[];
  /** Alerts with verdicts that are not among these. */
  readonly elsewhere: number;
}

export function verdictRates(
  alerts: readonly Pick<Alert, 'alertId'>[],
  records: readonly Verdict[],
): VerdictRates {
  const newest = newestPerAlert(records);
  const judged = [...new Set(alerts.map(({ alertId }) => alertId))].flatMap(
    (id) => newest.get(id) ?? [],
  );
  const count = (name: Verdict['verdict']): number =>
    judged.filter(({ verdict }) => verdict === name).length;
  const [trueAlarms, falseAlarms] = [count('true_alarm'), count('false_alarm')];
  return {
    alerts: alerts.length,
    trueAlarms,
    falseAlarms,
    unsure: count('unsure'),
    falseAlarmRate: trueAlarms + falseAlarms > 0 ? falseAlarms / (trueAlarms + falseAlarms) : null,
    kinds: coverages(judged.filter(({ verdict }) => verdict === 'false_alarm')),
    elsewhere: newest.size - judged.length,
  };
}

function coverages(falseAlarms: readonly Verdict[]): readonly KindCoverage[] {
  const counts = new Map<string, number>();
  for (const { kind } of falseAlarms) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => ({ kind, falseAlarms: count, coverage: count / falseAlarms.length }))
    .sort((a, b) => b.falseAlarms - a.falseAlarms || (a.kind < b.kind ? -1 : 1));
}

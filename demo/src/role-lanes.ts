// What is known of every role as it was trained: the worst severity of its hosts over time, and its alerts.
import type { Alert, Samples } from 'rolemix';
import type { Lane } from 'rolemix/elements';

import type { Role } from './roles.js';
import type { Scored } from './scoring.js';

/** A time and the row of its worst sample, for each step of a role that has samples. */
export interface WorstOfHosts {
  /** Of the worst samples, epoch seconds, ascending. */
  readonly timestamps: Float64Array;
  /** 0-100; NaN where no host has one. */
  readonly severity: Float64Array;
  /** Of the role's table. */
  readonly rows: Int32Array;
}

export interface RoleLane extends WorstOfHosts {
  readonly alerts: readonly Pick<Alert, 'startedAt' | 'closedAt' | 'level'>[];
  /** Seconds from severity 50 on, and from 25 on. */
  readonly trouble: readonly [number, number];
}

/** unknown: too much work to find out by the way; it is known when the role has been shown. */
export type RoleState = 'known' | 'coming' | 'unknown';

export interface RoleEntry {
  readonly role: Role;
  readonly state: RoleState;
  readonly lane: RoleLane | null;
}

/** A lane without severities over the whole period, for the place where one will be. */
export function emptyLane(host: string, { start, end, interval }: Samples['period']): Lane {
  const times = [start, start + interval, end - interval, end];
  const within = times.filter((time) => time >= start && time <= end);
  const timestamps = Float64Array.from(new Set(within)).sort();
  return { host, timestamps, severity: new Float64Array(timestamps.length).fill(NaN) };
}

/** Entries whose periods overlap belong together and share a time axis; the latest period first. */
export function byPeriod(entries: readonly RoleEntry[]): RoleEntry[][] {
  const groups: { end: number; readonly members: RoleEntry[] }[] = [];
  for (const entry of [...entries].sort(
    (a, b) => a.role.samples.period.start - b.role.samples.period.start,
  )) {
    const { start, end } = entry.role.samples.period;
    const last = groups.at(-1);
    if (last && start <= last.end) {
      last.members.push(entry);
      last.end = Math.max(last.end, end);
    } else {
      groups.push({ end, members: [entry] });
    }
  }
  groups.sort((a, b) => b.end - a.end);
  // As they came, which is by trouble.
  return groups.map(({ members }) => entries.filter((entry) => members.includes(entry)));
}

export function laneOf({ table }: Role, { samples }: Pick<Scored, 'samples'>): RoleLane {
  const rows = samples.worstRows();
  const { severity } = samples.scores;
  const worst = {
    rows,
    timestamps: Float64Array.from(rows, (row) => table.timestamps[row]!),
    severity: Float64Array.from(rows, (row) => severity[row]!),
  };
  const alerts = samples.alerts({ explained: false });
  const { interval } = samples.period;
  const from = (least: number): number =>
    interval * worst.severity.filter((value) => value >= least).length;
  return { ...worst, alerts, trouble: [from(50), from(25)] };
}

/** Of a role that nobody has asked for; a small one is scored by the way. */
export function entryOf(role: Role, isSmall: boolean): RoleEntry {
  return { role, lane: null, state: isSmall ? 'coming' : 'unknown' };
}

/** By trouble, as <rolemix-swimlane> sorts its lanes; in the order of the roles where there is as much. */
export function sortedEntries(
  roles: readonly Role[],
  entries: readonly RoleEntry[],
): readonly RoleEntry[] {
  const trouble = ({ lane }: RoleEntry, i: 0 | 1): number => lane?.trouble[i] ?? 0;
  return roles
    .map((role) => entries.find((entry) => entry.role === role)!)
    .sort((a, b) => trouble(b, 0) - trouble(a, 0) || trouble(b, 1) - trouble(a, 1));
}

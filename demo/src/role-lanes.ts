// What is known of every role as it was trained: the worst severity of its hosts over time, and its alerts.
import type { Alert } from 'rolemix';
import type { Lane } from 'rolemix/elements';

import type { HostIndex, Role } from './roles.js';
import type { Scored } from './scoring.js';

const pause = 100; // ms, for what is more urgent

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

/** The worst sample of all hosts at each time; samples less than half the usual interval apart count as of one time. */
export function worstOfHosts(
  { start, interval, table }: Pick<HostIndex, 'start' | 'interval' | 'table'>,
  severity: Float64Array,
): WorstOfHosts {
  const { timestamps } = table;
  const rowOf = new Map<number, number>();
  for (let row = 0; row < timestamps.length; row++) {
    const step = Math.round((timestamps[row]! - start) / interval);
    const value = severity[row]!;
    const worst = severity[rowOf.get(step) ?? -1];
    const isWorse = worst === undefined || value > worst || Number.isNaN(worst);
    if (isWorse) rowOf.set(step, row);
  }
  const steps = Float64Array.from(rowOf.keys()).sort();
  const rows = Int32Array.from(steps, (step) => rowOf.get(step)!);
  return {
    timestamps: Float64Array.from(rows, (row) => timestamps[row]!),
    severity: Float64Array.from(rows, (row) => severity[row]!),
    rows,
  };
}

/** A lane without severities over the whole period, for the place where one will be. */
export function emptyLane(host: string, { start, end, interval }: HostIndex): Lane {
  const times = [start, start + interval, end - interval, end];
  const within = times.filter((time) => time >= start && time <= end);
  const timestamps = Float64Array.from(new Set(within)).sort();
  return { host, timestamps, severity: new Float64Array(timestamps.length).fill(NaN) };
}

/** Entries whose periods overlap belong together and share a time axis; the latest period first. */
export function byPeriod(entries: readonly RoleEntry[]): RoleEntry[][] {
  const groups: { end: number; readonly members: RoleEntry[] }[] = [];
  for (const entry of [...entries].sort((a, b) => a.role.index.start - b.role.index.start)) {
    const { start, end } = entry.role.index;
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

function laneOf(role: Role, { samples }: Pick<Scored, 'samples'>): RoleLane {
  const worst = worstOfHosts(role.index, samples.scores.severity);
  const alerts = samples.alerts({ explained: false });
  return { ...worst, alerts, trouble: troubleOf(role, worst) };
}

function troubleOf({ index }: Role, { severity }: WorstOfHosts): readonly [number, number] {
  const from = (least: number): number => severity.filter((value) => value >= least).length;
  return [from(50) * index.interval, from(25) * index.interval];
}

/** Where scores come from: null where they are not there and take long. */
export interface RoleSource {
  readonly roles: readonly Role[];
  /** Whether the next call gives scores. */
  isScorable(role: Role): boolean;
  scoredAsTrained(role: Role): Pick<Scored, 'samples'> | null;
}

/** The lanes of all roles, found out one after the other when there is nothing else to do. */
export class RoleLanes {
  readonly #known = new WeakMap<Role, RoleLane | null>();
  #isWaiting = false;
  #entries: { readonly roles: readonly Role[]; readonly list: readonly RoleEntry[] } | null = null;

  constructor(
    readonly source: RoleSource,
    readonly changed: () => void,
  ) {}

  of(role: Role): RoleLane | null {
    return this.#known.get(role) ?? null;
  }

  /** By trouble, as <rolemix-swimlane> sorts its lanes; the same list until something changes. */
  get entries(): readonly RoleEntry[] {
    const { roles } = this.source;
    if (this.#entries?.roles === roles) return this.#entries.list;
    const list = roles.map((role): RoleEntry => {
      const lane = this.of(role);
      const isComing = !this.#known.has(role) && this.source.isScorable(role);
      return { role, lane, state: lane ? 'known' : isComing ? 'coming' : 'unknown' };
    });
    const trouble = ({ lane }: RoleEntry, i: 0 | 1): number => lane?.trouble[i] ?? 0;
    list.sort((a, b) => trouble(b, 0) - trouble(a, 0) || trouble(b, 1) - trouble(a, 1));
    this.#entries = { roles, list };
    return list;
  }

  /** Finds out what can be: later, one role at a time. */
  findLater(): void {
    if (this.#isWaiting || !this.#next()) return;
    this.#isWaiting = true;
    setTimeout(() => {
      whenIdle(() => {
        this.#isWaiting = false;
        this.#findNext();
        this.findLater();
      });
    }, pause);
  }

  #next(): Role | undefined {
    const { source } = this;
    return source.roles.find((role) => !this.#known.has(role) && source.isScorable(role));
  }

  #findNext(): void {
    const role = this.#next();
    if (!role) return;
    // Once: what fails would fail again.
    this.#known.set(role, null);
    this.#entries = null;
    const scored = this.source.scoredAsTrained(role);
    if (scored) this.#known.set(role, laneOf(role, scored));
    this.changed();
  }
}

function whenIdle(work: () => void): void {
  const { requestIdleCallback } = window as Partial<Window>;
  if (requestIdleCallback) requestIdleCallback(work, { timeout: 2000 });
  else setTimeout(work);
}

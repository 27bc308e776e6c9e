// Which hosts of a table are shown with which of several models: model files do not name hosts, their metrics may tell.
import type { SampleTable } from 'rolemix';

/** A model that asks for hosts. */
export interface Asking {
  readonly role: string;
  /** Names of its metrics. */
  readonly metrics: readonly string[];
  /** Of its role; null: not known. */
  readonly hosts: readonly string[] | null;
}

export interface Assigned {
  /** By role; a role without hosts has an empty list. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Hosts that fit several roles alike, and are among those of each. */
  readonly ambiguous: readonly { readonly hosts: readonly string[]; readonly roles: string[] }[];
  /** Hosts that have less than half of the metrics of any model. */
  readonly leftOut: readonly string[];
}

const enough = 0.5; // of a model's metrics

/**
 * Hosts that a model names are its own. Any other host goes to the models of whose metrics it has values of at least half, unless
 * another model is ahead: no less in number and share, and more in one of them. Where no host has half, whatever it has counts.
 */
export function assignHosts(table: SampleTable, models: readonly Asking[]): Assigned {
  const measured = new Measured(table);
  const hosts = new Map(models.map(({ role }) => [role, [] as string[]]));
  const named = new Set<string>();
  for (const { role, hosts: own } of models) {
    for (const host of own ?? []) {
      if (!measured.hosts.has(host)) continue;
      named.add(host);
      hosts.get(role)!.push(host);
    }
  }
  const free = [...measured.hosts.keys()].filter((host) => !named.has(host));
  const open = models.filter((model) => model.hosts === null);
  const counts = open.map(({ metrics }) => measured.counts(metrics));
  const shareOf = (model: number, host: string): number =>
    counts[model]![measured.hosts.get(host)!]! / open[model]!.metrics.length;
  const least = free.some((host) => open.some((_, i) => shareOf(i, host) >= enough)) ? enough : 0;
  const ambiguous = new Map<string, { hosts: string[]; roles: string[] }>();
  const leftOut: string[] = [];
  for (const host of open.length > 0 ? free : []) {
    const fits = open
      .map(({ role }, i) => {
        const count = counts[i]![measured.hosts.get(host)!]!;
        return { role, count, share: shareOf(i, host) };
      })
      .filter(({ share }) => share >= least);
    const best = fits.filter((one) => !fits.some((other) => isAhead(other, one)));
    for (const { role } of best) hosts.get(role)!.push(host);
    if (best.length === 0) leftOut.push(host);
    if (best.length < 2) continue;
    const roles = best.map(({ role }) => role);
    const key = JSON.stringify(roles);
    const group = ambiguous.get(key) ?? { hosts: [], roles };
    group.hosts.push(host);
    ambiguous.set(key, group);
  }
  return { hosts, ambiguous: [...ambiguous.values()], leftOut };
}

interface Fit {
  readonly count: number;
  readonly share: number;
}

function isAhead(a: Fit, b: Fit): boolean {
  return a.count >= b.count && a.share >= b.share && (a.count > b.count || a.share > b.share);
}

/** Which metrics of a table have values, by host. */
class Measured {
  /** Numbers of the hosts, in order of first appearance. */
  readonly hosts = new Map<string, number>();
  readonly #rows: Int32Array;
  readonly #columns = new Map<string, Uint8Array>();

  constructor(readonly table: SampleTable) {
    this.#rows = Int32Array.from(table.hosts, (host) => {
      const number = this.hosts.get(host) ?? this.hosts.size;
      this.hosts.set(host, number);
      return number;
    });
  }

  /** How many of the metrics have a value, by the number of the host. */
  counts(metrics: readonly string[]): Int32Array {
    const counts = new Int32Array(this.hosts.size);
    for (const metric of metrics) this.#column(metric).forEach((has, i) => (counts[i]! += has));
    return counts;
  }

  #column(metric: string): Uint8Array {
    const known = this.#columns.get(metric);
    if (known) return known;
    const has = new Uint8Array(this.hosts.size);
    const { metrics } = this.table;
    const column = Object.hasOwn(metrics, metric) ? metrics[metric]! : [];
    for (let row = 0; row < column.length; row++) {
      if (Number.isFinite(column[row])) has[this.#rows[row]!] = 1;
    }
    this.#columns.set(metric, has);
    return has;
  }
}

/** Whether any sample has a value of the metric. */
export function hasValues({ metrics }: SampleTable, metric: string): boolean {
  const column = Object.hasOwn(metrics, metric) ? metrics[metric]! : [];
  for (let row = 0; row < column.length; row++) if (Number.isFinite(column[row])) return true;
  return false;
}

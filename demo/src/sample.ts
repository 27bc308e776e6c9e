// The samples that sample/pack.mjs wrote: what stands in the page, as data of the package.
import type { SampleTable } from 'rolemix';

/** What really happened, as those label it who made the sample. Times are epoch seconds. */
export interface Incident {
  readonly kind: string;
  /** null: all hosts. */
  readonly host: string | null;
  readonly from: number;
  readonly to: number;
  /** Whether it is something to alert on. */
  readonly anomalous: boolean;
  readonly causes: readonly string[];
  readonly description: string;
}

export type SceneId = 'broken-relation' | 'traffic-spike' | 'memory-step' | 'leak';

/** The moment that a scene shows. */
export interface SceneMoment {
  readonly id: SceneId;
  readonly host: string;
  readonly timestamp: number;
  readonly metric: string;
}

/** One role's sample. */
export interface Sample {
  /** service:role. */
  readonly role: string;
  /** Made by `rolemix simulate`, or measured by sample/record.mjs on real processes, one second shown as a minute. */
  readonly origin: 'simulated' | 'recorded';
  readonly table: SampleTable;
  readonly hosts: readonly string[];
  /** Seconds between samples. */
  readonly interval: number;
  readonly start: number;
  readonly steps: number;
  readonly incidents: readonly Incident[];
  readonly scenes: readonly SceneMoment[];
  /** Model files: with the configured tolerances, and with next to none of memory where the page can switch it off. */
  readonly models: { readonly on: Uint8Array; readonly off?: Uint8Array };
}

interface Column {
  readonly name: string;
  readonly base: number;
  readonly step: number;
  readonly divisor: number;
}

interface Header {
  readonly role: string;
  readonly origin: Sample['origin'];
  readonly start: number;
  readonly interval: number;
  readonly steps: number;
  readonly hosts: readonly string[];
  readonly metrics: readonly Column[];
  readonly incidents: readonly Incident[];
  readonly scenes: readonly SceneMoment[];
  /** Sizes in bytes. */
  readonly models: { readonly on: number; readonly off?: number };
}

/** One role after the other, as pack() of sample/pack.mjs puts them. */
export function unpackSamples(bytes: Uint8Array): Sample[] {
  const samples: Sample[] = [];
  for (let begin = 0; begin < bytes.length;) {
    const { sample, size } = unpackFirst(bytes.subarray(begin));
    samples.push(sample);
    begin += size;
  }
  return samples;
}

function unpackFirst(bytes: Uint8Array): { readonly sample: Sample; readonly size: number } {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
  const { hosts, steps, metrics } = header;
  const onBegin = 4 + length + 2 * metrics.length * hosts.length * steps;
  const codes = toCodes(bytes.subarray(4 + length, onBegin), steps);
  const offBegin = onBegin + header.models.on;
  const size = offBegin + (header.models.off ?? 0);
  const on = bytes.slice(onBegin, offBegin);
  const models = header.models.off ? { on, off: bytes.slice(offBegin, size) } : { on };
  return { sample: { ...header, table: toTable(header, codes), models }, size };
}

/** Undoes differences() of sample/pack.mjs. */
function toCodes(bytes: Uint8Array, steps: number): Uint16Array {
  const codes = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < codes.length; i++) {
    const folded = (bytes[i]! << 8) | bytes[codes.length + i]!;
    const difference = (folded >> 1) ^ -(folded & 1);
    codes[i] = (i % steps === 0 ? 0 : codes[i - 1]!) + difference;
  }
  return codes;
}

function toTable(
  { start, interval, steps, hosts, metrics }: Header,
  codes: Uint16Array,
): SampleTable {
  const perMetric = hosts.length * steps;
  const rows = Array.from({ length: perMetric }, (_, i) => i).filter((i) =>
    metrics.some((_, d) => codes[d * perMetric + i] !== 0),
  );
  const value = ({ base, step, divisor }: Column, code: number): number =>
    code === 0 ? NaN : ((base + code) * step) / divisor;
  return {
    timestamps: Float64Array.from(rows, (i) => start + (i % steps) * interval),
    hosts: rows.map((i) => hosts[Math.floor(i / steps)]!),
    metrics: Object.fromEntries(
      metrics.map((column, d) => [
        column.name,
        Float64Array.from(rows, (i) => value(column, codes[d * perMetric + i]!)),
      ]),
    ),
  };
}

// The glue that Emscripten writes around the module; its functions are those of wasm/bindings.cpp, but for errors:
// what they return as CoreError load.ts throws.
import type { AlertSettings } from './settings.js';
import type {
  AlertSpan,
  Direction,
  JointEllipse,
  MetricGroup,
  Prediction,
  Reason,
  Remedy,
  SimilarMoment,
} from './explanation.js';
import type { ModelInfo } from './info.js';
import type { Notice } from './notice.js';
import type { Vocabulary } from './vocabulary.js';

/** An address in the module's memory. */
export type Address = number;

/** rows * (2 + metrics) numbers: every row's host as index, the timestamps, then metric after metric. */
export interface PackedTable {
  readonly rows: number;
  readonly hosts: readonly string[];
  readonly metrics: readonly string[];
  /** Not for the module, which has its own of the samples. */
  readonly notices: readonly Notice[];
  readonly address: Address;
}

export interface RawTableScores {
  readonly anomalyScore: Float64Array;
  readonly alertScore: Float64Array;
  readonly severity: Float64Array;
  readonly state: Int32Array;
}

export interface SamplesInfo {
  readonly hosts: string[];
  readonly rows: number;
  readonly start: number;
  readonly end: number;
  readonly interval: number;
  readonly missingMetrics: string[];
}

export interface RawAlert {
  readonly alertId: string;
  readonly scope: 'host' | 'role';
  readonly host: string;
  readonly hosts: string[];
  readonly level: 'warning' | 'critical';
  readonly startedAt: number;
  readonly openedAt: number;
  readonly closedAt: number | null;
  readonly lastSampleAt: number;
  readonly samples: number;
  readonly severity: number;
  readonly anomalyScore: number;
  readonly worstHost: string;
  readonly worstAt: number;
  readonly topMetrics: string[];
  readonly sentence: string;
}

/** (rows), (rows, components) or, metric after metric, (metrics, rows) numbers. */
export interface RawExplanations {
  readonly anomalyScore: Float64Array;
  readonly state: Int32Array;
  readonly responsibilities: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly typicalLow: Float64Array;
  readonly typicalHigh: Float64Array;
  readonly surprise: Float64Array;
  readonly typicalSurprise: Float64Array;
  readonly contribution: Float64Array;
  readonly blame: Float64Array;
  readonly rank: Int32Array;
  readonly reason: Uint8Array;
  readonly direction: Uint8Array;
}

export interface RawDetail {
  /** -1 without one. */
  readonly runnerUp: number;
  readonly firm: boolean | null;
  readonly groups: MetricGroup[];
  readonly prediction: Prediction | null;
  readonly wouldBeNormal: Remedy;
}

export interface RawHostExplanations extends RawExplanations {
  readonly timestamps: Float64Array;
  readonly alertScore: Float64Array;
  readonly severity: Float64Array;
}

export interface RawExplanation extends RawExplanations {
  readonly detail: RawDetail;
  readonly sentence: string;
  readonly remarks: string[];
  readonly alertScore: number;
  readonly severity: number;
}

/** Memory that the facade fills. */
export interface Heap {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF64: Float64Array;
  _malloc(bytes: number): Address;
  _free(address: Address): void;
}

export interface Module extends Heap {
  loadModel(bytes: Address, size: number): Address;
  /** The trained model edited: of each of its metrics the tolerance, NaN as trained, infinity muted. */
  editModel(model: Address, tolerances: Address): Address;
  freeModel(model: Address): void;
  modelInfo(model: Address): ModelInfo;
  stateNames(model: Address, japanese: boolean): string[];
  scoreRows(
    model: Address,
    values: Address,
    rows: number,
  ): Pick<RawTableScores, 'anomalyScore' | 'state'>;
  explainRows(model: Address, values: Address, rows: number): RawExplanations;
  /** anyRole: of samples too that look like another role's. */
  openTable(model: Address, table: PackedTable, anyRole: boolean): Address;
  /** The same samples with the same model edited. */
  openSamples(model: Address, samples: Address): Address;
  freeSamples(samples: Address): void;
  samplesInfo(samples: Address): SamplesInfo;
  notices(samples: Address): Notice[];
  /** Of each row of the table its row in the samples, -1 where it was passed over. */
  append(samples: Address, table: PackedTable): Int32Array;
  forget(samples: Address, before: number): void;
  /** Scores so many rows that have no score yet, or little more. Whether all have one. */
  scoreSome(samples: Address, rows: number): boolean;
  /** Those from a row on. */
  scores(samples: Address, first: number): RawTableScores;
  /** A host's severities, or its values of the metric at a place. */
  series(
    samples: Address,
    host: string,
    metric: number,
  ): { timestamps: Float64Array; values: Float64Array };
  // Of a host's sample; null without one. Changes are pairs of a metric's place and its value.
  explain(
    samples: Address,
    host: string,
    timestamp: number,
    japanese: boolean,
  ): RawExplanation | null;
  explainWith(
    samples: Address,
    host: string,
    timestamp: number,
    changes: Address,
    count: number,
    japanese: boolean,
  ): RawExplanation | null;
  /** Of two metrics, by their places. */
  joint(
    samples: Address,
    host: string,
    timestamp: number,
    changes: Address,
    count: number,
    first: number,
    second: number,
  ): JointEllipse[] | null;
  similar(samples: Address, host: string, timestamp: number): SimilarMoment[] | null;
  /** Of from <= time < to; null when there is no such host. */
  explainHost(samples: Address, host: string, from: number, to: number): RawHostExplanations | null;
  alerts(
    samples: Address,
    options: AlertSettings & { readonly explained: boolean },
    japanese: boolean,
  ): RawAlert[];
  explainAlert(
    samples: Address,
    settings: AlertSettings,
    alert: Pick<RawAlert, 'alertId' | 'worstHost' | 'worstAt' | 'startedAt'> & { closedAt: number },
    japanese: boolean,
  ): AlertSpan & { readonly worst: RawExplanation };
  prices(
    samples: Address,
    settings: readonly AlertSettings[],
  ): { alerts: number; critical: number }[];
  /** Of the highest severity. */
  worst(samples: Address): { host: string; timestamp: number } | null;
  /** Of each time that of the worst of all hosts. */
  worstRows(samples: Address): Int32Array;
  covered(samples: Address): { hostDays: number; roleDays: number };
  /** The time of the host's nearest sample; NaN without one. */
  nearest(samples: Address, host: string, timestamp: number): number;
  explanationNames(): { readonly reasons: Reason[]; readonly directions: Direction[] };
  formatValue(value: number, unit: string): string;
  formatRange(low: number, high: number, unit: string): string;
  words(japanese: boolean): Vocabulary;
  roleSentence(hosts: number, worstHost: string, ofWorst: string, japanese: boolean): string;
  severityOfReturnTime(days: number): number;
  returnTimeOfSeverity(severity: number): number;
}

export interface ModuleHooks {
  printErr(message: string): void;
  instantiateWasm(imports: object, receive: (instance: object, module: object) => void): object;
}

export default function createModule(hooks: ModuleHooks): Module;

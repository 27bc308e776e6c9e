/// <reference lib="esnext.disposable" preserve="true" />
import { toAlert, type Alert } from './alert.js';
import {
  checkObject,
  fieldsOf,
  invalid,
  isJapanese,
  listOf,
  progressOf,
  textOf,
  textsOf,
} from './check.js';
import { RolemixError } from './error.js';
import {
  numberOrNull,
  rankedMetrics,
  toRowExplanations,
  type AlertExplanation,
  type Explanation,
  type ExplanationNames,
  type HostExplanations,
  type JointEllipse,
  type LanguageOption,
  type SimilarMoment,
} from './explanation.js';
import type { ModelInfo } from './info.js';
import { withNumbers } from './memory.js';
import type { Notice } from './notice.js';
import type { Address, Module, RawExplanation } from './rolemix.js';
import type { TableScores } from './score.js';
import { alertSettings, type AlertOptions } from './settings.js';
import { shown } from './shown.js';
import { withTable, type SampleTable } from './table.js';

/** Which sample of a role. */
export interface SampleId {
  readonly host: string;
  /** Epoch seconds. */
  readonly timestamp: number;
}

/** Some of a host's samples: from <= timestamp < to. */
export interface Period {
  readonly host: string;
  readonly from?: number;
  readonly to?: number;
}

export interface ScoreOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each slice with numbers of rows. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Values of some metrics, by name; null: missing. */
export type Values = Readonly<Record<string, number | null>>;

/** What alert settings would have raised. */
export interface Price {
  readonly alerts: number;
  /** Of these. */
  readonly critical: number;
}

/** One host's severities over time, as `<rolemix-swimlane>` shows them. */
export interface HostSeverities {
  readonly host: string;
  readonly timestamps: Float64Array;
  readonly severity: Float64Array;
}

/** What a model lends to its samples. */
export interface OpenModel {
  readonly info: ModelInfo;
  readonly module: Module;
  readonly names: ExplanationNames;
  /** In the model's order. */
  readonly metrics: readonly string[];
  /** All that it was trained on; the same array for every edit of a model. */
  readonly trained: readonly string[];
}

/** A role's samples, put together with its model once, in the module's memory: all that is said of them. */
export class Samples {
  readonly #model: OpenModel;
  readonly #module: Module;
  /** 0 after dispose(). */
  #address: Address;
  /** Of the tables. */
  #given: readonly Notice[];
  #notices: readonly Notice[] | undefined;
  #scores: TableScores | undefined;
  #summary: ReturnType<Module['samplesInfo']> | undefined;

  /** Not for callers: RoleModel.open makes them. */
  constructor(model: OpenModel, address: Address, given: readonly Notice[]) {
    this.#model = model;
    this.#module = model.module;
    this.#address = address;
    this.#given = given;
  }

  /** Names of the hosts, sorted. */
  get hosts(): readonly string[] {
    return this.#info.hosts;
  }

  /** How many samples there are. */
  get rows(): number {
    return this.#info.rows;
  }

  /** Times of the first and the last sample, epoch seconds, and the usual seconds between two of a host. */
  get period(): { readonly start: number; readonly end: number; readonly interval: number } {
    const { start, end, interval } = this.#info;
    return { start, end, interval };
  }

  /** Days of samples: summed over the hosts, gaps left out, and those in which any host has some. */
  get covered(): { readonly hostDays: number; readonly roleDays: number } {
    return this.#module.covered(this.#open());
  }

  /** Metrics of the model that the table, or the last one appended, lacks altogether; they are marginalised. */
  get missingMetrics(): readonly string[] {
    return this.#info.missingMetrics;
  }

  /** What is to be known before anything is said of the samples; first what their tables came with. */
  get notices(): readonly Notice[] {
    this.#notices ??= [...this.#given, ...this.#module.notices(this.#open())];
    return this.#notices;
  }

  /** One entry per row, in the order of the table and of what was appended: computed at the first call, kept. */
  get scores(): TableScores {
    this.#scores ??= this.#module.scores(this.#open(), 0);
    return this.#scores;
  }

  /** `scores` computed in slices with turns of the event loop in between, for samples that are many. Errors: the signal's reason. */
  async score(options: ScoreOptions = {}): Promise<TableScores> {
    const { signal, onProgress } = progressOf(options);
    const rowsPerSlice = 8192; // some milliseconds
    const { rows } = this;
    for (let done = 0; ; done += rowsPerSlice) {
      if (signal?.aborted) throw signal.reason;
      if (this.#module.scoreSome(this.#open(), rowsPerSlice)) break;
      onProgress?.(done + rowsPerSlice, rows);
      await new Promise((resolve) => setTimeout(resolve));
    }
    onProgress?.(rows, rows);
    return this.scores;
  }

  /**
   * Takes later samples in, and gives their scores, one entry per row of the table. Rows that are not
   * later than their host's last are passed over, and those of few hosts that lie more than a day from
   * all others of the table left out: NaN, and state -1. Errors: those of RoleModel.open.
   */
  append(table: SampleTable): TableScores {
    let rows = 0;
    const places = withTable(this.#module, table, this.#model.metrics, (packed) => {
      rows = this.rows;
      const added = this.#module.append(this.#open(), packed);
      this.#given = distinct([...this.#given, ...packed.notices]);
      return added;
    });
    this.#scores = this.#summary = this.#notices = undefined;
    const added = this.#module.scores(this.#open(), rows);
    const pick = (column: Float64Array): Float64Array =>
      Float64Array.from(places, (place) => (place < 0 ? NaN : column[place - rows]!));
    return {
      anomalyScore: pick(added.anomalyScore),
      alertScore: pick(added.alertScore),
      severity: pick(added.severity),
      state: Int32Array.from(places, (place) => (place < 0 ? -1 : added.state[place - rows]!)),
    };
  }

  /**
   * Drops the samples before a time, epoch seconds, from memory. What was known of hosts by then still
   * counts for scores and explanations; an alert that had begun begins anew.
   */
  forget(before: number): void {
    if (typeof before !== 'number') throw invalid('before', 'a number', before);
    this.#module.forget(this.#open(), before);
    this.#scores = this.#summary = this.#notices = undefined;
  }

  /** A host's severities over time. */
  severities(host: string): HostSeverities {
    const { timestamps, values } = this.#module.series(this.#open(), textOf('host', host), -1);
    return { host, timestamps, severity: values };
  }

  /**
   * Rows, as of `scores`: at each time that of the worst of all hosts, in order of time. Samples less than
   * half the usual interval apart count as of one time; without a severity only where no host has one.
   */
  worstRows(): Int32Array {
    return this.#module.worstRows(this.#open());
  }

  /** The host's sample that is nearest to a time, of two the earlier; null when it has none. */
  nearest(sample: SampleId): SampleId | null {
    const { host, timestamp } = idOf(sample);
    const time = this.#module.nearest(this.#open(), host, timestamp);
    return Number.isNaN(time) ? null : { host, timestamp: time };
  }

  /** A host's values of a metric over time, NaN where it is missing. Errors: invalid_argument for a metric that the model lacks. */
  values(host: string, metric: string): { timestamps: Float64Array; values: Float64Array } {
    return this.#module.series(this.#open(), textOf('host', host), this.#place(metric));
  }

  /** Explains a sample with its host's history. Errors: invalid_argument when there is no such sample. */
  explain(sample: SampleId, options: LanguageOption = {}): Explanation {
    const japanese = isJapanese(options);
    return this.#explained(sample, (samples, { host, timestamp }) =>
      this.#module.explain(samples, host, timestamp, japanese),
    );
  }

  /**
   * As explain, with other values of some metrics. Cheap enough for every move of a pointer: the host's
   * history is read at the first call for a sample. Errors: those of explain, and invalid_argument for a
   * metric that the model lacks.
   */
  whatIf(sample: SampleId, values: Values, options: LanguageOption = {}): Explanation {
    const japanese = isJapanese(options);
    const changed = this.#changesOf(values);
    return this.#explained(sample, (samples, { host, timestamp }) =>
      this.#withChanges(changed, (changes, count) =>
        this.#module.explainWith(samples, host, timestamp, changes, count, japanese),
      ),
    );
  }

  /**
   * What two metrics of a sample could be together, given its others: an ellipse for each state that
   * is probable then, most probable first; none when one of the two is missing. `values` as of whatIf,
   * which is as cheap. Errors: those of whatIf.
   */
  joint(sample: SampleId, metrics: readonly [string, string], values: Values = {}): JointEllipse[] {
    const places = textsOf('metrics', metrics).map((metric) => this.#place(metric));
    if (places.length !== 2) throw invalid('metrics', 'two metrics', places);
    const [first, second] = places as [number, number];
    const changed = this.#changesOf(values);
    return this.#of(idOf(sample), (samples, { host, timestamp }) =>
      this.#withChanges(changed, (changes, count) =>
        this.#module.joint(samples, host, timestamp, changes, count, first, second),
      ),
    );
  }

  /**
   * Explains some of a host's samples, as for a chart; those before are their history.
   * Errors: invalid_argument when there is no such host.
   */
  explainHost(period: Period): HostExplanations {
    const types = { host: 'text', from: 'number or undefined', to: 'number or undefined' };
    const { host, from = -Infinity, to = Infinity } = fieldsOf('period', period, types);
    const raw = this.#module.explainHost(this.#open(), host, from, to);
    if (raw === null) {
      const message = `expected samples of host ${shown(host)}, got none`;
      throw new RolemixError('invalid_argument', message);
    }
    const { timestamps, alertScore, severity } = raw;
    const { info, names } = this.#model;
    return { host, timestamps, alertScore, severity, ...toRowExplanations(info, names, raw) };
  }

  /** All alerts, by openedAt, then host. Errors: invalid_argument for settings that cannot be. */
  alerts(options: AlertOptions = {}): Alert[] {
    const { info } = this.#model;
    const settings = alertSettings(info, options);
    const { explained = true } = options;
    const japanese = isJapanese(options);
    const raw = this.#module.alerts(this.#open(), { ...settings, explained }, japanese);
    return raw.map((alert) => toAlert(info, alert));
  }

  /**
   * Explains an alert: blame over its span, what left its range first, what changed, and its worst
   * sample. Errors: those of alerts, and invalid_argument when its worst sample is not among these.
   */
  explainAlert(
    alert: Pick<Alert, 'alertId' | 'worstHost' | 'worstAt' | 'startedAt' | 'closedAt'>,
    options: Omit<AlertOptions, 'explained'> = {},
  ): AlertExplanation {
    this.#open();
    const settings = alertSettings(this.#model.info, options);
    const japanese = isJapanese(options);
    const times = { worstAt: 'number', startedAt: 'number' };
    const read = fieldsOf('alert', alert, { alertId: 'text', worstHost: 'text', ...times });
    const { closedAt } = alert;
    // Null while open.
    const of = { ...read, closedAt: typeof closedAt === 'number' ? closedAt : NaN };
    const { worst, ...span } = this.#module.explainAlert(this.#open(), settings, of, japanese);
    const sample = { host: read.worstHost, timestamp: read.worstAt };
    return { ...span, worst: this.#toExplanation(sample, worst) };
  }

  /**
   * The past moments of the role most like a sample by state and pattern of blame, at least an hour
   * earlier; at most three. Errors: those of explain.
   */
  similar(sample: SampleId): SimilarMoment[] {
    return this.#of(idOf(sample), (samples, { host, timestamp }) =>
      this.#module.similar(samples, host, timestamp),
    );
  }

  /** What each of these settings would have raised. Errors: those of alerts. */
  prices(settings: readonly Partial<AlertOptions>[]): Price[] {
    const { info } = this.#model;
    const all = listOf('settings', settings, (each) => alertSettings(info, each));
    return this.#module.prices(this.#open(), all);
  }

  /** The worst sample of the worst of these alerts; without one that of the highest severity; null: nothing was measured. */
  worst(alerts: readonly Alert[] = this.alerts({ explained: false })): SampleId | null {
    const types = { worstHost: 'string', worstAt: 'number', anomalyScore: 'number' };
    const read = listOf('alerts', alerts, (alert) =>
      fieldsOf('alert', alert, { ...types, severity: 'number' }),
    );
    const rank = ({ severity, anomalyScore }: (typeof read)[0]): number =>
      severity * 1e9 + anomalyScore;
    const samples = this.#open();
    let worst = read[0];
    for (const alert of read) if (worst && rank(alert) > rank(worst)) worst = alert;
    return worst
      ? { host: worst.worstHost, timestamp: worst.worstAt }
      : this.#module.worst(samples);
  }

  /** Gives the memory back; using the samples afterwards is an error, disposing of them again is not. */
  dispose(): void {
    if (this.#address !== 0) this.#module.freeSamples(this.#address);
    this.#address = 0;
    this.#scores = this.#summary = this.#notices = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Not for callers: the same samples with an edit of their model. */
  openWith(model: OpenModel, address: Address): Samples {
    const samples = this.#open();
    if (model.trained !== this.#model.trained) {
      const expected = `a table, or samples open with ${model.info.role} before or after an edit`;
      throw invalid('samples', expected, `those of another model`);
    }
    const muted = model.metrics.find((metric) => !this.#model.metrics.includes(metric));
    if (muted !== undefined) {
      const message = `samples: expected values of metric ${muted}, got those of a model that mutes it`;
      throw new RolemixError('invalid_argument', message);
    }
    return new Samples(model, this.#module.openSamples(address, samples), this.#given);
  }

  get #info(): ReturnType<Module['samplesInfo']> {
    this.#summary ??= this.#module.samplesInfo(this.#open());
    return this.#summary;
  }

  #open(): Address {
    if (this.#address !== 0) return this.#address;
    const message = `samples of ${this.#model.info.role}: used after dispose()`;
    throw new RolemixError('disposed', message);
  }

  #place(metric: string): number {
    const place = this.#model.metrics.indexOf(metric);
    if (place >= 0) return place;
    throw noMetric(metric);
  }

  /** Of a sample as idOf read it. */
  #of<T>(sample: SampleId, use: (samples: Address, sample: SampleId) => T | null): T {
    const result = use(this.#open(), sample);
    if (result !== null) return result;
    const { host, timestamp } = sample;
    const message = `expected a sample of host ${shown(host)} at ${timestamp}, got none`;
    throw new RolemixError('invalid_argument', message);
  }

  #explained(
    sample: SampleId,
    use: (samples: Address, sample: SampleId) => RawExplanation | null,
  ): Explanation {
    const id = idOf(sample);
    return this.#toExplanation(id, this.#of(id, use));
  }

  #toExplanation({ host, timestamp }: SampleId, raw: RawExplanation): Explanation {
    const explained = toRowExplanations(this.#model.info, this.#model.names, raw);
    const { runnerUp } = raw.detail;
    return {
      ...raw.detail,
      runnerUp: runnerUp < 0 ? null : runnerUp,
      host,
      timestamp,
      anomalyScore: numberOrNull(raw.anomalyScore[0]!),
      alertScore: numberOrNull(raw.alertScore),
      severity: numberOrNull(raw.severity),
      state: raw.state[0]!,
      responsibilities: [...raw.responsibilities],
      sentence: raw.sentence,
      remarks: raw.remarks,
      metrics: rankedMetrics(explained, 0),
    };
  }

  /** Pairs of a metric's place and its value. */
  #changesOf(values: Values): readonly number[] {
    checkObject('values', values);
    return Object.entries(values).flatMap(([metric, value]) => {
      const place = this.#place(metric);
      if (typeof (value ?? 0) !== 'number') {
        throw invalid(`metric ${metric}`, 'a number or null', value);
      }
      if (Math.abs(value ?? 0) === Infinity) {
        const message = `metric ${metric}: expected a finite number or null, got an infinity`;
        throw new RolemixError('not_finite', message);
      }
      return [place, value ?? NaN];
    });
  }

  #withChanges<T>(changes: readonly number[], use: (changes: Address, count: number) => T): T {
    const fill = (target: Float64Array): void => {
      target.set(changes);
    };
    return withNumbers(this.#module, changes.length, fill, (address) =>
      use(address, changes.length / 2),
    );
  }
}

/** Each once: of a source that is asked again and again the same is told. */
function distinct(notices: readonly Notice[]): Notice[] {
  return [...new Map(notices.map((notice) => [JSON.stringify(notice), notice])).values()];
}

function idOf(sample: SampleId): SampleId {
  return fieldsOf('sample', sample, { host: 'text', timestamp: 'number' });
}

export function noMetric(metric: string): RolemixError {
  const message = `expected a metric of the model, got ${shown(metric)}`;
  return new RolemixError('invalid_argument', message);
}

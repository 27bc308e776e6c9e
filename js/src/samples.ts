/// <reference lib="esnext.disposable" preserve="true" />
import { toAlert, type Alert } from './alert.js';
import { call } from './call.js';
import { checkArray, checkFields, invalid, isJapanese } from './check.js';
import { RolemixError, type CoreError } from './error.js';
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

/** What was found in the samples, or done with them, that people should know; null where it does not apply. */
export interface Notice {
  /** Which kind: model_not_ready, samples_far_apart, metrics_missing, samples_passed_over. */
  readonly code: string;
  readonly text: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly host: string | null;
  readonly metric: string | null;
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
  #notices: readonly Notice[] | undefined;
  #scores: TableScores | undefined;
  #summary: ReturnType<Module['samplesInfo']> | undefined;

  /** Not for callers: RoleModel.open makes them. */
  constructor(model: OpenModel, address: Address) {
    this.#model = model;
    this.#module = model.module;
    this.#address = address;
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

  /** What is to be known before anything is said of the samples. */
  get notices(): readonly Notice[] {
    this.#notices ??= this.#module
      .notices(this.#open())
      .map((notice) => ({ ...notice, file: null, line: null }));
    return this.#notices;
  }

  /** One entry per row, in the order of the table and of what was appended: computed at the first call, kept. */
  get scores(): TableScores {
    this.#scores ??= this.#module.scores(this.#open(), 0);
    return this.#scores;
  }

  /** `scores` computed in slices with turns of the event loop in between, for samples that are many. Errors: the signal's reason. */
  async score({ signal, onProgress }: ScoreOptions = {}): Promise<TableScores> {
    const rowsPerSlice = 8192; // some milliseconds
    const { rows } = this;
    for (let done = 0; ; done += rowsPerSlice) {
      signal?.throwIfAborted();
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
    const samples = this.#open();
    const { rows } = this;
    const places = call(() =>
      withTable(this.#module, table, this.#model.metrics, (packed) =>
        this.#module.append(samples, packed),
      ),
    );
    this.#scores = this.#summary = this.#notices = undefined;
    const added = this.#module.scores(samples, rows);
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
    const { timestamps, values } = this.#module.series(this.#open(), host, -1);
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
    checkFields('sample', sample, { host: 'string', timestamp: 'number' });
    const { host, timestamp } = sample;
    const time = this.#module.nearest(this.#open(), host, timestamp);
    return Number.isNaN(time) ? null : { host, timestamp: time };
  }

  /** A host's values of a metric over time, NaN where it is missing. Errors: invalid_argument for a metric that the model lacks. */
  values(host: string, metric: string): { timestamps: Float64Array; values: Float64Array } {
    return this.#module.series(this.#open(), host, this.#place(metric));
  }

  /** Explains a sample with its host's history. Errors: invalid_argument when there is no such sample. */
  explain(sample: SampleId, options: LanguageOption = {}): Explanation {
    const samples = this.#open();
    const japanese = isJapanese(options);
    return this.#explained(sample, ({ host, timestamp }) =>
      this.#module.explain(samples, host, timestamp, japanese),
    );
  }

  /**
   * As explain, with other values of some metrics. Cheap enough for every move of a pointer: the host's
   * history is read at the first call for a sample. Errors: those of explain, and invalid_argument for a
   * metric that the model lacks.
   */
  whatIf(sample: SampleId, values: Values, options: LanguageOption = {}): Explanation {
    const samples = this.#open();
    const japanese = isJapanese(options);
    return this.#explained(sample, ({ host, timestamp }) =>
      this.#withChanges(values, (changes, count) =>
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
    const samples = this.#open();
    checkArray('metrics', 'two metrics', metrics);
    if ((metrics.length as number) !== 2) throw invalid('metrics', 'two metrics', metrics);
    const [first, second] = metrics.map((metric) => this.#place(metric)) as [number, number];
    return this.#of(sample, ({ host, timestamp }) =>
      this.#withChanges(values, (changes, count) =>
        this.#module.joint(samples, host, timestamp, changes, count, first, second),
      ),
    );
  }

  /**
   * Explains some of a host's samples, as for a chart; those before are their history.
   * Errors: invalid_argument when there is no such host.
   */
  explainHost(period: Period): HostExplanations {
    const samples = this.#open();
    checkFields('period', period, { host: 'string' });
    const { host, from = -Infinity, to = Infinity } = period;
    const raw = this.#module.explainHost(samples, host, from, to);
    if (raw === null) {
      const message = `expected samples of host ${JSON.stringify(host)}, got none`;
      throw new RolemixError('invalid_argument', message);
    }
    const { timestamps, alertScore, severity } = raw;
    const { info, names } = this.#model;
    return { host, timestamps, alertScore, severity, ...toRowExplanations(info, names, raw) };
  }

  /** All alerts, by openedAt, then host. Errors: invalid_argument for settings that cannot be. */
  alerts(options: AlertOptions = {}): Alert[] {
    const { info } = this.#model;
    const settings = { explained: true, ...options, ...alertSettings(info, options) };
    const raw = call(() => this.#module.alerts(this.#open(), settings, isJapanese(options)));
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
    const samples = this.#open();
    const settings = alertSettings(this.#model.info, options);
    const japanese = isJapanese(options);
    const times = { worstAt: 'number', startedAt: 'number' };
    checkFields('alert', alert, { alertId: 'string', worstHost: 'string', ...times });
    const { alertId, worstHost, worstAt, startedAt, closedAt } = alert;
    // Null while open.
    const end = typeof closedAt === 'number' ? closedAt : NaN;
    const of = { alertId, worstHost, worstAt, startedAt, closedAt: end };
    const { worst, ...span } = call(() =>
      this.#module.explainAlert(samples, settings, of, japanese),
    );
    return { ...span, worst: this.#toExplanation({ host: worstHost, timestamp: worstAt }, worst) };
  }

  /**
   * The past moments of the role most like a sample by state and pattern of blame, at least an hour
   * earlier; at most three. Errors: those of explain.
   */
  similar(sample: SampleId): SimilarMoment[] {
    const samples = this.#open();
    return this.#of(sample, ({ host, timestamp }) =>
      this.#module.similar(samples, host, timestamp),
    );
  }

  /** What each of these settings would have raised. Errors: those of alerts. */
  prices(settings: readonly Partial<AlertOptions>[]): Price[] {
    checkArray('settings', 'an array of settings', settings);
    const all = settings.map((each) => alertSettings(this.#model.info, each));
    return call(() => this.#module.prices(this.#open(), all));
  }

  /** The worst sample of the worst of these alerts; without one that of the highest severity; null: nothing was measured. */
  worst(alerts: readonly Alert[] = this.alerts({ explained: false })): SampleId | null {
    const rank = ({ severity, anomalyScore }: Alert): number => severity * 1e9 + anomalyScore;
    let worst = alerts[0];
    for (const alert of alerts) if (worst && rank(alert) > rank(worst)) worst = alert;
    return worst
      ? { host: worst.worstHost, timestamp: worst.worstAt }
      : this.#module.worst(this.#open());
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
    if (model.trained !== this.#model.trained) {
      const expected = `a table, or samples open with ${model.info.role} before or after an edit`;
      throw invalid('samples', expected, `those of another model`);
    }
    const muted = model.metrics.find((metric) => !this.#model.metrics.includes(metric));
    if (muted !== undefined) {
      const message = `samples: expected values of metric ${muted}, got those of a model that mutes it`;
      throw new RolemixError('invalid_argument', message);
    }
    return new Samples(model, this.#module.openSamples(address, this.#open()));
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

  #of<T>(sample: SampleId, use: (sample: SampleId) => T | CoreError | null): T {
    checkFields('sample', sample, { host: 'string', timestamp: 'number' });
    const result = call(() => use(sample));
    if (result !== null) return result;
    const { host, timestamp } = sample;
    const message = `expected a sample of host ${JSON.stringify(host)} at ${timestamp}, got none`;
    throw new RolemixError('invalid_argument', message);
  }

  #explained(
    sample: SampleId,
    use: (sample: SampleId) => RawExplanation | CoreError | null,
  ): Explanation {
    return this.#toExplanation(sample, this.#of(sample, use));
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

  /** `use` gets pairs of a metric's place and its value. */
  #withChanges<T>(values: Values, use: (changes: Address, count: number) => T): T {
    checkFields('values', values);
    const changes = Object.entries(values).flatMap(([metric, value]) => {
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
    const fill = (target: Float64Array): void => {
      target.set(changes);
    };
    return withNumbers(this.#module, changes.length, fill, (address) =>
      use(address, changes.length / 2),
    );
  }
}

export function noMetric(metric: string): RolemixError {
  const message = `expected a metric of the model, got ${shown(metric)}`;
  return new RolemixError('invalid_argument', message);
}

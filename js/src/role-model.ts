/// <reference lib="esnext.disposable" preserve="true" />
import { alertSettings, toAlert, type Alert, type AlertOptions } from './alert.js';
import { call } from './call.js';
import { checkArray, checkFields, checkKeys, checkList, invalid, isJapanese } from './check.js';
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
  type RowExplanations,
  type SimilarMoment,
} from './explanation.js';
import type { ModelInfo } from './info.js';
import { copyNumbers, withBytes, withNumbers, type Numbers } from './memory.js';
import { loadModule, type ModuleOptions } from './module.js';
import type { Address, Module, PackedTable, RawAlert } from './rolemix.js';
import type { RowScores, TableScores } from './score.js';
import { locations, readBytes, type Source } from './source.js';
import { shown } from './shown.js';
import {
  hostRows,
  selectRows,
  toRows,
  withTable,
  type ParsedTable,
  type SampleTable,
} from './table.js';

/** Which row of a table. */
export interface SampleId {
  readonly host: string;
  /** Epoch seconds. */
  readonly timestamp: number;
}

/** A sample, and what its host's history comes down to, as the module has it. */
interface Moment extends SampleId {
  readonly row: Numbers;
  readonly history: Float64Array;
}

/** What edit changes, by the names of metrics. */
export interface ModelEdits {
  /** In the metrics' units. */
  readonly tolerances?: Readonly<Record<string, number>>;
  readonly muted?: readonly string[];
}

/** What was changed of a trained model. */
interface Edits {
  /** All that it was trained on, in its order. */
  readonly trained: readonly string[];
  /** By name; Infinity: muted. */
  readonly tolerances: ReadonlyMap<string, number>;
}

function noSample(host: string, timestamp: number): RolemixError {
  const message = `expected a sample of host ${JSON.stringify(host)} at ${timestamp}, got none in the table`;
  return new RolemixError('invalid_argument', message);
}

function checkSample(sample: SampleId): void {
  checkFields('sample', sample, { host: 'string', timestamp: 'number' });
}

function toTolerance([metric, value]: [string, number]): readonly [string, number] {
  if (typeof value === 'number' && value >= 1e-50 && value <= 1e50) return [metric, value];
  throw invalid(`metric ${metric}`, 'a tolerance in 1e-50..1e50', value);
}

/** What is normal for one role: scores and explains samples of its hosts. */
export class RoleModel {
  readonly #module: Module;
  readonly #names: ExplanationNames;
  readonly #role: string;
  readonly #edits: Edits;
  /** The metrics' names, in the model's order. */
  readonly #metrics: readonly string[];
  /** Of an edited model found when it is asked for: until then it costs little. */
  #info: ModelInfo | undefined;
  /** The last one of each table that whatIf was asked about. */
  readonly #moments = new WeakMap<SampleTable, Moment>();
  /** 0 after dispose(). */
  #address: Address;

  private constructor(module: Module, address: Address, edited?: { role: string; edits: Edits }) {
    this.#module = module;
    this.#address = address;
    this.#names = module.explanationNames();
    this.#role = edited?.role ?? this.info.role;
    const trained = edited?.edits.trained ?? this.info.metrics.map(({ name }) => name);
    this.#edits = edited?.edits ?? { trained, tolerances: new Map() };
    this.#metrics = trained.filter((name) => this.#edits.tolerances.get(name) !== Infinity);
  }

  /** What is known of the model without data. */
  get info(): ModelInfo {
    this.#info ??= this.#module.modelInfo(this.#open());
    return this.#info;
  }

  /** What each state is to a person, in the order of `info.components`: when it is, and which metrics are high or low then. */
  stateNames(options: LanguageOption = {}): string[] {
    return this.#module.stateNames(this.#open(), isJapanese(options));
  }

  /**
   * Loads a model file, and the WebAssembly module with the first one. Errors: source_failed when
   * either cannot be read, unsupported_engine without WebAssembly SIMD, bad_format, unsupported_version
   * and others for bytes that are no model, naming where they came from.
   */
  static async load(source: Source, options: ModuleOptions = {}): Promise<RoleModel> {
    const [module, bytes] = await Promise.all([loadModule(options), readBytes(source)]);
    const address = call(
      () => withBytes(module, bytes, (file) => module.loadModel(file, bytes.length)),
      locations.get(bytes),
    );
    return new RoleModel(module, address);
  }

  /**
   * Scores every row. Errors: shape_mismatch, not_finite for an infinity, invalid_argument when a host
   * has two samples at one timestamp or the table has none of the model's metrics.
   */
  score(table: SampleTable): TableScores {
    const model = this.#open();
    return call(() =>
      withTable(this.#module, table, this.#metrics, (packed) => this.#module.score(model, packed)),
    );
  }

  /**
   * Explains the host's sample at the timestamp; the host's earlier rows are its history. Errors: those
   * of score, and invalid_argument when there is no such sample.
   */
  explain(table: SampleTable, sample: SampleId, options: LanguageOption = {}): Explanation {
    return this.#explain(sample, this.#moment(table, sample), options);
  }

  /**
   * Explains an alert of the table: blame over its span, what left its range first, what changed, and
   * its worst sample. Errors: those of alerts, and invalid_argument when the table lacks its samples.
   */
  explainAlert(
    table: SampleTable,
    alert: Pick<Alert, 'alertId' | 'worstHost' | 'worstAt' | 'startedAt' | 'closedAt'>,
    options: Omit<AlertOptions, 'explained'> = {},
  ): AlertExplanation {
    const model = this.#open();
    const settings = alertSettings(this.info, options);
    const japanese = isJapanese(options);
    const times = { worstAt: 'number', startedAt: 'number' };
    checkFields('alert', alert, { alertId: 'string', worstHost: 'string', ...times });
    const { alertId, worstHost, worstAt, startedAt, closedAt } = alert;
    // Null while open.
    const end = typeof closedAt === 'number' ? closedAt : NaN;
    const of = { alertId, worstHost, worstAt, startedAt, closedAt: end };
    const span = this.#withScores(table, options, (packed) =>
      this.#module.explainAlert(model, packed, settings, of, japanese),
    );
    const worst = { host: worstHost, timestamp: worstAt };
    return { ...span, worst: this.explain(table, worst, options) };
  }

  /**
   * The past moments of the role most like a sample by state and pattern of blame, at least an hour
   * earlier; at most three. Errors: those of explain.
   */
  similar(
    table: SampleTable,
    sample: SampleId,
    options: Pick<AlertOptions, 'scores'> = {},
  ): SimilarMoment[] {
    const model = this.#open();
    checkSample(sample);
    const { host, timestamp } = sample;
    const row = hostRows(table, host).find((i) => table.timestamps[i] === timestamp);
    if (row === undefined) throw noSample(host, timestamp);
    return this.#withScores(table, options, (packed) => this.#module.similar(model, packed, row));
  }

  /**
   * As explain, with other values of some metrics (null: missing). Cheap enough for every move of a
   * pointer: the history is read at the first call for a sample; the table must not change after it.
   * Errors: those of explain, and invalid_argument for a metric that the model lacks.
   */
  whatIf(
    table: SampleTable,
    sample: SampleId,
    values: Readonly<Record<string, number | null>>,
    options?: LanguageOption,
  ): Explanation;
  /** The same for one metric. */
  whatIf(table: SampleTable, sample: SampleId, metric: string, value: number | null): Explanation;
  whatIf(
    table: SampleTable,
    sample: SampleId,
    changed: string | Readonly<Record<string, number | null>>,
    last?: number | null | LanguageOption,
  ): Explanation {
    const one = typeof changed === 'string';
    const values = one ? { [changed]: last as number | null } : changed;
    const options = one ? {} : (last as LanguageOption | undefined);
    return this.#explain(sample, this.#changed(table, sample, values), options);
  }

  /**
   * What two metrics of a sample could be together, given its others: an ellipse for each state that
   * is probable then, most probable first; none when one of the two is missing. `values` as of whatIf,
   * which is as cheap. Errors: those of whatIf.
   */
  joint(
    table: SampleTable,
    sample: SampleId,
    metrics: readonly [string, string],
    values: Readonly<Record<string, number | null>> = {},
  ): JointEllipse[] {
    const model = this.#open();
    checkArray('metrics', 'two metrics', metrics);
    if ((metrics.length as number) !== 2) throw invalid('metrics', 'two metrics', metrics);
    const [first, second] = metrics.map((metric) => this.#place(metric)) as [number, number];
    const { row, history } = this.#changed(table, sample, values);
    return this.#withMoment(row, history, (address, before) =>
      this.#module.joint(model, address, before, first, second),
    );
  }

  /**
   * Explains the host's samples with from <= timestamp < to, as for a chart; its other rows before `to`
   * are its history. Errors: those of score, and invalid_argument when the table lacks the host.
   */
  explainHost(
    table: SampleTable,
    period: { host: string; from?: number; to?: number },
  ): HostExplanations {
    checkFields('period', period, { host: 'string' });
    const { host, from = -Infinity, to = Infinity } = period;
    const history = this.#history(table, host, (time) => !(time >= to));
    const begin = history.timestamps.findIndex((time) => time >= from);
    const first = begin < 0 ? history.timestamps.length : begin;
    const model = this.#open();
    const raw = call(() =>
      withTable(this.#module, history, this.#metrics, (packed) =>
        this.#module.explainHost(model, packed, first),
      ),
    );
    return {
      host,
      timestamps: history.timestamps.slice(first),
      alertScore: raw.alertScore,
      severity: raw.severity,
      ...toRowExplanations(this.info, this.#names, raw),
    };
  }

  /**
   * All alerts, by openedAt, then host. Errors: those of score; shape_mismatch when the scores are
   * those of another number of rows.
   */
  alerts(table: SampleTable, options: AlertOptions = {}): Alert[] {
    const model = this.#open();
    const usual = alertSettings(this.info, options);
    const { explained = true } = options;
    const settings = { ...usual, explained };
    const japanese = isJapanese(options);
    const find = (packed: PackedTable): RawAlert[] | CoreError =>
      this.#module.alerts(model, packed, settings, japanese);
    // Values are for explanations: without them only the scores are copied.
    const raw = this.#withScores(table, options, find, explained ? this.#metrics : []);
    return raw.map((alert) => toAlert(this.info, alert));
  }

  /**
   * Scores rows of numbers in the order of `info.metrics`, row after row, each on its own, as of a host
   * at the role's level. Errors: shape_mismatch, not_finite for an infinity.
   */
  scoreRows(rows: Numbers): RowScores {
    const model = this.#open();
    return this.#withRows(rows, (address, count) => this.#module.scoreRows(model, address, count));
  }

  /** Explains rows of numbers as scoreRows takes them. Errors: those of scoreRows. */
  explainRows(rows: Numbers): RowExplanations {
    const model = this.#open();
    const raw = this.#withRows(rows, (address, count) =>
      this.#module.explainRows(model, address, count),
    );
    return toRowExplanations(this.info, this.#names, raw);
  }

  /**
   * The same model with another tolerance of a metric, in its unit, without training: its own object,
   * to be disposed of by itself. Edits add up, in any order. Severity stays on the trained scale;
   * with tolerances far tighter than trained it promises too much: train again for those.
   * Errors: invalid_argument for a metric that the model lacks, a tolerance that is not above 0, and
   * models that keep no unclipped covariances.
   */
  withTolerance(metric: string, tolerance: number): RoleModel {
    return this.edit({ tolerances: { [metric]: tolerance } });
  }

  /**
   * The same model as if the metric had never been measured: its own object, to be disposed of by
   * itself. Errors: invalid_argument for a metric that the model lacks, and for the last one.
   */
  mute(metric: string): RoleModel {
    return this.edit({ muted: [metric] });
  }

  /** Several of these edits at once, which takes no longer than one. Errors: theirs. */
  edit(edits: ModelEdits): RoleModel {
    checkKeys('edits', edits, ['tolerances', 'muted']);
    const { tolerances = {}, muted = [] } = edits;
    checkFields('tolerances', tolerances);
    checkArray('muted', 'an array of metrics', muted);
    return this.#edited([
      ...Object.entries(tolerances).map(toTolerance),
      ...muted.map((metric) => [metric, Infinity] as const),
    ]);
  }

  /** Gives the model's memory back; using it afterwards is an error, disposing of it again is not. */
  dispose(): void {
    if (this.#address !== 0) this.#module.freeModel(this.#address);
    this.#address = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #edited(changes: readonly (readonly [string, number])[]): RoleModel {
    const model = this.#open();
    for (const [metric] of changes) this.#place(metric);
    const { trained } = this.#edits;
    const tolerances = new Map([...this.#edits.tolerances, ...changes]);
    const fill = (target: Float64Array): void => {
      trained.forEach((name, d) => (target[d] = tolerances.get(name) ?? NaN));
    };
    const address = call(() =>
      withNumbers(this.#module, trained.length, fill, (edits) =>
        this.#module.editModel(model, edits),
      ),
    );
    const edits = { trained, tolerances };
    return new RoleModel(this.#module, address, { role: this.#role, edits });
  }

  /** What explaining a sample takes. Errors: those of explain. */
  #moment(table: SampleTable, sample: SampleId): Moment {
    this.#open();
    checkSample(sample);
    const { host, timestamp } = sample;
    const history = this.#history(table, host, (time) => !(time > timestamp));
    const last = history.timestamps.length - 1;
    if (history.timestamps[last] !== timestamp) {
      throw noSample(host, timestamp);
    }
    const model = this.#open();
    const row = toRows(selectRows(history, [last]), this.#metrics);
    const before = call(() =>
      withTable(this.#module, history, this.#metrics, (packed) =>
        this.#module.history(model, packed),
      ),
    );
    return { host, timestamp, row, history: before };
  }

  #explain(
    { host, timestamp }: SampleId,
    { row, history }: Moment,
    options: LanguageOption = {},
  ): Explanation {
    const model = this.#open();
    const japanese = isJapanese(options);
    const raw = this.#withMoment(row, history, (address, before) =>
      this.#module.explainRow(model, address, timestamp, before, japanese),
    );
    const explained = toRowExplanations(this.info, this.#names, raw);
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

  #place(metric: string): number {
    const place = this.#metrics.indexOf(metric);
    if (place >= 0) return place;
    const message = `expected a metric of the model, got ${shown(metric)}`;
    throw new RolemixError('invalid_argument', message);
  }

  /** A sample with other values, and its history, which is kept until another one is asked for. */
  #changed(
    table: SampleTable,
    sample: SampleId,
    values: Readonly<Record<string, number | null>>,
  ): Moment {
    this.#open();
    checkSample(sample);
    checkFields('values', values);
    const changes = Object.entries(values).map(([metric, value]) => {
      const place = this.#place(metric);
      if (typeof (value ?? 0) !== 'number') {
        throw invalid(`metric ${metric}`, 'a number or null', value);
      }
      return [place, value] as const;
    });
    let moment = this.#moments.get(table);
    if (moment?.host !== sample.host || moment.timestamp !== sample.timestamp) {
      moment = this.#moment(table, sample);
      this.#moments.set(table, moment);
    }
    const row: (number | null | undefined)[] = Array.from(moment.row);
    for (const [place, value] of changes) row[place] = value;
    return { ...moment, row };
  }

  #withMoment<T>(
    row: Numbers,
    history: Float64Array,
    use: (values: Address, history: Address) => T | CoreError,
  ): T {
    const fill = (target: Float64Array): void => {
      target.set(history);
    };
    return this.#withRows(row, (address) =>
      withNumbers(this.#module, history.length, fill, (before) => use(address, before)),
    );
  }

  #open(): Address {
    if (this.#address !== 0) return this.#address;
    throw new RolemixError('disposed', `model of ${this.#role}: used after dispose()`);
  }

  /** The wanted rows of a host, in order of time. */
  #history(table: SampleTable, host: string, wanted: (time: number) => boolean): ParsedTable {
    const rows = hostRows(table, host);
    if (rows.length === 0) {
      const message = `expected samples of host ${JSON.stringify(host)}, got none in the table`;
      throw new RolemixError('invalid_argument', message);
    }
    return selectRows(
      table,
      rows.filter((row) => wanted(table.timestamps[row]!)),
    );
  }

  #withScores<T>(
    table: SampleTable,
    options: Pick<AlertOptions, 'scores'>,
    use: (packed: PackedTable) => T | CoreError,
    metrics = this.#metrics,
  ): T {
    checkFields('options', options);
    const { anomalyScore, alertScore } = options.scores ?? this.score(table);
    const scores = { 'scores.anomalyScore': anomalyScore, 'scores.alertScore': alertScore };
    return call(() => withTable(this.#module, table, metrics, use, scores));
  }

  #withRows<T>(rows: Numbers, use: (address: Address, count: number) => T | CoreError): T {
    const dimensions = this.#metrics.length;
    checkList('rows', rows);
    if (rows.length % dimensions !== 0) {
      const message = `rows: expected a multiple of ${dimensions} numbers, one per metric, got ${rows.length}`;
      throw new RolemixError('shape_mismatch', message);
    }
    const fill = (target: Float64Array): void => {
      copyNumbers(rows, target, 'rows');
    };
    return call(() =>
      withNumbers(this.#module, rows.length, fill, (address) =>
        use(address, rows.length / dimensions),
      ),
    );
  }
}

/// <reference lib="esnext.disposable" preserve="true" />
import { checkKeys, checkObject, checkTolerance, isJapanese, lengthOf, textsOf } from './check.js';
import { RolemixError } from './error.js';
import {
  toRowExplanations,
  type ExplanationNames,
  type LanguageOption,
  type RowExplanations,
} from './explanation.js';
import type { ModelInfo } from './info.js';
import { copyNumbers, ownNumbers, withBytes, withNumbers, type Numbers } from './memory.js';
import { loadModule, type ModuleOptions } from './module.js';
import type { Address, Module } from './rolemix.js';
import { noMetric, Samples } from './samples.js';
import type { RowScores } from './score.js';
import { locations, readBytes, type Source } from './source.js';
import { withTable, type SampleTable } from './table.js';

/** What edit changes, by the names of metrics. */
export interface ModelEdits {
  /** In the metrics' units. */
  readonly tolerances?: Readonly<Record<string, number>>;
  readonly muted?: readonly string[];
}

/** How samples are opened. */
export interface OpenOptions {
  /** Samples that look like another role's are judged, too. */
  readonly anyRole?: boolean;
}

/** What was changed of a trained model. */
interface Edits {
  /** All that it was trained on, in its order. */
  readonly trained: readonly string[];
  /** By name; Infinity: muted. */
  readonly tolerances: ReadonlyMap<string, number>;
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
    const japanese = isJapanese(options);
    return this.#module.stateNames(this.#open(), japanese);
  }

  /**
   * Loads a model file, and the WebAssembly module with the first one. Errors: source_failed when
   * either cannot be read, unsupported_engine without WebAssembly SIMD, bad_format, unsupported_version
   * and others for bytes that are no model, naming where they came from.
   */
  static async load(source: Source, options: ModuleOptions = {}): Promise<RoleModel> {
    const [module, bytes] = await Promise.all([loadModule(options), readBytes(source)]);
    try {
      const address = withBytes(module, bytes, (file) => module.loadModel(file, bytes.length));
      return new RoleModel(module, address);
    } catch (error) {
      const location = locations.get(bytes);
      if (!location) throw error;
      const { code, message } = error as RolemixError;
      throw new RolemixError(code, `${location}: ${message}`);
    }
  }

  /**
   * Puts a table's samples together with the model, once: they are copied into the module's memory, to
   * be disposed of. Samples that are open with this model before an edit, or after one, are opened
   * anew with what the edit changes computed again; what an edit mutes is gone from its samples.
   * Errors: shape_mismatch, not_finite for an infinity, invalid_argument when a host has two samples at
   * one timestamp, the table has none of the model's metrics, or the samples are another model's or lack
   * a muted metric of this one; other_role, unless any role is taken, when a table has values of fewer than
   * half of the metrics, or most of its hosts are far off for a day from their first sample on.
   */
  open(source: SampleTable | Samples, { anyRole = false }: OpenOptions = {}): Samples {
    const lent = {
      info: this.info,
      module: this.#module,
      names: this.#names,
      metrics: this.#metrics,
      trained: this.#edits.trained,
    };
    if (source instanceof Samples) return source.openWith(lent, this.#open());
    return withTable(this.#module, source, this.#metrics, (packed) => {
      const address = this.#module.openTable(this.#open(), packed, anyRole);
      return new Samples(lent, address, packed.notices);
    });
  }

  /**
   * Scores rows of numbers in the order of `info.metrics`, row after row, each on its own, as of a host
   * at the role's level. Errors: shape_mismatch, not_finite for an infinity.
   */
  scoreRows(rows: Numbers): RowScores {
    return this.#withRows(rows, (model, address, count) =>
      this.#module.scoreRows(model, address, count),
    );
  }

  /** Explains rows of numbers as scoreRows takes them. Errors: those of scoreRows. */
  explainRows(rows: Numbers): RowExplanations {
    const raw = this.#withRows(rows, (model, address, count) =>
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
    this.#place(metric);
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
    checkObject('tolerances', tolerances);
    return this.#edited([
      ...Object.entries(tolerances).map(
        ([metric, tolerance]) => [metric, checkTolerance(metric, tolerance)] as const,
      ),
      ...textsOf('muted', muted).map((metric) => [metric, Infinity] as const),
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
    const address = withNumbers(this.#module, trained.length, fill, (edits) =>
      this.#module.editModel(model, edits),
    );
    const edits = { trained, tolerances };
    return new RoleModel(this.#module, address, { role: this.#role, edits });
  }

  #place(metric: string): void {
    if (!this.#metrics.includes(metric)) throw noMetric(metric);
  }

  #open(): Address {
    if (this.#address !== 0) return this.#address;
    throw new RolemixError('disposed', `model of ${this.#role}: used after dispose()`);
  }

  #withRows<T>(rows: Numbers, use: (model: Address, values: Address, count: number) => T): T {
    const dimensions = this.#metrics.length;
    const length = lengthOf('rows', rows);
    if (length % dimensions !== 0) {
      const message = `rows: expected a multiple of ${dimensions} numbers, one per metric, got ${length}`;
      throw new RolemixError('shape_mismatch', message);
    }
    const own = ownNumbers(rows, length, 'rows');
    const fill = (target: Float64Array): void => {
      copyNumbers(own, target, 'rows');
    };
    return withNumbers(this.#module, length, fill, (address) =>
      use(this.#open(), address, length / dimensions),
    );
  }
}

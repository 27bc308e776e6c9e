import {
  readBytes,
  RoleModel,
  type Alert,
  type AlertExplanation,
  type AlertOptions,
  type Explanation,
  type HostExplanations,
  type HostSeverities,
  type JointEllipse,
  type LanguageOption,
  type ModuleOptions,
  type Notice,
  type OpenOptions,
  type Period,
  type Price,
  type SampleId,
  type Samples,
  type SampleTable,
  type ScoreOptions,
  type SimilarMoment,
  type Source,
  type TableScores,
  type Values,
} from './index.js';
import { answerOf } from './answer.js';
import { checkSignal, fieldsOf, invalid, progressOf } from './check.js';
import { sendable } from './load.js';
import { buffersOf, postedCopy } from './posted-table.js';
import { startRemotes, WorkerGone, type PageWorker, type Remote } from './remote.js';

export type { PageWorker };

const usualWorkers = 8;
const mostWorkers = 64;

export interface PoolOptions extends ModuleOptions {
  /** At most so many workers, at most 64; 0: none. Default: as many as there are processors, 1 to 8. */
  readonly workers?: number;
  /** Starts a worker that runs `rolemix/worker`, where the pool cannot: in a page of one file. */
  readonly startWorker?: () => PageWorker;
}

/**
 * A model in several workers; each takes the samples that are opened when it has the fewest. Where
 * workers cannot start, all is done on the calling thread.
 */
export class ModelPool {
  /** On the calling thread, for all that is done at once; disposed of with the pool. */
  readonly model: RoleModel;
  readonly #remotes: readonly Remote[];
  /** What is open in each worker. */
  readonly #open = new Map<Remote, Set<object>>();
  /** What is open on the calling thread. */
  readonly #own = new Set<Samples>();

  private constructor(model: RoleModel, remotes: readonly Remote[]) {
    this.model = model;
    this.#remotes = remotes;
    for (const remote of remotes) this.#open.set(remote, new Set());
  }

  /** Errors: those of RoleModel.load. */
  static async load(source: Source, options: PoolOptions = {}): Promise<ModelPool> {
    const { startWorker: start, workers = defaultWorkers() } = fieldsOf('options', options, {
      startWorker: 'function or undefined',
      workers: 'number or undefined',
    });
    if (!(Number.isInteger(workers) && workers >= 0 && workers <= mostWorkers)) {
      throw invalid('workers', `an integer from 0 to ${mostWorkers}`, workers);
    }
    const bytes = await readBytes(source);
    const model = await RoleModel.load(bytes, options);
    const sent = sendable(options, 'rolemix.wasm');
    const load = { method: 'load', model: bytes, options: sent } as const;
    return new ModelPool(model, await startRemotes(workers, { start, load }));
  }

  /** How many workers there are; 0: the calling thread. */
  get workers(): number {
    return this.#remotes.length;
  }

  /** RoleModel.open in a worker: columns that the model knows are copied to it. Errors: its own. */
  async open(table: SampleTable, options?: OpenOptions): Promise<PoolSamples> {
    const [idle] = [...this.#open].sort(([, a], [, b]) => a.size - b.size);
    if (!idle) {
      const samples = this.model.open(table, options);
      this.#own.add(samples);
      return new PoolSamples(samples, null, [], () => this.#own.delete(samples));
    }
    const metrics = this.model.info.metrics.map(({ name }) => name);
    const posted = postedCopy(table, metrics);
    const [remote, open] = idle;
    const place = {};
    open.add(place);
    try {
      const request = { method: 'open', table: posted, options } as const;
      const samples = (await remote.ask(request, {}, buffersOf(posted))) as number;
      return new PoolSamples(samples, remote, metrics, () => open.delete(place));
    } catch (error) {
      open.delete(place);
      if (!(error instanceof WorkerGone)) throw error;
      this.#open.delete(remote);
      return await this.open(table, options);
    }
  }

  /** Stops the workers and gives the memory back; calls that are under way fail. */
  dispose(): void {
    this.model.dispose();
    for (const remote of this.#remotes) remote.stop();
    for (const samples of this.#own) samples.dispose();
    this.#open.clear();
    this.#own.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

type ResultOf<Name extends keyof Samples> = Samples[Name] extends (
  ...parameters: never[]
) => infer Result
  ? Result
  : Samples[Name];

/** Samples that are open in a worker: as Samples, with promises. */
export class PoolSamples {
  readonly #samples: Samples | number;
  readonly #remote: Remote | null;
  /** The model's. */
  readonly #metrics: readonly string[];
  readonly #closed: () => unknown;

  /** Not for callers: ModelPool.open makes them. */
  constructor(
    samples: Samples | number,
    remote: Remote | null,
    metrics: readonly string[],
    closed: () => unknown,
  ) {
    this.#samples = samples;
    this.#remote = remote;
    this.#metrics = metrics;
    this.#closed = closed;
  }

  get hosts(): Promise<readonly string[]> {
    return this.#call('hosts');
  }

  get rows(): Promise<number> {
    return this.#call('rows');
  }

  get period(): Promise<Samples['period']> {
    return this.#call('period');
  }

  get notices(): Promise<readonly Notice[]> {
    return this.#call('notices');
  }

  get covered(): Promise<Samples['covered']> {
    return this.#call('covered');
  }

  get missingMetrics(): Promise<readonly string[]> {
    return this.#call('missingMetrics');
  }

  get scores(): Promise<TableScores> {
    return this.score();
  }

  /** Computed at the first call, in slices. Errors: the signal's reason. */
  async score(options: ScoreOptions = {}): Promise<TableScores> {
    if (!this.#remote) return (this.#samples as Samples).score(options);
    const progress = progressOf(options);
    checkSignal(progress.signal);
    const request = { method: 'score', samples: this.#samples as number } as const;
    return (await this.#remote.ask(request, progress)) as TableScores;
  }

  async append(table: SampleTable): Promise<TableScores> {
    if (!this.#remote) return (this.#samples as Samples).append(table);
    const posted = postedCopy(table, this.#metrics);
    const request = { method: 'append', samples: this.#samples as number, table: posted } as const;
    return (await this.#remote.ask(request, {}, buffersOf(posted))) as TableScores;
  }

  forget(before: number): Promise<void> {
    return this.#call('forget', before);
  }

  severities(host: string): Promise<HostSeverities> {
    return this.#call('severities', host);
  }

  worstRows(): Promise<Int32Array> {
    return this.#call('worstRows');
  }

  nearest(sample: SampleId): Promise<SampleId | null> {
    return this.#call('nearest', sample);
  }

  values(host: string, metric: string): Promise<ReturnType<Samples['values']>> {
    return this.#call('values', host, metric);
  }

  explain(sample: SampleId, options: LanguageOption = {}): Promise<Explanation> {
    return this.#call('explain', sample, options);
  }

  whatIf(sample: SampleId, values: Values, options: LanguageOption = {}): Promise<Explanation> {
    return this.#call('whatIf', sample, values, options);
  }

  joint(
    sample: SampleId,
    metrics: readonly [string, string],
    values: Values = {},
  ): Promise<JointEllipse[]> {
    return this.#call('joint', sample, metrics, values);
  }

  explainHost(period: Period): Promise<HostExplanations> {
    return this.#call('explainHost', period);
  }

  alerts(options: AlertOptions = {}): Promise<Alert[]> {
    return this.#call('alerts', options);
  }

  explainAlert(
    alert: Parameters<Samples['explainAlert']>[0],
    options: Omit<AlertOptions, 'explained'> = {},
  ): Promise<AlertExplanation> {
    return this.#call('explainAlert', alert, options);
  }

  similar(sample: SampleId): Promise<SimilarMoment[]> {
    return this.#call('similar', sample);
  }

  prices(settings: Parameters<Samples['prices']>[0]): Promise<Price[]> {
    return this.#call('prices', settings);
  }

  worst(...alerts: Parameters<Samples['worst']>): Promise<SampleId | null> {
    return this.#call('worst', ...alerts);
  }

  /** Gives the memory back. */
  async dispose(): Promise<void> {
    this.#closed();
    // A worker that is gone has given it back.
    await this.#call('dispose').catch(() => undefined);
  }

  async #call<Name extends keyof Samples>(
    name: Name,
    ...parameters: unknown[]
  ): Promise<ResultOf<Name>> {
    const samples = this.#samples;
    const result = this.#remote
      ? await this.#remote.ask({ method: 'call', samples: samples as number, name, parameters })
      : answerOf(samples as Samples, name, parameters);
    return result as ResultOf<Name>;
  }
}

function defaultWorkers(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  const processors = navigator?.hardwareConcurrency ?? 4;
  return Math.max(1, Math.min(processors, usualWorkers));
}

import {
  readBytes,
  RolemixError,
  RoleModel,
  type Alert,
  type AlertOptions,
  type ModuleOptions,
  type Numbers,
  type SampleTable,
  type Source,
  type TableScores,
} from './index.js';
import { pack, partsOf, unpack, type Part } from './parts.js';
import { startRemotes, WorkerGone, type PageWorker, type Remote } from './remote.js';

export type { PageWorker };

// Enough to be worth a message to a worker; few enough for a page to draw in between.
const rowsPerMessage = 8192;
const rowsPerSlice = 1024;
const mostWorkers = 8;

export interface PoolOptions extends ModuleOptions {
  /** At most so many workers; 0: none. Default: as many as there are processors, 1 to 8. */
  readonly workers?: number;
  /** Starts a worker that runs `rolemix/worker`, where the pool cannot: in a page of one file. */
  readonly startWorker?: () => PageWorker;
}

export interface CallOptions {
  /** Ends the call early, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each part with numbers of rows. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * A model in several workers, which share the hosts of a table. Where workers cannot start it works in
 * slices on the calling thread, with a turn of the event loop in between. Results are those of RoleModel.
 */
export class ModelPool {
  /** On the calling thread, for all that is done at once; disposed of with the pool. */
  readonly model: RoleModel;
  readonly #remotes: readonly Remote[];

  private constructor(model: RoleModel, remotes: readonly Remote[]) {
    this.model = model;
    this.#remotes = remotes;
  }

  /** Errors: those of RoleModel.load. */
  static async load(source: Source, options: PoolOptions = {}): Promise<ModelPool> {
    const bytes = await readBytes(source);
    const model = await RoleModel.load(bytes, options);
    const load = { method: 'load', model: bytes, options: sendable(options) } as const;
    const workers = options.workers ?? defaultWorkers();
    return new ModelPool(model, await startRemotes(workers, load, options.startWorker));
  }

  /** In slices on the calling thread, for a model that was edited: workers have it only as trained. */
  static of(model: RoleModel): ModelPool {
    return new ModelPool(model, []);
  }

  /** How many workers there are; 0: slices. */
  get workers(): number {
    return this.#remotes.length;
  }

  /** RoleModel.score. Errors: its own. */
  async score(table: SampleTable, options: CallOptions = {}): Promise<TableScores> {
    options.signal?.throwIfAborted();
    // Which says what is wrong with it.
    if (!isEven(table)) return this.model.score(table);
    const rows = table.timestamps.length;
    const scores = {
      anomalyScore: new Float64Array(rows),
      alertScore: new Float64Array(rows),
      severity: new Float64Array(rows),
      state: new Int32Array(rows),
    };
    let missingMetrics: readonly string[] = [];
    await this.#score(table, options, (part, some) => {
      missingMetrics = some.missingMetrics;
      part.rows.forEach((row, i) => {
        scores.anomalyScore[row] = some.anomalyScore[i]!;
        scores.alertScore[row] = some.alertScore[i]!;
        scores.severity[row] = some.severity[i]!;
        scores.state[row] = some.state[i]!;
      });
    });
    return { ...scores, missingMetrics };
  }

  /**
   * RoleModel.alerts: scored as by score, then folded in one piece on this thread, since an alert of the
   * role is about all hosts together. Errors: its own.
   */
  async alerts(table: SampleTable, options: AlertOptions & CallOptions = {}): Promise<Alert[]> {
    const { signal, onProgress, ...own } = options;
    const scores = own.scores ?? (await this.score(table, { signal, onProgress }));
    await turn();
    signal?.throwIfAborted();
    return this.model.alerts(table, { ...own, scores });
  }

  /** Stops the workers and gives the memory back; calls that are under way fail. */
  dispose(): void {
    this.model.dispose();
    for (const remote of this.#remotes) remote.stop();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #score(
    table: SampleTable,
    { signal, onProgress }: CallOptions,
    collect: (part: Part, scores: TableScores) => void,
  ): Promise<void> {
    const total = table.timestamps.length;
    const metrics = this.model.info.metrics.map(({ name }) => name);
    const parts = partsOf(table, this.workers > 0 ? rowsPerMessage : rowsPerSlice);
    let next = 0;
    let done = 0;
    let failed = false;

    const slice = async (part: Part): Promise<TableScores> => {
      await turn();
      return this.model.score(unpack(pack(table, part, metrics)));
    };
    const compute = async (part: Part, remote: Remote | undefined): Promise<TableScores> => {
      try {
        return remote
          ? ((await remote.ask({
              method: 'score',
              part: pack(table, part, metrics),
            })) as TableScores)
          : await slice(part);
      } catch (error) {
        if (error instanceof WorkerGone) return slice(part);
        throw error;
      }
    };
    const work = async (remote?: Remote): Promise<void> => {
      while (next < parts.length) {
        const part = parts[next++]!;
        const result = await compute(part, remote);
        if (failed) return;
        signal?.throwIfAborted();
        collect(part, result);
        done += part.rows.length;
        onProgress?.(done, total);
      }
    };
    try {
      await Promise.all(this.#remotes.length > 0 ? this.#remotes.map(work) : [work()]);
    } catch (error) {
      failed = true;
      next = parts.length;
      // Said again with the numbers of the table's own rows.
      if (error instanceof RolemixError) this.model.score(table);
      throw error;
    }
  }
}

/** Whether it has rows and can be taken apart by host; else RoleModel says what is wrong with it. */
function isEven(table: Partial<SampleTable> | undefined): boolean {
  const { timestamps, hosts, metrics } = table ?? {};
  const rows = timestamps?.length ?? 0;
  if (rows === 0 || !Array.isArray(hosts) || !metrics) return false;
  const columns: readonly (Numbers | undefined)[] = Object.values(metrics);
  return (
    [hosts, ...columns].every((column) => column?.length === rows) &&
    hosts.every((host) => typeof host === 'string')
  );
}

/** A timer, because promises alone would not let the page draw. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function defaultWorkers(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  const processors = navigator?.hardwareConcurrency ?? 4;
  return Math.max(1, Math.min(processors, mostWorkers));
}

/** Options that a message can hold and that mean the same elsewhere. */
function sendable({ wasmBinary, wasmUrl, locateFile }: ModuleOptions): ModuleOptions {
  if (wasmBinary) return { wasmBinary };
  const url = wasmUrl ?? locateFile?.('rolemix.wasm');
  if (url === undefined) return {};
  const { location } = globalThis as { location?: { href: string } };
  return { wasmUrl: location ? new URL(url, location.href).href : String(url) };
}

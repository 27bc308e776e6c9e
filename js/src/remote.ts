import type * as Threads from 'node:worker_threads';

import {
  RolemixError,
  type ErrorCode,
  type ModuleOptions,
  type Samples,
  type ScoreOptions,
} from './index.js';
import type { OpenOptions } from './role-model.js';
import type { PostedTable } from './posted-table.js';
import type { PostedFile, ReadOptions } from './read-files.js';

/** What a worker is asked for; `samples` is what `open` answered. */
export type Request =
  | { readonly method: 'ready' }
  | { readonly method: 'load'; readonly model: Uint8Array; readonly options: ModuleOptions }
  | {
      readonly method: 'open';
      readonly table: PostedTable;
      readonly options: OpenOptions | undefined;
    }
  | { readonly method: 'append'; readonly samples: number; readonly table: PostedTable }
  | { readonly method: 'score'; readonly samples: number }
  | {
      readonly method: 'read';
      readonly files: readonly PostedFile[];
      readonly options: ReadOptions;
    }
  | {
      readonly method: 'call';
      readonly samples: number;
      readonly name: keyof Samples;
      readonly parameters: readonly unknown[];
    };

/** A request, or the end of an earlier one that is under way. */
export type Asked =
  (Request & { readonly id: number }) | { readonly method: 'abort'; readonly id: number };

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  /** It is not done yet. */
  readonly progress?: readonly [done: number, total: number];
}

/** The worker could not start, or is no more. */
export class WorkerGone extends RolemixError {
  /** What the engine said. */
  readonly reason: string;

  constructor(reason: string) {
    super('disposed', 'samples: used after their worker ended');
    this.reason = reason;
  }
}

/** A worker of the page or of Node. */
interface Port {
  post(message: Asked, buffers: readonly ArrayBuffer[]): void;
  stop(): void;
  /** Whether Node should stay alive for it. */
  hold(busy: boolean): void;
}

/** What is needed of a page's Worker; projects for Node alone have no type of that name. */
export interface PageWorker {
  postMessage(message: unknown, buffers: ArrayBuffer[]): void;
  terminate(): void;
  addEventListener(type: string, listener: (event: PageWorkerEvent) => void): void;
}

interface PageWorkerEvent {
  readonly data?: unknown;
  readonly message?: string;
  preventDefault(): void;
}

type Open = (receive: (answer: Answer) => void, gone: (reason: string) => void) => Port;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ScoreOptions['onProgress'];
}

/** One worker, and what it has not answered yet. */
export class Remote {
  readonly #waiting = new Map<number, Waiting>();
  readonly #port: Port;
  /** Why there is no worker any more. */
  #gone: WorkerGone | null = null;
  #asked = 0;

  constructor(open: Open) {
    this.#port = open(
      (answer) => {
        this.#receive(answer);
      },
      (reason) => {
        this.stop(reason);
      },
    );
  }

  /**
   * `buffers` are handed over. Errors: WorkerGone; RolemixError as the worker answers; the signal's
   * reason.
   */
  ask(
    request: Request,
    { signal, onProgress }: ScoreOptions = {},
    buffers: readonly ArrayBuffer[] = [],
  ): Promise<unknown> {
    if (this.#gone) return Promise.reject(this.#gone);
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      try {
        this.#port.post({ ...request, id }, buffers);
      } catch (error) {
        // Of what was to be copied a getter's own error, or that it cannot be copied.
        if (!(error instanceof DOMException)) throw error;
        throw new RolemixError('invalid_argument', `expected plain data, got: ${error.message}`, {
          cause: error,
        });
      }
      this.#waiting.set(id, { resolve, reject, onProgress });
      this.#port.hold(true);
      signal?.addEventListener('abort', () => {
        this.#abort(id, signal.reason);
      });
    });
  }

  stop(reason = ''): void {
    this.#gone ??= new WorkerGone(reason);
    this.#port.stop();
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }

  #receive({ id, result, error, progress }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (progress) {
      try {
        waiting?.onProgress?.(...progress);
      } catch (reason) {
        this.#abort(id, reason);
      }
      return;
    }
    this.#end(id);
    if (error) waiting?.reject(new RolemixError(error.code, error.message));
    else waiting?.resolve(result);
  }

  #abort(id: number, reason: unknown): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#end(id);
    this.#port.post({ method: 'abort', id }, []);
    waiting.reject(reason as Error);
  }

  #end(id: number): void {
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#port.hold(false);
  }
}

export interface StartOptions {
  /** Starts a worker that runs `rolemix/worker`; left out: that of the package. */
  readonly start?: (() => PageWorker) | undefined;
  /** What each is asked first. */
  readonly load?: Request;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** So many workers; none where they cannot start. */
export async function startRemotes(count: number, options: StartOptions): Promise<Remote[]> {
  if (count === 0) return [];
  const open = options.start ? openInPage(options.start) : await wayToOpen();
  if (!open) return [];
  const started = Array.from({ length: count }, () => startRemote(open, options));
  return (await Promise.all(started)).filter((remote) => remote !== null);
}

async function startRemote(open: Open, { load, signal }: StartOptions): Promise<Remote | null> {
  let remote: Remote | null = null;
  try {
    remote = new Remote(open);
    await inTime(remote, signal);
    if (load) await remote.ask(load, { signal });
    return remote;
  } catch {
    // No workers here, or a policy forbids them: the caller does without.
    remote?.stop();
    return null;
  }
}

/** A worker that a policy forbids may say nothing at all: milliseconds to wait for it. */
const patience = 10_000;

async function inTime(remote: Remote, signal: AbortSignal | undefined): Promise<void> {
  const timer = setTimeout(() => {
    remote.stop();
  }, patience);
  await remote.ask({ method: 'ready' }, { signal }).finally(() => {
    clearTimeout(timer);
  });
}

// Not as bundlers expect it, so that they do not add the file once more.
const file = (): URL => new URL(import.meta.url.replace(/[^/]*$/, 'worker.js'));

async function wayToOpen(): Promise<Open | null> {
  if ((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node) {
    const name = ['node:worker', 'threads'].join('_');
    return openInNode((await import(name)) as typeof Threads);
  }
  if (typeof Worker === 'undefined') return null;
  return openInPage(isForeign() ? foreignWorker : ownWorker);
}

function openInNode({ Worker: Thread }: typeof Threads): Open {
  return (receive, gone) => {
    const worker = new Thread(file(), { execArgv: [] });
    const failed = (error: unknown): void => {
      gone(String(error));
    };
    worker.on('message', receive).on('messageerror', failed).on('error', failed);
    worker.on('exit', (code) => {
      gone(`exit code ${code}`);
    });
    return {
      post: (message, buffers) => {
        worker.postMessage(message, buffers);
      },
      stop: () => void worker.terminate(),
      hold: (busy) => {
        if (busy) worker.ref();
        else worker.unref();
      },
    };
  };
}

function openInPage(start: () => PageWorker): Open {
  return (receive, gone) => {
    const worker = start();
    worker.addEventListener('message', ({ data }) => {
      receive(data as Answer);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      gone(event.message || 'it gave no reason');
    });
    worker.addEventListener('messageerror', () => {
      gone('its answer could not be received');
    });
    return {
      post: (message, buffers) => {
        worker.postMessage(message, [...buffers]);
      },
      stop: () => {
        worker.terminate();
      },
      hold: () => undefined,
    };
  };
}

// Written so that bundlers find the worker.
const ownWorker = (): Worker =>
  new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

/** Whether the package comes from another server, whose workers a page may not start. */
function isForeign(): boolean {
  const { origin, protocol } = file();
  return protocol.startsWith('http') && origin !== globalThis.location.origin;
}

function foreignWorker(): Worker {
  const code = new Blob([`import ${JSON.stringify(file().href)}`], { type: 'text/javascript' });
  return new Worker(URL.createObjectURL(code), { type: 'module' });
}

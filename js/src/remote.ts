import type * as Threads from 'node:worker_threads';

import {
  RolemixError,
  type ErrorCode,
  type ModuleOptions,
  type Samples,
  type SampleTable,
  type ScoreOptions,
} from './index.js';

/** What a worker is asked for; `samples` is what `open` answered. */
export type Request =
  | { readonly method: 'load'; readonly model: Uint8Array; readonly options: ModuleOptions }
  | { readonly method: 'open'; readonly table: SampleTable }
  | { readonly method: 'score'; readonly samples: number }
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
  constructor() {
    super('disposed', 'samples: used after their worker ended');
  }
}

/** A worker of the page or of Node. */
interface Port {
  post(message: Asked): void;
  stop(): void;
  /** Whether Node should stay alive for it. */
  hold(busy: boolean): void;
}

/** What the pool needs of a page's Worker; projects for Node alone have no type of that name. */
export interface PageWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: string, listener: (event: PageWorkerEvent) => void): void;
}

interface PageWorkerEvent {
  readonly data?: unknown;
  preventDefault(): void;
}

type Open = (receive: (answer: Answer) => void, gone: () => void) => Port;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ScoreOptions['onProgress'];
}

/** One worker, and what it has not answered yet. */
export class Remote {
  readonly #waiting = new Map<number, Waiting>();
  readonly #port: Port;
  #gone = false;
  #asked = 0;

  constructor(open: Open) {
    this.#port = open(
      (answer) => {
        this.#receive(answer);
      },
      () => {
        this.stop();
      },
    );
  }

  /** Errors: WorkerGone; RolemixError as the worker answers; the signal's reason. */
  ask(request: Request, { signal, onProgress }: ScoreOptions = {}): Promise<unknown> {
    if (this.#gone) return Promise.reject(new WorkerGone());
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.#waiting.set(id, { resolve, reject, onProgress });
      this.#port.hold(true);
      this.#port.post({ ...request, id });
      signal?.addEventListener('abort', () => {
        if (!this.#end(id)) return;
        this.#port.post({ method: 'abort', id });
        reject(signal.reason as Error);
      });
    });
  }

  stop(): void {
    this.#gone = true;
    this.#port.stop();
    for (const { reject } of this.#waiting.values()) reject(new WorkerGone());
    this.#waiting.clear();
  }

  #receive({ id, result, error, progress }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (progress) {
      waiting?.onProgress?.(...progress);
      return;
    }
    this.#end(id);
    if (error) waiting?.reject(new RolemixError(error.code, error.message));
    else waiting?.resolve(result);
  }

  /** Whether it was waited for. */
  #end(id: number): boolean {
    const was = this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#port.hold(false);
    return was;
  }
}

/** So many workers with the model loaded; none where they cannot start. */
export async function startRemotes(
  count: number,
  load: Request,
  start?: () => PageWorker,
): Promise<Remote[]> {
  if (count === 0) return [];
  for (const open of start ? [openInPage(start)] : await waysToOpen()) {
    const started = Array.from({ length: count }, () => startRemote(open, load));
    const remotes = (await Promise.all(started)).filter((remote) => remote !== null);
    if (remotes.length > 0) return remotes;
  }
  return [];
}

async function startRemote(open: Open, load: Request): Promise<Remote | null> {
  let remote: Remote | null = null;
  try {
    remote = new Remote(open);
    await remote.ask(load);
    return remote;
  } catch {
    // No workers here, or a policy forbids them: the pool does without.
    remote?.stop();
    return null;
  }
}

// Not as bundlers expect it, so that they do not add the file once more.
const file = (): URL => new URL(import.meta.url.replace(/[^/]*$/, 'worker.js'));

async function waysToOpen(): Promise<Open[]> {
  if ((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node) {
    const name = ['node:worker', 'threads'].join('_');
    return [openInNode((await import(name)) as typeof Threads)];
  }
  if (typeof Worker === 'undefined') return [];
  return isForeign() ? [openInPage(foreignWorker)] : [openInPage(ownWorker)];
}

function openInNode({ Worker: Thread }: typeof Threads): Open {
  return (receive, gone) => {
    const worker = new Thread(file(), { execArgv: [] });
    worker.on('message', receive).on('error', gone).on('exit', gone);
    return {
      post: (message) => {
        worker.postMessage(message);
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
      gone();
    });
    return {
      post: (message) => {
        worker.postMessage(message);
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

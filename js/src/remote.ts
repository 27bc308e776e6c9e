import type * as Threads from 'node:worker_threads';

import { RolemixError, type ErrorCode, type ModuleOptions } from './index.js';
import { buffersOf, type PackedPart } from './parts.js';

/** What a worker is asked for. */
export type Request =
  | { readonly method: 'load'; readonly model: Uint8Array; readonly options: ModuleOptions }
  | { readonly method: 'score'; readonly part: PackedPart };

export type Asked = Request & { readonly id: number };

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** The worker could not start, or is no more. */
export class WorkerGone extends Error {}

/** A worker of the page or of Node. */
interface Port {
  post(message: Asked, buffers: ArrayBuffer[]): void;
  stop(): void;
  /** Whether Node should stay alive for it. */
  hold(busy: boolean): void;
}

/** What the pool needs of a page's Worker; projects for Node alone have no type of that name. */
export interface PageWorker {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
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

  /** Errors: WorkerGone; RolemixError as the worker answers. */
  ask(request: Request): Promise<unknown> {
    if (this.#gone) return Promise.reject(new WorkerGone());
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.hold(true);
      this.#port.post({ ...request, id }, 'part' in request ? buffersOf(request.part) : []);
    });
  }

  stop(): void {
    this.#gone = true;
    this.#port.stop();
    for (const { reject } of this.#waiting.values()) reject(new WorkerGone());
    this.#waiting.clear();
  }

  #receive({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#port.hold(false);
    if (error) waiting?.reject(new RolemixError(error.code, error.message));
    else waiting?.resolve(result);
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
    const worker = new Thread(file());
    worker.on('message', receive).on('error', gone).on('exit', gone);
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
      gone();
    });
    return {
      post: (message, buffers) => {
        worker.postMessage(message, buffers);
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

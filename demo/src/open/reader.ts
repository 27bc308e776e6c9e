// Files that people drop into the page -> models and one table.
import { RolemixError, type SampleTable } from 'rolemix';

import { unpackAnswer, type Answer, type Asked } from './messages.js';
import {
  fileError,
  readFiles,
  type FileError,
  type ReadOptions,
  type ReadProgress,
  type ReadTable,
} from './read-files.js';

export type { FileError, ReadProgress };

export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Opened {
  readonly models: readonly ModelFile[];
  /** The data of all files, joined by host and timestamp; null: no file had any. */
  readonly table: SampleTable | null;
  readonly errors: readonly FileError[];
}

export interface OpenOptions {
  /** Starts reader.worker.ts, as in `() => new ReaderWorker()`; without it this thread reads. */
  readonly startWorker?: () => Worker;
  /** Of rolemix-table.wasm; without them it is fetched from beside the script. */
  readonly wasmBinary?: Uint8Array<ArrayBuffer>;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Of the data of all files together, unzipped; 512 MB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** A table of a file of this size, and what reading it takes, fit the 2 GB of a module. */
const usualMaxBytes = 512e6;
const largestModel = 64e6;
/** A worker that a policy forbids may say nothing at all. */
const patience = 10_000;

/** The identifier of a model file, at byte 4. */
const modelIdentifier = 'RLMX';

/** Reads models and data, whatever they are called. Rejects only with the signal's reason. */
export async function openFiles(
  files: readonly File[],
  options: OpenOptions = {},
): Promise<Opened> {
  const { signal, maxBytes = usualMaxBytes, wasmBinary } = options;
  const models: ModelFile[] = [];
  const data: File[] = [];
  const errors: FileError[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    const { name } = file;
    try {
      if (!(await isModel(file))) {
        data.push(file);
      } else if (file.size > largestModel) {
        const size = (file.size / 1e6).toFixed(0);
        const most = (largestModel / 1e6).toFixed(0);
        const message = `expected a model of at most ${most} MB, got ${size} MB`;
        throw new RolemixError('out_of_memory', message);
      } else {
        models.push({ name, bytes: new Uint8Array(await file.arrayBuffer()) });
      }
    } catch (error) {
      // A folder, or a file that is gone.
      errors.push(fileError(name, error));
    }
  }
  signal?.throwIfAborted();
  if (data.length === 0) return { models, table: null, errors };
  const asked = { files: data, options: { maxBytes, ...(wasmBinary && { wasmBinary }) } };
  const read = await readAnywhere(asked, options);
  return { models, table: read.table, errors: [...errors, ...read.errors] };
}

async function isModel(file: File): Promise<boolean> {
  const start = new Uint8Array(await file.slice(4, 8).arrayBuffer());
  return String.fromCharCode(...start) === modelIdentifier;
}

async function readAnywhere(asked: Asked, options: OpenOptions): Promise<ReadTable> {
  const { startWorker, signal, onProgress = () => undefined } = options;
  if (startWorker) {
    const read = await readInWorker(asked, startWorker, onProgress, signal);
    if (read) return read;
  }
  return readHere(asked, onProgress, signal);
}

function readHere(
  { files, options }: { readonly files: readonly File[]; readonly options: ReadOptions },
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal | undefined,
): Promise<ReadTable> {
  return readFiles(files, options, (progress) => {
    signal?.throwIfAborted();
    onProgress(progress);
  });
}

/** null: the worker could not start. Rejects with the signal's reason. */
async function readInWorker(
  asked: Asked,
  startWorker: () => Worker,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal | undefined,
): Promise<ReadTable | null> {
  let worker: Worker;
  try {
    worker = startWorker();
  } catch {
    return null;
  }
  let ready = false;
  let abort: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<ReadTable | null>((resolve, reject) => {
      abort = () => {
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', abort);
      timer = setTimeout(() => {
        if (!ready) resolve(null);
      }, patience);
      const stopped = (why: string): void => {
        const errors = asked.files.map(({ name }) => fileError(name, new Error(why)));
        resolve(ready ? { table: null, errors } : null);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        stopped(`the reader stopped: ${event.message || 'out of memory'}`);
      };
      worker.onmessageerror = () => {
        stopped('the reader stopped: its answer could not be received');
      };
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.kind === 'ready') {
          ready = true;
          worker.postMessage(asked);
        } else if (data.kind === 'progress') {
          onProgress(data.progress);
        } else if (data.kind === 'done') {
          resolve(unpackAnswer(data));
        } else {
          stopped(data.message);
        }
      };
    });
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener('abort', abort);
    // With it goes its memory.
    worker.terminate();
  }
}

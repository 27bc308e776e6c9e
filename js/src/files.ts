// What people drop or choose: files of models and of data, and folders of models on a server.
import { checkLimit, checkSignal, fieldsOf, invalid, progressOf } from './check.js';
import { RolemixError } from './error.js';
import { isModelFile } from './folder.js';
import type { ModuleOptions, ParsedTable } from './index.js';
import { sendable } from './load.js';
import { received } from './posted-table.js';
import {
  fileError,
  readFiles,
  type FileError,
  type PostedFile,
  type PostedRead,
  type ReadOptions,
  type ReadTable,
} from './read-files.js';
import { startRemotes, WorkerGone, type PageWorker } from './remote.js';
import { tableOptionsOf, type TableOptions } from './table-options.js';

export type { FetchOptions } from './fetch-bytes.js';
export { openFolder, openModel, type FolderModel, type ModelFolder } from './folder.js';
export type { FileError, PageWorker };

/** A `File` of a page or of Node. */
export type NamedBlob = Blob & { readonly name: string };

export interface ModelFile {
  readonly name: string;
  /** What RoleModel.load takes; not checked yet. */
  readonly bytes: Uint8Array;
}

/** What was in files. */
export interface OpenedFiles {
  readonly models: readonly ModelFile[];
  /** The data of all files, joined by host and timestamp; null: no file had any. */
  readonly table: ParsedTable | null;
  readonly errors: readonly FileError[];
}

/** Before a file of data is read: how many are done, and how many there are. */
export interface FileProgress {
  readonly file: string;
  readonly done: number;
  readonly total: number;
}

/** Module options say where `rolemix-table.wasm` comes from. */
export interface OpenFilesOptions extends ModuleOptions, TableOptions {
  /** false: the calling thread reads. Default: a worker, where one can start. */
  readonly worker?: boolean;
  /** Starts a worker that runs `rolemix/worker`, where the package cannot: in a page of one file. */
  readonly startWorker?: () => PageWorker;
  readonly onProgress?: (progress: FileProgress) => void;
  /** Bytes of the data of all files together, unzipped; 512 MB. */
  readonly maxBytes?: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

/** A table of a file of this size, and what reading it takes, fit the 2 GB of a module. */
const usualMaxBytes = 512e6;
const largestModel = 64e6;

/**
 * Reads models and data (CSV and answers of Prometheus, gzipped or not), whatever the files are called. The data
 * are read in a worker of their own, whose memory goes with it. What is wrong with a file is among `errors` and
 * loses no other. Errors: invalid_argument for what are no files or no limit; the signal's reason.
 */
export async function openFiles(
  files: Iterable<NamedBlob>,
  options: OpenFilesOptions = {},
): Promise<OpenedFiles> {
  const { signal, onProgress } = progressOf(options);
  checkSignal(signal);
  const { maxBytes = usualMaxBytes, worker = true } = options;
  checkLimit(maxBytes);
  const { startWorker: start } = fieldsOf('options', options, {
    startWorker: 'function or undefined',
  });
  const reading = tableOptionsOf(options);
  const module = sendable(options, 'rolemix-table.wasm');
  const models: ModelFile[] = [];
  const data: PostedFile[] = [];
  const errors: FileError[] = [];
  for (const { name, file } of checkedFiles(files)) {
    signal?.throwIfAborted();
    try {
      if (await isModel(file)) models.push(await readModel(name, file));
      else data.push({ name, content: file.slice() });
    } catch (error) {
      // A folder, or a file that is gone.
      errors.push(fileError(name, error));
    }
  }
  signal?.throwIfAborted();
  if (data.length === 0) return { models, table: null, errors };
  const read = await readData(
    data,
    { module, maxBytes, reading },
    { signal, onProgress, worker, start },
  );
  return { models, table: read.table, errors: [...errors, ...read.errors] };
}

function checkedFiles(files: Iterable<NamedBlob>): readonly { name: string; file: NamedBlob }[] {
  if (typeof (Object(files) as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') {
    throw invalid('files', 'a list of files', files);
  }
  const list = [];
  for (const file of files) {
    const types = { name: 'string', size: 'number', slice: 'function' };
    list.push({ name: fieldsOf(`files[${list.length}]`, file, types).name, file });
  }
  return list;
}

async function isModel(file: NamedBlob): Promise<boolean> {
  const start = new Uint8Array(await file.slice(4, 8).arrayBuffer());
  return isModelFile(start);
}

async function readModel(name: string, file: NamedBlob): Promise<ModelFile> {
  if (file.size > largestModel) {
    const [most, size] = [largestModel, file.size].map((bytes) => (bytes / 1e6).toFixed(0));
    const message = `${name}: expected a model of at most ${most!} MB, got ${size!} MB`;
    throw new RolemixError('out_of_memory', message);
  }
  return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** How to read, and for whom. */
interface Caller {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OpenFilesOptions['onProgress'] | undefined;
  readonly worker: boolean;
  readonly start: OpenFilesOptions['startWorker'] | undefined;
}

async function readData(
  files: readonly PostedFile[],
  options: ReadOptions,
  { signal, worker, start, ...caller }: Caller,
): Promise<ReadTable> {
  const onProgress = (done: number, total: number): void => {
    caller.onProgress?.({ file: files[done]!.name, done, total });
  };
  const [remote] = worker ? await startRemotes(1, { start, signal }) : [];
  if (!remote) {
    signal?.throwIfAborted();
    return readHere(files, options, onProgress, signal);
  }
  try {
    const request = { method: 'read', files, options } as const;
    const { table, errors } = (await remote.ask(request, { signal, onProgress })) as PostedRead;
    return { table: table && received(table), errors };
  } catch (error) {
    signal?.throwIfAborted();
    const why =
      error instanceof WorkerGone ? new Error(`the reader stopped: ${error.reason}`) : error;
    return { table: null, errors: files.map(({ name }) => fileError(name, why)) };
  } finally {
    // With it goes its memory.
    remote.stop();
  }
}

function readHere(
  files: readonly PostedFile[],
  options: ReadOptions,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal | undefined,
): Promise<ReadTable> {
  return readFiles(files, options, (...progress) => {
    signal?.throwIfAborted();
    onProgress(...progress);
  });
}

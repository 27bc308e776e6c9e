// Files of data -> one table; in a worker, or on the calling thread where there is none.
import { mergeTables, parseFile } from './csv.js';
import { RolemixError, type ErrorCode } from './error.js';
import type { ModuleOptions, ParsedTable } from './index.js';
import type { PostedTable } from './posted-table.js';
import type { TableOptions } from './table-options.js';

/** What went wrong with a file; the message begins with its name. */
export interface FileError {
  readonly file: string;
  /** null: no error of this package; the browser or Node could not read it. */
  readonly code: ErrorCode | null;
  readonly message: string;
}

/** A file as threads hand it to each other. */
export interface PostedFile {
  readonly name: string;
  readonly content: Blob;
}

export interface ReadOptions {
  /** Where rolemix-table.wasm comes from. */
  readonly module: ModuleOptions;
  /** Of all files together, unzipped. */
  readonly maxBytes: number;
  readonly reading: TableOptions;
}

export interface ReadTable {
  /** null: no file could be read. */
  readonly table: ParsedTable | null;
  readonly errors: readonly FileError[];
}

/** The same as threads hand it to each other. */
export interface PostedRead {
  readonly table: PostedTable | null;
  readonly errors: readonly FileError[];
}

interface NamedTable {
  readonly name: string;
  readonly table: ParsedTable;
}

/** An error in one file does not lose the others. `onProgress` is called before each file. */
export async function readFiles(
  files: readonly PostedFile[],
  { module, maxBytes, reading }: ReadOptions,
  onProgress: (done: number, total: number) => void,
): Promise<ReadTable> {
  let options = module;
  const tables: NamedTable[] = [];
  const errors: FileError[] = [];
  let left = maxBytes;
  for (const [done, { name, content }] of files.entries()) {
    onProgress(done, files.length);
    try {
      if (content.size > left) throw tooMuch(name, maxBytes, maxBytes - left + content.size);
      const bytes = new Uint8Array(await content.arrayBuffer());
      const table = await parseFile(bytes, name, { ...options, ...reading, maxBytes: left });
      left = Math.max(0, left - Math.max(content.size, sizeOf(table)));
      tables.push({ name, table });
    } catch (error) {
      errors.push(fileError(name, error));
      // What filled the module's memory stays there; other bytes give another module.
      const full = error instanceof RolemixError && error.code === 'out_of_memory';
      const { wasmBinary } = options;
      if (full && wasmBinary && 'slice' in wasmBinary) {
        options = { wasmBinary: wasmBinary.slice(0) };
      }
    }
  }
  return { table: await merged(tables, options, errors), errors };
}

function sizeOf({ timestamps, metrics }: ParsedTable): number {
  return 8 * timestamps.length * (2 + Object.keys(metrics).length);
}

function tooMuch(name: string, maxBytes: number, bytes: number): RolemixError {
  const [most, got] = [maxBytes, bytes].map((size) => `${(size / 1e6).toFixed(0)} MB`);
  const message = `${name}: expected at most ${most!} of data in all, got ${got!}; open fewer files at a time`;
  return new RolemixError('out_of_memory', message);
}

export function fileError(file: string, error: unknown): FileError {
  const message = error instanceof Error ? error.message : String(error);
  return {
    file,
    code: error instanceof RolemixError ? error.code : null,
    message: message.startsWith(`${file}:`) ? message : `${file}: ${message}`,
  };
}

/** A file that contradicts those before it is left out, and named among the errors. */
async function merged(
  tables: readonly NamedTable[],
  options: ModuleOptions,
  errors: FileError[],
): Promise<ParsedTable | null> {
  if (tables.length === 0) return null;
  try {
    return await mergeTables(
      tables.map(({ table }) => table),
      options,
    );
  } catch {
    let all = tables[0]!.table;
    for (const { name, table } of tables.slice(1)) {
      try {
        all = await mergeTables([all, table], options);
      } catch (error) {
        errors.push(fileError(name, error));
      }
    }
    return all;
  }
}

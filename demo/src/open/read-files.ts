// Files of data -> one table; runs in the worker, or on the page's thread where there is none.
import { RolemixError, type ErrorCode, type ModuleOptions, type ParsedTable } from 'rolemix';
import { mergeTables, parseFile } from 'rolemix/csv';

/** What went wrong with a file; the message begins with its name. */
export interface FileError {
  readonly name: string;
  /** null: nothing of this package; the browser could not read it. */
  readonly code: ErrorCode | null;
  readonly message: string;
}

/** Before a file is read: how many are done, and how many there are. */
export interface ReadProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

export interface ReadOptions {
  /** Of rolemix-table.wasm; without them it is fetched from beside the script. */
  readonly wasmBinary?: Uint8Array<ArrayBuffer>;
  /** Of all files together, unzipped. */
  readonly maxBytes: number;
}

export interface ReadTable {
  /** null: no file could be read. */
  readonly table: ParsedTable | null;
  readonly errors: readonly FileError[];
}

interface NamedTable {
  readonly name: string;
  readonly table: ParsedTable;
}

/** An error in one file does not lose the others. */
export async function readFiles(
  files: readonly File[],
  options: ReadOptions,
  onProgress: (progress: ReadProgress) => void,
): Promise<ReadTable> {
  const { maxBytes } = options;
  let { wasmBinary } = options;
  const moduleOptions = (): ModuleOptions => (wasmBinary ? { wasmBinary } : {});
  const tables: NamedTable[] = [];
  const errors: FileError[] = [];
  let left = maxBytes;
  for (const [done, file] of files.entries()) {
    const { name } = file;
    onProgress({ name, done, total: files.length });
    try {
      if (file.size > left) throw tooMuch(name, maxBytes, maxBytes - left + file.size);
      const bytes = new Uint8Array(await file.arrayBuffer());
      const table = await parseFile(bytes, name, { ...moduleOptions(), maxBytes: left });
      left = Math.max(0, left - Math.max(file.size, sizeOf(table)));
      tables.push({ name, table });
    } catch (error) {
      errors.push(fileError(name, error));
      // What filled the module's memory stays there; other bytes give another module.
      if (error instanceof RolemixError && error.code === 'out_of_memory') {
        wasmBinary = wasmBinary?.slice();
      }
    }
  }
  return { table: await merged(tables, moduleOptions(), errors), errors };
}

function sizeOf({ timestamps, metrics }: ParsedTable): number {
  return 8 * timestamps.length * (2 + Object.keys(metrics).length);
}

function tooMuch(name: string, maxBytes: number, bytes: number): RolemixError {
  const [most, got] = [maxBytes, bytes].map((size) => `${(size / 1e6).toFixed(0)} MB`);
  const message = `${name}: expected at most ${most!} of data in all, got ${got!}; open fewer files at a time`;
  return new RolemixError('out_of_memory', message);
}

export function fileError(name: string, error: unknown): FileError {
  const message = error instanceof Error ? error.message : String(error);
  return {
    name,
    code: error instanceof RolemixError ? error.code : null,
    message: message.startsWith(`${name}:`) ? message : `${name}: ${message}`,
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

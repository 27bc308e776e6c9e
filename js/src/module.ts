import { RolemixError } from './error.js';
import createModule, { type Module } from './rolemix.js';
import { readBytes } from './source.js';

const fileName = 'rolemix.wasm';

/** Where rolemix.wasm comes from, if not from beside the script. The first that is given counts. */
export interface ModuleOptions {
  /** Its bytes. */
  readonly wasmBinary?: ArrayBuffer | Uint8Array;
  readonly wasmUrl?: string | URL;
  /** Called with 'rolemix.wasm'. */
  readonly locateFile?: (name: string) => string | URL;
}

// By bytes or URL: all models of a page share one module.
const modules = new Map<unknown, Promise<Module>>();

/** The module, compiled once for each place that it comes from. Errors: source_failed. */
export function loadModule(options: ModuleOptions): Promise<Module> {
  const source = options.wasmBinary ?? wasmUrl(options);
  const key = source instanceof URL ? source.href : source;
  let module = modules.get(key);
  if (!module) {
    module = instantiate(source);
    modules.set(key, module);
    // The next call tries again.
    module.catch(() => modules.delete(key));
  }
  return module;
}

function wasmUrl(options: ModuleOptions): string | URL {
  // Written so that bundlers find the file and copy it.
  return (
    options.wasmUrl ?? options.locateFile?.(fileName) ?? new URL('./rolemix.wasm', import.meta.url)
  );
}

async function instantiate(source: string | URL | ArrayBuffer | Uint8Array): Promise<Module> {
  const bytes = await readBytes(source);
  try {
    const compiled = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
    return await createModule({
      // Said by the error that is thrown.
      printErr: () => undefined,
      instantiateWasm(imports, receive) {
        const instance = new WebAssembly.Instance(compiled, imports);
        receive(instance, compiled);
        return instance.exports;
      },
    });
  } catch (error) {
    const name =
      typeof source === 'string' || source instanceof URL ? String(source) : 'wasmBinary';
    const message = `${name}: expected the WebAssembly module of this package, got: ${String(error)}`;
    throw new RolemixError('source_failed', message, { cause: error });
  }
}

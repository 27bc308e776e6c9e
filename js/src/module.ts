import { RolemixError } from './error.js';
import { defaultModule } from './location.js';
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

/** (func (result v128) i32.const 0; i8x16.splat; i8x16.popcnt) */
const simdProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

// By bytes or URL: all models of a page share one module.
const modules = new Map<unknown, Promise<Module>>();
let latest: Module | undefined;

/** Any module that was loaded: they are all the same. Errors: not_loaded. */
export function loadedModule(): Module {
  if (latest) return latest;
  throw new RolemixError('not_loaded', 'expected a model to be loaded before, got none');
}

/** The module, compiled once for each place that it comes from. Errors: source_failed, unsupported_engine. */
export function loadModule(options: ModuleOptions): Promise<Module> {
  const source =
    options.wasmBinary ?? options.wasmUrl ?? options.locateFile?.(fileName) ?? defaultModule();
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

async function instantiate(source: string | URL | ArrayBuffer | Uint8Array): Promise<Module> {
  if (!WebAssembly.validate(simdProbe)) {
    const message = 'expected an engine with WebAssembly SIMD, got one without';
    throw new RolemixError('unsupported_engine', message);
  }
  const bytes = await readBytes(source);
  try {
    const compiled = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
    latest = await createModule({
      // Said by the error that is thrown.
      printErr: () => undefined,
      instantiateWasm(imports, receive) {
        const instance = new WebAssembly.Instance(compiled, imports);
        receive(instance, compiled);
        return instance.exports;
      },
    });
    return latest;
  } catch (error) {
    const name =
      typeof source === 'string' || source instanceof URL ? String(source) : 'wasmBinary';
    const message = `${name}: expected the WebAssembly module of this package, got: ${String(error)}`;
    throw new RolemixError('source_failed', message, { cause: error });
  }
}

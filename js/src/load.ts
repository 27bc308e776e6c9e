import { checkFields } from './check.js';
import { RolemixError } from './error.js';
import type { ModuleHooks } from './rolemix.js';
import { readBytes } from './source.js';

/** Where a module comes from, if not from beside the script. The first that is given counts. */
export interface ModuleOptions {
  /** Its bytes. */
  readonly wasmBinary?: ArrayBuffer | Uint8Array;
  readonly wasmUrl?: string | URL;
  /** Called with 'rolemix.wasm' or 'rolemix-table.wasm'. */
  readonly locateFile?: (name: string) => string | URL;
}

/** Options that a message can hold and that mean the same elsewhere; `file` is the module's name. */
export function sendable(
  { wasmBinary, wasmUrl, locateFile }: ModuleOptions,
  file: string,
): ModuleOptions {
  if (wasmBinary) return { wasmBinary };
  const url = wasmUrl ?? locateFile?.(file);
  if (url === undefined) return {};
  const { location } = globalThis as { location?: { href: string } };
  return { wasmUrl: location ? new URL(url, location.href).href : String(url) };
}

/** (func (result v128) i32.const 0; i8x16.splat; i8x16.popcnt) */
const simdProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

type Bytes = string | URL | ArrayBuffer | Uint8Array;

/** Loads one kind of module, compiled once for each place that it comes from. */
export function moduleLoader<Module>(
  fileName: string,
  create: (hooks: ModuleHooks) => Module,
  usual: () => string | URL | Uint8Array,
): (options: ModuleOptions) => Promise<Module> {
  const modules = new Map<unknown, Promise<Module>>();
  return async (options) => {
    checkFields('options', options);
    const source =
      options.wasmBinary ?? options.wasmUrl ?? options.locateFile?.(fileName) ?? usual();
    const key = source instanceof URL ? source.href : source;
    let module = modules.get(key);
    if (!module) {
      module = instantiate(source, create);
      modules.set(key, module);
      // The next call tries again.
      module.catch(() => modules.delete(key));
    }
    return module;
  };
}

async function instantiate<Module>(
  source: Bytes,
  create: (hooks: ModuleHooks) => Module,
): Promise<Module> {
  if (!WebAssembly.validate(simdProbe)) {
    const message = 'expected an engine with WebAssembly SIMD, got one without';
    throw new RolemixError('unsupported_engine', message);
  }
  const bytes = await readBytes(source);
  try {
    const compiled = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
    // The glue would reject a promise that nobody waits for.
    let failure: Error | undefined;
    const module = create({
      // Said by the error that is thrown.
      printErr: () => undefined,
      instantiateWasm(imports, receive) {
        try {
          const instance = new WebAssembly.Instance(compiled, imports as WebAssembly.Imports);
          receive(instance, compiled);
          return instance.exports;
        } catch (error) {
          failure = error as Error;
          return {};
        }
      },
    });
    if (failure) throw failure;
    return module;
  } catch (error) {
    const name =
      typeof source === 'string' || source instanceof URL ? String(source) : 'wasmBinary';
    const message = `${name}: expected the WebAssembly module of this package, got: ${String(error)}`;
    throw new RolemixError('source_failed', message, { cause: error });
  }
}

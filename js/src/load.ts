import { checkObject, invalid } from './check.js';
import { RolemixError, type CoreError } from './error.js';
import type { ModuleHooks } from './rolemix.js';
import { readBytes, type Source } from './source.js';

/** A `WebAssembly.Module`; projects for Node alone have no type of that name. */
export type CompiledModule = object;

/** Where a module comes from, if not from beside the script. The first that is given counts. */
export interface ModuleOptions {
  /** Its bytes, or compiled, for hosts that compile modules themselves. */
  readonly wasmBinary?: ArrayBuffer | Uint8Array | CompiledModule;
  readonly wasmUrl?: string | URL;
  /** Called with 'rolemix.wasm' or 'rolemix-table.wasm'. */
  readonly locateFile?: (name: string) => string | URL;
}

type Place = string | URL | Uint8Array | CompiledModule;

function placeIn(options: ModuleOptions, file: string): Place | undefined {
  checkObject('options', options);
  const { wasmBinary, wasmUrl, locateFile } = options;
  if (typeof (locateFile ?? placeIn) !== 'function') {
    throw invalid('locateFile', 'a function', locateFile);
  }
  return wasmBinary ?? wasmUrl ?? locateFile?.(file);
}

/** Options that a message can hold and that mean the same elsewhere; `file` is the module's name. Errors: invalid_argument. */
export function sendable(options: ModuleOptions, file: string): ModuleOptions {
  const place = placeIn(options, file);
  if (typeof place !== 'string' && !(place instanceof URL)) {
    return place === undefined ? {} : { wasmBinary: place };
  }
  const { location } = globalThis as { location?: { href: string } };
  try {
    return { wasmUrl: location ? new URL(place, location.href).href : String(place) };
  } catch {
    throw invalid('wasmUrl', 'a URL', place);
  }
}

/** (func (result v128) i32.const 0; i8x16.splat; i8x16.popcnt) */
const simdProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

/** Loads one kind of module, compiled once for each place that it comes from. */
export function moduleLoader<Module>(
  fileName: string,
  create: (hooks: ModuleHooks) => Module,
  usual: () => string | URL | Uint8Array,
): (options: ModuleOptions) => Promise<Module> {
  const modules = new Map<unknown, Promise<Module>>();
  return async (options) => {
    const place = placeIn(options, fileName) ?? usual();
    const key = place instanceof URL ? String(place) : place;
    let module = modules.get(key);
    if (!module) {
      module = instantiate(key, create);
      modules.set(key, module);
      // The next call tries again.
      module.catch(() => modules.delete(key));
    }
    return module;
  };
}

async function instantiate<Module>(
  place: Exclude<Place, URL>,
  create: (hooks: ModuleHooks) => Module,
): Promise<Module> {
  if (!WebAssembly.validate(simdProbe)) {
    const message = 'expected an engine with WebAssembly SIMD, got one without';
    throw new RolemixError('unsupported_engine', message);
  }
  const given = place instanceof WebAssembly.Module ? place : await readBytes(place as Source);
  try {
    const compiled = given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given);
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
    return throwing(module);
  } catch (error) {
    const name = typeof place === 'string' ? place : 'wasmBinary';
    const message = `${name}: expected the WebAssembly module of this package, got: ${String(error)}`;
    throw new RolemixError('source_failed', message, { cause: error });
  }
}

/** Its errors are thrown: those that it returns, and traps, for it has no exceptions. What it cannot go on from is mostly an allocation. */
function throwing<Module>(module: Module): Module {
  const functions = module as Record<string, unknown>;
  for (const [name, work] of Object.entries(functions)) {
    if (typeof work !== 'function') continue;
    functions[name] = (...parameters: unknown[]): unknown => {
      let result: unknown;
      try {
        result = Reflect.apply(work, module, parameters);
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError)) throw error;
        const message = `the module ran out of memory or stack (${error.message}); try fewer rows at once`;
        throw new RolemixError('out_of_memory', message, { cause: error });
      }
      const { code, message } = Object(result) as Partial<CoreError>;
      if (code && message) throw new RolemixError(code, message);
      return result;
    };
  }
  return module;
}

import { RolemixError } from './error.js';
import { moduleLoader, type ModuleOptions } from './load.js';
import { defaultModule } from './location.js';
import createModule, { type Module } from './rolemix.js';

export type { ModuleOptions };

const load = moduleLoader('rolemix.wasm', createModule, defaultModule);
let latest: Module | undefined;

/** Any module that was loaded: they are all the same. Errors: not_loaded. */
export function loadedModule(): Module {
  if (latest) return latest;
  throw new RolemixError('not_loaded', 'expected a model to be loaded before, got none');
}

/** All models of a page share one module. Errors: source_failed, unsupported_engine. */
export async function loadModule(options: ModuleOptions): Promise<Module> {
  latest = await load(options);
  return latest;
}

import { RolemixError, type CoreError } from './error.js';

function isCoreError(result: unknown): result is CoreError {
  return typeof result === 'object' && result !== null && 'code' in result && 'message' in result;
}

/** Calls the module; an error that it returns is thrown, where it was found first. */
export function call<T>(work: () => T | CoreError, where = ''): T {
  const result = stoppedAsError(work);
  if (isCoreError(result)) {
    throw new RolemixError(result.code, (where && `${where}: `) + result.message);
  }
  return result;
}

function stoppedAsError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // The module has no exceptions: what it cannot go on from, foremost an allocation, is a trap.
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const message = `the module ran out of memory or stack (${error.message}); try fewer rows at once`;
    throw new RolemixError('out_of_memory', message, { cause: error });
  }
}

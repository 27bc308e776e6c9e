/** What kind of mistake a {@link RolemixError} is about. */
export type ErrorCode =
  | 'invalid_argument'
  | 'shape_mismatch'
  | 'not_finite'
  | 'too_few_samples'
  | 'not_positive_definite'
  | 'bad_format'
  | 'unsupported_version'
  | 'source_failed'
  | 'unsupported_engine'
  | 'not_loaded'
  | 'out_of_memory'
  | 'disposed';

/** The one error of this package; the message names what, what was expected and what came. */
export class RolemixError extends Error {
  override readonly name = 'RolemixError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An error as the module returns it. */
export interface CoreError {
  readonly code: ErrorCode;
  readonly message: string;
}

function isCoreError(result: unknown): result is CoreError {
  return typeof result === 'object' && result !== null && 'code' in result && 'message' in result;
}

/** Calls the module; an error that it returns is thrown. */
export function call<T>(work: () => T | CoreError): T {
  const result = stoppedAsError(work);
  if (isCoreError(result)) throw new RolemixError(result.code, result.message);
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

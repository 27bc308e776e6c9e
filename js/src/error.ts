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
  | 'too_large'
  | 'other_role'
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

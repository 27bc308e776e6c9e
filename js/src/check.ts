// What callers without types may pass.
import { RolemixError } from './error.js';
import { shown } from './shown.js';

export function invalid(what: string, expected: string, got: unknown): RolemixError {
  return new RolemixError('invalid_argument', `${what}: expected ${expected}, got ${shown(got)}`);
}

/** Errors: invalid_argument. */
export function checkObject(what: string, value: unknown, expected = 'an object'): void {
  if (typeof value !== 'object' || value === null) throw invalid(what, expected, value);
}

/**
 * Fields of an object, each read once, so that getters cannot change them later. Types are those that typeof tells,
 * as in 'number or undefined', but 'null' for null, or 'text' for textOf. Errors: invalid_argument.
 */
export function fieldsOf<T extends object, Name extends keyof T & string>(
  what: string,
  value: T,
  types: Readonly<Record<Name, string>>,
): Pick<T, Name> {
  checkObject(what, value, `{ ${Object.keys(types).join(', ')} }`);
  const fields = Object.entries<string>(types).map(([name, type]) => {
    const got: unknown = value[name as Name];
    const kind = got === null ? 'null' : typeof got;
    if (type === 'text') textOf(`${what}.${name}`, got);
    else if (!type.includes(kind)) throw invalid(`${what}.${name}`, `a ${type}`, got);
    return [name, got];
  });
  return Object.fromEntries(fields) as Pick<T, Name>;
}

/** Text that is the same in UTF-8, where half of a surrogate pair would become another character. Errors: invalid_argument. */
export function textOf(what: string, value: unknown): string {
  if (typeof value !== 'string') throw invalid(what, 'a string', value);
  if (/\p{Cs}/u.test(value)) throw invalid(what, 'text of whole characters', value);
  return value;
}

/** Null and undefined are NaN. Errors: invalid_argument. */
export function numberOf(what: string, value: unknown): number {
  const number = value ?? NaN;
  if (typeof number !== 'number') throw invalid(what, 'a number', value);
  return number;
}

/** A copy of an array, read once, a hole as undefined. Errors: invalid_argument, those of `read`. */
export function listOf<T, Read>(
  what: string,
  value: readonly T[],
  read: (item: T, name: string) => Read,
  expected = what,
): Read[] {
  checkArray(what, `an array of ${expected}`, value);
  return Array.from({ length: lengthOf(what, value) }, (_, i) => read(value[i]!, `${what}[${i}]`));
}

/** A copy of an array of text. Errors: invalid_argument. */
export function textsOf(what: string, value: readonly string[]): string[] {
  return listOf(what, value, (text, name) => textOf(name, text), 'text');
}

interface Progress {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((...progress: never[]) => void) | undefined;
}

/** Of options what ends a call early, and what is told of its progress. Errors: invalid_argument. */
export function progressOf<T extends Progress>(options: T): Pick<T, 'signal' | 'onProgress'> {
  const types = { signal: 'signal object, null or undefined', onProgress: 'function or undefined' };
  return fieldsOf('options', options, types);
}

/** That it can be asked and listened to. Errors: invalid_argument. */
export function checkSignal(signal: AbortSignal | undefined): void {
  const types = { throwIfAborted: 'function', addEventListener: 'function' };
  if (signal) fieldsOf('signal', signal, types);
}

/** That it is an object of no other keys: a typing error would go unnoticed. Errors: invalid_argument. */
export function checkKeys(what: string, value: object, known: readonly string[]): void {
  checkObject(what, value);
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined) throw invalid(what, `only ${known.join(', ')}`, other);
}

/** Errors: invalid_argument. */
export function checkArray(what: string, expected: string, value: unknown): void {
  if (!Array.isArray(value)) throw invalid(what, expected, value);
}

/** Of an array, typed or not. Errors: invalid_argument. */
export function lengthOf(what: string, value: unknown): number {
  const { length } = Object(value) as { length: number };
  if (typeof value === 'object' && Number.isInteger(length) && length >= 0) return length;
  throw invalid(what, 'an array', value);
}

/** Of bytes. Errors: invalid_argument. */
export function checkLimit(maxBytes: unknown): void {
  if (typeof maxBytes === 'number' && maxBytes >= 0) return;
  throw invalid('maxBytes', 'a number of bytes', maxBytes);
}

/** The tolerance. Errors: invalid_argument. */
export function checkTolerance(metric: string, value: unknown): number {
  if (typeof value === 'number' && value >= 1e-50 && value <= 1e50) return value;
  throw invalid(`metric ${metric}`, 'a tolerance in 1e-50..1e50', value);
}

/** Errors: invalid_argument for another language. */
export function isJapanese(options: { readonly language?: string }): boolean {
  checkObject('options', options);
  const { language = 'en' } = options;
  if (language === 'en' || language === 'ja') return language === 'ja';
  throw invalid('language', 'en or ja', language);
}

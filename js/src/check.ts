// What callers without types may pass.
import { RolemixError } from './error.js';
import { shown } from './shown.js';

export function invalid(what: string, expected: string, got: unknown): RolemixError {
  return new RolemixError('invalid_argument', `${what}: expected ${expected}, got ${shown(got)}`);
}

/** That it is an object whose fields are of the types that typeof tells. Errors: invalid_argument. */
export function checkFields(
  what: string,
  value: unknown,
  types: Readonly<Record<string, string>> = {},
): void {
  if (typeof value !== 'object' || value === null) {
    const fields = Object.keys(types).join(', ');
    throw invalid(what, fields ? `{ ${fields} }` : 'an object', value);
  }
  for (const [field, type] of Object.entries(types)) {
    const got = (value as Readonly<Record<string, unknown>>)[field];
    if (typeof got !== type) throw invalid(`${what}.${field}`, `a ${type}`, got);
  }
}

/** That it is an object of no other keys: a typing error would go unnoticed. Errors: invalid_argument. */
export function checkKeys(what: string, value: object, known: readonly string[]): void {
  checkFields(what, value);
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined) throw invalid(what, `only ${known.join(', ')}`, other);
}

/** Errors: invalid_argument. */
export function checkArray(what: string, expected: string, value: unknown): void {
  if (!Array.isArray(value)) throw invalid(what, expected, value);
}

/** That it is an array, typed or not. Errors: invalid_argument. */
export function checkList(what: string, value: unknown): void {
  const { length } = Object(value) as { length?: unknown };
  if (typeof value !== 'object' || typeof length !== 'number') {
    throw invalid(what, 'an array', value);
  }
}

/** The tolerance. Errors: invalid_argument. */
export function checkTolerance(metric: string, value: unknown): number {
  if (typeof value === 'number' && value >= 1e-50 && value <= 1e50) return value;
  throw invalid(`metric ${metric}`, 'a tolerance in 1e-50..1e50', value);
}

/** Errors: invalid_argument for another language. */
export function isJapanese(options: { readonly language?: string }): boolean {
  checkFields('options', options);
  const { language = 'en' } = options;
  if (language === 'en' || language === 'ja') return language === 'ja';
  throw invalid('language', 'en or ja', language);
}

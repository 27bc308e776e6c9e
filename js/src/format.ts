import { invalid } from './check.js';
import { loadedModule } from './module.js';

// Every one needs a model to be loaded before, whichever. Errors: not_loaded; invalid_argument for a unit that is no text.

/** "62 %", "1.43 GiB", "1200 /s": three significant digits, as sentences show them; "-" for NaN. */
export function formatValue(value: number, unit: string): string {
  return loadedModule().formatValue(value, text(unit));
}

/** "17-22 %": both ends in one unit and with the same number of decimals. */
export function formatRange(low: number, high: number, unit: string): string {
  return loadedModule().formatRange(low, high, text(unit));
}

/** 0-100, from host-days between two times that one normal host gets there. */
export function severityOfReturnTime(days: number): number {
  return loadedModule().severityOfReturnTime(days);
}

/** Host-days, from a severity of 0-100; the inverse of severityOfReturnTime. */
export function returnTimeOfSeverity(severity: number): number {
  return loadedModule().returnTimeOfSeverity(severity);
}

function text(unit: unknown): string {
  if (typeof unit === 'string') return unit;
  throw invalid('unit', 'text', unit);
}

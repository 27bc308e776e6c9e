import { numberOf, textOf } from './check.js';
import { loadedModule } from './module.js';

// All but formatTime need a model to be loaded before, whichever. Errors: not_loaded; invalid_argument for what is no number or no text; null and undefined are NaN.

/** "62 %", "1.43 GiB", "1200 /s": three significant digits, as sentences show them; "-" for NaN. */
export function formatValue(value: number, unit: string): string {
  return loadedModule().formatValue(numberOf('value', value), textOf('unit', unit));
}

/** "17-22 %": both ends in one unit and with the same number of decimals. */
export function formatRange(low: number, high: number, unit: string): string {
  return loadedModule().formatRange(
    numberOf('low', low),
    numberOf('high', high),
    textOf('unit', unit),
  );
}

/** "2026-10-12 03:05 UTC", the minute that holds the time, as sentences show it; "-" outside the years 1 to 9999. */
export function formatTime(timestamp: number): string {
  numberOf('timestamp', timestamp);
  if (!(timestamp >= -62135596800 && timestamp < 253402300800)) return '-';
  const text = new Date(1000 * timestamp).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

/** 0-100, from host-days between two times that one normal host gets there. */
export function severityOfReturnTime(days: number): number {
  return loadedModule().severityOfReturnTime(numberOf('days', days));
}

/** Host-days, from a severity of 0-100; the inverse of severityOfReturnTime. */
export function returnTimeOfSeverity(severity: number): number {
  return loadedModule().returnTimeOfSeverity(numberOf('severity', severity));
}

// Time zones as the browser or Node knows them, written out: the module has no database of them.
import { invalid } from './check.js';

/** Seconds by which clocks are ahead of UTC, each from an instant on, in epoch seconds. */
export interface TimeZone {
  readonly name: string;
  readonly from: readonly number[];
  readonly offsets: readonly number[];
}

/** As kZonesFrom and kZonesTo of src/table/time_zone.h. */
const first = Date.UTC(1990) / 1000;
const end = Date.UTC(2037) / 1000;
/** No zone changes its clocks twice within this time. */
const step = 10 * 86400;

const known = new Map<string, TimeZone>();

/** `local` is that of the browser or of Node. Errors: invalid_argument for one that it does not know. */
export function timeZoneOf(name: unknown): TimeZone {
  if (typeof name !== 'string') throw invalid('timezone', 'the name of a time zone', name);
  let zone = known.get(name);
  if (!zone) {
    zone = fixedZone(name) ?? writtenOut(name);
    known.set(name, zone);
  }
  return zone;
}

function fixedZone(name: string): TimeZone | undefined {
  const [, sign, hours, minutes] = /^([+-])([01]\d|2[0-3]):?([0-5]\d)?$/.exec(name) ?? [];
  if (!hours && !/^(UTC|GMT|Z)$/i.test(name)) return undefined;
  const offset = 3600 * Number(hours ?? 0) + 60 * Number(minutes ?? 0);
  return { name, from: [first], offsets: [sign === '-' ? -offset : offset] };
}

function writtenOut(name: string): TimeZone {
  const format = formatOf(name);
  const own = name === 'local' ? format.resolvedOptions().timeZone : name;
  const zone = { name: own, from: [first], offsets: [offsetAt(format, first)] };
  for (let at = first; at < end; at += step) {
    const before = zone.offsets.at(-1)!;
    const later = Math.min(at + step, end - 1);
    const after = offsetAt(format, later);
    if (after === before) continue;
    zone.from.push(changeBetween(format, at, later, before));
    zone.offsets.push(after);
  }
  return zone;
}

function formatOf(name: string): Intl.DateTimeFormat {
  const digits = 'numeric';
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...(name === 'local' ? {} : { timeZone: name }),
      hourCycle: 'h23',
      year: digits,
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
  } catch {
    throw invalid('timezone', 'a time zone, such as Asia/Tokyo, UTC, +09:00 or local', name);
  }
}

function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const part = new Map(
    format.formatToParts(1000 * at).map(({ type, value }) => [type, Number(value)]),
  );
  const [year, month, day, hour, minute, second] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((type) => part.get(type)!) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - at;
}

/** The first second at which the offset is another than before. */
function changeBetween(
  format: Intl.DateTimeFormat,
  from: number,
  to: number,
  before: number,
): number {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(format, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

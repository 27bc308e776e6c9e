// Numbers and times as people read them. Numbers follow the same rules as the package's sentences, so that both show the same text.

interface Scale {
  readonly factor: number;
  /** With its leading space. */
  readonly suffix: string;
}

const bytePrefixes = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const suffixes: Readonly<Record<string, string>> = {
  '': '',
  percent: ' %',
  '1/s': ' /s',
  seconds: ' s',
};

/** In what unit numbers up to this magnitude are shown. */
export function scaleOf(magnitude: number, unit: string): Scale {
  if (unit !== 'bytes' && unit !== 'bytes/s') {
    return { factor: 1, suffix: suffixes[unit] ?? ` ${unit}` };
  }
  let power = 0;
  while (power + 1 < bytePrefixes.length && magnitude >= 1000 * 1024 ** power) power++;
  const perSecond = unit === 'bytes' ? '' : '/s';
  return { factor: 1024 ** power, suffix: ` ${bytePrefixes[power]!}${perSecond}` };
}

/** Decimals that show three significant digits, one at most from ten on, six at most. */
function decimalsOf(magnitude: number): number {
  if (magnitude >= 100 || magnitude === 0) return 0;
  if (magnitude >= 10) return 1;
  return Math.min(6, 2 - Math.floor(Math.log10(magnitude)));
}

/** Halves are rounded away from zero. */
function fixed(value: number, decimals: number): string {
  const scaled = Math.round(Math.abs(value) * 10 ** decimals);
  const digits = String(scaled).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const text = decimals > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
  return value < 0 && scaled > 0 ? `-${text}` : text;
}

/** Leaves out zeros at the end that both values have. */
function neededDecimals(a: number, b: number, decimals: number): number {
  let needed = decimals;
  while (needed > 0 && fixed(a, needed).endsWith('0') && fixed(b, needed).endsWith('0')) needed--;
  return needed;
}

/** "62 %", "1.43 GiB", "1200 /s": three significant digits; "-" for NaN. */
export function formatValue(value: number, unit: string): string {
  if (Number.isNaN(value)) return '-';
  const { factor, suffix } = scaleOf(Math.abs(value), unit);
  const scaled = value / factor;
  const decimals = neededDecimals(scaled, scaled, decimalsOf(Math.abs(scaled)));
  return fixed(scaled, decimals) + suffix;
}

/** "17-22 %": both ends in one unit and with the same number of decimals. */
export function formatRange(low: number, high: number, unit: string): string {
  if (Number.isNaN(low) || Number.isNaN(high)) return '-';
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  const { factor, suffix } = scaleOf(magnitude, unit);
  const from = low / factor;
  const to = high / factor;
  let decimals = Math.min(decimalsOf(magnitude / factor), 2);
  while (decimals < 6 && (to - from) * 10 ** decimals < 2) decimals++;
  decimals = neededDecimals(from, to, decimals);
  const between = from < 0 ? ' to ' : '-';
  return fixed(from, decimals) + between + fixed(to, decimals) + suffix;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** "10:40", UTC. */
export function formatClock(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** "9 Oct", UTC. */
export function formatDay(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]!}`;
}

/** "9 Oct 10:40", UTC. */
export function formatTime(timestamp: number): string {
  return `${formatDay(timestamp)} ${formatClock(timestamp)}`;
}

/** "35 min", "6 h 45 min", "2.8 days". */
export function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  if (minutes >= 48 * 60) return `${fixed(seconds / 86400, 1)} days`;
  const rest = minutes % 60;
  const hours = `${Math.floor(minutes / 60)} h`;
  return rest > 0 ? `${hours} ${rest} min` : hours;
}

/** "9,666" */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

// Times and counts as people read them, and the unit of an axis. Numbers of metrics: formatValue of the package.
import { formatValue } from 'rolemix';

interface Scale {
  readonly factor: number;
  /** With its leading space. */
  readonly suffix: string;
}

/** In what unit numbers up to this magnitude are shown. */
export function scaleOf(magnitude: number, unit: string): Scale {
  const suffix = formatValue(magnitude, unit).replace(/^\S+/, '');
  const isBytes = unit === 'bytes' || unit === 'bytes/s';
  return { factor: isBytes ? 1024 ** 'BKMGTP'.indexOf(suffix.charAt(1)) : 1, suffix };
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
  if (minutes >= 48 * 60) return `${(seconds / 86400).toFixed(1)} days`;
  const rest = minutes % 60;
  const hours = `${Math.floor(minutes / 60)} h`;
  return rest > 0 ? `${hours} ${rest} min` : hours;
}

/** "9,666" */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

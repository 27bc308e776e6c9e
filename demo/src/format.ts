// Times and counts as people read them. Numbers of metrics: formatValue of the package.
import type { Language } from 'rolemix';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

/** "10:40", UTC. */
function formatClock(timestamp: number): string {
  const date = new Date(timestamp * 1000);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

/** "9 Oct", "10月9日"; UTC. */
function formatDay(timestamp: number, language: Language = 'en'): string {
  const date = new Date(timestamp * 1000);
  const day = date.getUTCDate();
  const month = date.getUTCMonth();
  return language === 'ja' ? `${month + 1}月${day}日` : `${day} ${months[month]!}`;
}

/** "9 Oct 10:40", UTC. */
export function formatTime(timestamp: number, language: Language = 'en'): string {
  return `${formatDay(timestamp, language)} ${formatClock(timestamp)}`;
}

/** "35 min", "6 h 45 min", "2.8 days". */
export function formatDuration(seconds: number, language: Language = 'en'): string {
  const [min, h, days] = language === 'ja' ? ['分', '時間', '日'] : ['min', 'h', 'days'];
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} ${min}`;
  if (minutes >= 48 * 60) return `${(seconds / 86400).toFixed(1)} ${days}`;
  const rest = minutes % 60;
  const hours = `${Math.floor(minutes / 60)} ${h}`;
  return rest > 0 ? `${hours} ${rest} ${min}` : hours;
}

/** "9,666" */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

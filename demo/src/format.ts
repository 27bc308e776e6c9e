// Spans of time and counts as people read them. Times and numbers of metrics: formatTime and formatValue of the package.
import type { Language } from 'rolemix';

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

// Files out of the page.
import type { Explanation } from 'rolemix';

import { csvText } from './csv-text.js';

export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}

/** The columns of `rolemix explain --format csv`. */
export function toCsv({ host, timestamp, metrics }: Explanation): string {
  const header =
    'timestamp,host,metric,observed,expected,low,high,typical_low,typical_high,surprise,' +
    'typical_surprise,contribution,blame,rank,reason,direction';
  const rows = metrics.map((metric) =>
    [
      timestamp,
      csvText(host),
      csvText(metric.metric),
      metric.observed,
      metric.expected,
      metric.low,
      metric.high,
      metric.typicalLow,
      metric.typicalHigh,
      metric.surprise,
      metric.typicalSurprise,
      metric.contribution,
      metric.blame,
      metric.rank,
      metric.reason,
      metric.direction,
    ].join(),
  );
  return `${[header, ...rows].join('\n')}\n`;
}

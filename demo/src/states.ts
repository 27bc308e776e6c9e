// States of a role, in words.
import { formatValue, type Language, type ModelInfo } from 'rolemix';

/** "01:00-05:00 UTC: load1 low (0.2), disk.writes.iops high (340 /s)" */
export function stateName(info: ModelInfo, state: number, language: Language): string {
  const ja = language === 'ja';
  if (info.components.length === 1) return ja ? '唯一の状態' : 'the only state';
  const { when = '', metrics = [] } = info.components[state] ?? {};
  const units = new Map(info.metrics.map(({ name, unit }) => [name, unit]));
  const differing = metrics
    .map(({ metric, high, value }) => {
      const side = ja ? (high ? '高' : '低') : high ? 'high' : 'low';
      return `${metric} ${side} (${formatValue(value, units.get(metric) ?? '')})`;
    })
    .join(ja ? '、' : ', ');
  const text = differing || (ja ? '平均に近い' : 'close to the average');
  return when ? `${when}: ${text}` : text;
}

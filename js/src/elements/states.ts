// States of a role, in words.
import type { Language } from '../explanation.js';
import type { ModelInfo } from '../info.js';
import { valueText } from './format.js';
import type { StateInfo } from './types.js';

/** What `<rolemix-explanation>` takes as `states`: each named by when it is and by the metrics in which it differs. */
export function stateNames(info: ModelInfo, language: Language = 'en'): StateInfo[] {
  return info.components.map(({ weight }, state) => ({
    name: stateName(info, state, language),
    weight,
  }));
}

/** "01:00-05:00 UTC: load1 low (0.2), disk.writes.iops high (340 /s)" */
function stateName(info: ModelInfo, state: number, language: Language): string {
  const ja = language === 'ja';
  if (info.components.length === 1) return ja ? '唯一の状態' : 'the only state';
  const { when, metrics } = info.components[state]!;
  const units = new Map(info.metrics.map(({ name, unit }) => [name, unit]));
  const differing = metrics
    .map(({ metric, high, value }) => {
      const side = ja ? (high ? '高' : '低') : high ? 'high' : 'low';
      return `${metric} ${side} (${valueText(value, units.get(metric) ?? '')})`;
    })
    .join(ja ? '、' : ', ');
  const text = differing || (ja ? '平均に近い' : 'close to the average');
  return when ? `${when}: ${text}` : text;
}

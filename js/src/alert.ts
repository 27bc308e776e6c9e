import { fieldsOf, isJapanese, lengthOf } from './check.js';
import type { Explanation, LanguageOption } from './explanation.js';
import type { ModelInfo } from './info.js';
import { loadedModule } from './module.js';
import type { RawAlert } from './rolemix.js';

/** One alert; times are epoch seconds. */
export interface Alert {
  readonly alertId: string;
  readonly role: string;
  /** One host, or most hosts of the role at once. */
  readonly scope: 'host' | 'role';
  /** Of a role's alert the names in `hosts`, separated by `;`. */
  readonly host: string;
  /** One; of a role's alert all that took part, by name. */
  readonly hosts: readonly string[];
  /** The highest that it reached. */
  readonly level: 'warning' | 'critical';
  /** First anomalous sample; of a role's alert since when most hosts are anomalous. */
  readonly startedAt: number;
  /** The sample that made it the last attempt in a row. */
  readonly openedAt: number;
  /** First of as many normal samples in a row; null while open. */
  readonly closedAt: number | null;
  /** Of the host, or of any host, until closedAt: an open alert whose host has been silent since. */
  readonly lastSampleAt: number;
  /** From startedAt until closedAt; of a role's alert the evaluations from openedAt on. */
  readonly samples: number;
  /** Largest, 0-100. */
  readonly severity: number;
  /** Largest, nats. */
  readonly anomalyScore: number;
  /** The sample of the largest anomaly score, the worst: its host and time. */
  readonly worstHost: string;
  readonly worstAt: number;
  /** Of the worst sample, most to blame first; at most three. */
  readonly topMetrics: readonly string[];
  readonly modelId: string;
  /** Of the worst sample; of a role's alert also how many hosts it is about. */
  readonly sentence: string;
}

export function toAlert(info: ModelInfo, raw: RawAlert): Alert {
  return { ...raw, role: info.role, modelId: info.modelId };
}

/** The sentence of an alert that came without, from its worst sample explained in the same language. Errors: not_loaded. */
export function alertSentence(
  alert: Pick<Alert, 'scope' | 'hosts' | 'worstHost'>,
  explanation: Pick<Explanation, 'sentence'>,
  options: LanguageOption = {},
): string {
  const japanese = isJapanese(options);
  const { sentence } = fieldsOf('explanation', explanation, { sentence: 'text' });
  const types = { scope: 'string', worstHost: 'text' };
  const { scope, worstHost } = fieldsOf('alert', alert, types);
  if (scope === 'host') return sentence;
  return loadedModule().roleSentence(lengthOf('hosts', alert.hosts), worstHost, sentence, japanese);
}

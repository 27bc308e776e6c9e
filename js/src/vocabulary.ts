import type { Sensitivity } from './settings.js';
import { isJapanese, numberOf } from './check.js';
import type { Direction, LanguageOption, Reason } from './explanation.js';
import { loadedModule } from './module.js';

/** Severities from 25, 50 and 75 on; an alert is one of the last two. */
export type Level = 'normal' | 'unusual' | 'warning' | 'critical';

/** What the names in results are called. */
export interface Vocabulary {
  readonly levels: Readonly<Record<Level, string>>;
  readonly sensitivities: Readonly<Record<Sensitivity, string>>;
  readonly directions: Readonly<Record<Direction, string>>;
  /** Of none: that the metric is within its ranges. */
  readonly reasons: Readonly<Record<Reason, string>>;
  /** Of a metric without a reason: why. */
  readonly notMeasured: string;
  readonly noLevel: string;
}

const known = new Map<boolean, Vocabulary>();

/** The words that sentences and the command have. Errors: not_loaded. */
export function vocabulary(options: LanguageOption = {}): Vocabulary {
  const japanese = isJapanese(options);
  const words = known.get(japanese) ?? loadedModule().words(japanese);
  known.set(japanese, words);
  return words;
}

/** Null and NaN, of a sample that was not scored, are normal. */
export function levelOf(severity: number | null): Level {
  const number = numberOf('severity', severity);
  if (!(number >= 25)) return 'normal';
  if (number < 50) return 'unusual';
  return number < 75 ? 'warning' : 'critical';
}

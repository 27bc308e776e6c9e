import { checkKeys, invalid, isJapanese } from './check.js';
import type { Explanation, LanguageOption } from './explanation.js';
import type { ModelInfo } from './info.js';
import { loadedModule } from './module.js';
import type { RawAlert } from './rolemix.js';

/** Alerts from severity 25, 50 and 75. */
export type Sensitivity = 'sensitive' | 'normal' | 'insensitive';

/** When alerts open. */
export interface AlertSettings {
  readonly warningSensitivity: Sensitivity;
  readonly criticalSensitivity: Sensitivity;
  /** Consecutive anomalous samples before an alert opens, 1-10. */
  readonly maxCheckAttempts: number;
}

/** Settings left out are the model's own. */
export interface AlertOptions extends Partial<AlertSettings>, LanguageOption {
  /**
   * Default true; false leaves `topMetrics` empty, and `sentence` but for how many hosts of the role are unusual
   * at once: to count alerts of many settings.
   */
  readonly explained?: boolean;
}

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

const sensitivities = ['sensitive', 'normal', 'insensitive'];
const sensitivityNames = ['warningSensitivity', 'criticalSensitivity'] as const;
const optionNames = [...sensitivityNames, 'maxCheckAttempts', 'explained', 'language'];

/** The options over the model's own settings. Errors: invalid_argument. */
export function alertSettings(info: ModelInfo, options: AlertOptions): AlertSettings {
  checkKeys('options', options, optionNames);
  const usual = info.alertSettings;
  const settings = {
    warningSensitivity: options.warningSensitivity ?? usual.warningSensitivity,
    criticalSensitivity: options.criticalSensitivity ?? usual.criticalSensitivity,
    maxCheckAttempts: options.maxCheckAttempts ?? usual.maxCheckAttempts,
  };
  for (const name of sensitivityNames) {
    if (!sensitivities.includes(settings[name])) {
      throw invalid(name, 'sensitive, normal or insensitive', settings[name]);
    }
  }
  const { maxCheckAttempts } = settings;
  if (!(Number.isInteger(maxCheckAttempts) && maxCheckAttempts >= 1 && maxCheckAttempts <= 10)) {
    throw invalid('maxCheckAttempts', 'an integer from 1 to 10', maxCheckAttempts);
  }
  return settings;
}

export function toAlert(info: ModelInfo, raw: RawAlert): Alert {
  return { ...raw, role: info.role, modelId: info.modelId };
}

/** The sentence of an alert that came without, from its worst sample explained in the same language. Errors: not_loaded. */
export function alertSentence(
  { scope, hosts, worstHost }: Pick<Alert, 'scope' | 'hosts' | 'worstHost'>,
  { sentence }: Pick<Explanation, 'sentence'>,
  options: LanguageOption = {},
): string {
  const japanese = isJapanese(options);
  if (scope === 'host') return sentence;
  return loadedModule().roleSentence(hosts.length, worstHost, sentence, japanese);
}

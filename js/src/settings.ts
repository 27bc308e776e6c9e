import { checkKeys, invalid } from './check.js';
import type { LanguageOption } from './explanation.js';
import type { ModelInfo } from './info.js';

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

const sensitivities = ['sensitive', 'normal', 'insensitive'];
const sensitivityNames = ['warningSensitivity', 'criticalSensitivity'] as const;
const optionNames = [...sensitivityNames, 'maxCheckAttempts', 'explained', 'language'];

/** The options over the model's own settings. Errors: invalid_argument. */
export function alertSettings(
  info: Pick<ModelInfo, 'alertSettings'>,
  options: AlertOptions,
): AlertSettings {
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

// What is set on the page as the configuration that `rolemix train` and `rolemix alerts` read.
import type { AlertSettings, MetricInfo } from 'rolemix';

export interface MetricSettings {
  readonly name: string;
  readonly unit?: string;
  readonly fullScale?: number | null;
  readonly transform?: MetricInfo['transform'];
  readonly detectionDirection?: MetricInfo['detectionDirection'];
  readonly center?: MetricInfo['center'];
  /** In the metric's unit; left out: as trained. */
  readonly tolerance?: number;
  readonly muted?: boolean;
}

export interface RoleSettings {
  readonly role: string;
  readonly metrics: readonly MetricSettings[];
  readonly alerts: AlertSettings;
}

/** Scalars that need no quotes: letters first, no word that YAML takes for something else. */
const plain = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[a-z][\w./-]*(?::[\w./-]+)*$/i;

/** What is not seen, or ends a line or the quotes. */
const special = /[\p{C}\p{Zl}\p{Zp}"\\]/gu;

/** Longer keys stand behind a question mark; YAML allows others 1024 characters. */
const longestKey = 250;

function escapeOf(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.codePointAt(0)!;
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd'; // half of a pair is no character
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0');
  if (code <= 0xff) return `\\x${hex(2)}`;
  return code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

function scalar(text: string): string {
  return plain.test(text) ? text : `"${text.replace(special, escapeOf)}"`;
}

/** What training needs to know besides the tolerance, where it differs from what it would assume. */
function rules(metric: MetricSettings): string[] {
  const { unit = '', fullScale, transform = 'identity', detectionDirection, center } = metric;
  return [
    ...(unit ? [`unit: ${scalar(unit)}`] : []),
    ...(typeof fullScale === 'number' ? [`full_scale: ${fullScale}`] : []),
    ...(transform === 'identity' ? [] : [`transform: ${transform}`]),
    ...(detectionDirection === 'above' || detectionDirection === 'below'
      ? [`detection_direction: ${detectionDirection}`]
      : []),
    ...(center === 'host' ? ['center: host'] : []),
  ];
}

function metricLine(metric: MetricSettings): string {
  const { name, tolerance, muted = false } = metric;
  const keys = rules(metric);
  if (tolerance !== undefined) {
    if (!(tolerance > 0 && tolerance < Infinity)) {
      throw new RangeError(`tolerance of ${name}: expected a number above 0, got ${tolerance}`);
    }
    keys.push(`tolerance: ${tolerance}`);
  }
  if (muted) keys.push('drop: true');
  if (keys.length === 0) return '';
  const key = scalar(name);
  const value = `{ ${keys.join(', ')} }`;
  return key.length > longestKey ? `  ? ${key}\n  : ${value}\n` : `  ${key}: ${value}\n`;
}

/**
 * The YAML (docs/configuration.md) of the settings; metrics without a tolerance that are not muted are
 * left out. Errors: RangeError for a tolerance that is not above 0.
 */
export function toYaml({ role, metrics, alerts }: RoleSettings): string {
  const lines = metrics.map(metricLine).join('');
  return (
    `role: ${scalar(role)}\n` +
    (lines && `metrics:\n${lines}`) +
    `alerts: { warning_sensitivity: ${scalar(alerts.warningSensitivity)}, ` +
    `critical_sensitivity: ${scalar(alerts.criticalSensitivity)}, ` +
    `max_check_attempts: ${alerts.maxCheckAttempts} }\n`
  );
}

// A role's configuration, as `rolemix train` and `rolemix alerts` read it.
import { checkArray, checkFields, checkKeys, checkTolerance, invalid } from './check.js';
import type { MetricInfo, ModelEdits, ModelInfo } from './index.js';
import { alertSettings, type AlertSettings } from './settings.js';

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

/** What training needs to know of a metric, where it differs from what it would assume. */
function rules(metric: MetricInfo): string[] {
  const { unit, fullScale, transform, detectionDirection, center } = metric;
  return [
    ...(unit ? [`unit: ${scalar(unit)}`] : []),
    ...(fullScale === null ? [] : [`full_scale: ${fullScale}`]),
    ...(transform === 'identity' ? [] : [`transform: ${transform}`]),
    ...(detectionDirection === 'both' ? [] : [`detection_direction: ${detectionDirection}`]),
    ...(center === 'host' ? ['center: host'] : []),
  ];
}

function metricLine(name: string, keys: readonly string[]): string {
  if (keys.length === 0) return '';
  const key = scalar(name);
  const value = `{ ${keys.join(', ')} }`;
  return key.length > longestKey ? `  ? ${key}\n  : ${value}\n` : `  ${key}: ${value}\n`;
}

/**
 * The YAML (docs/configuration.md) that `rolemix train` makes such a model of, and `rolemix alerts` such
 * alerts: what is known of the model's metrics, tolerances that an edit sets and metrics that it mutes.
 * Settings left out are the model's own; tolerances left out are found by training. Errors:
 * invalid_argument for metrics that the model lacks, tolerances and settings out of range.
 */
export function roleConfig(
  info: Pick<ModelInfo, 'role' | 'metrics' | 'alertSettings'>,
  settings: Partial<AlertSettings> = {},
  edits: ModelEdits = {},
): string {
  checkFields('info', info, { role: 'string' });
  const alerts = alertSettings(info, settings);
  checkKeys('edits', edits, ['tolerances', 'muted']);
  const { tolerances = {}, muted = [] } = edits;
  checkFields('tolerances', tolerances);
  checkArray('muted', 'an array of metrics', muted);
  const known = new Set(info.metrics.map(({ name }) => name));
  const unknown = [...Object.keys(tolerances), ...muted].find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid('edits', 'metrics of the model', unknown);
  const lines = info.metrics.map((metric) => {
    const { name } = metric;
    const tolerance = Object.hasOwn(tolerances, name)
      ? [`tolerance: ${checkTolerance(name, tolerances[name])}`]
      : [];
    const drop = muted.includes(name) ? ['drop: true'] : [];
    return metricLine(name, [...rules(metric), ...tolerance, ...drop]);
  });
  const metrics = lines.join('');
  return (
    `role: ${scalar(info.role)}\n` +
    (metrics && `metrics:\n${metrics}`) +
    `alerts: { warning_sensitivity: ${alerts.warningSensitivity}, ` +
    `critical_sensitivity: ${alerts.criticalSensitivity}, ` +
    `max_check_attempts: ${alerts.maxCheckAttempts} }\n`
  );
}

// A role's configuration, as `rolemix train` and `rolemix alerts` read it.
import {
  checkKeys,
  checkObject,
  checkTolerance,
  fieldsOf,
  invalid,
  listOf,
  numberOf,
  textsOf,
} from './check.js';
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

/** Full scale NaN: not known. */
type Rules = Pick<MetricInfo, 'unit' | 'transform' | 'detectionDirection' | 'center'> & {
  readonly fullScale: number;
};

/** What training needs to know of a metric, where it differs from what it would assume. */
function rules(metric: Rules): string[] {
  const { unit, fullScale, transform, detectionDirection, center } = metric;
  return [
    ...(unit ? [`unit: ${scalar(unit)}`] : []),
    ...(Number.isNaN(fullScale) ? [] : [`full_scale: ${fullScale}`]),
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
  const { role } = fieldsOf('info', info, { role: 'string' });
  const { metrics: known, alertSettings: usual } = info;
  checkObject('info.alertSettings', usual);
  const given = listOf('info.metrics', known, (metric) => {
    const texts = { name: 'string', unit: 'string', transform: 'string', center: 'string' };
    const read = fieldsOf('metric', metric, { ...texts, detectionDirection: 'string' });
    return { ...read, fullScale: numberOf('metric.fullScale', metric.fullScale) };
  });
  const alerts = alertSettings({ alertSettings: usual }, settings);
  checkKeys('edits', edits, ['tolerances', 'muted']);
  const { tolerances = {}, muted = [] } = edits;
  checkObject('tolerances', tolerances);
  const read = Object.entries(tolerances);
  const dropped = textsOf('muted', muted);
  const names = new Set(given.map(({ name }) => name));
  const unknown = [...read.map(([name]) => name), ...dropped].find((name) => !names.has(name));
  if (unknown !== undefined) throw invalid('edits', 'metrics of the model', unknown);
  const lines = given.map((metric) => {
    const { name } = metric;
    const tolerance = read
      .filter(([edited]) => edited === name)
      .map(([, value]) => `tolerance: ${checkTolerance(name, value)}`);
    const drop = dropped.includes(name) ? ['drop: true'] : [];
    return metricLine(name, [...rules(metric), ...tolerance, ...drop]);
  });
  const metrics = lines.join('');
  return (
    `role: ${scalar(role)}\n` +
    (metrics && `metrics:\n${metrics}`) +
    `alerts: { warning_sensitivity: ${alerts.warningSensitivity}, ` +
    `critical_sensitivity: ${alerts.criticalSensitivity}, ` +
    `max_check_attempts: ${alerts.maxCheckAttempts} }\n`
  );
}

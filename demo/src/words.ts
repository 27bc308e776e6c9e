// What the page says in words, in both languages, by the tables in words/. What is said of samples, states and levels comes from the
// package.
import { returnTimeOfSeverity, type Alert, type Language } from 'rolemix';

import { formatCount, formatDuration } from './format.js';
import { data } from './words/data.js';
import { incidents } from './words/incidents.js';
import { page } from './words/page.js';
import { settings } from './words/settings.js';
import type { Text } from './words/text.js';
import { verdicts } from './words/verdicts.js';

const texts = { ...page, ...settings, ...data, ...verdicts };

export type TextName = keyof typeof texts;

/** What is to be said, in whatever language is chosen by then. */
export interface Said {
  readonly text: TextName;
  readonly parts: readonly (string | number)[];
}

export function sayAll(language: Language, { text, parts }: Said): string {
  return say(language, text, ...parts);
}

export function inLanguage(language: Language, text: Text): string {
  return text[language === 'ja' ? 1 : 0];
}

/** The text with its parts filled in; parts are not looked into. */
export function say(language: Language, name: TextName, ...parts: (string | number)[]): string {
  return inLanguage(language, texts[name])
    .split(/\{(\d)\}/)
    .map((piece, i) => (i % 2 === 0 ? piece : String(parts[Number(piece)] ?? '')))
    .join('');
}

/** "a week", "in 3 weeks", as after "once". */
function frequency(language: Language, days: number): string {
  const units = [
    ['year', '年', 365],
    ['month', 'か月', 30],
    ['week', '週間', 7],
  ] as const;
  const [name, japanese, length] = units.find(([, , unit]) => days >= 0.95 * unit) ?? [
    'day',
    '日',
    1,
  ];
  const count = Math.max(1, Math.round(days / length));
  if (language === 'ja') return `${count} ${japanese}`;
  return count === 1 ? `a ${name}` : `in ${count} ${name}s`;
}

/** "a normal host gets here about once in 8 months" */
export function severityWords(
  language: Language,
  severity: number | null,
  spanHostDays: number,
): string {
  if (severity === null) return say(language, 'noValue');
  if (severity >= 100) return say(language, 'rarest');
  const days = returnTimeOfSeverity(severity);
  if (days < 1) return say(language, 'daily');
  // Calibration cannot have seen what is rarer than its own span.
  const extrapolated = days > spanHostDays ? say(language, 'extrapolated') : '';
  return say(language, 'frequency', frequency(language, days)) + extrapolated;
}

export function lastingWords(language: Language, alert: Alert): string {
  if (alert.closedAt === null) return say(language, 'stillOpen');
  return say(language, 'lasted', formatDuration(alert.closedAt - alert.startedAt, language));
}

export function alertCount(language: Language, count: number): string {
  return count === 1
    ? say(language, 'alertCountOne')
    : say(language, 'alertCount', formatCount(count));
}

/** "1 verdict", "2 verdicts" */
export function verdictCount(language: Language, count: number): string {
  return count === 1
    ? say(language, 'verdictCountOne')
    : say(language, 'verdictCount', formatCount(count));
}

/** "broken_relation" -> "broken relation", "関係の崩れ"; a kind that is not known stays as it is. */
export function kindWords(language: Language, kind: string): string {
  const known = Object.hasOwn(incidents, kind) ? incidents[kind] : undefined;
  return known ? inLanguage(language, known.name) : kind.replaceAll('_', ' ');
}

/** What happened, and the language that it is said in. */
export function storyWords(
  language: Language,
  { kind, description }: { readonly kind: string; readonly description: string },
): readonly [text: string, language: Language] {
  const known = Object.hasOwn(incidents, kind) ? incidents[kind] : undefined;
  return language === 'ja' && known ? [known.story, 'ja'] : [description, 'en'];
}

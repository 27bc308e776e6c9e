// What goes wrong, for people: a headline in their language, and the exact message, which is English, as its detail.
import { RolemixError, type ErrorCode, type Language } from 'rolemix';
import { html, nothing, type TemplateResult } from 'lit';

import { inLanguage, sayAll, type Said } from './words.js';
import { headlines } from './words/problems.js';

/** What a problem is with: files of metrics, a model, a folder on a server, scores, or what was changed by hand. */
export type Subject = 'data' | 'model' | 'folder' | 'score' | 'edit';

export interface Fault {
  readonly subject: Subject;
  /** null: an error of the browser. */
  readonly code: ErrorCode | null;
  /** Names file, place, expected and got. */
  readonly detail: string;
}

/** A fault, or something that the page itself says in both languages. */
export type Problem = Fault | Said;

/** `name` is put before a message that does not begin with it. */
export function faultOf(subject: Subject, error: unknown, name?: string): Fault {
  const message = error instanceof Error ? error.message : String(error);
  return {
    subject,
    code: error instanceof RolemixError ? error.code : null,
    detail: name === undefined || message.startsWith(name) ? message : `${name}: ${message}`,
  };
}

export function problemWords(language: Language, problem: Problem): TemplateResult {
  if ('text' in problem) return html`${sayAll(language, problem)}`;
  const { subject, code, detail } = problem;
  const all = headlines[subject];
  const headline = inLanguage(language, (code && all[code]) ?? all.other);
  return html`${headline}
    <span class="detail" lang=${language === 'en' ? nothing : 'en'}>${detail}</span>`;
}

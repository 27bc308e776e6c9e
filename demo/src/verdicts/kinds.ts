// Kinds of verdicts as people read them.
import type { Language } from 'rolemix';
import { knownKinds } from 'rolemix/verdicts';

import { inLanguage } from '../words.js';
import { kinds } from '../words/verdicts.js';

/** The kind that records hold, of one as people read it in any language. */
export function kindOf(name: string): string {
  const typed = name.trim();
  return knownKinds.find((known) => kinds[known].some((text) => text === typed)) ?? typed;
}

/** A kind as people read it; one that is not known stays as it is. */
export function kindName(kind: string, language: Language): string {
  const known = knownKinds.find((name) => name === kind);
  return known ? inLanguage(language, kinds[known]) : kind;
}

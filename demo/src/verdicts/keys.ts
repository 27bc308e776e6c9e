// The keys that give verdicts, and whether they do: kept in the browser, or for the visit where it keeps nothing.
import type { VerdictName } from 'rolemix/verdicts';

export const keys: Readonly<Record<VerdictName, string>> = {
  true_alarm: 't',
  false_alarm: 'f',
  unsure: 'u',
};

const entry = 'rolemix-verdict-keys';
const modifiers = ['Alt', 'AltGraph', 'Control', 'Meta', 'Shift'];
/** Inputs that take no letters. */
const wordless = ['checkbox', 'radio', 'range'];

/** What was chosen on this page; null: nothing. */
let chosen: boolean | null = null;

function kept(): string | null {
  try {
    return window.localStorage.getItem(entry);
  } catch {
    return null;
  }
}

/** On, until somebody switches them off. */
export const keysAreOn = (): boolean => chosen ?? kept() !== 'off';

export function switchKeys(on: boolean): void {
  chosen = on;
  try {
    window.localStorage.setItem(entry, on ? 'on' : 'off');
  } catch {
    // For the visit then.
  }
}

/** Whether keys pressed there are text. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement) return !wordless.includes(target.type);
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('textarea, select'))
  );
}

/** A key pressed by itself, once, and not for a text. */
export function isAlone(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.repeat) return false;
  return !modifiers.some((name) => event.getModifierState(name)) && !isTyping(event);
}

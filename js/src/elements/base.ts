import { LitElement, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';

import type { Language } from '../explanation.js';
import { shown } from '../shown.js';
import { splitAtRanges } from './split.js';
import type { CommonProperties, RolemixEvents, Theme } from './types.js';
import { wordsOf, type Words } from './words.js';

const noEnd = (): void => undefined;

/** What the elements have in common: language, theme, events, and that they never throw while rendering. */
export abstract class RolemixElement extends LitElement implements CommonProperties {
  @property() accessor language: Language = 'en';
  @property({ reflect: true }) accessor theme: Theme = 'auto';
  #endSchemeChanges = noEnd;
  #failure: { readonly error: unknown } | null = null;

  protected get words(): Words {
    return wordsOf(this.language);
  }

  protected abstract content(): TemplateResult;

  protected override render(): TemplateResult {
    const failure = this.#failure;
    this.#failure = null;
    if (failure) return this.#broken(failure.error);
    try {
      return this.content();
    } catch (error) {
      return this.#broken(error);
    }
  }

  /** That a property has what a call gives, as far as it is needed: these texts and arrays, typed or not. */
  protected check(
    value: unknown,
    giver: string,
    texts: readonly string[],
    lists: readonly string[] = [],
  ): void {
    const fields = Object(value) as Readonly<Record<string, unknown>>;
    const missing =
      texts.find((name) => typeof fields[name] !== 'string') ??
      lists.find(
        (name) => typeof (fields[name] as { length?: unknown } | null)?.length !== 'number',
      );
    if (missing === undefined) return;
    const { words } = this;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    throw new TypeError(words.unfit(giver, isObject ? words.objectWithout(missing) : shown(value)));
  }

  #broken(error: unknown): TemplateResult {
    const what = error instanceof Error ? error.message : String(error);
    return html`<p class="hint" role="alert">${this.words.broken(what)}</p>`;
  }

  /** Draws on what has been rendered; if that fails, the element says so instead. */
  protected attempt(draw: () => void): void {
    try {
      draw();
    } catch (error) {
      this.#failure = { error };
      this.requestUpdate();
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => {
      this.requestUpdate();
    };
    dark.addEventListener('change', redraw);
    this.#endSchemeChanges = () => {
      dark.removeEventListener('change', redraw);
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endSchemeChanges();
  }

  protected tell<Name extends keyof RolemixEvents>(name: Name, detail: RolemixEvents[Name]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** The text, without a line break inside of "17-22 %". */
export const unbroken = (text: string): TemplateResult =>
  html`${splitAtRanges(text).map((part, i) => (i % 2 ? html`<span class="whole">${part}</span>` : part))}`;

import { html, type TemplateResult } from 'lit';
import { splitAtRanges } from 'rolemix/elements';

/** The text, without a line break inside of "17-22 %". */
export const unbroken = (text: string): TemplateResult =>
  html`${splitAtRanges(text).map((part, i) => (i % 2 ? html`<span class="whole">${part}</span>` : part))}`;

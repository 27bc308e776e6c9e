import type { Language } from 'rolemix';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';

import { shared } from '../styles.js';
import { problemWords, type Problem } from '../problems.js';
import { say, sayAll, type Said } from '../words.js';

/** Where people open their own models and metrics. Events: `open-files` with File[], `open-folder` with an address. */
@customElement('data-panel')
export class DataPanel extends LitElement {
  static override styles = [
    shared,
    css`
      .panel {
        padding: 0.75rem;
      }

      form,
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 0.6rem;
        margin-top: 0.5rem;
      }

      input[type='url'] {
        flex: 1 1 16rem;
        min-width: 0;
        padding: 0.35rem 0.5rem;
        border: 1px solid var(--muted);
        border-radius: 6px;
        background: var(--surface);
        color: var(--text);
        font: inherit;
      }

      .row button,
      form button {
        padding: 0.35rem 0.75rem;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--surface);
      }

      .row button:hover,
      form button:hover {
        border-color: var(--accent);
      }

      ul {
        margin: 0.6rem 0 0;
        padding: 0;
        list-style: none;
      }

      li {
        padding: 0.35rem 0.6rem;
        border-left: 3px solid var(--alarm);
        background: var(--alarm-soft);
        overflow-wrap: anywhere;
      }

      li + li {
        margin-top: 2px;
      }

      [role='status'] p {
        margin-top: 0.5rem;
        padding: 0.35rem 0.6rem;
        border-left: 3px solid var(--accent);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) problems: readonly Problem[] = [];
  @property({ attribute: false }) notes: readonly Said[] = [];
  /** What is being done; null: nothing. */
  @property({ attribute: false }) busy: string | null = null;
  @property() language: Language = 'en';
  @query('input[type="file"]') private readonly files!: HTMLInputElement;
  @query('input[type="url"]') private readonly address!: HTMLInputElement;

  protected override render(): TemplateResult {
    const { language } = this;
    return html`<div class="panel">
      <p>${say(language, 'dataHint')}</p>
      <div class="row">
        <button
          type="button"
          @click=${() => {
            this.files.click();
          }}
        >
          ${say(language, 'chooseFiles')}
        </button>
        <input
          class="hidden"
          type="file"
          multiple
          tabindex="-1"
          aria-label=${say(language, 'chooseFiles')}
          @change=${this.#chosen}
        />
        <span aria-live="polite" class="muted">${this.busy ?? ''}</span>
      </div>
      <form @submit=${this.#folder}>
        <label for="folder">${say(language, 'folderUrl')}</label>
        <input id="folder" type="url" placeholder="https://…/models/" />
        <button type="submit">${say(language, 'loadFolder')}</button>
      </form>
      <div role="status">${this.notes.map((note) => html`<p>${sayAll(language, note)}</p>`)}</div>
      <div role="alert">
        ${
          this.problems.length > 0
            ? html`<ul>
                ${this.problems.map((problem) => html`<li>${problemWords(language, problem)}</li>`)}
              </ul>`
            : nothing
        }
      </div>
    </div>`;
  }

  readonly #chosen = (): void => {
    const files = [...(this.files.files ?? [])];
    this.files.value = '';
    if (files.length > 0) this.#say('open-files', files);
  };

  readonly #folder = (event: Event): void => {
    event.preventDefault();
    const address = this.address.value.trim();
    if (address) this.#say('open-folder', address);
  };

  #say(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

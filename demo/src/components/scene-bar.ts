import { LitElement, css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Language } from 'rolemix';

import type { SceneId } from '../sample.js';
import { shared } from '../styles.js';
import { inLanguage, say } from '../words.js';
import { scenes } from '../words/scenes.js';

/** Buttons for the scenes; `choose-scene` carries the id, null for the worst incident. */
@customElement('scene-bar')
export class SceneBar extends LitElement {
  static override styles = [
    shared,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(5, minmax(0, 1fr));
        gap: 0.5rem;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      button {
        display: flex;
        flex-direction: column;
        justify-content: start;
        width: 100%;
        height: 100%;
        padding: 0.5rem 0.7rem 0.55rem;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--surface);
        text-align: left;
      }

      button:hover {
        border-color: var(--accent);
      }

      button[aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--selected);
        box-shadow: inset 0 0 0 1px var(--accent);
      }

      .name {
        display: block;
        font-weight: 600;
      }

      .line {
        display: block;
        font-size: 0.8125rem;
        line-height: 1.35;
        color: var(--muted);
      }

      @media (max-width: 1000px) {
        ul {
          grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr));
        }
      }

      @media (max-width: 560px) {
        ul {
          grid-template-columns: 1fr 1fr;
          gap: 0.4rem;
        }

        li:first-child {
          grid-column: 1 / -1;
        }

        button {
          padding: 0.4rem 0.55rem;
        }

        .line {
          font-size: 0.75rem;
        }
      }
    `,
  ];

  /** undefined: none of them. */
  @property({ attribute: false }) active: SceneId | null | undefined;
  /** Those that the role has. */
  @property({ attribute: false }) scenes: readonly SceneId[] = [];
  @property() language: Language = 'en';

  protected override render(): TemplateResult {
    const { language } = this;
    return html`<nav aria-label=${say(language, 'scenes')}>
      <ul>
        ${this.#button(null, say(language, 'worst'), say(language, 'worstLine'))}
        ${this.scenes.map((id) =>
          this.#button(
            id,
            inLanguage(language, scenes[id].name),
            inLanguage(language, scenes[id].line),
          ),
        )}
      </ul>
    </nav>`;
  }

  #button(id: SceneId | null, name: string, line: string): TemplateResult {
    const choose = (): void => {
      this.dispatchEvent(new CustomEvent('choose-scene', { detail: id }));
    };
    return html`<li>
      <button
        type="button"
        data-scene=${id ?? 'worst'}
        aria-pressed=${this.active === id ? 'true' : 'false'}
        @click=${choose}
      >
        <span class="name">${name}</span>
        <span class="line">${line}</span>
      </button>
    </li>`;
  }
}

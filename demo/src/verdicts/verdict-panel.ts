import type { Alert, Language } from 'rolemix';
import {
  knownKinds,
  longestKind,
  longestNote,
  verdictNames,
  type Said,
  type Verdict,
  type VerdictName,
} from 'rolemix/verdicts';
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';

import { shared } from '../styles.js';
import { formStyles } from './form-styles.js';
import { isAlone, keys, keysAreOn, switchKeys } from './keys.js';
import { say } from '../words.js';
import { kindName, kindOf } from './kinds.js';

const pause = 1500; // milliseconds without typing, after which texts are saved

/** What was typed; known kinds in the words of the page's language. */
interface Texts {
  readonly kind: string;
  readonly note: string;
}

const noTexts: Texts = { kind: '', note: '' };

const isSame = (a: Texts, b: Texts): boolean =>
  kindOf(a.kind) === kindOf(b.kind) && a.note.trim() === b.note.trim();

/** The alert goes along, since texts may be saved when another one is shown already. */
export type VerdictChange = CustomEvent<Omit<Said, 'author'> & { readonly alert: Alert }>;
export type VerdictUndo = CustomEvent<{ readonly alert: Alert; readonly uid: string }>;

/**
 * What is said of one alert. Choosing a verdict asks at once for it to be saved: `verdict-change`; kind and note follow it
 * after a pause, and when they are left. `verdict-undo` asks for the shown record to be taken back.
 */
@customElement('verdict-panel')
export class VerdictPanel extends LitElement {
  static override styles = [
    shared,
    formStyles,
    css`
      .choice,
      .verdicts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
      }

      .choice {
        column-gap: 1rem;
        margin: 0.4rem 0 0.6rem;
      }

      .keys {
        display: inline-flex;
        align-items: center;
        gap: 0.4rem;
        min-height: 24px;
        font-size: 0.8125rem;
        color: var(--muted);
        cursor: pointer;
      }

      .keys input {
        margin: 0;
        accent-color: var(--accent);
      }

      .verdicts button {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
        font-weight: 600;
      }

      .verdicts button[aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--selected);
        box-shadow: inset 0 0 0 1px var(--accent);
      }

      kbd {
        min-width: 1.35em;
        padding: 0 0.3em;
        border: 1px solid var(--line);
        border-radius: 4px;
        background: var(--raised);
        color: var(--muted);
        font: inherit;
        font-size: 0.75rem;
        font-weight: 400;
        text-align: center;
      }

      .texts {
        display: grid;
        grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr);
        gap: 0.5rem;
      }

      .texts span {
        display: block;
        font-size: 0.8125rem;
        color: var(--muted);
      }

      .texts input,
      textarea {
        display: block;
        width: 100%;
        padding: 0.3rem 0.5rem;
      }

      textarea {
        min-height: 2.1rem;
        resize: vertical;
        field-sizing: content;
        max-height: 12rem;
      }

      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.25rem 0.75rem;
        min-height: 2rem;
        margin-top: 0.4rem;
        overflow-wrap: anywhere;
      }

      .foot p {
        flex: 1 1 12rem;
        min-width: 0;
      }

      .foot button {
        padding: 0.15rem 0.6rem;
      }

      @media (max-width: 560px) {
        .verdicts {
          flex: 1 1 auto;
          gap: 0.3rem;
        }

        .verdicts button {
          flex: 1 1 auto;
          justify-content: center;
          gap: 0.3rem;
          padding: 0.35rem 0.3rem;
          font-size: 0.8125rem;
        }

        .texts {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) alert: Alert | null = null;
  /** What is said of the alert; null: nothing. */
  @property({ attribute: false }) record: Verdict | null = null;
  @property({ attribute: false }) kinds: readonly string[] = knownKinds;
  @property() language: Language = 'en';
  /** Who is judging: only own records can be taken back. */
  @property() author = '';
  @property() kept: 'browser' | 'memory' = 'browser';

  @state() private texts = noTexts;
  @state() private takenBack = false;
  /** Of alerts without a verdict, by id. */
  readonly #drafts = new Map<string, Texts>();
  /** Not yet asked for. */
  #pending: VerdictChange['detail'] | null = null;
  /** Asked for, and not yet answered by another record. */
  #asked: Texts | null = null;
  #undone = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('pagehide', this.#flush);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('pagehide', this.#flush);
    this.#flush();
    super.disconnectedCallback();
  }

  /** For the keys of the page: true if the key gave a verdict. Keys of texts and with modifiers are not meant. */
  handleKey(event: KeyboardEvent): boolean {
    if (!this.alert || !keysAreOn() || !isAlone(event)) return false;
    const verdict = verdictNames.find((name) => keys[name] === event.key.toLowerCase());
    if (!verdict) return false;
    event.preventDefault();
    this.#choose(this.alert, verdict);
    return true;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isOther = changed.has('alert') && changed.get('alert')?.alertId !== this.alert?.alertId;
    if (isOther) {
      this.#flush();
      this.takenBack = false;
      this.#undone = false;
      this.#asked = null;
      const draft = this.#drafts.get(this.alert?.alertId ?? '');
      this.texts = this.#shown(this.record ?? draft ?? noTexts);
      return;
    }
    if (changed.has('language')) this.texts = this.#shown(this.texts);
    if (changed.has('record')) this.#follow(changed.get('record') ?? null);
  }

  #shown({ kind, note }: Texts): Texts {
    return { kind: kindName(kindOf(kind), this.language), note };
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!this.#undone || !changed.has('record')) return;
    this.#undone = false;
    // The button that had the focus is gone.
    if (!this.renderRoot.querySelector('.undo')) {
      this.renderRoot.querySelector<HTMLElement>('.verdicts button')?.focus();
    }
  }

  /** Another record of the same alert; what is being typed stays. */
  #follow(before: Verdict | null): void {
    const asked = this.#asked;
    this.#asked = null;
    if (this.#pending) return;
    if (this.alert && asked && !isSame(this.texts, asked)) {
      this.#type(this.alert, this.texts);
      return;
    }
    if (!this.record) {
      // Texts that came with the verdict stay for the next one.
      if (this.alert && before) this.#drafts.set(this.alert.alertId, this.texts);
    } else if (!isSame(this.texts, this.record)) {
      this.texts = this.#shown(this.record);
    }
  }

  #choose(alert: Alert, verdict: VerdictName): void {
    const { kind, note } = this.texts;
    const isSaid = this.record?.verdict === verdict && isSame(this.texts, this.record);
    this.#pending = isSaid ? null : { alert, verdict, kind: kindOf(kind), note: note.trim() };
    this.#drafts.delete(alert.alertId);
    this.#flush();
  }

  #type(alert: Alert, texts: Texts): void {
    this.texts = texts;
    clearTimeout(this.#timer);
    this.#pending = null;
    if (!this.record) {
      this.#drafts.set(alert.alertId, texts);
    } else if (!isSame(texts, this.record)) {
      const { verdict } = this.record;
      this.#pending = { alert, verdict, kind: kindOf(texts.kind), note: texts.note.trim() };
      this.#timer = setTimeout(this.#flush, pause);
    }
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    const detail = this.#pending;
    this.#pending = null;
    if (!detail) return;
    this.takenBack = false;
    this.#asked = detail;
    this.#tell('verdict-change', detail);
    this.requestUpdate();
  };

  #undo(alert: Alert, { uid }: Verdict): void {
    this.takenBack = true;
    this.#undone = true;
    this.#tell('verdict-undo', { alert, uid });
  }

  #tell(name: string, detail: VerdictChange['detail'] | VerdictUndo['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { alert, record } = this;
    const { language } = this;
    if (!alert) return html`<p class="muted" lang=${language}>${say(language, 'chooseAlert')}</p>`;
    const undo = record && record.author === this.author ? record : null;
    return html`<section lang=${this.language} aria-labelledby="question">
      <h2 id="question">${say(language, 'question')}</h2>
      <div class="choice">
        <div class="verdicts" role="group" aria-labelledby="question">
          ${verdictNames.map((name) => this.#button(alert, name))}
        </div>
        ${this.#keySwitch()}
      </div>
      ${this.#fields(alert)}
      <div class="foot small">
        <p role="status" aria-live="polite">${this.#status()}</p>
        ${
          undo &&
          html`<button
            type="button"
            class="undo"
            title=${say(language, 'undoHint')}
            @click=${() => {
              // Texts that are left by this click have become a newer record.
              this.#undo(alert, this.record ?? undo);
            }}
          >
            ${say(language, 'undo')}
          </button>`
        }
      </div>
    </section>`;
  }

  #button(alert: Alert, name: VerdictName): TemplateResult {
    const choose = (): void => {
      this.#choose(alert, name);
    };
    const key = keysAreOn() ? keys[name] : null;
    return html`<button
      type="button"
      data-verdict=${name}
      aria-pressed=${this.record?.verdict === name ? 'true' : 'false'}
      aria-keyshortcuts=${key ?? nothing}
      @click=${choose}
    >
      ${say(this.language, name)}${key && html`<kbd aria-hidden="true">${key}</kbd>`}
    </button>`;
  }

  #keySwitch(): TemplateResult {
    const set = (event: Event): void => {
      switchKeys((event.target as HTMLInputElement).checked);
      this.requestUpdate();
    };
    return html`<label class="keys" title=${say(this.language, 'keysHint')}>
      <input type="checkbox" .checked=${live(keysAreOn())} @change=${set} />
      ${say(this.language, 'keys', verdictNames.map((name) => keys[name]).join(', '))}
    </label>`;
  }

  #fields(alert: Alert): TemplateResult {
    const { language } = this;
    const { kind, note } = this.texts;
    const onKind = (event: Event): void => {
      this.#type(alert, { note, kind: (event.target as HTMLInputElement).value });
    };
    const onNote = (event: Event): void => {
      this.#type(alert, { kind, note: (event.target as HTMLTextAreaElement).value });
    };
    const names = new Set(this.kinds.map((known) => kindName(known, this.language)));
    const options = [...names].map((name) => html`<option value=${name}></option>`);
    return html`<div class="texts">
      <label>
        <span>${say(language, 'kind')}</span>
        <input
          class="kind"
          list="kinds"
          maxlength=${longestKind}
          autocomplete="off"
          placeholder=${say(language, 'kindHint')}
          .value=${live(kind)}
          @input=${onKind}
          @change=${this.#flush}
        />
      </label>
      <label>
        <span>${say(language, 'note')}</span>
        <textarea
          class="note"
          rows="1"
          maxlength=${longestNote}
          .value=${live(note)}
          @input=${onNote}
          @change=${this.#flush}
        ></textarea>
      </label>
      <datalist id="kinds">${options}</datalist>
    </div>`;
  }

  #status(): TemplateResult {
    const { language } = this;
    const { record } = this;
    const back = this.takenBack ? `${say(language, 'takenBack')} ` : '';
    if (!record) {
      const isEmpty = isSame(this.texts, noTexts);
      return html`<span class="muted"
        >${back}${isEmpty ? say(language, 'notJudged') : say(language, 'savedWith')}</span
      >`;
    }
    if (this.#pending) return html`<span class="muted">${say(language, 'saving')}</span>`;
    const by = record.author ? ` (${say(language, 'by', record.author)})` : '';
    const now = html`${back}${say(language, 'saved', say(language, record.verdict))}${by}`;
    if (this.kept === 'browser') return now;
    return html`${now} <span class="memory">${say(language, 'inMemory')}</span>`;
  }
}

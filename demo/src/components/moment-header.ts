import {
  formatTime,
  levelOf,
  vocabulary,
  type Alert,
  type AlertExplanation,
  type Explanation,
  type Language,
  type ModelInfo,
} from 'rolemix';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Incident } from '../sample.js';
import { levelStyles, shared } from '../styles.js';
import { unbroken } from '../unbroken.js';
import {
  kindWords,
  lastingWords,
  say,
  severityWords,
  storyWords,
  type TextName,
} from '../words.js';

/** What to do about a model that is not ready, by how its reason begins. */
const remedies: readonly (readonly [reason: string, remedy: TextName])[] = [
  ['too little history', 'tooShort'],
  ['too few peaks', 'tooFewPeaks'],
  ['the model file holds no calibration', 'notCalibrated'],
];

/** What is going on at the chosen moment, in words. */
@customElement('moment-header')
export class MomentHeader extends LitElement {
  static override styles = [
    shared,
    levelStyles,
    css`
      .moment {
        padding: 0.8rem 0.9rem 0.9rem;
        border-left: 5px solid var(--severity-0);
        border-bottom: 1px solid var(--line);
      }

      .moment.unusual {
        border-left-color: var(--severity-25);
      }

      .moment.warning {
        border-left-color: var(--severity-50);
      }

      .moment.critical {
        border-left-color: var(--severity-100);
      }

      .facts {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.9rem;
      }

      .facts .host {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .sentence {
        margin: 0.2rem 0 0.3rem;
        font-size: 1.25rem;
        line-height: 1.35;
        font-weight: 600;
        letter-spacing: -0.005em;
        color: var(--text);
        overflow-wrap: anywhere;
      }

      .details {
        font-size: 0.8125rem;
        color: var(--muted);
        overflow-wrap: anywhere;
      }

      .details + .details {
        margin-top: 0.15rem;
      }

      .story {
        color: var(--text);
      }

      .what-if {
        color: var(--accent);
        font-weight: 600;
      }

      @media (max-width: 560px) {
        .sentence {
          font-size: 1.0625rem;
        }

        .moment {
          padding: 0.65rem 0.7rem 0.7rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) explanation!: Explanation;
  @property({ attribute: false }) alert: Alert | null = null;
  @property({ attribute: false }) why: AlertExplanation | null = null;
  @property({ attribute: false }) incident: Incident | null = null;
  /** Whether it is known what really happened. */
  @property({ type: Boolean }) labelled = false;
  @property({ type: Boolean }) moved = false;
  @property() sentence = '';
  @property({ attribute: false }) info!: ModelInfo;
  @property() language: Language = 'en';

  protected override render(): TemplateResult {
    const { alert, explanation, language } = this;
    const { severity, host } = explanation;
    const level = this.moved ? levelOf(severity) : (alert?.level ?? levelOf(severity));
    const word = vocabulary({ language }).levels[level];
    const span = this.info.calibration.spanHostDays;
    const rounded = severity === null ? '–' : Math.round(severity);
    return html`<div class="moment ${level}">
      <div class="facts">
        <span class="level ${level}"
          >${alert || this.moved ? word : say(language, 'noAlert', word)}</span
        >
        <span class="host">${host}</span>
        ${
          alert
            ? html`<span class="since"
                >${say(language, 'since', formatTime(alert.startedAt))}${language === 'ja' ? '、' : ', '}<span
                  class="muted"
                  >${lastingWords(language, alert)}</span
                ></span
              >`
            : nothing
        }
        <span class="muted">${say(language, 'shownAt', formatTime(explanation.timestamp))}</span>
      </div>
      <h2 class="sentence" aria-live="polite">${unbroken(this.sentence)}</h2>
      ${
        this.moved ? html`<p class="details what-if">${say(language, 'whatIf')}</p>` : this.#story()
      }
      <p class="details severity">
        ${say(language, 'severity', rounded, severityWords(language, severity, span))}
      </p>
      ${this.#readiness()} ${this.#label()}
    </div>`;
  }

  #story(): TemplateResult | typeof nothing {
    const sentences = this.why?.sentences ?? [];
    return sentences.length > 0
      ? html`<p class="details story">${sentences.join(this.language === 'ja' ? '' : ' ')}</p>`
      : nothing;
  }

  #readiness(): TemplateResult | typeof nothing {
    const { language } = this;
    const { ready, notReadyReason: reason } = this.info.calibration;
    if (ready) return nothing;
    const remedy = remedies.find(([start]) => reason.startsWith(start))?.[1];
    return html`<p class="details readiness">
      ${say(language, 'notReady')} ${remedy ? say(language, remedy) : nothing}
      <span lang="en">(${reason})</span>
    </p>`;
  }

  /** What is known to have happened there. */
  #label(): TemplateResult | typeof nothing {
    const { alert, incident, language } = this;
    if (!this.labelled) return nothing;
    if (!incident) {
      return alert
        ? html`<p class="details label">${say(language, 'nothingHappened')}</p>`
        : nothing;
    }
    const verdict = alert && !incident.anomalous ? say(language, 'soFalse') : '';
    const [story, spoken] = storyWords(language, incident);
    return html`<p class="details label">
      ${say(language, 'whatHappened', kindWords(language, incident.kind))}
      <span lang=${spoken}>${story}</span> ${verdict}
    </p>`;
  }
}

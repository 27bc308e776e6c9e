import type { Alert, Language } from 'rolemix';
import {
  toJsonLines,
  verdictNames,
  verdictRates,
  type KindCoverage,
  type Verdict,
  type VerdictName,
  type VerdictRates,
} from 'rolemix/verdicts';
import { LitElement, css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { saveFile } from '../files.js';
import { formatCount } from '../format.js';
import { shared } from '../styles.js';
import { alertCount, say, verdictCount } from '../words.js';
import type { ImportReport } from './book.js';
import { formStyles } from './form-styles.js';
import { kindName } from './kinds.js';

const fileName = 'verdicts.jsonl';
const mostBytes = 32 * 2 ** 20; // of a file to import
const mostShown = 5; // errors of an import

export type VerdictsImport = CustomEvent<{ readonly text: string; readonly name: string }>;

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** What was said of all alerts of a period; files out, and in (`verdicts-import` asks). */
@customElement('verdict-summary')
export class VerdictSummary extends LitElement {
  static override styles = [
    shared,
    formStyles,
    css`
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem 1.5rem;
        margin: 0.4rem 0 0;
      }

      dt {
        font-size: 0.8125rem;
        color: var(--muted);
      }

      dd {
        margin: 0;
        font-weight: 600;
      }

      table {
        width: 100%;
        margin-top: 0.6rem;
        border-collapse: collapse;
        table-layout: fixed;
      }

      caption {
        padding-bottom: 0.1rem;
        text-align: left;
        font-size: 0.8125rem;
        font-weight: 600;
      }

      th,
      td {
        padding: 0.25rem 0.5rem 0.25rem 0;
        border-bottom: 1px solid var(--line);
        text-align: left;
        vertical-align: baseline;
        overflow-wrap: anywhere;
      }

      thead th {
        font-size: 0.8125rem;
        font-weight: 400;
        color: var(--muted);
      }

      tbody th {
        font-weight: 600;
      }

      .number {
        width: 6.5rem;
      }

      td.number {
        text-align: left;
      }

      .share {
        width: 38%;
      }

      td.share div {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }

      svg {
        flex: 1 1 0;
        min-width: 0;
        height: 8px;
      }

      .bar {
        fill: var(--blame);
      }

      .percent {
        flex: none;
        width: 3.2rem;
      }

      .files {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        margin-top: 0.7rem;
      }

      .report {
        overflow-wrap: anywhere;
      }

      .report:not(:empty) {
        margin-top: 0.4rem;
      }

      ul {
        margin: 0.2rem 0 0;
        padding-left: 1.1rem;
      }

      @media (max-width: 560px) {
        .counts {
          gap: 0.1rem 1rem;
        }

        .number {
          width: 4.75rem;
        }
      }
    `,
  ];

  /** All of them go into the file; the newest of each alert counts. */
  @property({ attribute: false }) records: readonly Verdict[] = [];
  @property({ attribute: false }) alerts: readonly Alert[] = [];
  /** Of the last import. */
  @property({ attribute: false }) report: ImportReport | null = null;
  @property() language: Language = 'en';
  @property() kept: 'browser' | 'memory' = 'browser';
  /** Why a file was not even read. */
  @state() private refusal: string | null = null;

  protected override render(): TemplateResult {
    const { language } = this;
    const rates = verdictRates(this.alerts, this.records);
    const memory =
      this.kept === 'memory' && this.records.length > 0
        ? html`<p class="small memory">${say(language, 'inMemory')}</p>`
        : nothing;
    const elsewhere =
      rates.elsewhere > 0
        ? html`<p class="small muted">
            ${say(language, 'elsewhere', verdictCount(language, rates.elsewhere))}
          </p>`
        : nothing;
    return html`<section lang=${this.language} aria-label=${say(language, 'verdicts')}>
      ${this.#counts(rates)} ${elsewhere}
      ${rates.kinds.length > 0 ? this.#kinds(rates.kinds) : nothing} ${memory} ${this.#files()}
      <div class="report small" role="status" aria-live="polite">${this.#report()}</div>
    </section>`;
  }

  #counts(rates: VerdictRates): TemplateResult {
    const { language } = this;
    const { trueAlarms, falseAlarms, unsure, falseAlarmRate } = rates;
    if (rates.alerts === 0) return html`<p>${say(language, 'noAlertsToJudge')}</p>`;
    const judged = formatCount(trueAlarms + falseAlarms + unsure);
    const rate =
      falseAlarmRate === null
        ? say(language, 'noRate')
        : say(
            language,
            'rateOf',
            percent(falseAlarmRate),
            formatCount(falseAlarms),
            formatCount(trueAlarms + falseAlarms),
          );
    const counts: Readonly<Record<VerdictName, number>> = {
      true_alarm: trueAlarms,
      false_alarm: falseAlarms,
      unsure,
    };
    return html`<p class="judged">
        ${say(language, 'judged', judged, alertCount(language, rates.alerts))}
      </p>
      <dl class="counts">
        ${verdictNames.map(
          (name) =>
            html`<div>
              <dt>${say(language, name)}</dt>
              <dd class=${name}>${formatCount(counts[name])}</dd>
            </div>`,
        )}
        <div>
          <dt>${say(language, 'rate')}</dt>
          <dd class="rate">${rate}</dd>
        </div>
      </dl>`;
  }

  #kinds(kinds: readonly KindCoverage[]): TemplateResult {
    const { language } = this;
    const row = ({ kind, falseAlarms, coverage }: KindCoverage): TemplateResult =>
      html`<tr>
        <th scope="row">
          ${
            kind === ''
              ? html`<span class="muted">${say(language, 'noKind')}</span>`
              : html`<bdi>${kindName(kind, this.language)}</bdi>`
          }
        </th>
        <td class="number">${formatCount(falseAlarms)}</td>
        <td class="share">
          <div>
            <span class="percent">${percent(coverage)}</span>
            <svg aria-hidden="true">
              ${svg`<rect class="bar" width="${100 * coverage}%" height="8" rx="1.5" />`}
            </svg>
          </div>
        </td>
      </tr>`;
    return html`<table>
      <caption>
        ${say(language, 'kindsTitle')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say(language, 'kind')}</th>
          <th scope="col" class="number">${say(language, 'falseAlarms')}</th>
          <th scope="col" class="share">${say(language, 'coverage')}</th>
        </tr>
      </thead>
      <tbody>
        ${kinds.map(row)}
      </tbody>
    </table>`;
  }

  #files(): TemplateResult {
    const { language } = this;
    const ask = (): void => {
      this.renderRoot.querySelector<HTMLInputElement>('input[type="file"]')?.click();
    };
    const chosen = (event: Event): void => {
      const input = event.target as HTMLInputElement;
      const file = input.files?.[0];
      // So that the same file can be chosen again.
      if (file) void this.#read(file).finally(() => (input.value = ''));
    };
    return html`<div class="files">
      <button
        type="button"
        class="export"
        ?disabled=${this.records.length === 0}
        @click=${this.#export}
      >
        ${say(language, 'exportFile')}
      </button>
      <button type="button" class="import" @click=${ask}>${say(language, 'importFile')}</button>
      <input type="file" hidden accept=".jsonl,.ndjson,.json,.txt" @change=${chosen} />
    </div>`;
  }

  #report(): TemplateResult | typeof nothing {
    const { language } = this;
    if (this.refusal) return html`<p class="errors">${this.refusal}</p>`;
    if (!this.report) return nothing;
    const { name, read, added, errors, unlisted } = this.report;
    const more = Math.max(0, errors.length - mostShown) + unlisted;
    return html`<p>
        ${say(language, 'imported', name, verdictCount(language, read), formatCount(added))}
      </p>
      ${
        errors.length > 0
          ? html`<p class="errors">${say(language, 'badLines')}</p>
              <ul class="errors">
                ${errors
                  .slice(0, mostShown)
                  .map(({ message }) => html`<li lang="en">${message}</li>`)}
                ${more > 0 ? html`<li>${say(language, more === 1 ? 'moreErrorsOne' : 'moreErrors', formatCount(more))}</li>` : nothing}
              </ul>`
          : nothing
      }`;
  }

  #export(): void {
    saveFile(fileName, 'application/jsonl', toJsonLines(this.records));
  }

  async #read(file: File): Promise<void> {
    const { language } = this;
    this.refusal = null;
    if (file.size > mostBytes) {
      this.refusal = say(
        language,
        'tooLarge',
        file.name,
        mebibytes(mostBytes),
        mebibytes(file.size),
      );
      return;
    }
    try {
      const detail = { text: await file.text(), name: file.name };
      this.dispatchEvent(new CustomEvent('verdicts-import', { detail }));
    } catch {
      this.refusal = say(language, 'unreadable', file.name);
    }
  }
}

import 'rolemix/elements';
import type { SampleId } from 'rolemix';
import { roleConfig } from 'rolemix/config';
import type { Period, WhatIf } from 'rolemix/elements';
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Analysis } from '../analysis.js';
import type { ViewChange } from '../events.js';
import { saveFile } from '../files.js';
import { countedOf, countedWords } from '../counted.js';
import type { Opener } from '../opener.js';
import type { PageModel } from '../page-model.js';
import {
  activeScene,
  analysisOf,
  roleOf,
  scoringWords,
  settingsOf,
  shownOf,
  type PageState,
  type Section,
} from '../page-state.js';
import type { SceneId } from '../sample.js';
import type { Shown } from '../shown.js';
import { shared } from '../styles.js';
import type { ImportReport, VerdictBook } from '../verdicts/book.js';
import type { VerdictChange, VerdictPanel, VerdictUndo } from '../verdicts/verdict-panel.js';
import type { VerdictsImport } from '../verdicts/verdict-summary.js';
import '../verdicts/verdict-panel.js';
import '../verdicts/verdict-summary.js';
import { languageOf } from '../view.js';
import { say, type TextName } from '../words.js';
import './alert-list.js';
import { consoleStyles } from './console-styles.js';
import './curves-panel.js';
import './data-panel.js';
import { momentPart } from './moment-part.js';
import { pageFooter, pageHeader, type HeaderActions } from './page-parts.js';
import type { RoleChoice } from './role-overview.js';
import './role-overview.js';
import './scene-bar.js';
import './settings-panel.js';

const firstMark = 'rolemix-explained';

/** The page: hands its parts what they show of its state, and says what people do with them. */
@customElement('rolemix-console')
export class RolemixConsole extends LitElement {
  static override styles = [shared, consoleStyles];

  @property({ attribute: false }) model!: PageModel;
  @property({ attribute: false }) opener!: Opener;
  @property({ attribute: false }) book: VerdictBook | null = null;
  @state() private dropping = false;
  /** Of the last file of verdicts. */
  @state() private imported: ImportReport | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#readAddress);
    window.addEventListener('keydown', this.#onKey);
    window.addEventListener('dragover', this.#onDrag);
    window.addEventListener('dragleave', this.#onDrag);
    window.addEventListener('drop', this.#onDrop);
    this.#readAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#readAddress);
    window.removeEventListener('keydown', this.#onKey);
    window.removeEventListener('dragover', this.#onDrag);
    window.removeEventListener('dragleave', this.#onDrag);
    window.removeEventListener('drop', this.#onDrop);
  }

  protected override render(): TemplateResult {
    const { state } = this.model;
    const { language } = state.view;
    const shown = shownOf(state);
    const analysis = analysisOf(state);
    const root = document.documentElement;
    // Even the same again makes the browser style the whole page anew.
    if (root.lang !== language) {
      root.lang = language;
      document.title = say(language, 'pageTitle');
    }
    return html`<div
      class=${this.dropping ? 'dropping' : ''}
      @view-change=${this.#onViewChange}
      @rolemix-select=${this.#onSelect}
      @rolemix-metric=${this.#onMetric}
      @rolemix-zoom=${this.#onZoom}
      @rolemix-what-if=${this.#onMove}
      @rolemix-reset=${this.#onReset}
    >
      ${pageHeader(state, this.#headerActions)} ${this.#scenes(state)}
      <div class="main">
        ${
          shown
            ? momentPart(state, shown, this.#verdict(shown))
            : html`<p class="panel waiting" role="status">${scoringWords(state)}</p>`
        }
        <div class="side">
          ${this.#roles(state)}
          ${
            shown && analysis
              ? html`${this.#overview(state, shown, analysis)}${this.#sections(state, shown, analysis)}`
              : nothing
          }
          ${this.#section('data', 'data', null, () => this.#data())}
        </div>
      </div>
      ${pageFooter(state)}
    </div>`;
  }

  protected override updated(): void {
    const { shown, state } = this.model;
    if (shown && performance.getEntriesByName(firstMark).length === 0) {
      performance.mark(firstMark);
    }
    this.toggleAttribute('data-ready', shown !== null && state.scoring === null);
  }

  #scenes(state: PageState): TemplateResult | typeof nothing {
    const { scenes } = roleOf(state);
    if (scenes.length === 0) return nothing;
    return html`<scene-bar
      .active=${activeScene(state)}
      .scenes=${scenes.map(({ id }) => id)}
      .language=${state.view.language}
      @choose-scene=${this.#onScene}
    ></scene-bar>`;
  }

  #verdict({ alert, original }: Shown): TemplateResult | typeof nothing {
    const { book } = this;
    if (!book || !alert) return nothing;
    return html`<verdict-panel
      class="verdict"
      ?hidden=${original !== null}
      .alert=${alert}
      .record=${book.of(alert.alertId)}
      .kinds=${book.kinds}
      .kept=${book.kept}
      .language=${this.model.view.language}
      @verdict-change=${(event: VerdictChange) => {
        const { alert: about, ...said } = event.detail;
        book.say(about, said);
      }}
      @verdict-undo=${(event: VerdictUndo) => {
        book.undo(event.detail.alert.alertId);
      }}
    ></verdict-panel>`;
  }

  #roles({ view, lanes, roles }: PageState): TemplateResult | typeof nothing {
    if (roles.length === 1) return nothing;
    return html`<role-overview
      class="panel"
      .entries=${lanes}
      .current=${this.model.role}
      .time=${view.time}
      .language=${view.language}
      @choose-role=${this.#onRole}
    ></role-overview>`;
  }

  #overview(
    { view, told }: PageState,
    { alert, sample }: Shown,
    analysis: Analysis,
  ): TemplateResult {
    const { language, zoom } = view;
    const verdicts = new Map(
      analysis.alerts.flatMap(({ alertId }) => {
        const verdict = this.book?.of(alertId)?.verdict;
        return verdict ? [[alertId, say(language, verdict)] as const] : [];
      }),
    );
    return html`<section class="overview">
      <div class="panel">
        <h2>
          ${say(language, 'allHosts')} <span>${say(language, 'allHostsHint')}</span>
          ${
            zoom
              ? html`<button
                  type="button"
                  class="plain"
                  @click=${() => {
                    this.model.show({ zoom: null });
                  }}
                >
                  ${say(language, 'wholePeriod')}
                </button>`
              : nothing
          }
        </h2>
        <rolemix-swimlane
          class="hosts"
          .lanes=${analysis.lanes}
          .from=${zoom?.from ?? null}
          .to=${zoom?.to ?? null}
          .selected=${sample}
          .alerts=${analysis.alerts}
          .language=${language}
        ></rolemix-swimlane>
      </div>
      <div class="panel alerts">
        <h2>
          ${say(language, 'alerts')} <span>${countedWords(language, countedOf(analysis))}</span>
        </h2>
        <alert-list
          .analysis=${analysis}
          .told=${told}
          .selected=${alert}
          .verdicts=${verdicts}
          .language=${language}
        ></alert-list>
      </div>
    </section>`;
  }

  #sections(state: PageState, shown: Shown, { alerts }: Analysis): TemplateResult {
    const { book } = this;
    const { language } = state.view;
    const settings = (): TemplateResult =>
      html`<settings-panel
        .info=${roleOf(state).model.info}
        .settings=${settingsOf(state)}
        .edits=${state.view.edits}
        .prices=${state.prices}
        .language=${language}
        @save-yaml=${this.#saveYaml}
      ></settings-panel>`;
    const curves = (): TemplateResult =>
      html`<curves-panel
        .explained=${shown.curve}
        .metrics=${shown.explanation.metrics.map(({ metric }) => metric)}
        .peersOf=${shown.peersOf}
        .alerts=${shown.spans}
        .time=${state.view.time}
        .language=${language}
      ></curves-panel>`;
    const verdicts = (): TemplateResult =>
      html`<verdict-summary
        .records=${book?.records ?? []}
        .alerts=${alerts}
        .report=${this.imported}
        .kept=${book?.kept ?? 'memory'}
        .language=${language}
        @verdicts-import=${(event: VerdictsImport) => {
          this.imported = book?.import(event.detail.text, event.detail.name) ?? null;
        }}
      ></verdict-summary>`;
    return html`${this.#section('settings', 'settings', 'settingsHint', settings)}
    ${this.#section('curves', 'curves', 'curvesHint', curves)}
    ${book ? this.#section('verdicts', 'verdicts', null, verdicts) : nothing}`;
  }

  /** What opens and closes; what is closed costs nothing. */
  #section(
    section: Section,
    title: TextName,
    hint: TextName | null,
    content: () => TemplateResult,
  ): TemplateResult {
    const { view, open } = this.model.state;
    const { language } = view;
    const isOpen = open.has(section);
    const toggle = (event: Event): void => {
      const { open: now } = event.target as HTMLDetailsElement;
      if (now !== isOpen) this.model.send({ type: 'sectionToggled', section, isOpen: now });
    };
    return html`<details class="panel" data-section=${section} ?open=${isOpen} @toggle=${toggle}>
      <summary>
        <h2>
          ${say(language, title)} ${hint ? html`<span>${say(language, hint)}</span>` : nothing}
        </h2>
      </summary>
      ${isOpen ? content() : nothing}
    </details>`;
  }

  #data(): TemplateResult {
    const { opener } = this;
    return html`<data-panel
      .problems=${opener.problems}
      .notes=${opener.notes}
      .busy=${opener.busy}
      .language=${this.model.view.language}
      @open-files=${(event: CustomEvent<File[]>) => this.#openFiles(event.detail)}
      @open-folder=${(event: CustomEvent<string>) => this.#showOpened(opener.openFolder(event.detail))}
    ></data-panel>`;
  }

  #openFiles(files: readonly File[]): Promise<void> {
    return this.#showOpened(this.opener.openFiles(files));
  }

  /** What was opened comes into sight, unless there is something to be read about it. */
  async #showOpened(opening: Promise<void>): Promise<void> {
    const { role } = this.model;
    await opening;
    const { problems, notes } = this.opener;
    if (this.model.role === role || problems.length + notes.length > 0) return;
    window.scrollTo({ top: 0 });
  }

  readonly #headerActions: HeaderActions = {
    show: (change) => {
      this.model.show(change);
    },
    showRole: (name) => {
      this.model.showRole(name);
    },
    showData: () => {
      this.#showData();
    },
  };

  readonly #readAddress = (): void => {
    const { hash } = window.location;
    this.model.send({ type: 'addressRead', hash, language: languageOf(hash) });
  };

  readonly #onViewChange = (event: Event): void => {
    this.model.show((event as ViewChange).detail);
  };

  readonly #onSelect = (event: Event): void => {
    const { host, timestamp } = (event as CustomEvent<SampleId>).detail;
    this.model.show({ scene: null, host, time: timestamp });
  };

  readonly #onMetric = (event: Event): void => {
    this.model.show({ metric: (event as CustomEvent<{ metric: string }>).detail.metric });
  };

  readonly #onZoom = (event: Event): void => {
    const { from, to } = (event as CustomEvent<Period>).detail;
    this.model.show({ zoom: from === null || to === null ? null : { from, to } });
  };

  readonly #onMove = (event: Event): void => {
    const { metric, value } = (event as CustomEvent<WhatIf>).detail;
    this.model.move(metric, value);
  };

  readonly #onReset = (): void => {
    this.model.send({ type: 'valuesReset' });
  };

  readonly #onScene = (event: Event): void => {
    const scene = (event as CustomEvent<SceneId | null>).detail;
    this.model.send({ type: 'sceneChosen', scene });
  };

  readonly #onRole = (event: Event): void => {
    const { role, moment } = (event as RoleChoice).detail;
    this.model.showRole(role, moment);
  };

  #showData(): void {
    this.model.send({ type: 'sectionToggled', section: 'data', isOpen: true });
    void this.updateComplete.then(() => {
      const section = this.renderRoot.querySelector<HTMLElement>('[data-section="data"]');
      section?.scrollIntoView({ block: 'center' });
      section?.querySelector('summary')?.focus();
    });
  }

  readonly #saveYaml = (): void => {
    const { role, view } = this.model;
    const yaml = roleConfig(role.model.info, view.settings, view.edits);
    saveFile('role.yaml', 'application/yaml', yaml);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.model.shown?.original) return;
    const panel = this.renderRoot.querySelector<VerdictPanel>('verdict-panel');
    if (panel?.handleKey(event)) event.preventDefault();
  };

  readonly #onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dropping = event.type === 'dragover';
  };

  readonly #onDrop = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.dropping = false;
    this.#showData();
    void this.#openFiles(files);
  };
}

import 'rolemix/elements';
import type { SampleId } from 'rolemix';
import type { Period, WhatIf } from 'rolemix/elements';
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { ViewChange } from '../events.js';
import { saveFile } from '../files.js';
import { countedOf, countedWords } from '../counted.js';
import type { Opener } from '../opener.js';
import { PageModel, scoringWords } from '../page-model.js';
import type { SceneId } from '../sample.js';
import type { ScoringOptions } from '../scoring.js';
import type { Shown } from '../shown.js';
import { toYaml } from '../settings/yaml.js';
import { shared } from '../styles.js';
import type { ImportReport, VerdictBook } from '../verdicts/book.js';
import type { VerdictChange, VerdictPanel, VerdictUndo } from '../verdicts/verdict-panel.js';
import type { VerdictsImport } from '../verdicts/verdict-summary.js';
import '../verdicts/verdict-panel.js';
import '../verdicts/verdict-summary.js';
import { languageOf, type View } from '../view.js';
import { say, type TextName } from '../words.js';
import './alert-list.js';
import { consoleStyles } from './console-styles.js';
import './curves-panel.js';
import './data-panel.js';
import './joint-density.js';
import './moment-header.js';
import { pageFooter, pageHeader, saveButtons } from './page-parts.js';
import type { RoleChoice } from './role-overview.js';
import './role-overview.js';
import './scene-bar.js';
import './settings-panel.js';
import { comparison } from './tolerance-comparison.js';

const firstMark = 'rolemix-explained';

type Section = 'settings' | 'curves' | 'verdicts' | 'data';

/** The page: holds the view, keeps it in the address, and hands its parts what they show. */
@customElement('rolemix-console')
export class RolemixConsole extends LitElement {
  static override styles = [shared, consoleStyles];

  @property({ attribute: false }) model!: PageModel;
  @property({ attribute: false }) opener!: Opener;
  @property({ attribute: false }) book: VerdictBook | null = null;
  @state() private open: ReadonlySet<Section> = new Set();
  @state() private dropping = false;
  /** Of the last file of verdicts. */
  @state() private imported: ImportReport | null = null;

  static create(options: Omit<ScoringOptions, 'onProgress'>): RolemixConsole {
    const page = new RolemixConsole();
    page.model = new PageModel(options, () => {
      page.requestUpdate();
    });
    return page;
  }

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
    const { shown, view } = this.model;
    const { language } = view;
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
      @rolemix-reset=${() => {
        this.model.move(null);
      }}
    >
      ${pageHeader(this.model, this.#switchLanguage, this.#showData)}
      ${
        this.model.role.scenes.length === 0
          ? nothing
          : html`<scene-bar
              .active=${this.#activeScene()}
              .scenes=${this.model.role.scenes.map(({ id }) => id)}
              .language=${language}
              @choose-scene=${this.#onScene}
            ></scene-bar>`
      }
      <div class="main">
        ${shown ? this.#moment(shown) : html`<p class="panel waiting" role="status">${scoringWords(this.model)}</p>`}
        <div class="side">
          ${this.#roles()}
          ${shown ? html`${this.#overview(shown)}${this.#sections(shown)}` : nothing}
          ${this.#section('data', 'data', 'dataHint', () => this.#data())}
        </div>
      </div>
      ${pageFooter(this.model)}
    </div>`;
  }

  protected override updated(): void {
    if (this.model.shown && performance.getEntriesByName(firstMark).length === 0) {
      performance.mark(firstMark);
    }
    this.toggleAttribute('data-ready', this.model.shown !== null && this.model.scoring === null);
  }

  #moment(shown: Shown): TemplateResult {
    const { model } = this;
    const { view, role, later } = model;
    const { explanation, alert, analysis, original } = shown;
    const { language } = view;
    const incident =
      (alert && analysis.incidentOf(alert)) ??
      role.incidents.find(
        ({ host, from, to }) =>
          (host ?? view.host) === view.host && from <= view.time && view.time <= to,
      );
    return html`<section class="panel" aria-label=${say(language, 'chosenMoment')}>
      <moment-header
        .explanation=${explanation}
        .alert=${alert}
        .why=${later.why}
        .incident=${incident ?? null}
        .labelled=${role.incidents.length > 0}
        .moved=${original !== null}
        .sentence=${shown.sentence}
        .info=${analysis.info}
        .language=${language}
      ></moment-header>
      ${view.scene === 'memory-step' ? comparison(model) : nothing}
      <div class="why">
        <div>
          <rolemix-explanation
            .explanation=${explanation}
            .original=${original}
            .selected=${shown.metric}
            .similar=${later.similar}
            .calm=${alert === null}
            .editable=${true}
            .showSentence=${false}
            .language=${language}
          ></rolemix-explanation>
          ${saveButtons(explanation, original !== null, language)}
        </div>
        <div class="pictures">
          <rolemix-metric-chart
            .data=${shown.curve}
            .metric=${shown.metric}
            .time=${view.time}
            .alerts=${shown.spans}
            .peers=${shown.peersOf(shown.metric)}
            .language=${language}
          ></rolemix-metric-chart>
          <joint-density .picture=${shown.joint} .language=${language}></joint-density>
        </div>
      </div>
      ${alert ? this.#verdict(shown) : nothing}
    </section>`;
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

  #roles(): TemplateResult | typeof nothing {
    const { view, lanes, roles, role } = this.model;
    if (roles.length === 1) return nothing;
    return html`<role-overview
      class="panel"
      .entries=${lanes.entries}
      .current=${role}
      .time=${view.time}
      .language=${view.language}
      @choose-role=${(event: RoleChoice) => {
        this.model.showRole(event.detail.role, event.detail.moment);
      }}
    ></role-overview>`;
  }

  #overview({ analysis, alert, sample }: Shown): TemplateResult {
    const { view } = this.model;
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
                    this.model.show({ zoom: null }, false);
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
          .told=${analysis.sentenceOf.size}
          .selected=${alert}
          .verdicts=${verdicts}
          .language=${language}
        ></alert-list>
      </div>
    </section>`;
  }

  #sections(shown: Shown): TemplateResult {
    const { model, book } = this;
    const { language } = model.view;
    const settings = (): TemplateResult =>
      html`<settings-panel
        .info=${model.role.model.info}
        .settings=${model.settings()}
        .edits=${model.view.edits}
        .prices=${model.prices}
        .language=${language}
        @save-yaml=${this.#saveYaml}
      ></settings-panel>`;
    const curves = (): TemplateResult =>
      html`<curves-panel
        .explained=${shown.curve}
        .metrics=${shown.explanation.metrics.map(({ metric }) => metric)}
        .peersOf=${shown.peersOf}
        .alerts=${shown.spans}
        .time=${model.view.time}
        .language=${language}
      ></curves-panel>`;
    const verdicts = (): TemplateResult =>
      html`<verdict-summary
        .records=${book?.records ?? []}
        .alerts=${shown.analysis.alerts}
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
    name: Section,
    title: TextName,
    hint: TextName | null,
    content: () => TemplateResult,
  ): TemplateResult {
    const { language } = this.model.view;
    const isOpen = this.open.has(name);
    const toggle = (event: Event): void => {
      const { open } = event.target as HTMLDetailsElement;
      if (open === isOpen) return;
      this.open = new Set([...this.open].filter((other) => other !== name));
      if (open) this.open = new Set([...this.open, name]);
      if (name === 'settings') this.model.wantPrices(open);
    };
    return html`<details class="panel" data-section=${name} ?open=${isOpen} @toggle=${toggle}>
      <summary>
        <h2>
          ${say(language, title)}
          ${hint && name !== 'data' ? html`<span>${say(language, hint)}</span>` : nothing}
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

  #activeScene(): SceneId | null | undefined {
    const { view } = this.model;
    if (view.scene) return view.scene;
    const worst = this.model.worst();
    const shown = view.host === worst?.host && view.time === worst.timestamp;
    return shown && view.tolerance === 'on' ? null : undefined;
  }

  readonly #readAddress = (): void => {
    const { hash } = window.location;
    this.model.readAddress(hash, languageOf(hash));
  };

  readonly #onViewChange = (event: Event): void => {
    this.model.show((event as ViewChange).detail, false);
  };

  readonly #onSelect = (event: Event): void => {
    const { host, timestamp } = (event as CustomEvent<SampleId>).detail;
    this.model.show({ scene: null, host, time: timestamp }, false);
  };

  readonly #onMetric = (event: Event): void => {
    this.model.show({ metric: (event as CustomEvent<{ metric: string }>).detail.metric }, false);
  };

  readonly #onZoom = (event: Event): void => {
    const { from, to } = (event as CustomEvent<Period>).detail;
    this.model.show({ zoom: from === null || to === null ? null : { from, to } }, false);
  };

  readonly #onMove = (event: Event): void => {
    const { metric, value } = (event as CustomEvent<WhatIf>).detail;
    this.model.move(metric, value);
  };

  readonly #onScene = (event: Event): void => {
    const id = (event as CustomEvent<SceneId | null>).detail;
    const moment = this.model.role.scenes.find((scene) => scene.id === id);
    const change: Partial<View> = moment
      ? { host: moment.host, time: moment.timestamp, metric: moment.metric }
      : { host: '', time: NaN, metric: null };
    this.model.show({ scene: id, tolerance: 'on', ...change }, true);
  };

  readonly #switchLanguage = (): void => {
    const language = this.model.view.language === 'en' ? 'ja' : 'en';
    this.model.show({ language }, false);
  };

  readonly #showData = (): void => {
    this.open = new Set([...this.open, 'data']);
    void this.updateComplete.then(() => {
      const section = this.renderRoot.querySelector<HTMLElement>('[data-section="data"]');
      section?.scrollIntoView({ block: 'center' });
      section?.querySelector('summary')?.focus();
    });
  };

  readonly #saveYaml = (): void => {
    const { role, view } = this.model;
    const { tolerances, muted } = view.edits;
    const metrics = role.model.info.metrics.map((metric) => ({
      ...metric,
      muted: muted.includes(metric.name),
      ...(Object.hasOwn(tolerances, metric.name) && { tolerance: tolerances[metric.name]! }),
    }));
    const yaml = toYaml({ role: role.name, metrics, alerts: this.model.settings() });
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

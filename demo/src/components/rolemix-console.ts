import { formatValue, type Alert, type Explanation, type HostExplanations } from 'rolemix';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Analysis } from '../analysis.js';
import type { ViewChange } from '../events.js';
import { formatCount, formatDuration, formatTime } from '../format.js';
import type { Sample, SceneId } from '../sample.js';
import { levelStyles, shared, unbroken } from '../styles.js';
import { fromHash, toHash, type Tolerance, type View } from '../view.js';
import {
  fittingButUnusual,
  kindWords,
  lastingWords,
  levelOf,
  severityWords,
  silentSentence,
} from '../words.js';
import './alert-list.js';
import { consoleStyles } from './console-styles.js';
import './heat-strip.js';
import './metric-curve.js';
import './metric-table.js';
import './scene-bar.js';

const margin = 2 * 3600; // seconds shown before and after an alert
const grid = 2 * 3600; // without an alert the window moves in steps, so that it stands still under small moves
const half = 5 * 3600;
const longest = 14 * 3600; // of an alert that lasts for days a part is shown

/** Everything that is computed for a view. */
interface Shown {
  readonly analysis: Analysis;
  readonly explanation: Explanation;
  readonly alert: Alert | null;
  readonly sentence: string;
  readonly metric: string;
  readonly curve: HostExplanations;
}

/** The page: holds the view, keeps it in the address, and hands its parts what they show. */
@customElement('rolemix-console')
export class RolemixConsole extends LitElement {
  static override styles = [shared, levelStyles, consoleStyles];

  @property({ attribute: false }) sample!: Sample;
  /** With the configured tolerance of memory, and with next to none. */
  @property({ attribute: false }) on!: Analysis;
  @property({ attribute: false }) makeOff!: () => Promise<Analysis>;
  @state() private view!: View;
  @state() private off: Analysis | null = null;
  #shown: Shown | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#readHash);
    this.addEventListener('view-change', this.#onViewChange);
    this.#readHash();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#readHash);
    this.removeEventListener('view-change', this.#onViewChange);
  }

  protected override firstUpdated(): void {
    // What is not on the first view comes after it.
    setTimeout(() => {
      void this.makeOff().then((analysis) => {
        this.off = analysis;
        this.toggleAttribute('data-ready', true);
      });
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const states = changed as Map<PropertyKey, unknown>;
    if (states.has('view') || states.has('off')) this.#shown = this.#compute();
  }

  protected override render(): TemplateResult {
    const shown = this.#shown;
    if (!shown) return html`<p class="muted">Scoring without the tolerance …</p>`;
    return html`
      ${this.#header()}
      <section>
        <scene-bar .active=${this.#activeScene()} @choose-scene=${this.#onScene}></scene-bar>
      </section>
      <section class="panel" aria-label="The chosen moment">
        ${this.#moment(shown)} ${this.view.scene === 'memory-step' ? this.#comparison() : nothing}
        <div class="why">
          <metric-table
            .explanation=${shown.explanation}
            .selected=${shown.metric}
            .alarmed=${shown.alert !== null}
          ></metric-table>
          <metric-curve
            .explained=${shown.curve}
            .metric=${shown.metric}
            .time=${this.view.time}
            .alert=${shown.alert}
          ></metric-curve>
        </div>
      </section>
      <section class="overview">
        <div class="panel">
          <h2>All hosts <span>severity over time, UTC; click or use the arrow keys</span></h2>
          <heat-strip
            .analysis=${shown.analysis}
            .host=${this.view.host}
            .time=${this.view.time}
          ></heat-strip>
        </div>
        <div class="panel alerts">
          <h2>Alerts <span>${this.#counts(shown.analysis)}</span></h2>
          <alert-list .analysis=${shown.analysis} .selected=${shown.alert}></alert-list>
        </div>
      </section>
      ${this.#footer()}
    `;
  }

  #header(): TemplateResult {
    const { start, steps, interval, hosts } = this.sample;
    const { role, provenance } = this.on.info;
    const end = start + (steps - 1) * interval;
    const learned = formatDuration(provenance.to - provenance.from);
    const on = this.view.tolerance === 'on';
    return html`<header>
      <h1>rolemix</h1>
      <p class="about">
        <strong>${role}</strong>, ${hosts.length} hosts, ${formatTime(start)} to ${formatTime(end)}
        UTC; learned from the ${learned} before
      </p>
      <div class="tolerance">
        <button
          type="button"
          class="switch"
          role="switch"
          aria-checked=${on}
          title="How far memory may move before it is news, as the role's people set it"
          @click=${this.#toggleTolerance}
        >
          <span class="track"></span> Memory tolerance: ${on ? 'on' : 'off'}
        </button>
      </div>
    </header>`;
  }

  #moment({ alert, explanation, sentence, analysis }: Shown): TemplateResult {
    const { severity, host } = explanation;
    const level = alert?.level ?? levelOf(severity);
    const span = analysis.info.calibration.spanHostDays;
    const rounded = severity === null ? '–' : Math.round(severity);
    return html`<div class="moment ${level}">
      <div class="facts">
        <span class="level ${level}">${alert ? level : `no alert, ${level}`}</span>
        <span class="host">${host}</span>
        <span class="since"
          >${
            alert
              ? html`since ${formatTime(alert.startedAt)},
                  <span class="muted">${lastingWords(alert)}</span>`
              : nothing
          }</span
        >
        <span class="muted">shown: ${formatTime(explanation.timestamp)} UTC</span>
      </div>
      <h2 class="sentence" aria-live="polite">${unbroken(sentence)}</h2>
      <p class="details severity">Severity ${rounded} of 100: ${severityWords(severity, span)}.</p>
      ${this.#label(alert, host)}
    </div>`;
  }

  /** What the simulation says that happened there. */
  #label(alert: Alert | null, host: string): TemplateResult | typeof nothing {
    const analysis = this.#shown?.analysis ?? this.on;
    const { time } = this.view;
    const incident =
      (alert && analysis.incidentOf(alert)) ??
      this.sample.incidents.find(
        ({ host: where, from, to }) => (where ?? host) === host && from <= time && time <= to,
      );
    if (!incident) {
      return alert
        ? html`<p class="details label">What really happened: nothing. A false alarm.</p>`
        : nothing;
    }
    const verdict = alert && !incident.anomalous ? ' So this is a false alarm.' : '';
    return html`<p class="details label">
      What really happened (${kindWords(incident.kind)}): ${incident.description}${verdict}
    </p>`;
  }

  #comparison(): TemplateResult {
    const count = (analysis: Analysis | null): string => (analysis ? this.#counts(analysis) : '…');
    const entry = (tolerance: Tolerance, analysis: Analysis | null): TemplateResult =>
      html`<div
        class=${this.view.tolerance === tolerance ? 'current' : ''}
        data-tolerance=${tolerance}
      >
        <dt>Memory tolerance ${tolerance}:</dt>
        <dd>${count(analysis)}</dd>
      </div>`;
    return html`<div class="comparison">
      <dl>${entry('on', this.on)} ${entry('off', this.off)}</dl>
      <p class="details">${this.#toleranceWords()}</p>
    </div>`;
  }

  /** Which metric's tolerance the switch changes, and by how much. */
  #toleranceWords(): string {
    const tolerances = (analysis: Analysis): Map<string, number> =>
      new Map(analysis.info.metrics.map(({ name, tolerance }) => [name, tolerance]));
    const loose = this.off && tolerances(this.off);
    const metric = this.on.info.metrics.find(
      ({ name, tolerance }) => loose && loose.get(name) !== tolerance,
    );
    if (!metric) return '';
    const { name, unit, tolerance } = metric;
    const little = formatValue(loose?.get(name) ?? NaN, unit);
    return (
      `On: ${name} may move by ${formatValue(tolerance, unit)} before it is news: one line of the role's configuration. ` +
      `Off: by ${little}, with everything else the same. The switch is at the top.`
    );
  }

  #counts(analysis: Analysis): string {
    const { length } = analysis.alerts;
    const wrong = analysis.falseAlarms();
    const alarms = `${wrong === 0 ? 'no' : wrong} false alarm${wrong === 1 ? '' : 's'}`;
    const { caught, incidents } = analysis.recall();
    return `${length} alert${length === 1 ? '' : 's'}: ${caught} of ${incidents} incidents, ${alarms}`;
  }

  #footer(): TemplateResult {
    const { scored, scoringTime, alertTime, explained, explainingTime } = this.on.work;
    const time = (milliseconds: number): string => `${formatCount(milliseconds)} ms`;
    return html`<footer>
      <p>
        Scored ${formatCount(scored)} samples${this.off ? ', with the tolerance and without,' : ''}
        in ${time(scoringTime)}, found the alerts in ${time(alertTime)} and explained
        ${formatCount(explained)} samples in ${time(explainingTime)}, here in your browser, without
        network. The data are simulated.
      </p>
    </footer>`;
  }

  #activeScene(): SceneId | null | undefined {
    if (this.view.scene) return this.view.scene;
    const worst = this.#worst();
    const shown = this.view.host === worst.host && this.view.time === worst.time;
    return shown && this.view.tolerance === 'on' ? null : undefined;
  }

  #worst(): Pick<View, 'host' | 'time'> {
    const alert = this.on.worstAlert();
    const host = alert?.worstHost ?? this.sample.hosts[0]!;
    return { host, time: alert ? alert.worstAt : this.sample.start };
  }

  #compute(): Shown | null {
    const { host, time, tolerance } = this.view;
    const analysis = tolerance === 'on' ? this.on : this.off;
    if (!analysis) return null;
    const explanation = analysis.explain(host, time);
    const alert = analysis.alertAt(host, time);
    const metric = this.view.metric ?? explanation.metrics[0]!.metric;
    const sentence = alert ? explanation.sentence : this.#silence(analysis, explanation, metric);
    const [from, to] = this.#window(alert);
    const before = this.#shown?.curve;
    const same =
      this.#shown?.analysis === analysis &&
      before?.host === host &&
      before.timestamps[0] === from &&
      before.timestamps.at(-1) === to;
    const curve = same ? before : analysis.explainHost(host, from, to);
    return { analysis, explanation, alert, sentence, metric, curve };
  }

  #silence(analysis: Analysis, explanation: Explanation, metric: string): string {
    const scene = this.sample.scenes.find(({ id }) => id === this.view.scene);
    const unusual = fittingButUnusual(explanation, metric);
    const source = scene?.explainedBy;
    const alone = unusual && source && analysis.predictedBy(explanation, unusual.metric, source);
    return silentSentence(
      explanation,
      metric,
      source && alone ? { source, predicted: alone } : undefined,
    );
  }

  /** Times of the first and the last sample of the curve. */
  #window(alert: Alert | null): [number, number] {
    const { start, steps, interval } = this.sample;
    const { host, time } = this.view;
    const last = start + (steps - 1) * interval;
    const middle = Math.round(time / grid) * grid;
    const begin = alert ? Math.min(alert.startedAt, time) - margin : middle - half;
    const end = alert ? (alert.closedAt ?? last) + margin : middle + half;
    const from = end - begin > longest ? Math.max(begin, middle - longest / 2) : begin;
    const to = Math.min(end, from + longest);
    const nearest = (wanted: number): number => this.on.nearest(host, wanted);
    return [nearest(Math.max(start, from)), nearest(Math.min(last, to))];
  }

  readonly #readHash = (): void => {
    const said = fromHash(window.location.hash, {
      hosts: this.sample.hosts,
      metrics: this.on.info.metrics.map(({ name }) => name),
      scenes: this.sample.scenes.map(({ id }) => id),
    });
    const moment = this.sample.scenes.find(({ id }) => id === said.scene);
    const worst = this.#worst();
    const host = said.host ?? moment?.host ?? worst.host;
    const time = said.time ?? moment?.timestamp ?? worst.time;
    this.view = {
      scene: said.scene ?? null,
      host,
      time: this.on.nearest(host, time),
      metric: said.metric ?? moment?.metric ?? null,
      tolerance: said.tolerance ?? 'on',
    };
  };

  #show(change: Partial<View>, newEntry: boolean): void {
    this.view = { ...this.view, ...change };
    const hash = toHash(this.view);
    if (newEntry) window.history.pushState(null, '', hash);
    else window.history.replaceState(null, '', hash);
  }

  readonly #onViewChange = (event: Event): void => {
    this.#show((event as ViewChange).detail, false);
  };

  readonly #onScene = (event: Event): void => {
    const id = (event as CustomEvent<SceneId | null>).detail;
    const moment = this.sample.scenes.find((scene) => scene.id === id);
    const { host, time } = moment ? { host: moment.host, time: moment.timestamp } : this.#worst();
    this.#show({ scene: id, host, time, metric: moment?.metric ?? null, tolerance: 'on' }, true);
  };

  readonly #toggleTolerance = (): void => {
    this.#show({ tolerance: this.view.tolerance === 'on' ? 'off' : 'on' }, false);
  };
}

// What the page knows and computes: roles, the view, and everything that is shown of it.
import type {
  Alert,
  AlertExplanation,
  AlertSettings,
  Notice,
  SampleId,
  SimilarMoment,
} from 'rolemix';

import { Analysis, withSensitivity, type Prices } from './analysis.js';
import { countedOf, type Counted } from './counted.js';
import { faultOf, type Problem } from './problems.js';
import { RoleLanes } from './role-lanes.js';
import type { Role } from './roles.js';
import { Scoring, type Scored, type ScoringOptions } from './scoring.js';
import { show, type Moved, type Shown } from './shown.js';
import { fromHash, noEdits, roleOfHash, toHash, type View } from './view.js';
import { say } from './words.js';

const addressDelay = 200; // ms: browsers refuse an address that changes with every move of a pointer
const pause = 20; // ms, for the page to draw and listen
const settled = 150; // ms after the last move of a pointer, when what takes longer is computed
const mostExplained = 20_000; // rows whose alerts are explained before the first drawing, and that are scored without being shown

/** What comes after the first drawing. */
export interface Later {
  readonly similar: readonly SimilarMoment[];
  readonly why: AlertExplanation | null;
}

export interface Compared {
  readonly on: Counted | null;
  readonly off: Counted | null;
}

const nothingYet: Later = { similar: [], why: null };

export class PageModel {
  roles: readonly Role[] = [];
  view!: View;
  shown: Shown | null = null;
  later: Later = nothingYet;
  prices: Prices | null = null;
  /** Values moved by hand. */
  moved: Moved = {};
  /** Share of the samples that are scored; null: none is being scored. */
  scoring: number | null = null;
  /** Why the last wish could not be met; what was shown before still is. */
  problem: Problem | null = null;
  /** Of all roles, for the overview. */
  readonly lanes = new RoleLanes(this, () => {
    this.changed();
  });
  readonly #scorings = new Map<Role, Scoring>();
  readonly #compared = new Map<Role, Compared>();
  /** What scores were asked for last; `#scored` are those before, as long as they are being computed. */
  #asked: { readonly role: Role; readonly edits: string } | null = null;
  #scored: Scored | null = null;
  #analysis: Analysis | null = null;
  /** By which the moment was explained that is shown; the overview may be ahead of it. */
  #explainedBy: Analysis | null = null;
  /** The last view that could be shown. */
  #good: View | null = null;
  #latest = 0;
  #addressTimer = 0;
  #settleTimer = 0;
  #laterTimer = 0;
  #wantsPrices = false;

  constructor(
    readonly options: Omit<ScoringOptions, 'onProgress'>,
    readonly changed: () => void,
  ) {}

  /** Milliseconds that the scores of what is shown took. */
  get scoringTime(): number {
    return this.#scored?.time ?? 0;
  }

  /** Of the samples that are shown; that the model is not ready is said with each moment. */
  get notices(): readonly Notice[] {
    return this.#scored?.notices.filter(({ code }) => code !== 'model_not_ready') ?? [];
  }

  get role(): Role {
    return this.roles.find(({ name }) => name === this.view.role) ?? this.roles[0]!;
  }

  /** Adds a role, or puts it in the place of the one of its name. */
  add(role: Role): void {
    const before = this.roles.find(({ name }) => name === role.name);
    if (before) {
      const scoring = this.#scorings.get(before);
      if (scoring) scoring.dispose();
      else before.model.dispose();
      this.#scorings.delete(before);
      this.roles = this.roles.map((other) => (other === before ? role : other));
    } else {
      this.roles = [...this.roles, role];
    }
  }

  /** Shows what the address says. */
  readAddress(hash: string, language: View['language']): void {
    const named = roleOfHash(hash);
    const role = this.roles.find(({ name }) => name === named) ?? this.roles[0]!;
    const said = fromHash(hash, {
      hosts: role.index.hosts,
      metrics: role.model.info.metrics.map(({ name }) => name),
      scenes: role.scenes.map(({ id }) => id),
    });
    const moment = role.scenes.find(({ id }) => id === said.scene);
    const base: View = {
      role: role.name,
      scene: null,
      host: '',
      time: NaN,
      zoom: null,
      metric: null,
      tolerance: 'on',
      edits: noEdits,
      language,
      ...(moment && { host: moment.host, time: moment.timestamp, metric: moment.metric }),
      ...said,
      settings: possible(role, said.settings ?? {}),
    };
    this.#use(base);
    if (named && role.name !== named) this.problem = { text: 'roleNotLoaded', parts: [named] };
  }

  /** Shows another view. An own entry in the history, or in the place of the last one. */
  show(change: Partial<View>, newEntry: boolean): void {
    this.#use({ ...this.view, ...change });
    const { zoom, time } = this.view;
    // What is chosen comes into sight.
    if (zoom && 'time' in change && !(time >= zoom.from && time <= zoom.to)) {
      this.view = { ...this.view, zoom: null };
    }
    if (newEntry) window.history.pushState(null, '', toHash(this.view));
    else this.#writeAddress();
  }

  /** Another role as it was trained; null: at its worst moment. Of the role that is shown only the moment changes. */
  showRole(name: string, moment: SampleId | null = null): void {
    const where = { host: moment?.host ?? '', time: moment?.timestamp ?? NaN };
    const change = { role: name, scene: null, metric: null, ...where };
    if (name === this.role.name) this.show(change, false);
    else this.show({ ...change, zoom: null, settings: {}, edits: noEdits }, true);
  }

  /** The moment of the worst alert, with what is changed of the model left as it is. */
  worst(): SampleId | null {
    return this.#analysis?.worstMoment() ?? null;
  }

  /** Moves a value by hand; null: all back. */
  move(metric: string | null, value = 0): void {
    this.moved = metric === null ? {} : { ...this.moved, [metric]: value };
    this.#explain();
    this.changed();
  }

  /** The role with its tolerances and without, everything else as trained; computed when first asked for. */
  compared(): Compared {
    const { role } = this;
    const known = this.#compared.get(role);
    if (known) return known;
    const none = { on: null, off: null };
    this.#compared.set(role, none);
    setTimeout(() => {
      const scoring = this.#scoringOf(role);
      const count = async (tolerance: 'on' | 'off'): Promise<Counted> => {
        return countedOf(new Analysis(role, await scoring.get(tolerance, noEdits), {}, 'en'));
      };
      const both = async (): Promise<void> => {
        const on = await count('on');
        this.#compared.set(role, { on, off: await count('off') });
        this.changed();
      };
      void both().catch((error: unknown) => {
        this.#fail(error);
      });
    });
    return none;
  }

  /** Whether scores of the role as it was trained are there, or soon are. */
  isScorable(role: Role): boolean {
    return role.table.timestamps.length <= mostExplained || !!this.#scorings.get(role)?.asTrained;
  }

  scoredAsTrained(role: Role): Scored | null {
    const known = this.#scorings.get(role)?.asTrained;
    if (known || !this.isScorable(role)) return known ?? null;
    const scored = this.#scoringOf(role).get('on', noEdits);
    return scored instanceof Promise ? null : scored;
  }

  /** Computes what settings would cost, from now on whenever something changes; or no longer. */
  wantPrices(wanted: boolean): void {
    this.#wantsPrices = wanted;
    if (wanted) this.#priceLater();
  }

  settings(): AlertSettings {
    return { ...this.role.model.info.alertSettings, ...this.view.settings };
  }

  #writeAddress(): void {
    window.clearTimeout(this.#addressTimer);
    this.#addressTimer = window.setTimeout(() => {
      window.history.replaceState(null, '', toHash(this.view));
    }, addressDelay);
  }

  #use(view: View): void {
    const before = this.view as View | undefined;
    const moment = before?.host !== view.host || before.time !== view.time;
    this.view = view;
    this.problem = null;
    const other = moment || this.#asked?.role !== this.role;
    this.moved = Object.fromEntries(
      Object.entries(other ? {} : this.moved).filter(
        ([metric]) => !view.edits.muted.includes(metric),
      ),
    );
    const asked = { role: this.role, edits: JSON.stringify([view.tolerance, view.edits]) };
    const model = this.#asked?.role !== asked.role || this.#asked.edits !== asked.edits;
    this.#asked = asked;
    const settings =
      before?.language !== view.language ||
      JSON.stringify(before.settings) !== JSON.stringify(view.settings);
    // Only edits change while a hand moves.
    const isMoving = model && before?.tolerance === view.tolerance && before.role === view.role;
    if (model) this.#score(isMoving);
    else if (this.#scored && settings) this.#analyse();
    else this.#explain();
    this.changed();
  }

  #scoringOf(role: Role): Scoring {
    const known = this.#scorings.get(role);
    if (known) return known;
    const onProgress = (share: number): void => {
      if (this.scoring === null || role !== this.role) return;
      this.scoring = share;
      this.changed();
    };
    const made = new Scoring(role, { ...this.options, onProgress });
    this.#scorings.set(role, made);
    return made;
  }

  #score(isMoving: boolean): void {
    const latest = ++this.#latest;
    const { role } = this;
    const { tolerance, edits } = this.view;
    window.clearTimeout(this.#settleTimer);
    window.clearTimeout(this.#laterTimer);
    for (const [of, scoring] of this.#scorings) if (of !== role) scoring.stop();
    const take = (done: Scored): void => {
      this.scoring = null;
      this.#good = this.view;
      this.#scored = done;
      this.#analyse(isMoving);
    };
    let scored: Scored | Promise<Scored>;
    try {
      scored = this.#scoringOf(role).get(tolerance, edits);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (!(scored instanceof Promise)) {
      take(scored);
      return;
    }
    this.scoring = 0;
    if (this.shown?.analysis.role !== role) {
      this.shown = null;
      this.#scored = null;
      this.#analysis = null;
    }
    scored.then(
      (done) => {
        if (latest !== this.#latest) return;
        take(done);
        this.changed();
        this.#writeAddress();
      },
      (error: unknown) => {
        if (latest === this.#latest) this.#fail(error);
      },
    );
  }

  /** Says what went wrong, and goes back to what could be shown. */
  #fail(error: unknown): void {
    const before = this.#scored ? this.#good : null;
    const isEdit = before?.role === this.view.role;
    this.scoring = null;
    this.problem = faultOf(isEdit ? 'edit' : 'score', error);
    this.#asked = null;
    if (before) {
      const { tolerance, edits } = before;
      const { language } = this.view;
      this.view = isEdit ? { ...this.view, tolerance, edits } : { ...before, language };
      this.#asked = { role: this.role, edits: JSON.stringify([tolerance, edits]) };
    }
    this.changed();
  }

  /** What takes long waits where hands are at work, or there is much of it. */
  #analyse(isMoving = false): void {
    window.clearTimeout(this.#settleTimer);
    const { settings, language } = this.view;
    const waits = isMoving || this.role.table.timestamps.length > mostExplained;
    this.#analysis = new Analysis(this.role, this.#scored!, settings, language, !waits);
    this.prices = null;
    if (isMoving && this.shown?.analysis.role === this.role) {
      const { host, timestamp } = this.shown.sample;
      const alert = this.#analysis.alertAt(host, timestamp);
      this.shown = { ...this.shown, analysis: this.#analysis, alert };
    } else {
      this.#explain();
    }
    const complete = (): void => {
      if (!this.#analysis) return;
      this.#analysis = this.#analysis.complete();
      this.#explain();
      this.#tell(this.#analysis);
      if (this.#wantsPrices) this.#priceLater();
      this.changed();
    };
    if (waits) this.#settleTimer = window.setTimeout(complete, isMoving ? settled : 0);
    else if (this.#wantsPrices) this.#priceLater();
  }

  /** Says what alerts are about, one after the other. */
  #tell(analysis: Analysis): void {
    const sentences = analysis.sentences();
    const next = (): void => {
      if (this.#analysis !== analysis) return;
      const { done } = sentences.next();
      this.changed();
      if (!done) setTimeout(next, pause);
    };
    if (!analysis.explained) setTimeout(next, pause);
  }

  #explain(): void {
    const analysis = this.#analysis;
    if (!analysis || analysis.role !== this.role) return;
    const before = this.#explainedBy === analysis ? this.shown : null;
    this.shown = show(analysis, this.view, this.moved, before);
    this.#explainedBy = analysis;
    const { sample, alert, original } = this.shown;
    this.view = { ...this.view, host: sample.host, time: sample.timestamp };
    if (!original) this.#explainLater(analysis, sample, alert);
    if (this.roles.length > 1) this.lanes.findLater();
  }

  #explainLater(analysis: Analysis, sample: SampleId, alert: Alert | null): void {
    window.clearTimeout(this.#laterTimer);
    this.later = nothingYet;
    this.#laterTimer = window.setTimeout(() => {
      const why = alert && analysis.explainAlert(alert);
      this.later = { why, similar: analysis.similar(sample) };
      this.changed();
    }, 30);
  }

  #priceLater(): void {
    const analysis = this.#analysis;
    if (!analysis) return;
    const prices = analysis.prices();
    const next = (): void => {
      if (this.#analysis !== analysis || !this.#wantsPrices) return;
      const until = performance.now() + pause;
      let step = prices.next();
      while (!step.done) {
        this.prices = step.value;
        if (performance.now() > until) break;
        step = prices.next();
      }
      this.changed();
      if (!step.done) setTimeout(next, pause);
    };
    setTimeout(next);
  }
}

/** The settings of an address; critical alerts cannot be the more sensitive ones. */
function possible(role: Role, settings: Partial<AlertSettings>): Partial<AlertSettings> {
  if (Object.keys(settings).length === 0) return settings;
  const all = { ...role.model.info.alertSettings, ...settings };
  return withSensitivity(all, 'criticalSensitivity', all.criticalSensitivity);
}

/** "Scoring: 40 %" */
export function scoringWords({ scoring, view }: PageModel): string {
  if (scoring === null) return '';
  const percent = Math.round(100 * scoring);
  return percent > 0 ? say(view.language, 'scoringShare', percent) : say(view.language, 'scoring');
}

// Runs the page: holds its state, does the work that the state lacks, and says when there is something to be drawn.
import type { SampleId } from 'rolemix';

import { Analysis } from './analysis.js';
import { countedOf, type Counted } from './counted.js';
import { roleOf, shownOf, type Asked, type PageState } from './page-state.js';
import { laneOf } from './role-lanes.js';
import type { Role } from './roles.js';
import { Schedule } from './schedule.js';
import { Scoring, type Scored } from './scoring.js';
import type { Shown } from './shown.js';
import { firstState, update, type PageEvent } from './update.js';
import { noEdits, toHash, type Switch, type View } from './view.js';
import { workOf, type Work } from './work.js';

export interface PageOptions {
  readonly wasmBinary: Uint8Array;
}

export class PageModel {
  #state: PageState;
  readonly #scorings = new Map<Role, Scoring>();
  readonly #schedule = new Schedule<Work, PageEvent>(
    (work) => this.#stepsOf(work),
    (event) => {
      this.send(event);
    },
  );

  constructor(
    roles: readonly Role[],
    language: View['language'],
    readonly options: PageOptions,
    readonly changed: () => void,
  ) {
    this.#state = firstState(roles, language);
  }

  get state(): PageState {
    return this.#state;
  }

  get view(): View {
    return this.#state.view;
  }

  get roles(): readonly Role[] {
    return this.#state.roles;
  }

  set roles(roles: readonly Role[]) {
    this.send({ type: 'rolesChanged', roles });
  }

  get role(): Role {
    return roleOf(this.#state);
  }

  get shown(): Shown | null {
    return shownOf(this.#state);
  }

  /** Small tables are scored, and shown by their scores, before this returns. */
  send(event: PageEvent): void {
    const { asked: before } = this.#state;
    this.#state = update(this.#state, event);
    const { asked, answered } = this.#state;
    if (asked && asked !== before && asked !== answered) this.#score(asked);
    const { address, view } = this.#state;
    if (address === 'push') {
      window.history.pushState(null, '', toHash(view));
      this.#state = update(this.#state, { type: 'addressWritten', view });
    }
    this.#schedule.want(workOf(this.#state));
    this.changed();
  }

  /** Shows another view. */
  show(change: Partial<View>, newEntry = false): void {
    this.send({ type: 'viewChanged', change, newEntry });
  }

  showRole(name: string, moment: SampleId | null = null): void {
    this.send({ type: 'roleChosen', name, moment });
  }

  /** Moves a value by hand. */
  move(metric: string, value: number): void {
    this.send({ type: 'valueMoved', metric, value });
  }

  /** Adds a role, or puts it in the place of the one of its name. */
  add(role: Role): void {
    const before = this.roles.find(({ name }) => name === role.name);
    this.roles = before
      ? this.roles.map((other) => (other === before ? role : other))
      : [...this.roles, role];
    if (!before) return;
    const scoring = this.#scorings.get(before);
    this.#scorings.delete(before);
    if (scoring) scoring.dispose();
    else before.model.dispose();
  }

  /** null: they are not there, and take long. */
  scoredAsTrained(role: Role): Scored | null {
    const scored = this.#scoringOf(role).get('on', noEdits);
    return scored instanceof Promise ? null : scored;
  }

  #scoringOf(role: Role): Scoring {
    const scoring = this.#scorings.get(role) ?? new Scoring(role);
    this.#scorings.set(role, scoring);
    return scoring;
  }

  #score(asked: Asked): void {
    const { role, tolerance, edits } = asked;
    for (const [other, scoring] of this.#scorings) if (other !== role) scoring.stop();
    const take = (scored: Scored): void => {
      this.send({ type: 'scored', asked, scored });
    };
    const fail = (error: unknown): void => {
      this.send({ type: 'failed', asked, error });
    };
    const progress = (share: number): void => {
      this.send({ type: 'progressed', asked, share });
    };
    let scored: Scored | Promise<Scored>;
    try {
      scored = this.#scoringOf(role).get(tolerance, edits, progress);
    } catch (error) {
      fail(error);
      return;
    }
    if (!(scored instanceof Promise)) {
      take(scored);
      return;
    }
    progress(0);
    scored.then(take, fail);
  }

  #stepsOf(work: Work): Iterable<PageEvent> | AsyncIterable<PageEvent> {
    switch (work.kind) {
      case 'address':
        window.history.replaceState(null, '', toHash(work.of));
        return [{ type: 'addressWritten', view: work.of }];
      case 'settle':
        return [{ type: 'settled', analysis: work.of }];
      case 'explain':
        return [explained(work.of)];
      case 'tell':
        return told(work.of);
      case 'price':
        return priced(work.of);
      case 'compare':
        return this.#compared(work.of);
      case 'lane':
        return [this.#laneFound(work.of)];
    }
  }

  async *#compared(role: Role): AsyncGenerator<PageEvent> {
    const count = async (tolerance: Switch): Promise<Counted> => {
      const scored = await this.#scoringOf(role).get(tolerance, noEdits);
      return countedOf(new Analysis(role, scored, {}, 'en'));
    };
    try {
      const on = await count('on');
      yield { type: 'compared', compared: { role, on, off: await count('off') } };
    } catch (error) {
      yield { type: 'failed', asked: null, error };
    }
  }

  #laneFound(role: Role): PageEvent {
    try {
      const scored = this.scoredAsTrained(role);
      return { type: 'laneFound', role, lane: scored && laneOf(role, scored) };
    } catch {
      // It is said when somebody asks for the role.
      return { type: 'laneFound', role, lane: null };
    }
  }
}

function explained(shown: Shown): PageEvent {
  const { analysis, sample, alert } = shown;
  const why = alert && analysis.explainAlert(alert);
  return { type: 'explained', shown, later: { why, similar: analysis.similar(sample) } };
}

function* told(analysis: Analysis): Generator<PageEvent> {
  for (const [alertId, sentence] of analysis.sentences()) {
    yield { type: 'told', analysis, alertId, sentence };
  }
}

function* priced(analysis: Analysis): Generator<PageEvent> {
  for (const prices of analysis.prices()) yield { type: 'priced', analysis, prices };
}

// Scores of a role's samples by its model as it was changed; the last ones are kept.
import type { Notice, RoleModel, Samples, TableScores } from 'rolemix';

import { edited, withoutTolerances } from './analysis.js';
import type { Role } from './roles.js';
import { isPlain, type Edits, type Switch } from './view.js';

export interface Scored {
  readonly model: RoleModel;
  /** Open with the model, and scored. */
  readonly samples: Samples;
  /** Of the samples as they are without edits. */
  readonly notices: readonly Notice[];
  /** Milliseconds that the scores took. */
  readonly time: number;
}

const mostInOnePiece = 60_000; // rows

export class Scoring {
  readonly #plain = new Map<Switch, Scored>();
  #last: { readonly key: string; readonly scored: Scored } | null = null;
  #off: RoleModel | null = null;
  /** Open with the models that were trained: what edits of them start from. */
  readonly #opened: Map<RoleModel, Samples>;
  #running = new AbortController();

  constructor(readonly role: Role) {
    this.#opened = new Map([[role.model, role.samples]]);
  }

  /** At once where the table is small; a later call ends an earlier one that is under way. */
  get(
    tolerance: Switch,
    edits: Edits,
    onProgress?: (share: number) => void,
  ): Scored | Promise<Scored> {
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const key = JSON.stringify([tolerance, edits]);
    const isTrained = isPlain(edits);
    const known = isTrained ? this.#plain.get(tolerance) : undefined;
    if (known) return known;
    if (this.#last?.key === key) return this.#last.scored;
    const started = performance.now();
    const keep = (done: Omit<Scored, 'time'>): Scored => {
      const scored = { ...done, time: performance.now() - started };
      if (isTrained) this.#plain.set(tolerance, scored);
      else {
        this.#forgetLast();
        this.#last = { key, scored };
      }
      return scored;
    };
    const scoreBy = (base: RoleModel): Scored | Promise<Scored> => {
      const model = edited(base, edits);
      const samples = this.#samplesOf(base, model);
      const { notices } = this.#samplesOf(base, base);
      const scored = this.#score(samples, signal, onProgress);
      if (!(scored instanceof Promise)) return keep({ model, samples, notices });
      return scored.then(
        () => keep({ model, samples, notices }),
        (error: unknown) => {
          if (model !== base) {
            samples.dispose();
            model.dispose();
          }
          throw error;
        },
      );
    };
    const base = this.#base(tolerance);
    return base instanceof Promise ? base.then(scoreBy) : scoreBy(base);
  }

  /** Ends what is under way. */
  stop(): void {
    this.#running.abort();
  }

  dispose(): void {
    this.stop();
    this.#forgetLast();
    for (const samples of this.#opened.values()) samples.dispose();
    this.#off?.dispose();
    this.role.model.dispose();
  }

  #forgetLast(): void {
    this.#last?.scored.samples.dispose();
    this.#last?.scored.model.dispose();
    this.#last = null;
  }

  #base(tolerance: Switch): RoleModel | Promise<RoleModel> {
    const { model, makeOff } = this.role;
    if (tolerance === 'on') return model;
    if (this.#off) return this.#off;
    if (!makeOff) return (this.#off = withoutTolerances(model));
    return makeOff().then((off) => (this.#off = off));
  }

  #samplesOf(base: RoleModel, model: RoleModel): Samples {
    const known = this.#opened.get(base) ?? base.open(this.role.table);
    this.#opened.set(base, known);
    return model === base ? known : model.open(known);
  }

  /** At once where they are few. */
  #score(
    samples: Samples,
    signal: AbortSignal,
    onProgress?: (share: number) => void,
  ): TableScores | Promise<TableScores> {
    if (samples.rows <= mostInOnePiece) return samples.scores;
    return samples.score({
      signal,
      onProgress: (done, total) => onProgress?.(done / total),
    });
  }
}

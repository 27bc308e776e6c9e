// Scores of a role's samples by its model as it was changed; the last ones are kept.
import type { RoleModel, TableScores } from 'rolemix';
import { ModelPool } from 'rolemix/pool';

import { edited, withoutTolerances } from './analysis.js';
import type { Role } from './roles.js';
import type { Edits, Switch } from './view.js';

export interface Scored {
  readonly model: RoleModel;
  readonly scores: TableScores;
  /** Milliseconds that the scores took. */
  readonly time: number;
}

export interface ScoringOptions {
  readonly wasmBinary: Uint8Array;
  readonly startWorker: () => Worker;
  readonly onProgress: (share: number) => void;
}

const mostInOnePiece = 60_000; // rows

export class Scoring {
  readonly #plain = new Map<Switch, Scored>();
  #last: { readonly key: string; readonly scored: Scored } | null = null;
  #off: RoleModel | null = null;
  #running = new AbortController();

  constructor(
    readonly role: Role,
    readonly options: ScoringOptions,
  ) {}

  /** What is known without edits. */
  get asTrained(): Scored | undefined {
    return this.#plain.get('on');
  }

  /** At once where the table is small; a later call ends an earlier one that is under way. */
  get(tolerance: Switch, edits: Edits): Scored | Promise<Scored> {
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const key = JSON.stringify([tolerance, edits]);
    const isPlain = edits.muted.length === 0 && Object.keys(edits.tolerances).length === 0;
    const known = isPlain ? this.#plain.get(tolerance) : undefined;
    if (known) return known;
    if (this.#last?.key === key) return this.#last.scored;
    const started = performance.now();
    const keep = (done: Omit<Scored, 'time'>): Scored => {
      const scored = { ...done, time: performance.now() - started };
      if (isPlain) this.#plain.set(tolerance, scored);
      else {
        this.#last?.scored.model.dispose();
        this.#last = { key, scored };
      }
      return scored;
    };
    const scoreBy = (base: RoleModel): Scored | Promise<Scored> => {
      const model = edited(base, edits);
      const scored = this.#score(model, signal, isPlain && tolerance === 'on');
      if (!(scored instanceof Promise)) return keep(scored);
      return scored.then(keep, (error: unknown) => {
        if (model !== base) model.dispose();
        throw error;
      });
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
    this.#last?.scored.model.dispose();
    this.#off?.dispose();
    this.role.model.dispose();
  }

  #base(tolerance: Switch): RoleModel | Promise<RoleModel> {
    const { model, makeOff } = this.role;
    if (tolerance === 'on') return model;
    if (this.#off) return this.#off;
    if (!makeOff) return (this.#off = withoutTolerances(model));
    return makeOff().then((off) => (this.#off = off));
  }

  #score(
    model: RoleModel,
    signal: AbortSignal,
    asTrained = false,
  ): Omit<Scored, 'time'> | Promise<Omit<Scored, 'time'>> {
    const { table } = this.role;
    if (table.timestamps.length <= mostInOnePiece) return { model, scores: model.score(table) };
    const scores = asTrained
      ? this.#scoreInWorkers(signal)
      : this.#pooled(ModelPool.of(model), signal);
    return scores.then((done) => ({ model, scores: done }));
  }

  async #scoreInWorkers(signal: AbortSignal): Promise<TableScores> {
    const { wasmBinary, startWorker } = this.options;
    using pool = await ModelPool.load(this.role.file, { wasmBinary, startWorker });
    return await this.#pooled(pool, signal);
  }

  #pooled(pool: ModelPool, signal: AbortSignal): Promise<TableScores> {
    const onProgress = (done: number, total: number): void => {
      this.options.onProgress(done / total);
    };
    return pool.score(this.role.table, { signal, onProgress });
  }
}

// All verdicts that a page knows, in memory at once and in the store behind it.
import type { Alert } from 'rolemix';
import {
  fromJsonLines,
  knownKinds,
  newRecords,
  newestPerAlert,
  verdictOf,
  type LineError,
  type Said,
  type Verdict,
} from 'rolemix/verdicts';

import { VerdictStore } from './store.js';

/** What became of a file. */
export interface ImportReport {
  readonly name: string;
  readonly read: number;
  /** Of those read; the others were there already. */
  readonly added: number;
  readonly errors: readonly LineError[];
  /** Errors beyond these. */
  readonly unlisted: number;
}

export class VerdictBook {
  readonly #store: VerdictStore;
  readonly #changed: () => void;
  #records: readonly Verdict[];
  #newest: ReadonlyMap<string, Verdict>;
  #writing: Promise<void> = Promise.resolve();
  readonly author: string;

  private constructor(
    store: VerdictStore,
    records: readonly Verdict[],
    author: string,
    changed: () => void,
  ) {
    this.#store = store;
    this.#changed = changed;
    this.author = author;
    this.#records = records;
    this.#newest = newestPerAlert(records);
  }

  /** `changed` is called after every change, and once more when it is written. */
  static async open(author: string, changed: () => void): Promise<VerdictBook> {
    const store = await VerdictStore.open();
    return new VerdictBook(store, await store.all(), author, changed);
  }

  get kept(): 'browser' | 'memory' {
    return this.#store.kept;
  }

  get records(): readonly Verdict[] {
    return this.#records;
  }

  /** The known kinds and those used before, the newest of these first. */
  get kinds(): readonly string[] {
    const used = [...this.#records].sort((a, b) => b.created - a.created).map(({ kind }) => kind);
    return [...new Set([...knownKinds, ...used])].filter((kind) => kind !== '').slice(0, 50);
  }

  /** The newest of this alert. */
  of(alertId: string): Verdict | null {
    return this.#newest.get(alertId) ?? null;
  }

  say(alert: Alert, said: Omit<Said, 'author'>): void {
    const record = verdictOf(alert, { ...said, author: this.author }, this.of(alert.alertId));
    this.#change([...this.#records, record], (store) => store.put([record]));
  }

  /** Takes back the newest of this alert if it is the author's own; the one before it counts again. */
  undo(alertId: string): void {
    const record = this.of(alertId);
    if (!record || record.author !== this.author) return;
    this.#change(
      this.#records.filter(({ uid }) => uid !== record.uid),
      (store) => store.remove(record.uid),
    );
  }

  /** Adds the records of a JSON Lines text that are new here. */
  import(text: string, name: string): ImportReport {
    const { records, errors, unlisted } = fromJsonLines(text, name);
    const added = newRecords(this.#records, records);
    if (added.length > 0) {
      this.#change([...this.#records, ...added], (store) => store.put(added));
    }
    return { name, read: records.length, added: added.length, errors, unlisted };
  }

  /** When all changes so far are written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #change(records: readonly Verdict[], write: (store: VerdictStore) => Promise<void>): void {
    this.#records = records;
    this.#newest = newestPerAlert(records);
    this.#writing = this.#writing.then(() => write(this.#store));
    void this.#writing.then(this.#changed);
    this.#changed();
  }
}

// Verdicts in the browser's database; in memory where there is none, or where it fails.
import { newRecords, readVerdict, type Verdict } from 'rolemix/verdicts';

const database = 'rolemix';
const storeName = 'verdicts';

/** What an IndexedDB request gives. */
function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('the database gave no reason'));
    };
  });
}

/** When a transaction is written; full disks show here, not in its requests. */
function written(transaction: IDBTransaction): Promise<void> {
  // Else a page that is being left would abort it.
  transaction.commit();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('the transaction was aborted'));
    };
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(storeName, { keyPath: 'uid' });
  };
  return new Promise((resolve, reject) => {
    // Another tab holds another version; should it let go later, nobody waits any more.
    request.onblocked = () => {
      reject(new Error('the database is blocked'));
      void done(request).then((late) => {
        late.close();
      });
    };
    done(request).then(resolve, reject);
  });
}

/** Never fails: `kept` says whether records outlive the page. */
export class VerdictStore {
  #database: IDBDatabase | null = null;
  /** All that this page has seen, to go on from when the database fails. */
  readonly #seen = new Map<string, Verdict>();

  private constructor() {
    // Made by open().
  }

  static async open(): Promise<VerdictStore> {
    const store = new VerdictStore();
    try {
      const opened = await openDatabase();
      opened.onversionchange = () => {
        store.close();
      };
      opened.onclose = () => {
        store.#database = null;
      };
      store.#database = opened;
    } catch {
      store.#database = null;
    }
    await store.all();
    return store;
  }

  get kept(): 'browser' | 'memory' {
    return this.#database ? 'browser' : 'memory';
  }

  /** In order of uid. What is in the database but is no verdict is left out. */
  async all(): Promise<readonly Verdict[]> {
    await this.#use('readonly', async (store) => {
      const values: unknown[] = await done(store.getAll());
      const records = values
        .map(readVerdict)
        .flatMap((read) => ('record' in read ? read.record : []));
      this.#seen.clear();
      for (const record of records) this.#seen.set(record.uid, record);
    });
    return [...this.#seen.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
  }

  /** Adds those whose uid is new; all or none of them. */
  async put(records: readonly Verdict[]): Promise<void> {
    const added = newRecords([...this.#seen.values()], records);
    for (const record of added) this.#seen.set(record.uid, record);
    await this.#use('readwrite', async (store) => {
      for (const record of added) store.put(record);
      await written(store.transaction);
    });
  }

  async remove(uid: string): Promise<void> {
    this.#seen.delete(uid);
    await this.#use('readwrite', async (store) => {
      store.delete(uid);
      await written(store.transaction);
    });
  }

  /** From here on in memory. */
  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  async #use(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => Promise<void>,
  ): Promise<void> {
    if (!this.#database) return;
    try {
      await work(this.#database.transaction(storeName, mode).objectStore(storeName));
    } catch {
      this.close();
    }
  }
}

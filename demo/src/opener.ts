// Opens what people drop, choose or name: models and samples become roles; what was loaded stays.
import { RoleModel, type SampleTable } from 'rolemix';

import type { Problem } from './components/data-panel.js';
import { openFolder, openModel } from './open/folder.js';
import { openFiles, type ModelFile, type OpenOptions } from './open/reader.js';
import type { PageModel } from './page-model.js';
import { HostIndex, rowsOfHosts, type Role } from './roles.js';
import { say } from './words.js';

const mostNamed = 5;
const latestTime = 253_402_300_799; // the end of the year 9999; milliseconds are later

export interface OpenerOptions {
  readonly startWorker: NonNullable<OpenOptions['startWorker']>;
  /** Bytes of rolemix-table.wasm. */
  readonly tableModule: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** A model that has no samples so far. */
interface Waiting {
  readonly role: string;
  /** Names of its metrics. */
  readonly metrics: readonly string[];
  /** Of its role; null: any. */
  readonly hosts: readonly string[] | null;
  readonly open: () => Promise<ModelFile>;
}

export class Opener {
  problems: readonly Problem[] = [];
  notes: readonly string[] = [];
  busy: string | null = null;
  /** By role. */
  readonly #waiting = new Map<string, Waiting>();
  #queue: Promise<void> = Promise.resolve();

  constructor(
    readonly page: PageModel,
    readonly options: OpenerOptions,
    readonly changed: () => void,
  ) {}

  openFiles(files: readonly File[]): Promise<void> {
    return this.#do(files.map(({ name }) => name).join(', '), async () => {
      const onProgress = ({ name }: { readonly name: string }): void => {
        this.#say(name);
      };
      const { startWorker, tableModule } = this.options;
      const wasmBinary = await tableModule();
      const options = { startWorker, wasmBinary, onProgress };
      const { models, table, errors } = await openFiles(files, options);
      this.#fail(...errors);
      for (const file of models) await this.#offer(file);
      await this.#useSamples(table, models.length > 0);
    });
  }

  /** Loads the models of a folder whose hosts the page has samples of; the others wait for samples. */
  openFolder(address: string): Promise<void> {
    return this.#do(address, async () => {
      const { models } = await openFolder(address);
      for (const entry of models) {
        const { role, metrics, hosts } = entry;
        this.#waiting.set(role, { role, metrics, hosts, open: () => openModel(entry) });
      }
      await this.#useSamples(null, true);
    });
  }

  /** A model file waits for samples from now on. */
  async #offer(file: ModelFile): Promise<void> {
    try {
      const { wasmBinary } = this.page.options;
      using model = await RoleModel.load(file.bytes, { wasmBinary });
      const { role, metrics } = model.info;
      const names = metrics.map(({ name }) => name);
      const open = (): Promise<ModelFile> => Promise.resolve(file);
      this.#waiting.set(role, { role, metrics: names, hosts: null, open });
    } catch (error) {
      this.#fail({ name: file.name, message: messageOf(error) });
    }
  }

  /** Samples, null for those that roles have already, become those of the models that wait for such. */
  async #useSamples(table: SampleTable | null, hasModels: boolean): Promise<void> {
    let first: string | null = null;
    const candidates: Waiting[] = [...this.#waiting.values()];
    if (table && !hasModels && !candidates.some((each) => fits(table, each))) {
      candidates.push(waitingAs(this.page.role));
    }
    for (const each of candidates) {
      const known = this.page.roles.find(({ name }) => name === each.role);
      const samples = table ?? known?.table;
      if (!samples || !(await this.#use(each, samples))) continue;
      first ??= each.role;
    }
    if (first !== null) this.page.showRole(first);
    else this.#tellWaiting();
  }

  /** Whether the samples can be of the model's role. */
  async #use(waiting: Waiting, table: SampleTable): Promise<boolean> {
    const { role, metrics, hosts } = waiting;
    if (!hasMetrics(table, waiting)) {
      const own = listed(Object.keys(table.metrics));
      const message = say(this.#language, 'noMetrics', role, own, role, listed(metrics));
      this.#fail({ name: role, message });
      return false;
    }
    const samples = hosts ? rowsOfHosts(table, hosts) : table;
    if (samples.timestamps.length === 0) return false;
    const missing = metrics.filter((name) => !Object.hasOwn(table.metrics, name));
    if (missing.length > 0) {
      const names = listed(missing);
      this.#note(say(this.#language, 'missingMetrics', missing.length, metrics.length, names));
    }
    try {
      const file = await waiting.open();
      this.page.add(await this.#roleOf(file.bytes, samples));
      this.#waiting.delete(role);
      return true;
    } catch (error) {
      this.#fail({ name: role, message: messageOf(error) });
      return false;
    }
  }

  async #roleOf(file: Uint8Array, table: SampleTable): Promise<Role> {
    const index = new HostIndex(table);
    if (!(index.end <= latestTime)) {
      throw new Error(`timestamps: expected epoch seconds, got ${index.end}`);
    }
    const model = await RoleModel.load(file, { wasmBinary: this.page.options.wasmBinary });
    const { role: name } = model.info;
    const nothing = { makeOff: null, incidents: [], scenes: [] };
    return { name, origin: 'opened', model, file, table, index, ...nothing };
  }

  #tellWaiting(): void {
    const all = [...this.#waiting.values()];
    for (const { role, metrics } of all.slice(0, mostNamed)) {
      this.#note(say(this.#language, 'modelKept', role, listed(metrics)));
    }
    if (all.length > mostNamed) this.#note(listed(all.map(({ role }) => role)));
  }

  get #language(): 'en' | 'ja' {
    return this.page.view.language;
  }

  /** One after the other. */
  #do(name: string, work: () => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      this.problems = [];
      this.notes = [];
      this.#say(name);
      try {
        await work();
      } catch (error) {
        this.#fail({ name, message: messageOf(error) });
      }
      this.busy = null;
      this.changed();
    };
    return (this.#queue = this.#queue.then(run));
  }

  #say(name: string): void {
    this.busy = say(this.#language, 'reading', name);
    this.changed();
  }

  #note(note: string): void {
    this.notes = [...this.notes, note];
  }

  #fail(...problems: readonly Problem[]): void {
    this.problems = [...this.problems, ...problems];
  }
}

/** A role that has samples, as if it waited for others. */
function waitingAs({ name, model, file }: Role): Waiting {
  const metrics = model.info.metrics.map((metric) => metric.name);
  return { role: name, metrics, hosts: null, open: () => Promise.resolve({ name, bytes: file }) };
}

function hasMetrics(table: SampleTable, { metrics }: Waiting): boolean {
  return metrics.some((name) => Object.hasOwn(table.metrics, name));
}

function fits(table: SampleTable, waiting: Waiting): boolean {
  const { hosts } = waiting;
  const known = hosts && new Set(hosts);
  return (
    hasMetrics(table, waiting) && (known === null || table.hosts.some((host) => known.has(host)))
  );
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return names.slice(0, mostNamed).join(', ') + (more > 0 ? `, … (+${more})` : '');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

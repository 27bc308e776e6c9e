// Opens what people drop, choose or name: models and samples become roles; what was loaded stays.
import { RoleModel, type SampleTable } from 'rolemix';
import { chooseRoles, type RoleCandidate, type RoleChoice } from 'rolemix/csv';
import {
  openFiles,
  openFolder,
  openModel,
  type FileProgress,
  type ModelFile,
  type OpenFilesOptions,
} from 'rolemix/files';

import type { PageModel } from './page-model.js';
import { rowsOfHosts, type Role } from './roles.js';
import { faultOf, type Problem, type Subject } from './problems.js';
import { say, type Said, type TextName } from './words.js';

const mostNamed = 5;

export interface OpenerOptions {
  readonly startWorker: NonNullable<OpenFilesOptions['startWorker']>;
  /** Bytes of rolemix-table.wasm. */
  readonly tableModule: Uint8Array<ArrayBuffer>;
}

/** A model that has no samples so far. */
interface Waiting extends RoleCandidate {
  readonly open: () => Promise<ModelFile>;
}

export class Opener {
  problems: readonly Problem[] = [];
  notes: readonly Said[] = [];
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
    return this.#do('data', files.map(({ name }) => name).join(', '), async () => {
      const onProgress = ({ file }: FileProgress): void => {
        this.#say(file);
      };
      const { startWorker, tableModule: wasmBinary } = this.options;
      const options = { startWorker, wasmBinary, onProgress, timezone: 'local' };
      const { models, table, errors } = await openFiles(files, options);
      this.#fail(
        ...errors.map(({ code, message }) => ({ subject: 'data', code, detail: message }) as const),
      );
      for (const file of models) await this.#offer(file);
      await this.#useSamples(table, models.length > 0);
    });
  }

  /** Loads the models of a folder whose hosts the page has samples of; the others wait for samples. */
  openFolder(address: string): Promise<void> {
    return this.#do('folder', address, async () => {
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
      this.#fail(faultOf('model', error, file.name));
    }
  }

  /** Samples, null for those that roles have already, become those of the models that wait for such. */
  async #useSamples(table: SampleTable | null, hasModels: boolean): Promise<void> {
    let first: string | null = null;
    const candidates: Waiting[] = [...this.#waiting.values()];
    if (table && !hasModels && !candidates.some((each) => fits(table, each))) {
      if (isOf(this.page.role, table)) {
        candidates.push(waitingAs(this.page.role));
      } else if (candidates.length === 0) {
        this.#fail({ text: 'noModel', parts: [listed(Object.keys(table.metrics))] });
        return;
      }
    }
    const assigned = table && (await this.#chooseRoles(table, candidates));
    const unfit: (readonly [Waiting, SampleTable])[] = [];
    const shown = new Set<string>();
    for (const each of candidates) {
      const known = this.page.roles.find(({ name }) => name === each.role);
      const samples = table ?? known?.table;
      if (!samples) continue;
      if (!hasMetrics(samples, each)) {
        if (hasHosts(samples, each)) unfit.push([each, samples]);
        continue;
      }
      const hosts = assigned ? (assigned.hosts.get(each.role) ?? []) : each.hosts;
      if (!(await this.#use(each, samples, hosts))) continue;
      first ??= each.role;
      shown.add(each.role);
    }
    const open = candidates.filter(({ hosts }) => hosts === null);
    if (assigned) this.#tellHosts(assigned, withMetrics(table, open), shown);
    if (first !== null) {
      this.page.showRole(first);
      this.#tellWaiting(open);
      return;
    }
    for (const [{ role, metrics }, samples] of unfit) {
      const own = listed(Object.keys(samples.metrics));
      this.#fail({ text: 'noMetrics', parts: [role, own, role, listed(metrics)] });
    }
    this.#tellWaiting([...this.#waiting.values()]);
  }

  /** Whether the samples of these hosts, null for all, became those of the model. */
  async #use(
    waiting: Waiting,
    table: SampleTable,
    hosts: readonly string[] | null,
  ): Promise<boolean> {
    const { role, metrics } = waiting;
    const samples = hosts ? rowsOfHosts(table, hosts) : table;
    if (samples.timestamps.length === 0) return false;
    const missing = metrics.filter((name) => !hasValues(samples, name));
    if (missing.length > 0) {
      this.#note('missingMetrics', role, missing.length, metrics.length, listed(missing));
    }
    let subject: Subject = 'folder';
    let model: RoleModel | undefined;
    try {
      const file = await waiting.open();
      subject = 'model';
      model = await RoleModel.load(file.bytes, { wasmBinary: this.page.options.wasmBinary });
      subject = 'data';
      this.page.add(roleOf(model, file.bytes, samples));
      this.#waiting.delete(role);
      return true;
    } catch (error) {
      model?.dispose();
      this.#fail(faultOf(subject, error, role));
      return false;
    }
  }

  async #chooseRoles(table: SampleTable, candidates: readonly Waiting[]): Promise<RoleChoice> {
    const { tableModule: wasmBinary } = this.options;
    return chooseRoles(table, withMetrics(table, candidates), { wasmBinary });
  }

  /** Where the page chose hosts by their metrics. */
  #tellHosts(
    { hosts, ambiguous, leftOut }: RoleChoice,
    open: readonly Waiting[],
    shown: ReadonlySet<string>,
  ): void {
    const unsure = new Set(ambiguous.flatMap((group) => group.hosts));
    for (const { role } of open.length > 1 ? open : []) {
      const own = hosts.get(role)!.filter((host) => !unsure.has(host));
      if (own.length > 0 && shown.has(role)) {
        this.#note('fromMetrics', role, own.length, listed(own));
      }
    }
    for (const group of ambiguous) {
      this.#note('ambiguousHosts', group.hosts.length, listed(group.hosts), listed(group.roles));
    }
    if (leftOut.length > 0) {
      const roles = listed(open.map(({ role }) => role));
      this.#note('hostsLeftOut', leftOut.length, listed(leftOut), roles);
    }
  }

  #tellWaiting(some: readonly Waiting[]): void {
    const all = some.filter(({ role }) => this.#waiting.has(role));
    for (const { role, metrics } of all.slice(0, mostNamed)) {
      this.#note('modelKept', role, listed(metrics));
    }
    if (all.length > mostNamed) this.#note('alsoKept', listed(all.map(({ role }) => role)));
  }

  /** One after the other. */
  #do(subject: Subject, name: string, work: () => Promise<void>): Promise<void> {
    const run = async (): Promise<void> => {
      this.problems = [];
      this.notes = [];
      this.#say(name);
      try {
        await work();
      } catch (error) {
        this.#fail(faultOf(subject, error, name));
      }
      this.busy = null;
      this.changed();
    };
    return (this.#queue = this.#queue.then(run));
  }

  #say(name: string): void {
    this.busy = say(this.page.view.language, 'reading', name);
    this.changed();
  }

  #note(text: TextName, ...parts: Said['parts']): void {
    this.notes = [...this.notes, { text, parts }];
  }

  #fail(...problems: readonly Problem[]): void {
    this.problems = [...this.problems, ...problems];
  }
}

function roleOf(model: RoleModel, file: Uint8Array, table: SampleTable): Role {
  const { role: name } = model.info;
  const samples = model.open(table);
  const nothing = { makeOff: null, incidents: [], scenes: [] };
  return { name, origin: 'opened', model, file, table, samples, ...nothing };
}

/** Whether any sample has a value of the metric. */
function hasValues({ metrics }: SampleTable, metric: string): boolean {
  const column = Object.hasOwn(metrics, metric) ? metrics[metric]! : [];
  for (let row = 0; row < column.length; row++) if (Number.isFinite(column[row])) return true;
  return false;
}

/** A role that has samples, as if it waited for others. */
function waitingAs({ name, model, file }: Role): Waiting {
  const metrics = model.info.metrics.map((metric) => metric.name);
  return { role: name, metrics, hosts: null, open: () => Promise.resolve({ name, bytes: file }) };
}

/** Whether samples may be the role's: where the page brought it, of hosts of its own. */
function isOf({ origin, table: { hosts } }: Role, table: SampleTable): boolean {
  if (origin === 'opened') return true;
  const known = new Set(hosts);
  return table.hosts.some((host) => known.has(host));
}

function hasMetrics(table: SampleTable, { metrics }: Waiting): boolean {
  return metrics.some((name) => Object.hasOwn(table.metrics, name));
}

function withMetrics(table: SampleTable, some: readonly Waiting[]): readonly Waiting[] {
  return some.filter((each) => hasMetrics(table, each));
}

function fits(table: SampleTable, waiting: Waiting): boolean {
  return hasMetrics(table, waiting) && hasHosts(table, waiting);
}

/** Whether some of the samples can be of its hosts. */
function hasHosts(table: SampleTable, { hosts }: Waiting): boolean {
  if (hosts === null) return true;
  const known = new Set(hosts);
  return table.hosts.some((host) => known.has(host));
}

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return names.slice(0, mostNamed).join(', ') + (more > 0 ? `, … (+${more})` : '');
}

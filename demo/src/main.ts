// Starts the page, or says what is missing.
import { RoleModel, RolemixError } from 'rolemix';
import { loadTableModule } from 'rolemix/csv';
import PackageWorker from 'rolemix/worker?worker&inline';

import { RolemixConsole } from './components/rolemix-console.js';
import { Opener } from './opener.js';
import { PageModel } from './page-model.js';
import type { Role } from './roles.js';
import { readBlock } from './blocks.js';
import { unpackSamples, type Sample } from './sample.js';
import { VerdictBook } from './verdicts/book.js';
import { languageOf } from './view.js';
import { say } from './words.js';

/** The language of the address, or of the browser. */
const language = languageOf(window.location.hash);

/** What this browser lacks, beside what the package finds out; null: nothing. */
function missing(): string | null {
  if (typeof WebAssembly === 'undefined') return say(language, 'wasmOff');
  if (typeof DecompressionStream === 'undefined') return 'DecompressionStream';
  return null;
}

/** Nothing but Lit's own templates becomes HTML; zrender empties its element that way, which is harmless. */
function refuseHtml(): void {
  const { trustedTypes } = window as Partial<Window> & {
    readonly trustedTypes?: {
      createPolicy(
        name: string,
        rules: {
          createHTML(text: string): string | null;
          createScriptURL(address: string): string | null;
        },
      ): unknown;
    };
  };
  trustedTypes?.createPolicy('default', {
    createHTML: (text) => (text === '' ? text : null),
    // Workers are in this file.
    createScriptURL: (address) => (address.startsWith('blob:') ? address : null),
  });
}

async function toRole(sample: Sample, wasmBinary: Uint8Array): Promise<Role> {
  const { table, incidents, scenes, models } = sample;
  const model = await RoleModel.load(models.on, { wasmBinary });
  const { off } = models;
  return {
    name: model.info.role,
    origin: sample.origin,
    model,
    file: models.on,
    makeOff: off ? () => RoleModel.load(off, { wasmBinary }) : null,
    table,
    samples: model.open(table),
    incidents,
    scenes,
  };
}

async function start(): Promise<RolemixConsole> {
  const lacks = missing();
  if (lacks) {
    throw new Error(say(language, 'browserLacks', lacks));
  }
  const blocks = [readBlock('module'), readBlock('table'), readBlock('sample')] as const;
  const [wasmBinary, tableModule, bytes] = await Promise.all(blocks);
  await loadTableModule({ wasmBinary: tableModule });
  const samples = unpackSamples(bytes);
  const roles = await Promise.all(samples.map((sample) => toRole(sample, wasmBinary)));
  const page = new RolemixConsole();
  const changed = (): void => {
    page.requestUpdate();
  };
  page.model = new PageModel(roles, language, { wasmBinary }, changed);
  const options = { startWorker: () => new PackageWorker(), tableModule };
  page.opener = new Opener(page.model, options, changed);
  // What is not on the first view comes after it.
  void VerdictBook.open('', changed).then((book) => {
    page.book = book;
  });
  return page;
}

function explainFailure(error: unknown): void {
  const notice = document.getElementById('notice');
  if (!notice) return;
  const isOld = error instanceof RolemixError && error.code === 'unsupported_engine';
  const found = error instanceof Error ? error.message : String(error);
  const message = isOld ? say(language, 'browserLacks', 'WebAssembly SIMD') : found;
  notice.setAttribute('role', 'alert');
  document.documentElement.lang = language;
  notice.textContent = say(language, 'cannotStart', message);
}

refuseHtml();
try {
  const page = await start();
  document.getElementById('page')?.replaceChildren(page);
} catch (error) {
  explainFailure(error);
}

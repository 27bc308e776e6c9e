// Starts the page, or says what is missing.
import { RoleModel } from 'rolemix';

import { Analysis, newWork } from './analysis.js';
import { RolemixConsole } from './components/rolemix-console.js';
import { readBlock, unpackSamples } from './sample.js';

/** (func (result v128) i32.const 0; i8x16.splat; i8x16.popcnt) */
const simdProbe = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
);

/** What this browser lacks; null: nothing. */
function missing(): string | null {
  if (typeof WebAssembly === 'undefined') return 'WebAssembly, or it is switched off';
  if (!WebAssembly.validate(simdProbe)) return 'WebAssembly SIMD';
  if (typeof DecompressionStream === 'undefined') return 'DecompressionStream';
  return null;
}

/** Nothing but Lit's own templates becomes HTML; zrender empties its element that way, which is harmless. */
function refuseHtml(): void {
  const { trustedTypes } = window as Partial<Window> & {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: { createHTML(text: string): string | null }): unknown;
    };
  };
  trustedTypes?.createPolicy('default', { createHTML: (text) => (text === '' ? text : null) });
}

async function start(): Promise<RolemixConsole> {
  const lacks = missing();
  if (lacks) {
    throw new Error(
      `this browser lacks ${lacks}. Please use Chrome 91, Firefox 113, Safari 16.4 or newer`,
    );
  }
  const [wasmBinary, bytes] = await Promise.all([readBlock('module'), readBlock('sample')]);
  const [sample] = unpackSamples(bytes);
  if (!sample) throw new Error('the page holds no sample');
  const { on, off } = sample.models;
  const work = newWork();
  const analyse = async (file: Uint8Array): Promise<Analysis> =>
    new Analysis(await RoleModel.load(file, { wasmBinary }), sample, work);
  const page = new RolemixConsole();
  page.sample = sample;
  page.on = await analyse(on);
  page.makeOff = () => analyse(off ?? on);
  return page;
}

function explainFailure(error: unknown): void {
  const notice = document.getElementById('notice');
  if (!notice) return;
  const message = error instanceof Error ? error.message : String(error);
  notice.setAttribute('role', 'alert');
  notice.textContent = `The page cannot start: ${message}.`;
}

refuseHtml();
try {
  const page = await start();
  document.getElementById('page')?.replaceChildren(page);
} catch (error) {
  explainFailure(error);
}

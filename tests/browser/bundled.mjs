// Modules of the page, bundled on their own.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const esbuild = createRequire(import.meta.url).resolve('esbuild/bin/esbuild');

/** The code of one module with all that it imports; `entry` is relative to this folder. */
function bundle(entry) {
  // A process of its own: Jest's globals are not those that esbuild's library asks for.
  const options = ['--bundle', '--format=esm', '--target=es2022', '--log-level=warning'];
  return execFileSync(esbuild, [join(here, entry), ...options], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
}

export async function importBundled(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'rolemix-bundle-'));
  const file = join(folder, 'module.mjs');
  writeFileSync(file, bundle(entry));
  const module = await import(pathToFileURL(file).href);
  rmSync(folder, { recursive: true });
  return module;
}

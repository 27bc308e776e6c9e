// Puts into dist/ the entries of the package as scripts, and the module, which CMake has built.
import { build } from 'esbuild';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const glue = here('../build/wasm/rolemix.js');
const wasm = here('../build/wasm/rolemix.wasm');

if (!existsSync(glue) || !existsSync(wasm)) {
  console.error(`${wasm} is missing; build it with:`);
  console.error('  . script/lib/env.sh && emcmake cmake --preset wasm');
  console.error('  cmake --build --preset wasm --target rolemix_wasm');
  process.exit(1);
}

/** Other code in the place of a source file. */
const instead = (filter, contents) => ({
  name: `instead of ${filter}`,
  setup({ onLoad }) {
    onLoad({ filter }, () => ({ contents, loader: 'js' }));
  },
});

/** The glue from where CMake puts it; the index, where it is not the entry, stays a file of its own. */
const places = (index) => ({
  name: 'places',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/rolemix\.js$/ }, () => ({ path: glue }));
    onResolve({ filter: /^\.\/index\.js$/ }, ({ kind }) =>
      index && kind !== 'entry-point' ? { path: index, external: true } : null,
    );
  },
});

/** Says to bundlers for browsers that imports without a literal name are Node's: minifying drops comments. */
function markImports(code) {
  return code.replaceAll(
    'await import(',
    'await import(/* webpackIgnore: true */ /* @vite-ignore */',
  );
}

async function bundle(entry, output, { index, plugins = [], ...options }) {
  const { outputFiles } = await build({
    entryPoints: [here(`src/${entry}.ts`)],
    write: false,
    bundle: true,
    minify: true,
    target: 'es2022',
    plugins: [places(index), ...plugins],
    ...options,
  });
  writeFileSync(here(`dist/${output}`), markImports(outputFiles[0].text));
}

const esm = { format: 'esm' };
const commonJs = {
  format: 'cjs',
  platform: 'node',
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
};
const inlined = [
  instead(
    /src\/location\.ts$/,
    `let bytes;
    export const defaultModule = () =>
      (bytes ??= Uint8Array.from(atob('${readFileSync(wasm).toString('base64')}'), (c) => c.charCodeAt(0)));`,
  ),
  instead(
    /src\/remote\.ts$/,
    'export const startRemotes = async () => []; export class WorkerGone extends Error {}',
  ),
];

await bundle('index', 'index.js', esm);
await bundle('pool', 'pool.js', { ...esm, index: './index.js' });
await bundle('worker', 'worker.js', { ...esm, index: './index.js' });
await bundle('inline', 'inline.js', { ...esm, plugins: inlined });
await bundle('index', 'index.cjs', commonJs);
await bundle('pool', 'pool.cjs', { ...commonJs, index: './index.cjs' });
await bundle('inline', 'inline.cjs', { ...commonJs, plugins: inlined });

copyFileSync(wasm, here('dist/rolemix.wasm'));
copyFileSync(here('src/rolemix.d.ts'), here('dist/rolemix.d.ts'));
copyFileSync(here('../LICENSE'), here('dist/LICENSE'));
// The same types for those who require() the package.
for (const name of readdirSync(here('dist')).filter((file) => file.endsWith('.d.ts'))) {
  const types = readFileSync(here(`dist/${name}`), 'utf8');
  const commonJsName = name.replace(/\.d\.ts$/, '.d.cts');
  writeFileSync(here(`dist/${commonJsName}`), types.replace(/(from '\.\/[\w-]+)\.js'/g, "$1.cjs'"));
}

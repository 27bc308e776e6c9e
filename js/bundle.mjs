// Puts into dist/ the entries of the package as scripts, and the modules, which CMake has built.
import { build } from 'esbuild';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = (name) => here(`../build/wasm/${name}`);
const modules = ['rolemix', 'rolemix-table'];

for (const file of modules.flatMap((name) => [`${name}.js`, `${name}.wasm`]).map(built)) {
  if (existsSync(file)) continue;
  console.error(`${file} is missing; build it with:`);
  console.error('  . script/lib/env.sh && emcmake cmake --preset wasm');
  console.error('  cmake --build --preset wasm --target rolemix_wasm rolemix_table_wasm');
  process.exit(1);
}

/** Other code in the place of a source file. */
const instead = (filter, contents) => ({
  name: `instead of ${filter}`,
  setup({ onLoad }) {
    onLoad({ filter }, () => ({ contents, loader: 'js' }));
  },
});

/** Other words in a source file, where they have to be. */
const rewritten = (filter, from, to) => ({
  name: `rewritten ${filter}`,
  setup({ onLoad }) {
    onLoad({ filter }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      if (!code.includes(from)) throw new Error(`${path}: expected to find ${from}`);
      return { contents: code.replaceAll(from, to), loader: 'js' };
    });
  },
});

/**
 * The glue from where CMake puts it; the index, and the reader of tables, where they are not the entry, stay files of
 * their own, whose names end in `end`.
 */
const places = (end) => ({
  name: 'places',
  setup({ onResolve }) {
    const apart =
      (file) =>
      ({ kind }) =>
        end && kind !== 'entry-point' ? { path: `./${file}.${end}`, external: true } : null;
    onResolve({ filter: /^\.\/rolemix(-table)?\.js$/ }, ({ path }) => ({ path: built(path) }));
    // Also the errors: their class must be one.
    onResolve({ filter: /^\.\.?\/(index|error)\.js$/ }, apart('index'));
    onResolve({ filter: /^\.\/csv\.js$/ }, apart('csv'));
  },
});

/** Says to bundlers for browsers that imports without a literal name are Node's: minifying drops comments. */
function markImports(code) {
  return code.replaceAll(
    'await import(',
    'await import(/* webpackIgnore: true */ /* @vite-ignore */',
  );
}

async function bundle(entry, output, { shared, plugins = [], ...options }) {
  const plain = !entry.startsWith('elements');
  const { outputFiles } = await build({
    entryPoints: [here(`src/${entry}.ts`)],
    write: false,
    bundle: true,
    minify: true,
    target: 'es2022',
    plugins: [places(shared), ...plugins],
    ...options,
    // The glue would look where its script lies, which load.ts knows; nothing else but the elements uses the page.
    define: { ...(plain && { document: 'undefined' }), ...options.define },
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
const bytesOf = (name, call) => `let bytes;
  export const ${call} = () =>
    (bytes ??= Uint8Array.from(atob('${readFileSync(built(name)).toString('base64')}'), (c) => c.charCodeAt(0)));`;
const inlined = [
  instead(/src\/location\.ts$/, bytesOf('rolemix.wasm', 'defaultModule')),
  instead(/src\/csv-location\.ts$/, bytesOf('rolemix-table.wasm', 'defaultTableModule')),
  instead(
    /src\/remote\.ts$/,
    'export const startRemotes = async () => []; export class WorkerGone extends Error {}',
  ),
];

await bundle('index', 'index.js', esm);
await bundle('index', 'index.cjs', commonJs);
for (const entry of ['pool', 'csv', 'files', 'verdicts', 'config']) {
  await bundle(entry, `${entry}.js`, { ...esm, shared: 'js' });
  await bundle(entry, `${entry}.cjs`, { ...commonJs, shared: 'cjs' });
}
await bundle('worker', 'worker.js', { ...esm, shared: 'js' });
await bundle('inline', 'inline.js', { ...esm, plugins: inlined });
await bundle('inline', 'inline.cjs', { ...commonJs, plugins: inlined });

// What lies in the elements' script beside this package's own code.
const notice = `/*! Custom elements of rolemix. With Apache ECharts 6 (The Apache Software Foundation; Apache License 2.0), zrender
(Baidu Inc.; BSD 3-Clause), Lit 3 (Google LLC; BSD 3-Clause) and tslib (Microsoft Corporation; 0BSD). */`;
await bundle('elements/index', 'elements.js', {
  ...esm,
  shared: 'js',
  banner: { js: notice },
  legalComments: 'none',
  // Outside of browsers, where the script does nothing, it can still be loaded.
  inject: [here('src/elements/no-page.js')],
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [
    // A page that names its policies for trusted types may have Lit itself; names are given once.
    rewritten(/lit-html\/lit-html\.js$/, '"lit-html"', '"rolemix-elements"'),
    // Needs no such policy.
    rewritten(
      /zrender\/lib\/canvas\/Painter\.js$/,
      "root.innerHTML = ''",
      'root.replaceChildren()',
    ),
  ],
});
// Users have no types of what is inside.
for (const name of readdirSync(here('dist/elements'))) {
  if (!/^(index|split|types)\.d\.ts$/.test(name)) rmSync(here(`dist/elements/${name}`));
}

for (const name of modules) {
  copyFileSync(built(`${name}.wasm`), here(`dist/${name}.wasm`));
  copyFileSync(here(`src/${name}.d.ts`), here(`dist/${name}.d.ts`));
}
copyFileSync(here('../LICENSE'), here('dist/LICENSE'));
// The same types for those who require() the package.
for (const name of readdirSync(here('dist')).filter((file) => file.endsWith('.d.ts'))) {
  const types = readFileSync(here(`dist/${name}`), 'utf8');
  const commonJsName = name.replace(/\.d\.ts$/, '.d.cts');
  writeFileSync(here(`dist/${commonJsName}`), types.replace(/(from '\.\/[\w-]+)\.js'/g, "$1.cjs'"));
}

// Puts into dist/ the facade and the module's glue as one script, and the module, which CMake has built.
import { build } from 'esbuild';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
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

const { outputFiles } = await build({
  entryPoints: [here('src/index.ts')],
  write: false,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  plugins: [
    {
      name: 'glue',
      setup({ onResolve }) {
        onResolve({ filter: /^\.\/rolemix\.js$/ }, () => ({ path: glue }));
      },
    },
  ],
});
// The import that only Node comes to; said to other bundlers here, because minifying drops comments.
const parts = outputFiles[0].text.split('await import(');
if (parts.length !== 2) throw new Error(`expected one dynamic import, got ${parts.length - 1}`);
writeFileSync(
  here('dist/index.js'),
  parts.join('await import(/* webpackIgnore: true */ /* @vite-ignore */'),
);
copyFileSync(wasm, here('dist/rolemix.wasm'));
copyFileSync(here('src/rolemix.d.ts'), here('dist/rolemix.d.ts'));
copyFileSync(here('../LICENSE'), here('dist/LICENSE'));

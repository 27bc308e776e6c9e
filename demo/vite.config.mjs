import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

import { givenModules, singlePage, site } from './page-plugins.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const parts = {
  name: 'rolemix.html',
  page: here('src/page.html'),
  style: here('src/page.css'),
  blocks: {
    module: here('../js/dist/rolemix.wasm'),
    table: here('../js/dist/rolemix-table.wasm'),
    sample: here('../build/demo/sample.bin'),
  },
};

// vite build: one file; vite build --mode site: files for a server.
export default defineConfig(({ mode }) => ({
  root: here('.'),
  plugins: [givenModules(), mode === 'site' ? site(parts) : singlePage(parts)],
  worker: { format: 'iife', plugins: () => [givenModules()] },
  build: {
    target: 'es2022',
    outDir: here(mode === 'site' ? 'dist/site' : 'dist'),
    emptyOutDir: mode === 'site',
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: { input: here('src/main.ts') },
  },
}));

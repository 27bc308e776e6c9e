import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vite';

import { singlePage } from './single-page.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [
    singlePage({
      name: 'rolemix.html',
      page: here('src/page.html'),
      style: here('src/page.css'),
      blocks: {
        module: here('../js/dist/rolemix.wasm'),
        sample: here('../build/demo/sample.bin'),
      },
    }),
  ],
  build: {
    target: 'es2022',
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: { input: here('src/main.ts') },
  },
});

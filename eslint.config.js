import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const names = (list) => Object.fromEntries(list.split(' ').map((name) => [name, 'readonly']));

const everywhere = names(
  'console fetch performance queueMicrotask setTimeout clearTimeout setInterval clearInterval structuredClone Blob ' +
    'AbortController AbortSignal Event Request Response TextDecoder TextEncoder URL URLSearchParams WebAssembly',
);
const node = names('process Buffer setImmediate');
const browser = names(
  'window document self customElements requestAnimationFrame HTMLElement Worker',
);
const jest = names('describe test expect beforeAll beforeEach afterAll afterEach');

export default defineConfig(
  globalIgnores(['build/', '**/dist/', 'coverage/']),
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { ...everywhere, ...node } },
  },
  { files: ['js/examples/**'], languageOptions: { globals: browser } },
  { files: ['bench/page.mjs'], languageOptions: { globals: browser } },
  { files: ['tests/**'], languageOptions: { globals: { ...browser, ...jest } } },
  {
    files: ['js/src/**/*.ts', 'demo/src/**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // Bounds are checked by the loop; `x[i]!` says so more plainly than a default that is never used.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
);

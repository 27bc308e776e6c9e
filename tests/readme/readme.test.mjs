// Runs the README's snippets as a reader would: `sh` blocks with rolemix on PATH, `js` blocks as modules, one after the
// other in one folder. A block after an HTML comment that starts with "not run" is left out.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rolemix-readme-'));

function snippets(text) {
  const pattern = /(<!-- not run[^>]*-->\s*)?^```(sh|js)\n([\s\S]*?)^```/gm;
  return [...text.matchAll(pattern)]
    .filter(([, notRun]) => notRun === undefined)
    .map(([, , language, code]) => ({ language, code }));
}

function run({ language, code }) {
  const options = {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'build/native')}:${process.env.PATH}` },
  };
  if (language === 'sh') {
    return execFileSync('bash', ['-euo', 'pipefail', '-c', code], options);
  }
  writeFileSync(join(folder, 'snippet.mjs'), code);
  return execFileSync(process.execPath, ['snippet.mjs'], options);
}

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'js'), join(folder, 'node_modules/rolemix'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the README has snippets of both kinds', () => {
  const languages = snippets(readme).map(({ language }) => language);
  expect(languages).toContain('sh');
  expect(languages).toContain('js');
});

test.each(snippets(readme).map((snippet, i) => [i + 1, snippet]))(
  'snippet %i runs and prints something',
  (_, snippet) => {
    expect(run(snippet).length).toBeGreaterThan(0);
  },
  120_000,
);

test('links of the README lead to files of the repository', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link);
  for (const link of links) {
    expect(() => readFileSync(join(root, link))).not.toThrow();
  }
});

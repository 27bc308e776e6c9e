// The tables of words, of the core, the command, the elements and the page: whole in every language, and nothing left over.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');

/** The code of a folder, without the file or folder of its tables. */
const codeOf = (folder, table, end) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(end) && !name.startsWith(table))
    .map((name) => read(join(folder, name)))
    .join('\n');

const placeholders = (text) => [...new Set(text.match(/\{\d?[^{}]*\}/g))].sort();

/** Rows {Enum::kName, "english", "japanese"} of a table in C++. */
function cppRows(path) {
  const string = '((?:"(?:[^"\\\\]|\\\\.)*"\\s*)+)';
  const row = new RegExp(`\\{(\\w+)::(k\\w+),\\s*${string},\\s*${string}\\}`, 'g');
  const joined = (literals) => literals.replaceAll(/"\s*"/g, '').trim().slice(1, -1);
  return [...read(path).matchAll(row)].map(([, type, name, english, japanese]) => ({
    name: `${type}::${name}`,
    texts: [joined(english), joined(japanese)],
  }));
}

/** Entries `name: [english, japanese]` of all tables in a file of TypeScript. */
function pairs(path) {
  const found = [];
  const visit = (node) => {
    const isEntry = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
    if (isEntry && ts.isArrayLiteralExpression(node.initializer)) {
      const texts = node.initializer.elements.map(({ text }) => text);
      found.push({ name: node.name.text, texts });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true));
  return found;
}

/** Keys of an object that a file names. */
function keysOf(path, object) {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const declared = file.statements.filter(ts.isVariableStatement);
  const { initializer } = declared
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find(({ name }) => name.text === object);
  let table = initializer;
  while (!ts.isObjectLiteralExpression(table)) table = table.expression; // as const satisfies ...
  return table.properties.map(({ name }) => name.text);
}

const pages = ['data', 'page', 'settings', 'verdicts'];

test.each([
  ['the core', cppRows('src/say/words.cpp'), 60],
  ['the command', cppRows('src/cli/words.cpp'), 15],
  ...[...pages, 'scenes', 'problems'].map((name) => [
    `the page: ${name}`,
    pairs(`demo/src/words/${name}.ts`),
    8,
  ]),
])('%s has every text in both languages, with the same parts', (_, rows, least) => {
  expect(rows.length).toBeGreaterThanOrEqual(least);
  for (const { name, texts } of rows) {
    expect([name, texts.length, texts[1]]).toEqual([name, 2, expect.stringMatching(/./)]);
    const [english, japanese] = texts.map(placeholders);
    // An English plural has no place in Japanese.
    const hasPlural = ['Phrase::kSummary', 'Phrase::kAllOlder'].includes(name);
    if (!hasPlural) expect([name, japanese]).toEqual([name, english]);
  }
});

test('incidents have a name in both languages, and a story in the one that the data lack', () => {
  const names = pairs('demo/src/words/incidents.ts');
  expect(names.length).toBeGreaterThan(10);
  for (const { texts } of names) expect(texts.filter(Boolean)).toHaveLength(2);
  expect(read('demo/src/words/incidents.ts').match(/^ {4}story:/gm)).toHaveLength(names.length);
});

test('the package knows every code of an error of the core, and says what it means', () => {
  const codes = [...read('src/base/error.h').matchAll(/return "(\w+)";/g)].map(([, code]) => code);
  expect(codes).toContain('too_large');
  const type = read('js/src/error.ts');
  const about = read('js/README.md').split('## Errors')[1];
  for (const code of codes.filter((name) => name !== 'unknown')) {
    expect(type).toContain(`| '${code}'`);
    expect(about).toContain(`\`${code}\``);
  }
});

test('the elements have the same words in both languages', () => {
  const path = 'js/src/elements/words.ts';
  expect(keysOf(path, 'japanese').sort()).toEqual(keysOf(path, 'english').sort());
});

test.each([
  ['the core', cppRows('src/say/words.cpp').map(({ name }) => name), 'src/say', 'words', '.cpp'],
  ['the command', cppRows('src/cli/words.cpp').map(({ name }) => name), 'src/cli', 'words', '.cpp'],
])('%s uses every text', (_, names, folder, table, end) => {
  const code = codeOf(folder, table, end);
  // Lists in words.cpp are used there.
  const own = /listed|joined/.test(read(`${folder}/words.cpp`)) ? read(`${folder}/words.cpp`) : '';
  const used = (name) => new RegExp(`${name}\\b(?!, ")`).test(code + own);
  expect(names.filter((name) => !used(name))).toEqual([]);
});

test('the elements use every word', () => {
  const path = 'js/src/elements/words.ts';
  const code = codeOf('js/src/elements', '-', '.ts');
  const unused = keysOf(path, 'english').filter((key) => !new RegExp(`\\.${key}\\b`).test(code));
  expect(unused).toEqual([]);
});

test('the page uses every text, and no name stands for two', () => {
  const code = codeOf('demo/src', 'words/', '.ts');
  const names = pages.flatMap((name) => keysOf(`demo/src/words/${name}.ts`, name));
  const unused = names.filter((name) => !code.includes(`'${name}'`));
  // What the names of origins and verdicts are is in the data.
  const named = ['simulated', 'recorded', 'opened', 'true_alarm', 'false_alarm', 'unsure'];
  expect(unused.filter((name) => !named.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

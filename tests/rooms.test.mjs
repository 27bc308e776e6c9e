// The rooms of src/: a room includes only itself and the rooms above it in docs/architecture.md.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const read = (path) => readFileSync(join(root, path), 'utf8');
const folders = (path) =>
  readdirSync(join(root, path)).filter((name) => statSync(join(root, path, name)).isDirectory());
const sources = (room) =>
  readdirSync(join(root, 'src', room)).filter((name) => /\.(h|cpp)$/.test(name));

/** In the order in which data flows: the first column of the first table. */
const [firstTable] = read('docs/architecture.md').match(/(^\|.*\n)+/m);
const rooms = [...firstTable.matchAll(/^\| `([a-z]+)`/gm)].map(([, room]) => room);

/** @returns arrows to rooms that are not above, as "room/file -> included" */
function wrongArrows(room, file, text) {
  const allowed = rooms.slice(0, rooms.indexOf(room) + 1);
  return [...text.matchAll(/^#include "([^"]+)"/gm)]
    .map(([, path]) => path)
    .filter((path) => !path.endsWith('_generated.h') && !allowed.includes(path.split('/')[0]))
    .map((path) => `${room}/${file} -> ${path}`);
}

test('every room of src/ stands in docs/architecture.md, and no other', () => {
  expect([...folders('src')].sort()).toEqual([...rooms].sort());
});

test('a room includes only the rooms above it', () => {
  const wrong = rooms.flatMap((room) =>
    sources(room).flatMap((file) => wrongArrows(room, file, read(`src/${room}/${file}`))),
  );
  expect(wrong).toEqual([]);
});

test('an arrow to a later room, or past all rooms, is found', () => {
  expect(wrongArrows('base', 'a.cpp', '#include "table/csv.h"\n')).toEqual([
    'base/a.cpp -> table/csv.h',
  ]);
  expect(wrongArrows('cli', 'a.cpp', '#include "../wasm/convert.h"\n')).toEqual([
    'cli/a.cpp -> ../wasm/convert.h',
  ]);
  expect(wrongArrows('table', 'a.cpp', '#include <cmath>\n#include "base/error.h"\n')).toEqual([]);
});

test('tests/ has a folder for every room', () => {
  expect(folders('tests')).toEqual(expect.arrayContaining(rooms));
});

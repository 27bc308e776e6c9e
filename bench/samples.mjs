// The way around the kernel, in the module: PROBLEM MODULE MODEL FOLDER -> JSON, microseconds per row but where it says ms.
// Each part takes its turn in every round, the least counts; the very first call can be measured once in a process.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { mergeTables, parseFile } from '../js/dist/csv.js';
import { RoleModel } from '../js/dist/index.js';
import { readNumbers } from './engine.mjs';
import { makeWasmEngine } from './wasm.mjs';

const [, , problemFile, moduleFile, modelFile, folder] = process.argv;
const rounds = 12;
const window = 5120;
const hosts = 100; // of which a minute is appended

const model = await RoleModel.load(readFileSync(modelFile));
const files = readdirSync(folder).sort();
const tables = await Promise.all(
  files.map((file) => parseFile(readFileSync(join(folder, file)), file)),
);
const table = await mergeTables(tables);
const rows = table.timestamps.length;
const names = model.info.metrics.map(({ name }) => name);

const timed = (work) => {
  const begin = performance.now();
  work();
  return performance.now() - begin;
};
const perRow = (milliseconds, count) => (milliseconds * 1000) / count;
const openAndScore = () => {
  const samples = model.open(table);
  const { scores } = samples;
  samples.dispose();
  return scores;
};

const first = perRow(timed(openAndScore), rows);

const { default: createModule } = await import(moduleFile);
const problem = readNumbers(problemFile);
const kernel = makeWasmEngine(await createModule(), problem);
const kernelRows = Math.floor(problem[2] / window) * window;

const flat = new Float64Array(window * names.length);
names.forEach((name, d) => {
  for (let row = 0; row < window; row++) flat[row * names.length + d] = table.metrics[name][row];
});

/** A minute of all hosts, `minute` after the history's end. */
const minuteOf = (minute) => ({
  timestamps: Float64Array.from({ length: hosts }, () => table.timestamps.at(-1) + 60 * minute),
  hosts: Array.from({ length: hosts }, (_, i) => `host-${i}`),
  metrics: Object.fromEntries(
    names.map((name) => [name, table.metrics[name].subarray(minute * hosts, (minute + 1) * hosts)]),
  ),
});
const live = model.open(minuteOf(0));
for (let minute = 1; minute <= 120; minute++) live.append(minuteOf(minute)); // beyond the first hour

const least = { kernel: Infinity, open: Infinity, score: Infinity, rows: Infinity, append: [] };
const keep = (what, value) => (least[what] = Math.min(least[what], value));
for (let round = 0; round < rounds; round++) {
  let time = 0;
  for (let begin = 0; begin < kernelRows; begin += window) {
    time += timed(() => kernel.score(begin, window));
  }
  keep('kernel', perRow(time, kernelRows));
  keep('score', perRow(timed(openAndScore), rows));
  keep(
    'open',
    perRow(
      timed(() => model.open(table).dispose()),
      rows,
    ),
  );
  for (let i = 0; i < 10; i++)
    keep(
      'rows',
      perRow(
        timed(() => model.scoreRows(flat)),
        window,
      ),
    );
  for (let i = 0; i < 10; i++) {
    const minute = minuteOf(121 + 10 * round + i);
    least.append.push(timed(() => live.append(minute)));
  }
}
const append = least.append.sort((a, b) => a - b)[least.append.length >> 1];
console.log(JSON.stringify({ ...least, append, first, rows: least.rows }));

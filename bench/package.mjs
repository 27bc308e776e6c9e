// Engine rolemix-package-node: PROBLEM MODEL; the npm package as anyone calls it.
import { readFileSync } from 'node:fs';

import { RoleModel } from '../js/dist/index.js';
import { readNumbers, serve, toProblem } from './engine.mjs';

const [, , problemFile, modelFile] = process.argv;
const model = await RoleModel.load(readFileSync(modelFile));
const { dimensions, samples } = toProblem(readNumbers(problemFile));
const rowsOf = (first, count) => samples.subarray(first * dimensions, (first + count) * dimensions);

await serve({
  score: (first, count) => model.scoreRows(rowsOf(first, count)),
  quantiles: (first, count) => model.explainRows(rowsOf(first, count)),
  likelihoods: (rows) => model.scoreRows(rowsOf(0, rows)).anomalyScore.map((score) => -score),
});

// Engine npm-gaussian-mixture-model: PROBLEM FOLDER, where the package is installed below the folder. Takes a point
// at a time, and gives the weighted densities of its components.
import { createRequire } from 'node:module';

import { readNumbers, serve, toProblem } from './engine.mjs';

const [, , problemFile, folder] = process.argv;
const require = createRequire(`${folder}/`);
const { default: Mixture } = await import(
  require.resolve('gaussian-mixture-model').replace('/script/', '/esm/')
);
const { default: cholesky } = await import(require.resolve('cholesky-tools'));
const {
  dimensions: D,
  components: K,
  weights,
  means,
  covariances,
  samples,
} = toProblem(readNumbers(problemFile));
const rowsOf = (numbers, count) =>
  Array.from({ length: count }, (_, i) => [...numbers.subarray(i * D, (i + 1) * D)]);
const mixture = new Mixture({
  weights: [...weights],
  means: rowsOf(means, K),
  covariances: Array.from({ length: K }, (_, k) =>
    rowsOf(covariances.subarray(k * D * D, (k + 1) * D * D), D),
  ),
  bufferSize: 1,
});
// Else it would factor the covariances again for every point.
mixture.covCholeskies = mixture.covariances.map((covariance) => cholesky.cholesky(covariance));
const points = rowsOf(samples, Math.min(samples.length / D, 2000));

const likelihood = (point) =>
  Math.log(mixture.predict(point).reduce((sum, density) => sum + density));

await serve({
  score: (first, count) => points.slice(first, first + count).map(likelihood),
  likelihoods: (rows) => Float64Array.from(points.slice(0, rows), likelihood),
});

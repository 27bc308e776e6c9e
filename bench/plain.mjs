// Engine plain-js: what one would write without WebAssembly. Typed arrays, packed triangular factors, and no work
// for components that cannot be seen in the sum; a row at a time.
import { readNumbers, serve, toProblem } from './engine.mjs';

const negligible = 46; // nats below the heaviest component
// Φ(-z) exp(z² / 2) (z + 5) as a polynomial in (z - 5) / (z + 5); the kernel's, see kernel_lanes.h.
const tail = Float64Array.of(
  0.769193049750063,
  -0.6653825028900576,
  0.4953056159699805,
  -0.3135331566712172,
  0.16502036617019517,
  -0.06911863870874183,
  0.02079506680323404,
  -0.0029933767389359726,
  -0.0007978694277475297,
  0.0005448988347568596,
  -5.937558833377767e-5,
  -4.976178374018789e-5,
  1.6680852719925394e-5,
  3.977938262343427e-6,
  -2.7688787836720915e-6,
  -3.311028544331811e-7,
  4.3347664285137567e-7,
  3.5844546560871596e-8,
  -6.741689051823604e-8,
  -5.027231930966982e-9,
  9.275082241537343e-9,
  5.059297487966696e-10,
  -7.854458583247658e-10,
);

// As four sums that do not wait for one another.
function scaledTail(z) {
  const inverse = 1 / (z + 5);
  const t = 1 - 10 * inverse;
  const t2 = t * t;
  const t4 = t2 * t2;
  let a = tail[20];
  let b = tail[21];
  let c = tail[22];
  let d = 0;
  for (let i = 16; i >= 0; i -= 4) {
    a = a * t4 + tail[i];
    b = b * t4 + tail[i + 1];
    c = c * t4 + tail[i + 2];
    d = d * t4 + tail[i + 3];
  }
  return (a + b * t + t2 * (c + d * t)) * inverse;
}

/** L⁻¹ of a covariance = L Lᵀ, its lower triangle row after row. */
function inverseFactor(covariance, dimensions) {
  const lower = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * dimensions + j];
      for (let m = 0; m < j; m++) sum -= lower[i * dimensions + m] * lower[j * dimensions + m];
      lower[i * dimensions + j] = i === j ? Math.sqrt(sum) : sum / lower[j * dimensions + j];
    }
  }
  const inverse = new Float64Array((dimensions * (dimensions + 1)) / 2);
  const at = (i, j) => (i * (i + 1)) / 2 + j;
  for (let j = 0; j < dimensions; j++) {
    inverse[at(j, j)] = 1 / lower[j * dimensions + j];
    for (let i = j + 1; i < dimensions; i++) {
      let sum = 0;
      for (let m = j; m < i; m++) sum -= lower[i * dimensions + m] * inverse[at(m, j)];
      inverse[at(i, j)] = sum / lower[i * dimensions + i];
    }
  }
  return inverse;
}

function pack(problem) {
  const { dimensions: D, components: K, weights, covariances } = problem;
  const size = (D * (D + 1)) / 2;
  const factors = new Float64Array(K * size);
  const logPeaks = new Float64Array(K);
  const deviations = new Float64Array(K * D).fill(0);
  for (let k = 0; k < K; k++) {
    const inverse = inverseFactor(covariances.subarray(k * D * D, (k + 1) * D * D), D);
    factors.set(inverse, k * size);
    logPeaks[k] = Math.log(weights[k]) - 0.5 * D * Math.log(2 * Math.PI);
    for (let i = 0, at = 0; i < D; i++) {
      for (let j = 0; j <= i; j++, at++) deviations[k * D + j] += inverse[at] ** 2; // precisions so far
      logPeaks[k] += Math.log(inverse[at - 1]);
    }
  }
  const halfLogPrecisions = deviations.map((precision) => 0.5 * Math.log(precision));
  return {
    factors,
    logPeaks,
    halfLogPrecisions,
    deviations: deviations.map((p) => 1 / Math.sqrt(p)),
  };
}

function makeEngine(problem) {
  const { dimensions: D, components: K, means, samples } = problem;
  const { factors, logPeaks, deviations, halfLogPrecisions } = pack(problem);
  const offset = new Float64Array(D);
  const logs = new Float64Array(K);
  const shares = new Float64Array(K);
  const residuals = new Float64Array(K * D);

  /** log π_k N_k(x) into logs; with `keep` also L⁻ᵀ L⁻¹ (x - μ_k) into residuals. */
  function densities(row, keep) {
    let at = 0;
    for (let k = 0; k < K; k++) {
      for (let d = 0; d < D; d++) offset[d] = samples[row * D + d] - means[k * D + d];
      const to = k * D;
      if (keep) residuals.fill(0, to, to + D);
      let squares = 0;
      for (let i = 0; i < D; i++) {
        let z = 0;
        for (let j = 0; j <= i; j++) z += factors[at + j] * offset[j];
        squares += z * z;
        if (keep) for (let j = 0; j <= i; j++) residuals[to + j] += factors[at + j] * z;
        at += i + 1;
      }
      logs[k] = logPeaks[k] - 0.5 * squares;
    }
  }

  /** logs relative to the largest, exp of them into shares; gives the log of their sum. */
  function sumComponents() {
    let largest = logs[0];
    for (let k = 1; k < K; k++) if (logs[k] > largest) largest = logs[k];
    let sum = 0;
    for (let k = 0; k < K; k++) {
      logs[k] -= largest;
      shares[k] = logs[k] > -negligible ? Math.exp(logs[k]) : 0;
      sum += shares[k];
    }
    return largest + Math.log(sum);
  }

  function explainMetric(d, x, out, at, rows) {
    let weights = 0;
    let first = 0;
    let second = 0;
    let below = 0;
    let above = 0;
    for (let k = 0; k < K; k++) {
      const i = k * D + d;
      const sd = deviations[i];
      const u = residuals[i] * sd;
      const logWeight = logs[k] + 0.5 * u * u - halfLogPrecisions[i];
      if (logWeight <= -negligible - halfLogPrecisions[i]) continue;
      const weight = Math.exp(logWeight);
      const residual = u * sd;
      weights += weight;
      first += weight * residual;
      second += weight * (residual * residual + sd * sd);
      const outer = shares[k] === 0 ? 0 : shares[k] * sd * scaledTail(Math.abs(u));
      below += u < 0 ? outer : weight - outer;
      above += u < 0 ? weight - outer : outer;
    }
    const residual = first / weights;
    out[at] = x - residual;
    out[at + D * rows] = second / weights - residual * residual;
    out[at + 2 * D * rows] = Math.min(Math.log((2 * Math.min(below, above)) / weights), 0);
  }

  const likelihoods = new Float64Array(problem.rows);
  let explained = new Float64Array(0);

  function score(first, count) {
    for (let row = first; row < first + count; row++) {
      densities(row, false);
      likelihoods[row] = sumComponents();
    }
  }

  function explain(first, count) {
    if (explained.length !== 3 * D * count) explained = new Float64Array(3 * D * count);
    for (let i = 0; i < count; i++) {
      const row = first + i;
      densities(row, true);
      likelihoods[row] = sumComponents();
      for (let d = 0; d < D; d++) {
        explainMetric(d, samples[row * D + d], explained, d * count + i, count);
      }
    }
  }

  return {
    score,
    explain,
    likelihoods: (rows) => (score(0, rows), likelihoods.slice(0, rows)),
    explanations: (rows) => (explain(0, rows), explained),
  };
}

await serve(makeEngine(toProblem(readNumbers(process.argv[2]))));

// A JavaScript engine: the same problem files and commands as in engine.h.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** {dimensions, components, rows, weights, means, covariances, samples}: views of the numbers. */
export function toProblem(numbers) {
  const [dimensions, components, rows] = numbers;
  let at = 3;
  const take = (count) => numbers.subarray(at, (at += count));
  return {
    dimensions,
    components,
    rows,
    weights: take(components),
    means: take(components * dimensions),
    covariances: take(components * dimensions * dimensions),
    samples: take(rows * dimensions),
  };
}

export function readNumbers(path) {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
}

/** Measures as Times in engine.h does: work(first, count) -> microseconds per row. */
export function makeTimes() {
  const best = [];
  return (rows, window, work) => {
    for (let spent = 0; spent < 0.1;) {
      for (let i = 0; i < rows / window; i++) {
        const begin = performance.now();
        work(i * window, window);
        const taken = (performance.now() - begin) / 1000;
        best[i] = Math.min(best[i] ?? Infinity, taken);
        spent += taken;
      }
    }
    return (best.reduce((sum, time) => sum + time, 0) / rows) * 1e6;
  };
}

/**
 * Engine: {score(first, count), explain(first, count), quantiles(first, count), likelihoods(count),
 * explanations(count)}, where the last two give Float64Arrays. `measure(command, rows, window)` may do it elsewhere.
 */
export async function serve(engine, measure = makeMeasure(engine)) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, count, last] = line.split(' ');
    const rows = Number(count);
    if (['score', 'explain', 'quantiles'].includes(command)) {
      console.log(await measure(command, rows, Number(last)));
    } else {
      const numbers = await engine[command](rows);
      writeFileSync(last, new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
      console.log(0);
    }
  }
}

export function makeMeasure(engine) {
  const times = { score: makeTimes(), explain: makeTimes(), quantiles: makeTimes() };
  return (command, rows, window) => times[command](rows, window, engine[command]);
}

// Engine rolemix-wasm-node: PROBLEM MODULE. Without a problem it answers with the GFLOP/s that WebAssembly reaches.
import { createInterface } from 'node:readline';

import { makeTimes, readNumbers, serve } from './engine.mjs';
import { makeWasmEngine } from './wasm.mjs';

const [, , problemFile, moduleFile] = process.argv;
const { default: createModule } = await import(moduleFile);
const program = await createModule();

if (problemFile !== 'peak') {
  await serve(makeWasmEngine(program, readNumbers(problemFile)));
} else {
  const numbers = program._malloc(24);
  program.HEAPF64.set([0.999999, 1e-6, 0], numbers / 8);
  const measure = makeTimes();
  const rounds = 10_000;
  for await (const line of createInterface({ input: process.stdin })) {
    let operations = 0;
    const time = measure(rounds, rounds, (_, count) => {
      operations = program._peak(count, numbers);
    });
    console.log(line && operations / rounds / time / 1000);
  }
}

// Engine rolemix-wasm-*: the kernel's WebAssembly program, in Node and in a page alike. makeWasmEngine(program,
// numbers) -> an engine; program is what the module's factory gives.
export function makeWasmEngine(program, numbers) {
  const address = program._malloc(numbers.byteLength);
  program.HEAPF64.set(numbers, address / 8);
  const loaded = program._load(address);
  program._free(address);
  const copy = (pointer, count) => program.HEAPF64.slice(pointer / 8, pointer / 8 + count);
  return {
    score: (first, count) => program._score(loaded, first, count),
    explain: (first, count) => program._explain(loaded, first, count),
    quantiles: (first, count) => program._quantiles(loaded, first, count),
    likelihoods: (rows) => copy(program._score(loaded, 0, rows), rows),
    explanations(rows) {
      program._explain(loaded, 0, rows);
      const size = numbers[0] * rows;
      const all = new Float64Array(3 * size);
      for (let part = 0; part < 3; part++) {
        all.set(copy(program._explanations(loaded, part), size), part * size);
      }
      return all;
    },
  };
}

// What the package needs of the engine, and what it leaves behind in it.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { jest } from '@jest/globals';

import { errorOf, mixtureCases, modelBytes, RoleModel } from './support.mjs';

const bytes = modelBytes(mixtureCases[1]);
const wasm = new URL('../../js/dist/rolemix.wasm', import.meta.url);

test('an engine without SIMD is told so before anything is compiled', async () => {
  const validate = jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const compile = jest.spyOn(WebAssembly, 'compile');
  const error = await errorOf(() => RoleModel.load(bytes));
  expect([error.code, error.message]).toEqual([
    'unsupported_engine',
    'expected an engine with WebAssembly SIMD, got one without',
  ]);
  expect(compile).not.toHaveBeenCalled();
  validate.mockRestore();
  const model = await RoleModel.load(bytes);
  model.dispose();
  expect(compile).toHaveBeenCalledTimes(1);
  compile.mockRestore();
});

/** Instances that are made from now on. */
function watchInstances() {
  const { Instance } = WebAssembly;
  const instances = [];
  WebAssembly.Instance = class extends Instance {
    constructor(...parts) {
      super(...parts);
      instances.push(this);
    }
  };
  return { instances, restore: () => (WebAssembly.Instance = Instance) };
}

function collector() {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

// ROLEMIX_LOADS=100000 for a long run; it prints what the process holds.
test('loading and disposing again and again leaves the memory flat', async () => {
  const loads = Number(process.env.ROLEMIX_LOADS || 20_000);
  const { instances, restore } = watchInstances();
  const collect = collector();
  const wasmBinary = new Uint8Array(readFileSync(wasm)); // a module of its own
  const table = { timestamps: [1, 2], hosts: ['a', 'a'], metrics: { metric0: [1, 2] } };
  const sizes = [];
  for (let i = 1; i <= loads; i++) {
    const model = await RoleModel.load(bytes, { wasmBinary });
    if (i % 10 === 0) {
      const samples = model.open(table);
      samples.whatIf({ host: 'a', timestamp: 2 }, { metric0: 3 });
      samples.append({ ...table, timestamps: [3, 4] });
      samples.forget(2);
      model.open(samples).dispose();
      samples.dispose();
      samples.dispose();
    }
    model.dispose();
    model.dispose();
    if (i % (loads / 4) > 0) continue;
    collect();
    const memory = Object.values(instances[0].exports).find(
      (value) => value instanceof WebAssembly.Memory,
    );
    const { heapUsed, rss } = process.memoryUsage();
    sizes.push({ loads: i, module: memory.buffer.byteLength, heapUsed, rss });
  }
  restore();
  if (process.env.ROLEMIX_LOADS) process.stdout.write(`${JSON.stringify(sizes)}\n`);
  expect(instances).toHaveLength(1);
  expect(sizes[3].module).toBe(sizes[0].module);
  // Measured over 100,000: it does not grow. The bound leaves room for what the engine itself learns.
  expect(sizes[3].heapUsed - sizes[1].heapUsed).toBeLessThan(2e6);
}, 1_200_000);

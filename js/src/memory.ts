import { RolemixError } from './error.js';
import type { Address, Heap } from './rolemix.js';

const bytesPerNumber = Float64Array.BYTES_PER_ELEMENT;
/** What a module can hold. */
export const mostBytes = 2 ** 31 - 1;

function outOfMemory(bytes: number): RolemixError {
  const message = `expected to need at most 2 GB, got ${(bytes / 1e9).toFixed(2)} GB; try fewer rows at once`;
  return new RolemixError('out_of_memory', message);
}

/** Refuses at once what would use up the module's memory half-way. Errors: out_of_memory. */
export function checkMemory(numbers: number): void {
  const bytes = numbers * bytesPerNumber;
  if (bytes > mostBytes) throw outOfMemory(bytes);
}

function withMemory<T>(module: Heap, bytes: number, use: (address: Address) => T): T {
  const address = bytes <= mostBytes ? module._malloc(Math.max(bytes, 1)) : 0;
  if (address === 0) throw outOfMemory(bytes);
  try {
    return use(address);
  } finally {
    module._free(address);
  }
}

/** `use` gets the address of a copy of the bytes. */
export function withBytes<T>(module: Heap, bytes: Uint8Array, use: (address: Address) => T): T {
  return withMemory(module, bytes.length, (address) => {
    module.HEAPU8.set(bytes, address);
    return use(address);
  });
}

/** `use` gets the address of `count` numbers that `fill` has written. */
export function withNumbers<T>(
  module: Heap,
  count: number,
  fill: (target: Float64Array) => void,
  use: (address: Address) => T,
): T {
  return withMemory(module, count * bytesPerNumber, (address) => {
    const first = address / bytesPerNumber;
    fill(module.HEAPF64.subarray(first, first + count));
    return use(address);
  });
}

/** Numbers; null and undefined become NaN, which stands for a missing value. */
export type Numbers = ArrayLike<number | null | undefined>;

/** The number at `i`; `name` is for messages. Errors: invalid_argument. */
export function numberAt(source: Numbers, i: number, name: string): number {
  const value: unknown = source[i] ?? NaN;
  if (typeof value === 'number') return value;
  const message = `${name}[${i}]: expected a number, got ${typeof value}`;
  throw new RolemixError('invalid_argument', message);
}

/** Copies as many numbers as the target holds. Errors: invalid_argument. */
export function copyNumbers(source: Numbers, target: Float64Array, name: string): void {
  if (source instanceof Float64Array) {
    target.set(source);
    return;
  }
  for (let i = 0; i < target.length; i++) target[i] = numberAt(source, i, name);
}

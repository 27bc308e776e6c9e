import { invalid, numberOf } from './check.js';
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

/**
 * A typed array as it is: copyNumbers copies it without any code of its owner. Of anything else a copy, read once.
 * `name` is for messages. Errors: invalid_argument, out_of_memory.
 */
export function ownNumbers(source: Numbers, length: number, name: string): ArrayLike<unknown> {
  if (ArrayBuffer.isView(source)) return source;
  checkMemory(length);
  const own = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = source[i];
    own[i] = typeof value === 'number' ? value : numberOf(`${name}[${i}]`, value);
  }
  return own;
}

/** Of what ownNumbers gave. Errors: invalid_argument when it is no longer as it was, or holds no numbers. */
export function copyNumbers(source: ArrayLike<unknown>, target: Float64Array, name: string): void {
  try {
    // Whatever a subclass says of itself.
    const own = new Float64Array(source as Float64Array);
    target.set(own);
    if (own.length === target.length) return;
  } catch {
    // Its buffer was handed over, or it has BigInts.
  }
  throw invalid(name, `${target.length} numbers`, source);
}

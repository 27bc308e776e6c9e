import type { Samples } from './index.js';

/** What a method of samples gives, or a property. */
export function answerOf(
  samples: Samples,
  name: keyof Samples,
  parameters: readonly unknown[],
): unknown {
  const value: unknown = Reflect.get(samples, name);
  return typeof value === 'function' ? Reflect.apply(value, samples, parameters) : value;
}

import { decode, encode, quantisation } from '../../demo/sample/pack.mjs';

const through = (values) => {
  const column = quantisation(values);
  return values.map((value) => decode(encode(value, column), column));
};

test('numbers of a few decimals are packed exactly', () => {
  const values = [0, 0.01, 16.72, 99.99, 100];
  expect(through(values)).toEqual(values);
  expect(through([-3.5, 0, 12])).toEqual([-3.5, 0, 12]);
});

test('missing values stay missing', () => {
  expect(through([NaN, 1, NaN])).toEqual([NaN, 1, NaN]);
  expect(through([NaN])).toEqual([NaN]);
});

test('large ranges are packed to within half a step of 16 bits', () => {
  const values = Array.from({ length: 100 }, (_, i) => 4e9 + i * i * 1234567);
  const step = (values.at(-1) - values[0]) / 65000;
  through(values).forEach((value, i) => {
    expect(Math.abs(value - values[i])).toBeLessThanOrEqual(0.51 * step);
  });
});

test('codes fit 16 bits, and none is the one for a missing value', () => {
  for (const values of [
    [0, 1e12],
    [-5, 5],
    [3.25, 3.25],
    [0, 655.35],
  ]) {
    const column = quantisation(values);
    for (const value of values) {
      const code = encode(value, column);
      expect(code).toBeGreaterThan(0);
      expect(code).toBeLessThanOrEqual(65535);
    }
  }
});

// Numbers as text, and severity as time: what the core's own tests say, through the module.
import fc from 'fast-check';

import { errorOf, mixtureCases, modelBytes, RoleModel } from './support.mjs';
import {
  formatRange,
  formatTime,
  formatValue,
  levelOf,
  returnTimeOfSeverity,
  severityOfReturnTime,
  vocabulary,
} from '../../js/dist/index.js';

test('nothing can be said before a model is loaded', async () => {
  for (const call of [
    () => formatValue(1, ''),
    () => formatRange(1, 2, ''),
    () => returnTimeOfSeverity(1),
    () => severityOfReturnTime(1),
    () => vocabulary(),
  ]) {
    expect((await errorOf(call)).code).toBe('not_loaded');
  }
});

test('a time is the minute that holds it, in UTC, as long as its year has four digits', () => {
  expect(formatTime(1791774359)).toBe('2026-10-12 03:05 UTC');
  expect(formatTime(-1)).toBe('1969-12-31 23:59 UTC');
  expect(formatTime(-62135596800)).toBe('0001-01-01 00:00 UTC');
  expect(formatTime(253402300799.9)).toBe('9999-12-31 23:59 UTC');
  for (const time of [253402300800, -62135596801, NaN, Infinity])
    expect(formatTime(time)).toBe('-');
});

describe('with a model', () => {
  beforeAll(async () => (await RoleModel.load(modelBytes(mixtureCases[1]))).dispose());

  test.each([
    [62, 'percent', '62 %'],
    [1.43 * 2 ** 30, 'bytes', '1.43 GiB'],
    [1200, '1/s', '1200 /s'],
    [0.35, '', '0.35'],
    [NaN, 'bytes', '-'],
    [1.7e18, '', '1.7e18'],
    [5, '°C', '5 °C'],
  ])('%d %s is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  test('a range has one unit and as many decimals at both ends', () => {
    expect(formatRange(17, 22, 'percent')).toBe('17-22 %');
    expect(formatRange(-5, 5, '')).toBe('-5 to 5');
    expect(formatRange(NaN, 5, '')).toBe('-');
  });

  test.each([
    [0, 1 / 24],
    [25, 7],
    [50, 30],
    [75, 365],
    [100, 3650],
  ])('severity %d is once in %d host-days', (severity, days) => {
    expect(returnTimeOfSeverity(severity)).toBeCloseTo(days, 9);
    expect(severityOfReturnTime(days)).toBeCloseTo(severity, 9);
  });

  test('names have words of their own in both languages', async () => {
    const [english, japanese] = ['en', 'ja'].map((language) => vocabulary({ language }));
    for (const kind of ['levels', 'sensitivities', 'directions', 'reasons']) {
      const words = Object.values(japanese[kind]);
      expect(Object.keys(japanese[kind])).toEqual(Object.keys(english[kind]));
      expect(new Set(words).size).toBe(words.length);
      for (const word of words) expect(word).toMatch(/[^ -~]/);
    }
    expect(english.reasons.unusual_value).toBe('unusual value');
    expect(english.notMeasured).not.toBe(english.noLevel);
    expect((await errorOf(() => vocabulary({ language: 'de' }))).code).toBe('invalid_argument');
  });

  test.each([
    [null, 'normal'],
    [NaN, 'normal'],
    [24.9, 'normal'],
    [25, 'unusual'],
    [50, 'warning'],
    [75, 'critical'],
    [100, 'critical'],
  ])('severity %p is %s', (severity, level) => {
    expect(levelOf(severity)).toBe(level);
    expect(vocabulary().levels).toHaveProperty(level);
  });

  test('severity and return time are inverse', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (severity) => {
        expect(severityOfReturnTime(returnTimeOfSeverity(severity))).toBeCloseTo(severity, 9);
      }),
    );
  });
});

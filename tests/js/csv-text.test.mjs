// Names in the CSV that the page saves: the cases of tests/base/escape_test.cpp.
import { readFileSync } from 'node:fs';

import { transform } from 'esbuild';

const source = readFileSync(new URL('../../demo/src/csv-text.ts', import.meta.url), 'utf8');
const { code } = await transform(source, { loader: 'ts' });
const { csvText } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('%j is no formula', (formula) => {
  expect(csvText(formula)).toBe(`'${formula}`);
});

test('names are quoted where CSV asks for it, and else as they are', () => {
  expect(csvText('=A("x",1)')).toBe('"\'=A(""x"",1)"');
  expect(csvText('\rx')).toBe('"\'\rx"');
  expect(csvText('a "b", c\nd')).toBe('"a ""b"", c\nd"');
  expect(csvText('web=1')).toBe('web=1');
  expect(csvText('')).toBe('');
});

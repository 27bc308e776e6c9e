// The page's settings as YAML: read back by a YAML library, and by the command.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'esbuild';
import fc from 'fast-check';
import { parse } from 'yaml';

const path = (name) => new URL(`../../${name}`, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rolemix-yaml-'));
afterAll(() => rmSync(folder, { recursive: true }));

let toYaml;
beforeAll(async () => {
  const outfile = join(folder, 'yaml.mjs');
  const entryPoints = [path('demo/src/settings/yaml.ts')];
  await build({ entryPoints, outfile, bundle: true, format: 'esm', external: ['rolemix'] });
  ({ toYaml } = await import(outfile));
});

const alerts = {
  warningSensitivity: 'normal',
  criticalSensitivity: 'insensitive',
  maxCheckAttempts: 3,
};

/** Names that YAML, or a careless writer of it, would take for something else. */
const hostile = [
  'a: b',
  'a:',
  ':a',
  '- a',
  '-',
  '---',
  '...',
  '# a',
  'a # b',
  'a#b',
  '"',
  '\\',
  "it's",
  '\\"',
  "'",
  '{}',
  '[a, b]',
  '&a',
  '*a',
  '!a',
  '| ',
  '>',
  '%YAML 1.2',
  '@',
  '`',
  '?',
  '? a',
  '<<',
  '=',
  '~',
  'null',
  'True',
  'no',
  'y',
  '12',
  '1e5',
  '0x1f',
  '.inf',
  '12:30:45',
  '2026-10-01',
  ' a',
  'a ',
  '\ta',
  'a\nb',
  'a\r\nb: c',
  'a\u0000b',
  '\u0007\u001b[31m',
  '\u0085\u2028\u2029\u00a0\u3000',
  '\ufeffa',
  '\u202eabc',
  'メモリ使用量',
  '🙂',
  '\u{10ffff}',
  '__proto__',
  'toString',
  '<img src=x onerror=alert(1)>',
  'x'.repeat(3000),
  '🙂 '.repeat(500),
  'a,b',
  'metrics',
  'memory.used.bytes',
];

test('reads as the configuration that people write', () => {
  const metrics = [
    { name: 'memory.used.bytes', tolerance: 41943040 },
    { name: 'cpu.user.pct' },
    { name: 'cpu.guest.pct', muted: true },
    { name: 'disk used', tolerance: 0.1, muted: true },
    { name: 'load', muted: false },
  ];
  expect(toYaml({ role: 'blog:db', metrics, alerts })).toBe(`role: blog:db
metrics:
  memory.used.bytes: { tolerance: 41943040 }
  cpu.guest.pct: { drop: true }
  "disk used": { tolerance: 0.1, drop: true }
alerts: { warning_sensitivity: normal, critical_sensitivity: insensitive, max_check_attempts: 3 }
`);
  expect(toYaml({ role: 'blog:db', metrics: [{ name: 'load' }], alerts })).not.toMatch('metrics');
});

test('refuses tolerances that are none', () => {
  for (const tolerance of [0, -1, NaN, Infinity]) {
    const settings = { role: 'a:b', metrics: [{ name: 'cpu', tolerance }], alerts };
    expect(() => toYaml(settings)).toThrow(`tolerance of cpu: expected a number above 0, got`);
  }
});

test('any names and numbers come back as they were', () => {
  const name = fc.oneof(
    fc.constantFrom(...hostile),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }),
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.array(fc.constantFrom(...'"\'\\:#-?,[]{}&*!|>%@` \n\r\t~<=', 'a', '1', '.'), {
      minLength: 1,
    }),
  );
  const metric = fc.record({
    name: name.map((text) => (Array.isArray(text) ? text.join('') : text)),
    tolerance: fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true }),
    muted: fc.boolean(),
  });
  const metrics = fc.uniqueArray(metric, { minLength: 1, selector: ({ name: of }) => of });
  fc.assert(
    fc.property(metrics, (list) => {
      const yaml = toYaml({ role: 'blog:db', metrics: list, alerts });
      const read = parse(yaml, { mapAsMap: true, logLevel: 'error' });
      const found = [...read.get('metrics')].map(([key, keys]) => ({
        name: key,
        tolerance: keys.get('tolerance'),
        muted: keys.get('drop') ?? false,
      }));
      expect(found).toEqual(list);
      expect([...read.keys()]).toEqual(['role', 'metrics', 'alerts']);
    }),
    { numRuns: 200 },
  );
});

describe('the command', () => {
  const run = (verb, args) =>
    spawnSync(path('build/native/rolemix'), [verb, '--input', 'metrics.csv', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  // A name in a CSV is trimmed at its ends, and the first may not begin with a byte order mark.
  const names = hostile.filter((name) => name.trim() === name && !name.includes('\ufeff'));
  const csvField = (text) => `"${text.replaceAll('"', '""')}"`;
  const number = (i, d) => 50 + 20 * Math.sin(i * (0.1 + 0.013 * d)) + ((i * (d + 3)) % 11);

  beforeAll(() => {
    let csv = `timestamp,host,${names.map(csvField).join(',')}\n`;
    for (let i = 0; i < 300; i++) {
      csv += `${1790812800 + 300 * i},a,${names.map((_, d) => number(i, d)).join(',')}\n`;
    }
    writeFileSync(join(folder, 'metrics.csv'), csv);
  });

  test('trains with the tolerances, without the muted metrics', () => {
    const metrics = names.map((name, d) => ({ name, tolerance: 1 + d / 7, muted: d % 3 === 0 }));
    writeFileSync(join(folder, 'role.yaml'), toYaml({ role: 'blog:db', metrics, alerts }));
    const args = ['--config', 'role.yaml', '--components', '1', '--format', 'json'];
    const { stdout, stderr } = run('train', [...args, '-o', 'role.rolemix']);
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    const used = report.metrics.map(({ metric, tolerance }) => [metric, tolerance]);
    const kept = metrics.filter(({ muted }) => !muted);
    expect(used).toEqual(kept.map(({ name, tolerance }) => [name, tolerance]));
  });

  test('alerts by them at once, as the trained model with its own', () => {
    const metrics = names.map((name, d) => ({ name, tolerance: 1 + d / 7, muted: d % 3 === 0 }));
    const kept = metrics.filter(({ muted }) => !muted);
    const alertsWith = (settings) => {
      writeFileSync(join(folder, 'edit.yaml'), toYaml({ role: 'blog:db', alerts, ...settings }));
      const args = ['-m', 'role.rolemix', '--format', 'json', '--config', 'edit.yaml'];
      const { stdout, stderr, status } = run('alerts', args);
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('edit.yaml')]);
      return JSON.parse(stdout);
    };
    const trained = alertsWith({ metrics: kept });
    const loud = { ...alerts, warningSensitivity: 'sensitive', maxCheckAttempts: 1 };
    const edited = alertsWith({ metrics: [{ name: kept[1].name, muted: true }], alerts: loud });
    expect(edited.model_id).not.toBe(trained.model_id);
    expect(edited.settings).toEqual({
      warning_sensitivity: 'sensitive',
      critical_sensitivity: 'insensitive',
      max_check_attempts: 1,
    });
    expect(alertsWith({ metrics: [] }).model_id).toBe(trained.model_id);
    for (const { name } of kept) {
      const muted = alertsWith({ metrics: [{ name, muted: true }] });
      expect(muted.model_id).not.toBe(trained.model_id);
    }
  });
});

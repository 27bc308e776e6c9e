// A role's configuration: read back by a YAML library, and by the command.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { parse } from 'yaml';

import { roleConfig } from '../../js/dist/config.js';
import { goldenBytes, RolemixError, RoleModel } from './support.mjs';

const path = (name) => new URL(`../../${name}`, import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rolemix-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const alertSettings = {
  warningSensitivity: 'normal',
  criticalSensitivity: 'insensitive',
  maxCheckAttempts: 3,
};
const usual = {
  unit: '',
  fullScale: null,
  transform: 'identity',
  detectionDirection: 'both',
  center: 'none',
};
/** Of a model that knows no more of its metrics than their names, or this. */
const infoOf = (metrics) => ({
  role: 'blog:db',
  alertSettings,
  metrics: metrics.map(({ name, ...more }) => ({ name, ...usual, ...more })),
});
/** Of metrics `{ name, tolerance, muted }`, the last two as edits. */
const configOf = (metrics, settings = {}) =>
  roleConfig(infoOf(metrics.map(({ name }) => ({ name }))), settings, {
    tolerances: Object.fromEntries(
      metrics
        .filter(({ tolerance }) => tolerance !== undefined)
        .map(({ name, tolerance }) => [name, tolerance]),
    ),
    muted: metrics.filter(({ muted }) => muted).map(({ name }) => name),
  });

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

/** As the command reads names: what a terminal would obey is escaped. */
const shown = (name) =>
  name.replace(
    // eslint-disable-next-line no-control-regex -- these are what it is about
    /[\0-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => {
      const code = character.charCodeAt(0);
      const known = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
      const hex = (digits) => code.toString(16).padStart(digits, '0');
      return known ?? (code < 0x80 ? `\\x${hex(2)}` : `\\u${hex(4)}`);
    },
  );

test('reads as the configuration that people write', () => {
  const metrics = [
    { name: 'memory.used.bytes', tolerance: 41943040 },
    { name: 'cpu.user.pct' },
    { name: 'cpu.guest.pct', muted: true },
    { name: 'disk used', tolerance: 0.1, muted: true },
    { name: 'load', muted: false },
  ];
  expect(configOf(metrics)).toBe(`role: blog:db
metrics:
  memory.used.bytes: { tolerance: 41943040 }
  cpu.guest.pct: { drop: true }
  "disk used": { tolerance: 0.1, drop: true }
alerts: { warning_sensitivity: normal, critical_sensitivity: insensitive, max_check_attempts: 3 }
`);
  expect(configOf([{ name: 'load' }])).not.toMatch('metrics');
});

test('says what is known of each metric', () => {
  const known = [
    { name: 'a', unit: 'percent', fullScale: 100, transform: 'logit' },
    { name: 'b', unit: 'GiB per day', detectionDirection: 'above', center: 'host' },
  ];
  const edits = { tolerances: { b: 2 }, muted: ['a'] };
  const settings = { maxCheckAttempts: 1, warningSensitivity: 'sensitive' };
  expect(roleConfig(infoOf(known), settings, edits)).toBe(`role: blog:db
metrics:
  a: { unit: percent, full_scale: 100, transform: logit, drop: true }
  b: { unit: "GiB per day", detection_direction: above, center: host, tolerance: 2 }
alerts: { warning_sensitivity: sensitive, critical_sensitivity: insensitive, max_check_attempts: 1 }
`);
});

test("is written of a model's info as it is", async () => {
  const model = await RoleModel.load(goldenBytes('model.rolemix'));
  const { role, metrics, alertSettings: own } = model.info;
  const read = parse(roleConfig(model.info));
  expect([read.role, read.alerts]).toEqual([
    role,
    {
      warning_sensitivity: own.warningSensitivity,
      critical_sensitivity: own.criticalSensitivity,
      max_check_attempts: own.maxCheckAttempts,
    },
  ]);
  for (const { name, unit, fullScale, transform } of metrics) {
    const {
      unit: written = '',
      full_scale = null,
      transform: of = 'identity',
    } = read.metrics?.[name] ?? {};
    expect([written, full_scale, of]).toEqual([unit, fullScale, transform]);
  }
  model.dispose();
});

test.each([
  [{ tolerances: { cpu: 0 } }, 'metric cpu: expected a tolerance in 1e-50..1e50, got 0'],
  [{ tolerances: { cpu: NaN } }, 'metric cpu: expected a tolerance in 1e-50..1e50, got NaN'],
  [{ tolerances: { cpu: '5' } }, 'metric cpu: expected a tolerance in 1e-50..1e50, got "5"'],
  [{ tolerances: { x: 1 } }, 'edits: expected metrics of the model, got "x"'],
  [{ muted: ['x'] }, 'edits: expected metrics of the model, got "x"'],
  [{ muted: 'cpu' }, 'muted: expected an array of text, got "cpu"'],
  [{ mute: ['cpu'] }, 'edits: expected only tolerances, muted, got "mute"'],
])('refuses the edit %j', (edits, message) => {
  const refused = new RolemixError('invalid_argument', message);
  expect(() => roleConfig(infoOf([{ name: 'cpu' }]), {}, edits)).toThrow(refused);
});

test('refuses settings that there are not', () => {
  const write = (settings) => () => roleConfig(infoOf([{ name: 'cpu' }]), settings);
  expect(write({ maxCheckAttempts: 0 })).toThrow('maxCheckAttempts: expected an integer from 1');
  expect(write({ warningSensitivity: 'a: b' })).toThrow('warningSensitivity: expected sensitive,');
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
    tolerance: fc.double({ min: 1e-50, max: 1e50, noNaN: true }),
    muted: fc.boolean(),
  });
  const metrics = fc.uniqueArray(metric, { minLength: 1, selector: ({ name: of }) => of });
  fc.assert(
    fc.property(metrics, (list) => {
      const yaml = configOf(list);
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
    writeFileSync(join(folder, 'role.yaml'), configOf(metrics));
    const args = ['--config', 'role.yaml', '--components', '1', '--format', 'json'];
    const { stdout, stderr } = run('train', [...args, '-o', 'role.rolemix']);
    expect(stderr).toMatch(/^rolemix: not ready: .*\n$/); // and no word about the configuration
    const report = JSON.parse(stdout);
    const used = report.metrics.map(({ metric, tolerance }) => [metric, tolerance]);
    const kept = metrics.filter(({ muted }) => !muted);
    expect(used).toEqual(kept.map(({ name, tolerance }) => [shown(name), tolerance]));
  });

  test('alerts by them at once, as the trained model with its own', () => {
    const metrics = names.map((name, d) => ({ name, tolerance: 1 + d / 7, muted: d % 3 === 0 }));
    const kept = metrics.filter(({ muted }) => !muted);
    const alertsWith = (edited, settings) => {
      writeFileSync(join(folder, 'edit.yaml'), configOf(edited, settings));
      const args = ['-m', 'role.rolemix', '--format', 'json', '--config', 'edit.yaml'];
      const { stdout, stderr, status } = run('alerts', args);
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('edit.yaml')]);
      return JSON.parse(stdout);
    };
    const trained = alertsWith(kept);
    const loud = { warningSensitivity: 'sensitive', maxCheckAttempts: 1 };
    const edited = alertsWith([{ name: kept[1].name, muted: true }], loud);
    expect(edited.model_id).not.toBe(trained.model_id);
    expect(edited.settings).toEqual({
      warning_sensitivity: 'sensitive',
      critical_sensitivity: 'insensitive',
      max_check_attempts: 1,
    });
    expect(alertsWith([]).model_id).toBe(trained.model_id);
    for (const { name } of kept) {
      const muted = alertsWith([{ name, muted: true }]);
      expect(muted.model_id).not.toBe(trained.model_id);
    }
  });
});

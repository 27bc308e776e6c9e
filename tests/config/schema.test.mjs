// The schema for editors says what the reader of configurations says: both judge the same documents.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Ajv from 'ajv';
import { parse } from 'yaml';

const path = (name) => new URL(`../../${name}`, import.meta.url).pathname;
const schema = JSON.parse(readFileSync(path('docs/role.schema.json'), 'utf8'));
const validate = new Ajv({ strictTypes: false }).compile(schema);
const folder = mkdtempSync(join(tmpdir(), 'rolemix-schema-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether the command accepts it; that it then finds no data is another matter. */
function isRead(yaml) {
  writeFileSync(join(folder, 'role.yaml'), yaml);
  const { stderr } = spawnSync(
    path('build/native/rolemix'),
    ['train', '--config', 'role.yaml', '--role', 'a:b', '--input', 'missing.csv', '-o', 'x'],
    { cwd: folder, encoding: 'utf8' },
  );
  expect(stderr).toMatch(/role\.yaml|missing\.csv/);
  return !stderr.includes('role.yaml');
}

const good = [
  readFileSync(path('docs/configuration.md'), 'utf8').match(/```yaml\n([\s\S]*?)```/)[1],
  'metrics: { cpu: {} }',
  'components: 3',
  'components: 1-8',
  'role: "blog: db"',
  'training: { from: 1790812800, exclude: [[1, 2], [2026-10-01, 2026-10-02T03:00Z]] }',
  'alerts: { max_check_attempts: 1 }',
  'metrics: { cpu: { tolerance: 0.5 %, full_scale: 100, transform: logit } }',
  'metrics: { cpu: { center: host }, memory: { center: none } }',
];
const bad = [
  'component: 3',
  'role: blogdb',
  'metrics: [cpu]',
  'metrics: { cpu: { tolerence: 5 } }',
  'metrics: { cpu: { tolerance: some } }',
  'metrics: { cpu: { tolerance: -1 } }',
  'metrics: { cpu: { full_scale: 0 } }',
  'metrics: { cpu: { transform: sqrt } }',
  'metrics: { cpu: { drop: 1 } }',
  'metrics: { cpu: { center: role } }',
  'defaults: { tolerance: 5 }',
  'training: { exclude: [2026-10-01] }',
  'training: { exclude: 2026-10-05T03:00Z }',
  'training: { exclude: [[1, 2, 3]] }',
  'training: { from: }',
  'metrics: { cpu: }',
  'metrics: { cpu: { full_scale: 1e60 } }',
  'metrics: { cpu: { tolerance: 1e-60 } }',
  'metrics: { cpu: { tolerance: 10 MBs } }',
  'components: 2.5',
  'alerts: { max_check_attempts: 11 }',
  'alerts: { warning_sensitivity: loud }',
];

test.each(good)('both accept: %s', (yaml) => {
  expect(validate(parse(yaml)) || validate.errors).toBe(true);
  expect(isRead(yaml)).toBe(true);
});

test.each(bad)('both reject: %s', (yaml) => {
  expect(validate(parse(yaml))).toBe(false);
  expect(isRead(yaml)).toBe(false);
});

test('the configuration of a simulated role fits', () => {
  execFileSync(
    path('build/native/rolemix'),
    ['simulate', '--hosts', '3', '--days', '1', '--interval', '3600', '-o', folder],
    { stdio: 'ignore' },
  );
  const yaml = readFileSync(join(folder, 'role.yaml'), 'utf8');
  expect(validate(parse(yaml)) || validate.errors).toBe(true);
});

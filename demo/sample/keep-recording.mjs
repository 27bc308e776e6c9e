// Keeps what sample/record.mjs wrote: DIR/metrics, DIR/incidents.csv -> sample/recorded.bin, values rounded to what people need.
// Usage: node keep-recording.mjs DIR
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { pack } from './pack.mjs';
import { rolemix } from './rolemix.mjs';
import { quantise, readIncidents, readTable, stepsOf } from './table.mjs';

const interval = 60; // seconds shown; one of the recording
const cleanShare = 0.6; // sample/record.mjs
const stepsInTolerance = 10;
const [source] = process.argv.slice(2);

const folder = mkdtempSync(join(tmpdir(), 'rolemix-keep-'));
try {
  if (source === undefined) throw new Error('expected DIR, the folder that record.mjs wrote');
  const file = (name) => fileURLToPath(new URL(name, import.meta.url));
  const table = readTable(source);
  const times = table.rows.map(({ timestamp }) => Number(timestamp));
  const start = times.reduce((a, b) => Math.min(a, b));
  const end = times.reduce((a, b) => Math.max(a, b)) + interval;
  const until = start + interval * Math.round((cleanShare * (end - start)) / interval);
  const model = join(folder, 'model.rolemix');
  const config = file('recorded.yaml');
  rolemix(
    'train',
    '--input',
    join(source, 'metrics'),
    '--to',
    until,
    '--config',
    config,
    '-o',
    model,
  );
  const kept = quantise(table, interval, start, stepsOf(model, stepsInTolerance));
  const bytes = pack([{ ...kept, until, incidents: readIncidents(source), models: {} }]);
  writeFileSync(file('recorded.bin'), bytes);
  console.error(`keep-recording: ${bytes.length} bytes, clean until ${until}`);
} catch (error) {
  console.error(`keep-recording: ${error.message}`);
  process.exitCode = 2;
} finally {
  rmSync(folder, { recursive: true });
}

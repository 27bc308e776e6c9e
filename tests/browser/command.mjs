// The native command on what the page shows: the page's table as CSV, and its model as a file.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rolemix } from '../../demo/sample/rolemix.mjs';

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'rolemix-page-'));
export const removeFolder = (folder) => rmSync(folder, { recursive: true });

/** {folder, run(verb, ...options)}: the role that the page shows, as files. */
export async function filesOf(page) {
  const { csv, model } = await page.evaluate(() => {
    const { table, file } = document.querySelector('rolemix-console').model.role;
    const names = Object.keys(table.metrics);
    const text = (value) => (Number.isNaN(value) ? '' : String(value));
    const lines = Array.from(table.timestamps, (timestamp, row) =>
      [timestamp, table.hosts[row], ...names.map((name) => text(table.metrics[name][row]))].join(),
    );
    const bytes = Array.from(file, (byte) => String.fromCharCode(byte)).join('');
    return { csv: [['timestamp', 'host', ...names].join(), ...lines].join('\n'), model: bytes };
  });
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'samples.csv'), `${csv}\n`);
  writeFileSync(join(folder, 'role.rolemix'), Buffer.from(model, 'latin1'));
  const given = ['-m', join(folder, 'role.rolemix'), '--input', join(folder, 'samples.csv')];
  return { folder, run: (verb, ...options) => rolemix(verb, ...given, ...options) };
}

/** What a click makes the page save: {name, text}. */
export async function saved(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

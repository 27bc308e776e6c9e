// Makes the page's sample: a role simulated for a week, and one recorded from real processes, each learned from its clean part.
// Checks what the page is going to say of them, and says so if the data no longer show it. Usage: node build-sample.mjs [SEED]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { pack } from './sample/pack.mjs';
import { recordedRole } from './sample/recorded.mjs';
import { simulatedRole } from './sample/simulated.mjs';
import { check } from './sample/table.mjs';

const seed = process.argv[2] ?? '1';
const mostBytes = 350_000; // in the page, as base64
const output = fileURLToPath(new URL('../build/demo/sample.bin', import.meta.url));

function build(folder) {
  const inFolder = (name) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const roles = [simulatedRole(inFolder('simulated'), seed), recordedRole(inFolder('recorded'))];
  const bytes = pack(roles);
  const size = Math.ceil(bytes.length / 3) * 4;
  check(size <= mostBytes, `at most ${mostBytes} bytes, not ${size}`);
  mkdirSync(join(output, '..'), { recursive: true });
  writeFileSync(output, bytes);
  console.error(`sample: ${size} bytes as base64`);
}

const folder = mkdtempSync(join(tmpdir(), 'rolemix-sample-'));
try {
  build(folder);
} catch (error) {
  console.error(`sample: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

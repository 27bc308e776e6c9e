// The package as its users get it: packed, and installed elsewhere.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

export const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A new folder with the package, and nothing else, in node_modules. */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), 'rolemix-'));
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--workspace', 'js', '--pack-destination', folder], root),
  );
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { rolemix: `file:${packed.filename}` },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--offline', '--no-audit', '--no-fund'], folder);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves a folder with the same headers for everything. */
export async function serve(folder, headers) {
  const server = createServer(async ({ url }, response) => {
    const path = join(folder, new URL(url, 'http://localhost').pathname);
    const body = await readFile(path).catch(() => null);
    const type = types[extname(path)] ?? 'application/octet-stream';
    response.writeHead(body ? 200 : 404, { ...headers, 'content-type': type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

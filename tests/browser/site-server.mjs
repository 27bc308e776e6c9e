// The page as files on a server that sends a security policy.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = new URL('../../demo/dist/site/', import.meta.url);
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:";
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** {origin, broken, close}: `broken` has the status of files that do not answer as they should, by extension. */
export async function serveSite() {
  if (!existsSync(fileURLToPath(new URL('index.html', site))))
    throw new Error('demo/dist/site is missing; build it: script/demo --once');
  const broken = new Map();
  const server = createServer(({ url }, response) => {
    const name = url === '/' ? 'index.html' : url.slice(1);
    const file = new URL(name, site);
    const status = broken.get(extname(name)) ?? (existsSync(file) ? 200 : 404);
    response
      .writeHead(status, {
        'content-type': types[extname(name)] ?? 'application/octet-stream',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      })
      .end(status === 200 ? readFileSync(file) : '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    broken,
    close: () => server.close(),
  };
}

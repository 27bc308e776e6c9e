// Serves the page to this machine: node demo/serve.mjs [PORT]. Takes the next free port if that one is taken.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const page = new URL('dist/rolemix.html', import.meta.url);
const paths = new Set(['/', '/index.html', '/rolemix.html']);
const headers = {
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
  'Cache-Control': 'no-cache',
};

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const status = !reads ? 405 : paths.has(path) ? 200 : 404;
  const body = status === 200 ? readFileSync(page) : `${status}\n`;
  const type = status === 200 ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8';
  response.writeHead(status, {
    ...headers,
    ...(status === 405 && { Allow: 'GET, HEAD' }),
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
});

let port = Number(process.argv[2] ?? 8080);
const last = port + 100;
server.on('error', (error) => {
  if (error.code !== 'EADDRINUSE' || port >= last) throw error;
  port++;
  server.listen(port, '127.0.0.1');
});
server.on('listening', () => {
  console.log(`http://localhost:${port}/   (Ctrl-C ends it)`);
});
server.listen(port, '127.0.0.1');

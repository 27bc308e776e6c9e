// One worker of the recorded role: a small HTTP service that renders JSON, hashes and compresses it, keeps it in memory and on disk.
// sample/record.mjs starts it, asks it for its counters and provokes incidents in it: real work, real leaks, nothing simulated.
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { deflateRawSync } from 'node:zlib';

const [folder] = process.argv.slice(2);
const log = join(folder, 'access.log');
const mostCached = 200; // answers
const lagResolution = 20; // ms
const logLimit = 4_000_000; // bytes

const cache = new Map();
const counters = { requests: 0, milliseconds: 0 };
const lag = monitorEventLoopDelay({ resolution: lagResolution });
lag.enable();

let slow = 0; // ms that each answer blocks
let cacheWorks = true;
let logged = 0;
const lock = new Int32Array(new SharedArrayBuffer(4));

/** The same key always gives the same text. */
function render(key, items, data) {
  const rows = Array.from({ length: items }, (_, i) => ({
    id: key * 1000 + i,
    name: `item ${(key * 7919 + i * 104729) % 99991}`,
    price: ((key * 31 + i * 17) % 10000) / 100,
    note: data.subarray((i * 64) % data.length, ((i * 64) % data.length) + 48).toString('latin1'),
  }));
  const text = JSON.stringify({ key, rows });
  const tag = createHash('sha256').update(text).digest('hex');
  return { tag, body: deflateRawSync(text, { level: 6 }) };
}

function remember(key, answer) {
  cache.delete(key);
  cache.set(key, answer);
  if (cache.size > mostCached) cache.delete(cache.keys().next().value);
}

async function answerTo(key, items) {
  const known = cacheWorks ? cache.get(key) : undefined;
  if (known) {
    remember(key, known);
    return known;
  }
  const data = await readFile(join(folder, `data-${key % 16}`));
  const answer = render(key, items, data);
  if (cacheWorks) remember(key, answer);
  if (key % 4 === 0) await writeFile(join(folder, `kept-${key % 64}`), answer.body);
  return answer;
}

async function write(text) {
  logged += text.length;
  await appendFile(log, text);
  if (logged < logLimit) return;
  logged = 0;
  await truncate(log);
}

const server = createServer(async (request, response) => {
  const begin = performance.now();
  const [, key, items] = request.url.split('/').map(Number);
  const { tag, body } = await answerTo(key, items);
  if (slow > 0) Atomics.wait(lock, 0, 0, slow);
  await write(`${request.url} ${tag} ${body.length}\n`);
  response.writeHead(200, { etag: tag, 'content-length': body.length });
  response.end(body);
  counters.requests += 1;
  counters.milliseconds += performance.now() - begin;
});

function every(milliseconds, work) {
  const timer = setInterval(work, milliseconds);
  return () => clearInterval(timer);
}

function spin(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** By kind: what begins it, and returns what ends it. */
const incidents = {
  busy_timer: () => every(40, () => spin(1)),
  memory_leak() {
    const leaked = [];
    const stop = every(100, () => leaked.push(Buffer.alloc(50_000, 'leak')));
    return () => {
      stop();
      leaked.length = 0;
      globalThis.gc?.();
    };
  },
  fd_leak() {
    const leaked = [];
    const stop = every(1000, () => leaked.push(openSync(join(folder, 'data-0'))));
    return () => {
      stop();
      leaked.forEach((descriptor) => closeSync(descriptor));
    };
  },
  slow_responses() {
    slow = 15;
    return () => {
      slow = 0;
    };
  },
  cache_off() {
    cacheWorks = false;
    cache.clear();
    return () => {
      cacheWorks = true;
    };
  },
  debug_log: () => every(20, () => write('debug '.repeat(1500))),
};

function report() {
  const { user, system } = process.cpuUsage(); // microseconds
  const late = Number.isFinite(lag.mean) ? Math.max(0, lag.mean / 1e6 - lagResolution) : 0;
  lag.reset();
  return { ...counters, cpu: user + system, lag: late };
}

const running = new Map();
process.on('message', ({ ask, begin, end }) => {
  if (ask !== undefined) process.send({ answer: ask, ...report() });
  if (begin !== undefined) running.set(begin, incidents[begin]());
  if (end !== undefined) {
    running.get(end)?.();
    running.delete(end);
  }
});
process.on('disconnect', () => process.exit());

await Promise.all(
  Array.from({ length: 16 }, (_, i) =>
    writeFile(join(folder, `data-${i}`), Buffer.alloc(4096 + 512 * i, `data of file ${i}, `)),
  ),
);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

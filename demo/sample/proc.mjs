// What the recording measures of a worker: Linux's own counters in /proc/PID, and the service's.
import { readFileSync, readdirSync } from 'node:fs';

/** By metric: value a second from two measurements `seconds` apart, and the decimals that are kept. */
const metrics = {
  'requests.rate': [(a, b, seconds) => (b.requests - a.requests) / seconds, 1],
  'response.time.ms': [
    (a, b) =>
      b.requests > a.requests ? (b.milliseconds - a.milliseconds) / (b.requests - a.requests) : NaN,
    2,
  ],
  'eventloop.lag.ms': [(_, b) => b.lag, 2],
  'cpu.used.pct': [(a, b, seconds) => (b.cpu - a.cpu) / 1e4 / seconds, 2],
  'cpu.wait.pct': [(a, b, seconds) => (b.waited - a.waited) / 1e7 / seconds, 2],
  'context_switches.voluntary.rate': [(a, b, seconds) => (b.voluntary - a.voluntary) / seconds, 0],
  'context_switches.involuntary.rate': [
    (a, b, seconds) => (b.involuntary - a.involuntary) / seconds,
    1,
  ],
  'memory.rss.bytes': [(_, b) => b.rss, 0],
  'page_faults.rate': [(a, b, seconds) => (b.faults - a.faults) / seconds, 0],
  'io.read.bytes': [(a, b, seconds) => (b.read - a.read) / seconds, 0],
  'io.write.bytes': [(a, b, seconds) => (b.written - a.written) / seconds, 0],
  'disk.write.bytes': [(a, b, seconds) => (b.toDisk - a.toDisk) / seconds, 0],
  'fds.open': [(_, b) => b.descriptors, 0],
};

export const metricNames = Object.keys(metrics);

/** Number behind a name of a /proc file of `name: value` lines. */
function field(text, name) {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text);
  if (!found) throw new Error(`no ${name} in /proc`);
  return Number(found[1]);
}

/** Sum over the process's threads of what one of their files says. */
function overThreads(pid, numbers) {
  const sums = { voluntary: 0, involuntary: 0, waited: 0 };
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const read = (file) => readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8');
    for (const [name, value] of Object.entries(numbers(read))) sums[name] += value;
  }
  return sums;
}

/** Counters of now; `service` is what the worker says of itself. */
export function measure(pid, service) {
  const read = (file) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
  const status = read('status');
  const io = read('io');
  const afterName = read('stat').split(') ').at(-1).split(' ');
  return {
    ...service,
    ...overThreads(pid, (ofThread) => {
      const text = ofThread('status');
      return {
        voluntary: field(text, 'voluntary_ctxt_switches'),
        involuntary: field(text, 'nonvoluntary_ctxt_switches'),
        waited: Number(ofThread('schedstat').split(' ')[1]), // ns
      };
    }),
    time: performance.now(),
    rss: 1024 * field(status, 'VmRSS'),
    faults: Number(afterName[7]), // minor
    read: field(io, 'rchar'),
    written: field(io, 'wchar'),
    toDisk: field(io, 'write_bytes'),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** A sample's values in the order of metricNames; '' where there is none. */
export function rates(before, now) {
  const seconds = (now.time - before.time) / 1000;
  return Object.values(metrics).map(([value, decimals]) => {
    const number = value(before, now, seconds);
    return Number.isFinite(number) ? Number(number.toFixed(decimals)) : '';
  });
}

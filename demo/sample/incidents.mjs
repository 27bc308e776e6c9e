// What is provoked during a recording, and its labels. sample/render-service.mjs does what the kinds say.

const spike = 1.3; // times the load

// When and where, as shares of the recording; worker null: the load of all. The first 60 % are clean.
const plan = [
  {
    kind: 'busy_timer',
    worker: 3,
    from: 0.63,
    to: 0.67,
    causes: ['cpu.used.pct', 'eventloop.lag.ms'],
    description:
      'A timer in this worker computes for nothing, 1 ms of 40: three times the CPU that its requests take at night.',
  },
  {
    kind: 'fd_leak',
    worker: 2,
    from: 0.7,
    to: 0.745,
    causes: ['fds.open'],
    description: 'One file a second is opened and never closed, until all are closed at the end.',
  },
  {
    kind: 'slow_responses',
    worker: 7,
    from: 0.77,
    to: 0.805,
    causes: ['response.time.ms', 'eventloop.lag.ms'],
    description:
      'Each answer waits 15 ms for a lock, and blocks all others meanwhile; the CPU does not show it.',
  },
  {
    kind: 'cache_off',
    worker: 6,
    from: 0.83,
    to: 0.865,
    causes: ['cpu.used.pct', 'io.read.bytes', 'response.time.ms'],
    description:
      'The cache of answers is off: each answer is rendered anew, at about twice the CPU a request.',
  },
  {
    kind: 'debug_log',
    worker: 1,
    from: 0.855,
    to: 0.89,
    causes: ['io.write.bytes', 'disk.write.bytes'],
    description: 'Debug output was left on: half a megabyte a second goes into a log file.',
  },
  {
    kind: 'load_spike',
    worker: null,
    from: 0.895,
    to: 0.92,
    causes: ['requests.rate', 'cpu.used.pct', 'io.read.bytes', 'io.write.bytes'],
    description:
      'A third more requests than at this time of day, for all workers; every metric follows as it always does.',
  },
  {
    kind: 'memory_leak',
    worker: 5,
    from: 0.925,
    to: 0.985,
    causes: ['memory.rss.bytes', 'page_faults.rate'],
    description:
      'The worker keeps half a megabyte a second that nobody needs; when it is freed at the end, the process gives back a part.',
  },
];

const secondsOf = ({ from, to }, seconds) => [from, to].map((share) => Math.round(share * seconds));

/** incidents.csv as `rolemix simulate` writes it; `time(second)`: the timestamp of a second of the recording. */
export function labels(hosts, seconds, time) {
  const happening = plan.filter(({ worker }) => worker === null || worker <= hosts.length);
  const lines = happening.map((incident) => {
    const { kind, worker, causes, description } = incident;
    const [from, to] = secondsOf(incident, seconds).map(time);
    const host = worker === null ? '' : hosts[worker - 1];
    return [kind, host, from, to, worker !== null, causes.join(';'), `"${description}"`].join();
  });
  return ['kind,host,from,to,anomalous,cause_metrics,description', ...lines, ''].join('\n');
}

/** Begins and ends in the workers' processes what the plan says for this second; returns the load's factor. */
export function provoke(children, seconds, second) {
  let factor = 1;
  for (const incident of plan) {
    const { kind, worker } = incident;
    const [first, last] = secondsOf(incident, seconds);
    if (worker === null) {
      if (second >= first && second < last) factor = spike;
      continue;
    }
    const child = children[worker - 1];
    if (second === first) child?.send({ begin: kind });
    if (second === last) child?.send({ end: kind });
  }
  return factor;
}

// The load of the recorded role: requests whose number follows a daily rhythm, dealt out to the workers.
import { Agent, get } from 'node:http';

const busiest = 180; // requests a second of all workers, at the top of the rhythm
const night = 0.3; // share of it
const tick = 20; // ms
const keys = 600;

/** Numbers in [0, 1) that the seed determines (xorshift, 32 bits). */
export function randomNumbers(seed) {
  let state = (Number(seed) * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Share of the busiest rate at an hour of the day: least at 3, most at 15. */
export function rhythm(hour) {
  return night + ((1 - night) * (1 - Math.cos(((hour - 3) * Math.PI) / 12))) / 2;
}

/** A slow random walk about 1 with the given spread. */
function wander(random, spread, seconds) {
  const keep = Math.exp(-tick / 1000 / seconds);
  let level = 0;
  return () => {
    const noise = (random() + random() + random() - 1.5) * 2; // variance 1
    level = keep * level + Math.sqrt(1 - keep * keep) * spread * noise;
    return Math.exp(level);
  };
}

/** Sends requests to the ports until stop(); `hour()` is the time of day, `factor()` what a spike multiplies the load with. */
export function startLoad(ports, seed, hour, factor) {
  const random = randomNumbers(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const common = wander(random, 0.12, 40);
  const own = ports.map((_, i) => ({
    level: 0.88 + (0.24 * i) / Math.max(1, ports.length - 1),
    drift: wander(random, 0.08, 30),
    due: random(),
  }));
  const failures = { count: 0 };

  function request(port) {
    const key = Math.floor(keys * random() ** 3);
    const items = 20 + ((key * 37) % 280);
    get({ port, host: '127.0.0.1', path: `/${key}/${items}`, agent }, (response) =>
      response.resume(),
    ).on('error', () => {
      failures.count += 1;
    });
  }

  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const seconds = Math.min(1, (now - before) / 1000);
    before = now;
    const rate = (busiest / ports.length) * rhythm(hour()) * common() * factor() * seconds;
    own.forEach((worker, i) => {
      worker.due += rate * worker.level * worker.drift() * (0.6 + 0.8 * random());
      for (; worker.due >= 1; worker.due--) request(ports[i]);
    });
  }, tick);
  return {
    failures,
    stop() {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

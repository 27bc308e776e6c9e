// Alerts as the package gives them; the last one is of a host with a name that looks like HTML.
const alert = (index, host) => ({
  alertId: `00000000000000a${index}`,
  role: 'shop: web',
  scope: 'host',
  host,
  hosts: [host],
  level: 'critical',
  startedAt: 1_791_500_000 + 3600 * index,
  openedAt: 1_791_500_600 + 3600 * index,
  closedAt: index === 1 ? null : 1_791_502_000 + 3600 * index,
  lastSampleAt: 1_791_502_000 + 3600 * index,
  samples: 7,
  severity: 81.5,
  anomalyScore: 33.25,
  worstHost: host,
  worstAt: 1_791_500_900 + 3600 * index,
  topMetrics: ['cpu.user.pct', 'memory.used.bytes'],
  modelId: 'd41d8cd98f00b204',
  sentence: 'cpu.user.pct is 97 %, outside its usual range 3-41 %.',
});

export const hostile = '<img src=x onerror="document.title=1">';
export const alerts = ['web01', 'web02', 'web03', hostile].map((host, i) => alert(i, host));

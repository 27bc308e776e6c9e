// Runs the engines in turn, round after round, checks that they agree, and prints one table. script/bench builds what
// this needs and starts it.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { run, startEngine } from './process.mjs';

const build = new URL('../build/', import.meta.url).pathname;
const native = (name) => `${build}native/bench/bench_${name}`;
const script = (name) => new URL(name, import.meta.url).pathname;
const wasmModule = `${build}wasm/bench/bench_wasm.mjs`;
const problemFile = (problem) => `${build}bench/${problem}.bin`;
const modelFile = (problem) => `${build}bench/${problem}.rolemix`;

const say = (text) => console.error(`bench: ${text}`);
const rounds = Number(process.env.ROLEMIX_BENCH_ROUNDS ?? 5);
const roleRounds = Math.min(rounds, 3);
const problems = { 'd20-k5': [20, 5], 'd38-k8': [38, 8] };
const training = { task: 'train-20k-d20-k5-i20', problem: 'd20-k5', rows: 20_000, iterations: 20 };
const roleTask = 'train-role-10x30d-1min';
const wholeTask = 'explain-whole';
const samplesTask = 'samples-121k-d19-k5';
const tasks = [
  ...Object.keys(problems).flatMap((problem) =>
    ['score', 'explain', 'quantiles'].map((kind) => `${kind}-${problem}`),
  ),
  training.task,
  roleTask,
  wholeTask,
  samplesTask,
  'load',
  'size',
];
const slowTasks = ['alerts']; // only when asked for
const hostYears = process.env.ROLEMIX_BENCH_HOST_YEARS ?? '50';

// Rows in all, and rows in a call; the same for all engines but the slowest.
const usual = { score: [102_400, 5120], explain: [20_480, 1024], quantiles: [20_480, 1024] };
const few = { score: [20_480, 1024], quantiles: [4096, 512] };
const checked = 1000;

// peak: the engine that measures what its instructions could reach. can: what it can besides scoring.
const engines = [
  {
    name: 'rolemix-native',
    command: () => [native('native')],
    peak: 'native',
    can: ['explain', 'quantiles'],
  },
  ...['baseline', 'avx2', 'avx512'].map((set) => ({
    name: `rolemix-native-${set}`,
    command: () => [native('native')],
    options: [set],
    peak: `native-${set}`,
    can: ['explain', 'quantiles'],
  })),
  {
    name: 'rolemix-wasm-node',
    command: () => ['node', script('node.mjs')],
    options: [wasmModule],
    peak: 'wasm',
    can: ['explain', 'quantiles'],
  },
  {
    name: 'rolemix-wasm-chromium',
    command: () => ['node', script('chromium.mjs')],
    options: [wasmModule],
    can: ['explain', 'quantiles'],
  },
  {
    name: 'rolemix-package-node',
    command: () => ['node', script('package.mjs')],
    model: true,
    can: ['quantiles'],
    rows: few,
  },
  { name: 'armadillo', command: () => [native('armadillo')] },
  { name: 'scikit-learn', command: () => ['/usr/bin/python3', script('scikit_learn.py')] },
  { name: 'opencv', command: () => [native('opencv')], rows: few },
  { name: 'plain-js', command: () => ['node', script('plain.mjs')], can: ['explain'] },
  {
    name: 'npm-gaussian-mixture-model',
    command: () => ['node', script('npm.mjs')],
    options: [`${build}bench/npm`],
    rows: { score: [1000, 100] },
  },
];
// Without the prior, which is rolemix's own, all must end with the same parameters.
const trainers = [
  { name: 'rolemix-native', command: () => [native('train')], differs: true },
  {
    name: 'rolemix-native-without-prior',
    command: () => [native('train')],
    options: ['without-prior'],
  },
  ...engines.filter(({ name }) => ['armadillo', 'scikit-learn'].includes(name)),
];
const peaks = [
  ...['baseline', 'avx2', 'avx512'].map((set) => ({
    name: `peak-native-${set}`,
    command: () => [native(`peak_${set}`)],
  })),
  { name: 'peak-wasm', command: () => ['node', script('node.mjs'), 'peak', wasmModule] },
];

function parseArguments(given) {
  const wanted = [];
  let json;
  for (let i = 0; i < given.length; i++) {
    const matching = [
      ...tasks.filter((task) => given[i] === 'all' || task.startsWith(`${given[i]}-`)),
      ...[...tasks, ...slowTasks].filter((task) => task === given[i]),
    ];
    if (given[i] === '--json') json = given[++i];
    else if (matching.length > 0) wanted.push(...matching);
    else {
      const known = ['all', ...tasks, ...slowTasks, 'score, explain, quantiles or train'].join(
        ', ',
      );
      throw new Error(`expected ${known}; got '${given[i]}'`);
    }
  }
  return {
    wanted:
      wanted.length > 0 ? [...tasks, ...slowTasks].filter((task) => wanted.includes(task)) : tasks,
    json,
  };
}

/** Starts those that this machine can run; says which it cannot. */
async function startAll(list, problem, question = `likelihoods 1 ${problemFile(problem)}.1`) {
  const started = [];
  for (const engine of list) {
    const [program, ...rest] = engine.command();
    const missing = program.startsWith('/') && !existsSync(program);
    const files = problem && [problemFile(problem), ...(engine.model ? [modelFile(problem)] : [])];
    const running =
      !missing &&
      (await startEngine(program, [...rest, ...(files ?? []), ...(engine.options ?? [])]));
    const answers = running && (await running.ask(problem ? question : 'peak'));
    if (answers !== undefined && answers !== false) started.push({ ...engine, ...running });
    else
      say(
        `skipped ${engine.name}: ${missing ? `${program} was not built` : 'it does not start here'}`,
      );
  }
  return started;
}

function readNumbers(path) {
  const bytes = readFileSync(path);
  return new Float64Array(new Uint8Array(bytes).buffer);
}

/** The largest difference between two engines' answers, relative to values above one. */
function difference(a, b) {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, x, i) => {
    const apart = Math.abs(x - b[i]) / Math.max(1, Math.abs(b[i]));
    return apart <= most ? most : Number.isNaN(apart) ? Infinity : apart;
  }, 0);
}

async function checkAgreement(running, kind, problem) {
  const question = kind === 'score' ? 'likelihoods' : 'explanations';
  let expected;
  for (const engine of running) {
    if (kind !== 'score' && engine.model) continue; // its answer is in the metrics' own units
    const file = `${problemFile(problem)}.${engine.name}`;
    if ((await engine.ask(`${question} ${checked} ${file}`)) === undefined) {
      throw new Error(`${engine.name} ended without an answer`);
    }
    const answer = readNumbers(file);
    expected ??= answer;
    const apart = difference(answer, expected);
    if (!(apart <= 1e-9)) {
      throw new Error(
        `${engine.name} and ${running[0].name} differ by ${apart} in ${question} of ${problem}`,
      );
    }
  }
  say(`${running.length} engines agree on the ${question} of ${problem} to 1e-9`);
}

async function measureRows(task) {
  const [kind, ...rest] = task.split('-');
  const problem = rest.join('-');
  const able = engines.filter((engine) => kind === 'score' || engine.can?.includes(kind));
  const running = await startAll(able, problem);
  const runningPeaks = await startAll(peaks);
  await checkAgreement(running, kind, problem);
  const values = {};
  for (let round = 1; round <= rounds; round++) {
    say(`${task}: round ${round} of ${rounds}`);
    for (const engine of running) {
      const [rows, window] = (engine.rows ?? usual)[kind];
      values[engine.name] = await engine.ask(`${kind} ${rows} ${window}`);
    }
    for (const engine of runningPeaks) values[engine.name] = await engine.ask('peak');
  }
  for (const engine of [...running, ...runningPeaks]) engine.stop();
  values['peak-native'] = Math.max(
    ...runningPeaks.filter((p) => p.name !== 'peak-wasm').map((p) => values[p.name]),
  );
  const [D, K] = problems[problem];
  const operations = K * D * (D + 1) * (kind === 'score' ? 1 : 2);
  return [
    ...running.map(({ name, peak }) => {
      const row = { task, engine: name, value: values[name], unit: 'us/row' };
      row.ratio = row.value / values['rolemix-native'];
      const reachable = values[`peak-${peak}`];
      if (reachable && kind !== 'quantiles')
        row.share_of_peak = operations / row.value / 1000 / reachable;
      return row;
    }),
    ...runningPeaks.map(({ name }) => ({
      task,
      engine: name,
      value: values[name],
      unit: 'GFLOP/s',
      ratio: null,
    })),
  ];
}

async function measureTraining() {
  const { task, problem, rows, iterations } = training;
  const question = `train ${rows} ${iterations}`;
  const running = await startAll(trainers, problem, question);
  const trained = [];
  const comparable = running.filter((engine) => !engine.differs);
  for (const engine of comparable) {
    const file = `${problemFile(problem)}.${engine.name}`;
    await engine.ask(`trained ${rows} ${file}`);
    trained.push(readNumbers(file));
    const apart = difference(trained.at(-1), trained[0]);
    if (!(apart <= 1e-6)) {
      throw new Error(`${engine.name} and ${comparable[0].name} differ by ${apart} after ${task}`);
    }
  }
  say(`${trained.length} engines agree on the parameters after ${task} to 1e-6`);
  const values = {};
  for (let round = 1; round <= rounds; round++) {
    say(`${task}: round ${round} of ${rounds}`);
    for (const engine of running) values[engine.name] = await engine.ask(question);
  }
  for (const engine of running) engine.stop();
  return running.map(({ name }) => ({
    task,
    engine: name,
    value: values[name],
    unit: 's',
    ratio: values[name] / values['rolemix-native'],
  }));
}

/** A whole role: read, searched for its number of components, calibrated. */
async function measureRole() {
  const folder = `${build}bench/role-10x30d`;
  if (!existsSync(folder)) {
    say('simulating a role of 10 hosts and 30 days');
    const size = ['--role', 'web', '--hosts', '10', '--days', '30', '--seed', '3'];
    await run(`${build}native/rolemix`, ['simulate', ...size, '-o', folder]);
  }
  const measured = [];
  for (let round = 1; round <= roleRounds; round++) {
    say(`${roleTask}: round ${round} of ${roleRounds}`);
    measured.push(JSON.parse(await run(native('train_role'), [folder])));
  }
  const { rows, metrics, components } = measured[0];
  say(`${roleTask}: ${rows} rows of ${metrics} metrics, ${components} components chosen`);
  const least = (what) => Math.min(...measured.map((of) => of[what]));
  return [
    ['rolemix-native', least('training'), 's'],
    ['rolemix-native-reading', least('reading'), 's'],
    ['rolemix-native-memory', Math.max(...measured.map((of) => of.megabytes)), 'MB'],
  ].map(([engine, value, unit]) => ({ task: roleTask, engine, value, unit, ratio: null }));
}

/** Full explanations with history: of a sample, with its details, and of 1000 alerts. */
async function measureWhole() {
  const least = { sample: Infinity, detail: Infinity, alerts: Infinity };
  for (let round = 1; round <= rounds; round++) {
    say(`${wholeTask}: round ${round} of ${rounds}`);
    const folder = `${build}bench/role/metrics`;
    const measured = JSON.parse(await run(native('explain'), [modelFile('web-k5'), folder]));
    for (const what of Object.keys(least)) least[what] = Math.min(least[what], measured[what]);
  }
  return [
    ['rolemix-native', least.sample, 'us/sample'],
    ['rolemix-native-detail', least.detail, 'us/sample'],
    ['rolemix-native-1000-alerts', least.alerts, 'ms'],
  ].map(([engine, value, unit]) => ({
    task: wholeTask,
    engine,
    value,
    unit,
    ratio: unit === 'ms' ? null : value / least.sample,
  }));
}

/** The module's way around its kernel: a table opened and scored, rows, and a minute appended. */
async function measureSamples() {
  const measured = [];
  for (let round = 1; round <= rounds; round++) {
    say(`${samplesTask}: round ${round} of ${rounds}`);
    const inputs = [problemFile('d20-k5'), wasmModule, modelFile('samples-k5')];
    const folder = `${build}bench/samples/metrics`;
    measured.push(JSON.parse(await run('node', [script('samples.mjs'), ...inputs, folder])));
  }
  const least = (what) => Math.min(...measured.map((of) => of[what]));
  return [
    ['rolemix-wasm-node', 'kernel', 'us/row'],
    ['rolemix-package-open', 'open', 'us/row'],
    ['rolemix-package-open-and-scores', 'score', 'us/row'],
    ['rolemix-package-very-first', 'first', 'us/row'],
    ['rolemix-package-score-rows', 'rows', 'us/row'],
    ['rolemix-package-append-a-minute-of-100-hosts', 'append', 'ms'],
  ].map(([engine, what, unit]) => ({
    task: samplesTask,
    engine,
    value: least(what),
    unit,
    ratio: unit === 'ms' ? null : least(what) / least('kernel'),
  }));
}

async function measureLoad() {
  const model = modelFile('d20-k5');
  const best = {};
  const keep = (name, value) => (best[name] = Math.min(best[name] ?? Infinity, value));
  for (let round = 0; round < 3 * rounds; round++) {
    keep('rolemix-native', JSON.parse(await run(native('load'), [model])).load);
    const { load, loadWithImport } = JSON.parse(await run('node', [script('load.mjs'), model]));
    keep('rolemix-package-node', load);
    keep('rolemix-package-node-with-import', loadWithImport);
  }
  return Object.entries(best).map(([engine, value]) => ({
    task: 'load',
    engine,
    value,
    unit: 'ms',
    ratio: value / best['rolemix-native'],
  }));
}

function measureSize() {
  const bytes = (name) =>
    gzipSync(readFileSync(new URL(`../js/dist/${name}`, import.meta.url)), { level: 9 }).length;
  const [module, glue] = [bytes('rolemix.wasm'), bytes('index.js')];
  return [
    ['rolemix-package', module + glue],
    ['rolemix-package-module', module],
    ['rolemix-package-javascript', glue],
  ].map(([engine, value]) => ({ task: 'size', engine, value, unit: 'bytes', ratio: null }));
}

/** How often normal hosts alert, and the ratio to what the sensitivity promises. */
async function measureAlerts() {
  say(`alerts of ${hostYears} host-years: some minutes`);
  const csv = await run(native('alert_rate'), [hostYears]);
  if (csv === '') throw new Error('the alerts could not be measured');
  const [names, ...lines] = csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return lines.map((cells) => {
    const of = Object.fromEntries(names.map((name, i) => [name, cells[i]]));
    return {
      task: `alerts-${of.data.replaceAll(' ', '-')}-${of.sensitivity}-n${of.attempts}`,
      engine: 'rolemix-native',
      value: of.alerts / ((of.host_years * 365) / 7),
      unit: 'alerts/host-week',
      ratio: Number(of.ratio),
      low: Number(of.low),
      high: Number(of.high),
      host_years: Number(of.host_years),
    };
  });
}

function print(rows) {
  const digits = (value) => (value === null || value === undefined ? '' : value.toPrecision(4));
  const cells = rows.map((row) => [
    row.task,
    row.engine,
    row.unit === 'bytes' ? String(row.value) : digits(row.value),
    row.unit,
    row.ratio === null ? '' : row.ratio.toFixed(2),
    row.share_of_peak ? `${Math.round(100 * row.share_of_peak)} %` : '',
    row.low === undefined ? '' : `${row.low.toFixed(2)}-${row.high.toFixed(2)}`,
  ]);
  cells.unshift(['task', 'engine', 'value', 'unit', 'ratio', 'of peak', '95 % of ratio']);
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const right = [2, 4, 5, 6];
  // Columns that some row has.
  const used = widths.map((_, i) => cells.slice(1).some((row) => row[i] !== ''));
  for (const row of cells) {
    const padded = row.map((cell, i) =>
      right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
    );
    const shown = padded.filter((_, i) => used[i]);
    console.log(shown.join('  ').trimEnd());
  }
}

const { wanted, json } = parseArguments(process.argv.slice(2));
const rows = [];
for (const task of wanted) {
  if (task === 'load') rows.push(...(await measureLoad()));
  else if (task === 'size') rows.push(...measureSize());
  else if (task === training.task) rows.push(...(await measureTraining()));
  else if (task === wholeTask) rows.push(...(await measureWhole()));
  else if (task === samplesTask) rows.push(...(await measureSamples()));
  else if (task === roleTask) rows.push(...(await measureRole()));
  else if (task === 'alerts') rows.push(...(await measureAlerts()));
  else rows.push(...(await measureRows(task)));
}
print(rows);
if (json) {
  writeFileSync(`${json}.tmp`, `${JSON.stringify(rows, null, 2)}\n`);
  renameSync(`${json}.tmp`, json);
}

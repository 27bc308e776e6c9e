// A page with the package's elements, a trained model and samples, served under a strict policy.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const policy =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:";
const trusted = "; require-trusted-types-for 'script'; trusted-types rolemix-elements";

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Elements</title>
    <link rel="stylesheet" href="/page.css" />
    <script type="module" src="/page.js"></script>
  </head>
  <body><main></main></body>
</html>`;

const css = `body { margin: 12px; font: 14px/1.45 system-ui, sans-serif; background: #fff; color: #14191f; }
@media (prefers-color-scheme: dark) { body { background: #161c22; color: #e8ecf0; } }`;

/** Makes elements, keeps their events, and gives what the model says. */
const script = `
import { RoleModel } from '/js/dist/index.js';
import { parseTable } from '/js/dist/csv.js';
import * as elements from '/js/dist/elements.js';

const events = [];
const main = document.querySelector('main');
for (const name of ['select', 'zoom', 'metric', 'what-if', 'reset', 'cursor']) {
  document.addEventListener('rolemix-' + name, ({ detail }) => events.push([name, detail]));
}
function show(name, properties = {}, attributes = {}) {
  const element = document.createElement('rolemix-' + name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  main.append(Object.assign(element, properties));
  return element;
}
const load = async () => {
  const model = await RoleModel.load(new URL('/role.rolemix', location.href));
  const table = await parseTable(await (await fetch('/samples.csv')).text());
  const samples = model.open(table);
  const { scores } = samples;
  const lanes = samples.hosts.map((host) => samples.severities(host));
  const alerts = samples.alerts();
  const worst = scores.anomalyScore.reduce((a, score, row, all) => (score > all[a] ? row : a), 0);
  const moment = { host: table.hosts[worst], timestamp: table.timestamps[worst] };
  const explain = (at = moment, options = {}) => samples.explain(at, options);
  const curves = (host = moment.host) =>
    samples.explainHost({ host, from: moment.timestamp - 43200, to: moment.timestamp + 43200 });
  return { model, table, samples, scores, lanes, alerts, moment, explain, curves };
};
window.kit = { elements, events, show, load, main };
`;

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.csv': 'text/csv; charset=utf-8',
};

/** A week of a small role, and a model of it: {model, csv}. */
function trained() {
  const command = join(root, 'build/native/rolemix');
  if (!existsSync(command)) throw new Error(`${command} is missing; build it: script/demo --once`);
  const folder = mkdtempSync(join(tmpdir(), 'rolemix-elements-'));
  const run = (...parts) => execFileSync(command, parts, { cwd: folder, stdio: 'pipe' });
  run('simulate', '--interval', '300', '--hosts', '6', '--days', '5', '-o', '.');
  run('train', '--input', 'metrics', '--config', 'role.yaml', '-o', 'role.rolemix');
  const files = readdirSync(join(folder, 'metrics')).map((name) =>
    readFileSync(join(folder, 'metrics', name), 'utf8').trimEnd(),
  );
  const [first, ...others] = files;
  const csv = [first, ...others.map((text) => text.slice(text.indexOf('\n') + 1))].join('\n');
  const model = readFileSync(join(folder, 'role.rolemix'));
  rmSync(folder, { recursive: true });
  return { model, csv };
}

/** {origin, close}: /page.html with window.kit, /trusted.html under a policy for trusted types too, the package's folder as /js/. */
export async function serveElements() {
  const { model, csv } = trained();
  const made = {
    '/page.html': html,
    '/trusted.html': html,
    '/page.css': css,
    '/page.js': script,
    '/favicon.ico': '',
    '/role.rolemix': model,
    '/samples.csv': csv,
    '/js/examples/role.rolemix': model,
    '/js/examples/samples.csv': csv,
  };
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = join(root, pathname);
    const isOurs = /^\/js\/(dist|examples)\/[\w.-]+$/.test(pathname) && existsSync(file);
    const body = made[pathname] ?? (isOurs ? readFileSync(file) : null);
    const type = types[extname(pathname)] ?? 'application/octet-stream';
    response
      .writeHead(body === null ? 404 : 200, {
        'content-type': type,
        'content-security-policy': policy + (pathname === '/trusted.html' ? trusted : ''),
      })
      .end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** {page, problems}, with what the model says unless `load` is false; problems are console messages and errors. */
export async function openElements(browser, origin, options = {}) {
  const {
    width = 1280,
    height = 900,
    scheme = 'light',
    path = '/page.html',
    load = true,
    hasTouch = false,
  } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    hasTouch,
  });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  await page.goto(origin + path);
  if (['/page.html', '/trusted.html'].includes(path)) {
    await page.waitForFunction(() => 'kit' in window);
    if (load) await page.evaluate(async () => Object.assign(window.kit, await window.kit.load()));
  }
  return { page, problems };
}

// Files and folders that people open: what is shown then, and what is said of bad ones.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { parseCsv, rolemix } from '../../demo/sample/rolemix.mjs';
import {
  lanesKnown,
  launch,
  onConsole,
  openConsole,
  openSections,
  parameters,
  readAlerts,
  readMetrics,
  readMoment,
  settled,
  showAddress,
} from './browser.mjs';
import { removeFolder, saved, temporaryFolder } from './command.mjs';

const role = 'shop:db';
let browser;
let folder;
/** Contents of files by name. */
let made;

const hostile = '<img src=x onerror="document.title=1">';

/** The rows of wide CSV as long CSV. */
function longCsv(rows, metrics) {
  const lines = rows.flatMap(({ timestamp, host, ...values }) =>
    metrics.map((metric) => [timestamp, host, metric, values[metric]].join()),
  );
  return ['timestamp,host,metric,value', ...lines, ''].join('\n');
}

/** The same as Prometheus answers /api/v1/query_range. */
function queryRange(rows, metrics) {
  const hosts = [...new Set(rows.map(({ host }) => host))];
  const series = (host, metric) => ({
    metric: { __name__: 'value', metric, instance: host, job: 'node' },
    values: rows
      .filter((row) => row.host === host && row[metric] !== '')
      .map((row) => [Number(row.timestamp), row[metric]]),
  });
  const result = hosts.flatMap((host) => metrics.map((metric) => series(host, metric)));
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
}

function make() {
  const inFolder = (...names) => join(folder, ...names);
  rolemix('simulate', '--role', 'db', '--interval', 300, '--hosts', 4, '--days', 5, '-o', folder);
  const trained = inFolder('db.rolemix');
  const input = inFolder('metrics');
  rolemix('train', '--input', input, '--config', inFolder('role.yaml'), '-o', trained);
  const texts = readdirSync(input).map((name) => readFileSync(join(input, name), 'utf8').trimEnd());
  const [header] = texts[0].split('\n');
  const csv = [header, ...texts.flatMap((text) => text.split('\n').slice(1)), ''].join('\n');
  const rows = parseCsv(csv);
  const metrics = header.split(',').slice(2);
  const model = readFileSync(trained);
  const [first] = new Set(rows.map(({ host }) => host));
  return {
    trained,
    input,
    model,
    csv,
    header,
    metrics,
    long: longCsv(rows, metrics),
    prometheus: queryRange(rows, metrics),
    hostile: csv.replaceAll(`,${first},`, `,"${hostile.replaceAll('"', '""')}",`),
    lacking: csv
      .split('\n')
      .map((line) => line.split(',').slice(0, -3).join())
      .join('\n'),
  };
}

beforeAll(async () => {
  folder = temporaryFolder();
  made = make();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  if (folder) removeFolder(folder);
});

const file = (name, content) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

/** Chooses files in the data section, and waits until they are read. */
async function choose(page, ...files) {
  await openSections(page, 'data');
  await page.locator('data-panel input[type="file"]').setInputFiles(files);
  await read(page);
}

async function read(page) {
  await page.waitForFunction(
    () => document.querySelector('rolemix-console').opener.busy === null,
    null,
    { timeout: 60_000 },
  );
  await settled(page);
}

/** What the data section says went wrong: the exact messages, without what they mean. */
const problems = (page) =>
  page
    .locator('data-panel [role="alert"] li')
    .evaluateAll((items) => items.map((item) => (item.querySelector('.detail') ?? item).innerText));
const notes = (page) => page.locator('data-panel [role="status"] p').allInnerTexts();

/** All that is shown of the roles and the moment. */
async function shown(page) {
  await lanesKnown(page);
  return {
    about: await page.locator('.about').innerText(),
    moment: await readMoment(page),
    metrics: await readMetrics(page),
    alerts: await readAlerts(page),
  };
}

describe('another role', () => {
  const formats = [
    ['wide CSV', () => file('db.csv', made.csv)],
    ['long CSV', () => file('db-long.csv', made.long)],
    ['CSV with gzip', () => file('db.csv.gz', gzipSync(made.csv))],
    ['an answer of Prometheus', () => file('db.json', made.prometheus)],
    ['an answer of Prometheus with gzip', () => file('db.json.gz', gzipSync(made.prometheus))],
  ];

  test('is shown as the command tells of it, whatever the format of its samples', async () => {
    const worst = JSON.parse(
      rolemix('explain', '-m', made.trained, '--input', made.input, '--format', 'json'),
    ).samples[0];
    const alerts = parseCsv(
      rolemix('alerts', '-m', made.trained, '--input', made.input, '--format', 'csv'),
    );
    expect(alerts.length).toBeGreaterThan(0);
    await onConsole(browser, {}, async (page) => {
      let before = null;
      for (const [format, samples] of formats) {
        await choose(page, file('db.rolemix', made.model), samples());
        expect([format, await problems(page)]).toEqual([format, []]);
        const now = await shown(page);
        before ??= now;
        expect([format, now]).toEqual([format, before]);
        expect((await parameters(page)).get('role')).toBe(role);
        await page.locator('.role').selectOption('shop:web');
        await settled(page);
        expect((await readMoment(page)).host).toBe('shop-web22.tyo');
      }
      expect(before.about).toContain('shop:db (your data)');
      expect(before.alerts.map(({ sentence }) => sentence).sort()).toEqual(
        alerts.map(({ sentence }) => sentence).sort(),
      );
      expect(before.metrics[0].metric).toBe(worst.metrics[0].metric);
      // No labels, no scenes: nothing is said of what really happened.
      expect(before.moment.label).toBe('');
      await page.locator('.role').selectOption(role);
      await settled(page);
      await expect(page.locator('scene-bar').count()).resolves.toBe(0);
      expect(await page.locator('.alerts h2').innerText()).toMatch(/^Alerts \d+ alerts?$/);
      const { text } = await saved(page, page.locator('.save button', { hasText: 'CSV' }));
      const [row] = parseCsv(text);
      expect(before.moment.sentence).toContain(row.metric);
    });
  });

  test('comes in pieces: the model first, metrics of its hosts later', async () => {
    await onConsole(browser, {}, async (page) => {
      const before = await shown(page);
      await choose(page, file('db.rolemix', made.model));
      expect((await notes(page)).join()).toContain(`The model of ${role} is loaded.`);
      expect(await shown(page)).toEqual(before);
      const lines = made.csv.trimEnd().split('\n').slice(1);
      const half = lines.length / 2;
      const parts = [lines.slice(0, half), lines.slice(half)];
      await choose(
        page,
        ...parts.map((part, i) => file(`${i}.csv`, [made.header, ...part, ''].join('\n'))),
      );
      expect(await problems(page)).toEqual([]);
      expect(await notes(page)).toEqual([]);
      expect((await shown(page)).about).toContain('shop:db (your data)');
      expect((await shown(page)).about).toContain('4 hosts');
    });
  });

  test('may lack some metrics, and says which', async () => {
    await onConsole(browser, {}, async (page) => {
      await choose(page, file('db.rolemix', made.model), file('lacking.csv', made.lacking));
      const [note] = await notes(page);
      expect(note).toMatch(/^shop:db: the samples lack 3 of its \d+ metrics: /);
      const notices = await page.locator('header .notice').allTextContents();
      expect(notices).toHaveLength(1);
      expect(notices[0]).toMatch(
        /^the samples lack 3 of the model's metrics, scored without them: /,
      );
      for (const metric of made.metrics.slice(-3)) expect(note).toContain(metric);
      expect(await problems(page)).toEqual([]);
    });
  });

  test('has names that are shown, and not run', async () => {
    await onConsole(browser, {}, async (page) => {
      await choose(page, file('db.rolemix', made.model), file(`${hostile}.csv`, made.hostile));
      expect(await problems(page)).toEqual([]);
      await page.locator('rolemix-swimlane.hosts [role="slider"]').focus();
      const hosts = await page
        .locator('rolemix-swimlane.hosts')
        .evaluate(({ lanes }) => lanes.map(({ host }) => host));
      expect(hosts).toContain(hostile);
      await page.evaluate((host) => {
        const { model } = document.querySelector('rolemix-console');
        model.show({ host, time: model.role.samples.period.start, scene: null }, false);
      }, hostile);
      await settled(page);
      expect((await readMoment(page)).host).toBe(hostile);
      await expect(page.locator('img').count()).resolves.toBe(0);
      expect(await page.title()).not.toBe('1');
    });
  });

  test('may have times without a zone: they are of the browser, and the page says so', async () => {
    await onConsole(browser, {}, async (page) => {
      const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
      const local = made.csv.replaceAll(/^\d+/gm, (time) =>
        new Date(1000 * time).toISOString().slice(0, 19).replace('T', ' '),
      );
      await choose(page, file('db.rolemix', made.model), file('local.csv', local));
      expect(await problems(page)).toEqual([]);
      expect((await shown(page)).about).toContain('shop:db (your data)');
      const notices = await page.locator('header .notice').allTextContents();
      expect(notices).toEqual([`local.csv:2: times without a zone are read as ${zone}`]);
    });
  });

  test('may have hosts whose names are no UTF-8: they are left out, and the page says so', async () => {
    await onConsole(browser, {}, async (page) => {
      const [, row] = made.csv.split('\n');
      const [time, host] = row.split(',');
      const latin = made.csv.replaceAll(`,${host},`, ',caf\u00e9<b>,');
      // Of no role, so that the role's table is a part of this one.
      const elsewhere = `${time},elsewhere${','.repeat(made.metrics.length)}\n`;
      const bytes = Buffer.from(latin + elsewhere, 'latin1');
      await choose(page, file('db.rolemix', made.model), file('latin.csv', bytes));
      expect(await problems(page)).toEqual([]);
      const { about } = await shown(page);
      expect(about).toContain('shop:db (your data)');
      expect(about).toContain('3 hosts');
      const notices = await page.locator('header .notice').allTextContents();
      expect(notices).toEqual([
        expect.stringMatching(
          /^latin\.csv:2: column host: expected a name in UTF-8, got "caf\\xe9<b>": \d+ rows are left out$/,
        ),
      ]);
      await expect(page.locator('header .notice b').count()).resolves.toBe(0);
    });
  });

  test('can be dropped anywhere on the page', async () => {
    await onConsole(browser, {}, async (page) => {
      await page.evaluate(
        ([name, text, bytes]) => {
          const data = new window.DataTransfer();
          data.items.add(new window.File([text], name));
          data.items.add(new window.File([Uint8Array.from(bytes)], 'db.rolemix'));
          const options = { dataTransfer: data, bubbles: true, cancelable: true };
          const target = document.querySelector('rolemix-console');
          target.dispatchEvent(new window.DragEvent('dragover', options));
          target.dispatchEvent(new window.DragEvent('drop', options));
        },
        ['db.csv', made.csv, [...made.model]],
      );
      await read(page);
      expect((await shown(page)).about).toContain('shop:db (your data)');
    });
  });
});

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

test('bad files are named with what is wrong, and what was loaded stays', async () => {
  await onConsole(browser, {}, async (page) => {
    const before = await shown(page);
    const lines = made.csv.split('\n');
    const broken = [...lines.slice(0, 4), 'yesterday,db01,1,2,3', ...lines.slice(5)].join('\n');
    const otherModel = made.model.subarray(0, made.model.length / 2);
    const bad = [
      [[file('photo.png', png)], /^photo\.png: ?.*expected/],
      [[file('empty.csv', '')], /^empty\.csv: ?.*(empty|no |nothing)/],
      [[file('broken.csv', broken)], /^broken\.csv:5: ?.*expected.*yesterday/],
      [
        [file('days.csv', 'timestamp,host,cpu\n46307.25,a,1\n')],
        /^days\.csv:2: .*which looks like a spreadsheet's day number/,
      ],
      [[file('half.rolemix', otherModel)], /^half\.rolemix: ?.+/],
      [
        [
          file(
            'unfit.csv',
            made.csv.replace(/[a-z.]+(?=[,\n])/g, (name) => `x.${name}`),
          ),
        ],
        /unfit|x\./,
      ],
      [[file('noise.csv.gz', gzipSync(made.csv).subarray(0, 5000))], /^noise\.csv\.gz: ?.+/],
      [[file('answer.json', '{"status":"error","error":"bad query"}')], /^answer\.json: ?.+/],
      [[file('words.txt', 'a lot of words\n'.repeat(100))], /^words\.txt:/],
    ];
    for (const [files, message] of bad) {
      await choose(page, ...files);
      const said = await problems(page);
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(message);
      expect([said, await shown(page)]).toEqual([said, before]);
    }
    // One bad file among good ones.
    await choose(
      page,
      file('db.rolemix', made.model),
      file('photo.png', png),
      file('db.csv', made.csv),
    );
    expect(await problems(page)).toHaveLength(1);
    expect((await shown(page)).about).toContain('shop:db (your data)');
  });
});

test('samples twice at one time are refused with host and time, and what was loaded stays', async () => {
  await onConsole(browser, {}, async (page) => {
    const before = await shown(page);
    const [header, first, ...rest] = made.csv.split('\n');
    const other = first.replace(/[^,]*$/, '123456');
    const twice = [header, first, other, ...rest].join('\n');
    await choose(page, file('db.rolemix', made.model), file('twice.csv', twice));
    const [, host] = first.split(',');
    const said = await problems(page);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/expected one sample per timestamp.*\(\d{4}-\d\d-\d\dT/);
    expect(said[0]).toContain(host);
    expect(await shown(page)).toEqual(before);
    await choose(page, file('db.csv', made.csv));
    expect((await shown(page)).about).toContain('shop:db (your data)');
  });
});

test('what was opened comes into sight', async () => {
  await onConsole(browser, {}, async (page) => {
    await openSections(page, 'data');
    await page.locator('data-panel input[type="file"]').scrollIntoViewIfNeeded();
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    await choose(page, file('db.rolemix', made.model), file('db.csv', made.csv));
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
  });
});

test('a model and samples of different roles are refused, and what was loaded stays', async () => {
  await onConsole(browser, {}, async (page) => {
    const before = await shown(page);
    const foreign = 'timestamp,host,queue.length\n1791600000,mq1,5\n1791600300,mq1,6\n';
    await choose(page, file('db.rolemix', made.model), file('mq.csv', foreign));
    const said = await problems(page);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('none of its metrics (queue.length)');
    expect(said[0]).toContain(role);
    expect(await shown(page)).toEqual(before);
    await choose(page, file('mq.csv', foreign));
    expect((await problems(page)).join()).toContain('none of its metrics (queue.length)');
    expect(await shown(page)).toEqual(before);
  });
});

/** A role whose hosts have other metrics in part; `known` of them keep their names. */
function makeOther(known) {
  const rename = (name) => (made.metrics.indexOf(name) < known ? name : `pg.${name}`);
  const header = ['timestamp', 'host', ...made.metrics.map(rename)].join();
  const lines = made.csv.trimEnd().split('\n').slice(1);
  const rows = lines.map((line) => line.replace(/,([^,]*),/, ',pg-$1,'));
  const csv = [header, ...rows, ''].join('\n');
  const input = join(folder, `pg-${known}.csv`);
  const trained = join(folder, `pg-${known}.rolemix`);
  writeFileSync(input, csv);
  rolemix('train', '--input', input, '--role', 'shop:pg', '--components', 2, '-o', trained);
  return { csv, model: readFileSync(trained) };
}

describe('several models with the samples of all their hosts', () => {
  const hostsOf = (page, name) =>
    page.evaluate(
      (wanted) =>
        document.querySelector('rolemix-console').model.roles.find((one) => one.name === wanted)
          ?.samples.hosts,
      name,
    );

  test('are told apart by metrics where these differ, and the page says so', async () => {
    const other = makeOther(9);
    await onConsole(browser, {}, async (page) => {
      await choose(
        page,
        file('db.rolemix', made.model),
        file('pg.rolemix', other.model),
        file('db.csv', made.csv),
        file('pg.csv', other.csv),
      );
      expect(await problems(page)).toEqual([]);
      const [db, pg, ...more] = await notes(page);
      expect(more).toEqual([]);
      expect(db).toMatch(/^shop:db: 4 hosts \(shop-db.*\)\. Hosts go to the role of whose metrics/);
      expect(pg).toMatch(/^shop:pg: 4 hosts \(pg-shop-db/);
      expect((await hostsOf(page, role)).every((host) => !host.startsWith('pg-'))).toBe(true);
      expect((await hostsOf(page, 'shop:pg')).every((host) => host.startsWith('pg-'))).toBe(true);
      // One model alone leaves out what is not its own.
      await choose(
        page,
        file('db.rolemix', made.model),
        file('db.csv', made.csv),
        file('pg.csv', other.csv),
      );
      expect(await notes(page)).toEqual([
        expect.stringMatching(/^4 hosts \(pg-shop-db.*\) are not shown: .* metrics of shop:db\.$/),
      ]);
      expect(await hostsOf(page, role)).toHaveLength(4);
    });
  });

  test('are shown under each where metrics are the same, and the page warns of it', async () => {
    const same = makeOther(made.metrics.length);
    await onConsole(browser, {}, async (page) => {
      const all = [made.csv, same.csv.split('\n').slice(1).join('\n')].join('');
      await choose(
        page,
        file('db.rolemix', made.model),
        file('pg.rolemix', same.model),
        file('all.csv', all),
      );
      expect(await problems(page)).toEqual([]);
      const [note, ...more] = await notes(page);
      expect(more).toEqual([]);
      expect(note).toMatch(/^8 hosts \(.*\) have the metrics of several roles alike/);
      expect(note).toContain('under each of these roles: shop:db, shop:pg.');
      expect(await hostsOf(page, role)).toHaveLength(8);
      expect(await hostsOf(page, 'shop:pg')).toHaveLength(8);
      await showAddress(page, '#lang=ja');
      expect(await notes(page)).toEqual([expect.stringMatching(/^8 ホスト .*shop:db, shop:pg。/)]);
    });
  });

  test('wait for their own metrics while another has its samples', async () => {
    const other = makeOther(0);
    await onConsole(browser, {}, async (page) => {
      await choose(
        page,
        file('db.rolemix', made.model),
        file('pg.rolemix', other.model),
        file('db.csv', made.csv),
      );
      expect(await problems(page)).toEqual([]);
      expect(await notes(page)).toEqual([
        expect.stringMatching(/^The model of shop:pg is loaded\. Now drop metrics/),
      ]);
      await choose(page, file('pg.csv', other.csv));
      expect(await notes(page)).toEqual([]);
      expect(await hostsOf(page, 'shop:pg')).toHaveLength(4);
    });
  });
});

test('in Japanese it is said what went wrong, with the exact message in English', async () => {
  const hash = '#lang=ja';
  await onConsole(browser, { hash }, async (page) => {
    const cut = made.model.subarray(0, made.model.length / 2);
    await choose(page, file('photo.png', png), file('half.rolemix', cut));
    const item = page.locator('data-panel [role="alert"] li');
    const [photo, model] = await item.allInnerTexts();
    expect(model).toMatch(/^モデルファイルが壊れているか.*\nhalf\.rolemix: /);
    expect(photo).toMatch(/^CSV または Prometheus .*\nphoto\.png:1: expected /);
    await expect(item.locator('[lang="en"]').allInnerTexts()).resolves.toEqual(
      await problems(page),
    );
    await choose(page, file('queue.csv', 'timestamp,host,queue\n1791600000,mq1,5\n'));
    expect(await item.innerText()).toMatch(/^これらのメトリック \(queue\) には、/);
    // What is said follows the language.
    await showAddress(page, '#lang=en');
    expect(await item.innerText()).toMatch(/^These metrics \(queue\) need the model of their role/);
  });
});

test('a model that is not ready says what to do, in both languages', async () => {
  const short = join(folder, 'short.csv');
  const lines = made.csv.trimEnd().split('\n');
  writeFileSync(short, [...lines.slice(0, 400), ''].join('\n'));
  const trained = join(folder, 'short.rolemix');
  rolemix('train', '--input', short, '--role', role, '--components', 1, '-o', trained);
  await onConsole(browser, {}, async (page) => {
    await choose(page, file('short.rolemix', readFileSync(trained)), file('db.csv', made.csv));
    const said = page.locator('moment-header .readiness');
    expect(await said.innerText()).toMatch(
      /^This model is not ready: .* Train it with a longer period or more hosts\. \(too little history: /,
    );
    await showAddress(page, `#role=${role}&lang=ja`);
    expect(await said.innerText()).toMatch(/^このモデルはまだ使えません。.*期間が足りません/);
    expect(await said.locator('[lang="en"]').innerText()).toMatch(/^\(too little history: /);
  });
});

describe('a folder of models', () => {
  const answers = {};
  let server;
  let origin;

  beforeAll(async () => {
    const allowed = { 'access-control-allow-origin': '*' };
    const info = JSON.parse(rolemix('inspect', made.trained, '--format', 'json'));
    const entry = {
      role,
      file: 'db.rolemix',
      model_id: info.model_id ?? 'x',
      trained_at: 1791600000,
      metrics: made.metrics,
      hosts: ['shop-db01'],
    };
    const index = (...models) => JSON.stringify({ version: 1, models });
    const html = '<!doctype html><title>Sign in</title>';
    Object.assign(answers, {
      '/good/index.json': [200, index(entry)],
      '/good/db.rolemix': [200, made.model],
      '/lost/index.json': [200, index(entry)],
      '/broken/index.json': [500, 'out of order'],
      '/login/index.json': [200, html],
      '/odd/index.json': [200, index({ ...entry, file: '../secret' })],
      '/old/index.json': [200, '{"version":2,"models":[]}'],
      '/text/index.json': [200, 'no JSON'],
    });
    server = createServer(({ url }, response) => {
      if (url.startsWith('/never/')) return;
      const [status, body] = answers[url] ?? [404, 'not found'];
      response.writeHead(status, url.startsWith('/private/') ? {} : allowed).end(body);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    origin = `http://127.0.0.1:${server.address().port}`;
  });

  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const open = async (page, address) => {
    await page.locator('data-panel input[type="url"]').fill(address);
    await page.locator('data-panel form button').click();
  };

  test('is loaded from its index, and waits for samples', async () => {
    await onConsole(browser, { origin }, async (page) => {
      await openSections(page, 'data');
      await open(page, `${origin}/good/`);
      await page.getByText(`The model of ${role} is loaded.`).waitFor();
      expect(await problems(page)).toEqual([]);
      await choose(page, file('db.csv', made.csv));
      expect((await shown(page)).about).toContain('shop:db (your data)');
    });
  });

  test('that has lost a model says so when samples ask for it', async () => {
    // The browser itself tells the console of a 404.
    const { page } = await openConsole(browser, { origin });
    const before = await shown(page);
    await openSections(page, 'data');
    await open(page, `${origin}/lost/`);
    await page.getByText(`The model of ${role} is loaded.`).waitFor();
    await choose(page, file('db.csv', made.csv));
    expect((await problems(page)).join()).toContain(
      `${origin}/lost/db.rolemix: expected a model, got HTTP status 404`,
    );
    expect(await shown(page)).toEqual(before);
    await page.context().close();
  });

  test('that answers badly, or never, is named with what came, and what was loaded stays', async () => {
    const { page: waiting } = await openConsole(browser, { origin });
    await openSections(waiting, 'data');
    await open(waiting, `${origin}/never`);
    await waiting.getByText(`Reading ${origin}/never …`).waitFor();

    const { page } = await openConsole(browser, { origin });
    const before = await shown(page);
    await openSections(page, 'data');
    for (const [path, message] of [
      ['/missing', 'expected JSON, got HTTP status 404'],
      ['/broken', 'expected JSON, got HTTP status 500'],
      ['/login', 'expected JSON, got a page of HTML'],
      ['/text', 'expected JSON, got "no JSON"'],
      ['/old', 'version: expected 1, got 2'],
      ['/odd', 'expected a path inside the folder, got "../secret"'],
      ['/private', 'got no answer'],
    ]) {
      await open(page, origin + path);
      const entry = page.locator('data-panel [role="alert"] li', { hasText: message });
      await entry.waitFor({ timeout: 10_000 });
      expect(await entry.innerText()).toContain(`${origin}${path}/`);
      await read(page);
    }
    expect(await shown(page)).toEqual(before);
    await page.context().close();

    // The page that waits goes on meanwhile.
    await waiting.locator('[data-scene="leak"]').click();
    await settled(waiting);
    expect((await readMoment(waiting)).host).toBe('shop-web01');
    await waiting.locator('[data-scene="worst"]').click();
    const late = waiting.locator('data-panel [role="alert"] li .detail');
    await late.waitFor({ timeout: 30_000 });
    expect(await late.innerText()).toBe(
      `${origin}/never/index.json: expected JSON, got no whole answer within 20 s`,
    );
    await settled(waiting);
    expect(await shown(waiting)).toEqual(before);
    await waiting.context().close();
  });
});

/** A file of this many bytes at least, of hosts that repeat what one of the simulated ones did. */
function largeCsv(path, bytes) {
  const lines = made.csv.trimEnd().split('\n').slice(1);
  const chunks = [`${made.header}\n`];
  let size = 0;
  for (let copy = 0; size < bytes; copy++) {
    const text = `${lines.map((line) => line.replace(/,([^,]*),/, `,$1-${copy},`)).join('\n')}\n`;
    chunks.push(text);
    size += text.length;
  }
  writeFileSync(path, chunks.join(''));
}

// Half a minute, and 1.5 million samples in memory: ROLEMIX_LARGE=1
(process.env.ROLEMIX_LARGE ? test : test.skip)(
  'the page goes on while 200 MB of CSV are read, and are shown then',
  async () => {
    mkdirSync(join(folder, 'large'));
    const path = join(folder, 'large', 'db.csv');
    largeCsv(path, 200e6);
    await onConsole(browser, {}, async (page) => {
      await choose(page, file('db.rolemix', made.model));
      await page.evaluate(() => {
        window.longest = 0;
        let before = performance.now();
        const tick = (now) => {
          window.longest = Math.max(window.longest, now - before);
          before = now;
          requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
      });
      const started = Date.now();
      await page.locator('data-panel input[type="file"]').setInputFiles(path);
      await page.waitForFunction(
        () => document.querySelector('rolemix-console').opener.busy === null,
        null,
        { timeout: 120_000 },
      );
      const opened = Date.now() - started;
      const reading = await page.evaluate(() => window.longest);
      expect(await problems(page)).toEqual([]);
      await page.locator('rolemix-console[data-ready] .role').waitFor({ timeout: 120_000 });
      await settled(page);
      const whole = Date.now() - started;
      const longest = await page.evaluate(() => window.longest);
      const about = await page.locator('.about').innerText();
      console.log({ opened, whole, reading, longest, about });
      expect(about).toContain('shop:db (your data)');
      expect(reading).toBeLessThan(1000);
    });
  },
);

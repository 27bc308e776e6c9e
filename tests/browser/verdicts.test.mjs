// The verdict elements in a browser, from a file and from a server, under policies that allow their own files only.
// Screenshots go to build/screenshots/.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { jest } from '@jest/globals';

import { launch } from './browser.mjs';
import { bundle, pageStyle } from './bundled.mjs';
import { alerts, hostile } from './verdicts-alerts.mjs';

jest.setTimeout(60_000);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const html = (head, script) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Verdicts</title>
${head}</head>
<body><main><h1>Verdicts of alerts</h1><div id="page"></div></main>${script}</body></html>`;

let browser, server, folder;
const urls = {};

beforeAll(async () => {
  const script = bundle('verdicts-page.mjs').replaceAll('</script', '<\\/script');
  const style = `${pageStyle} main { max-width: 46rem; margin: 0 auto; padding: 0 12px; }
    verdict-panel, verdict-summary { margin-bottom: 12px; padding: 12px; border: 1px solid var(--line);
      border-radius: 8px; background: var(--surface); }`;

  folder = mkdtempSync(join(tmpdir(), 'rolemix-verdicts-'));
  const policy = [
    "default-src 'none'; base-uri 'none'; form-action 'none'",
    `script-src ${hash(script)}; style-src ${hash(style)}`,
    "require-trusted-types-for 'script'; trusted-types lit-html",
  ].join('; ');
  const file = join(folder, 'page.html');
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const inline = `<script type="module">${script}</script>`;
  writeFileSync(file, html(`${meta}<style>${style}</style>`, inline));
  urls.file = pathToFileURL(file).href;

  const files = {
    '/': [
      'text/html',
      html(
        '<link rel="stylesheet" href="page.css">',
        '<script type="module" src="page.js"></script>',
      ),
    ],
    '/page.js': ['text/javascript', script],
    '/page.css': ['text/css', style],
    '/favicon.ico': ['image/x-icon', ''],
  };
  server = createServer(({ url }, response) => {
    const [type, body] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, {
      'Content-Type': `${type ?? 'text/plain'}; charset=utf-8`,
      'Content-Security-Policy': "default-src 'self'; script-src 'self'",
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  urls.localhost = `http://localhost:${server.address().port}/`;
  mkdirSync(screenshots, { recursive: true });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

const isReady = (page) => page.locator('verdict-panel .verdicts').waitFor();

/** Opens the page, hands it to `look`, and checks that nothing was complained of. */
async function onPage(look, options = {}) {
  const { url = urls.localhost, at = '', width = 1280, scheme = 'light', before, quota } = options;
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => problems.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  if (before) await page.addInitScript(before);
  if (quota) {
    const session = await context.newCDPSession(page);
    const { origin } = new URL(url);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: quota });
  }
  await page.goto(url + at);
  await isReady(page);
  await look(page);
  expect(problems).toEqual([]);
  await context.close();
}

const again = async (page) => {
  await page.evaluate(() => window.book.settled());
  await page.reload();
  await isReady(page);
};
const button = (page, name) => page.locator(`verdict-panel [data-verdict="${name}"]`);
const pressed = (page) =>
  page
    .locator('verdict-panel [aria-pressed="true"]')
    .evaluateAll((found) => found.map((element) => element.dataset.verdict).join());
const status = (page) => page.locator('verdict-panel [role="status"]').innerText();
const texts = async (page) => [
  await page.locator('verdict-panel .kind').inputValue(),
  await page.locator('verdict-panel .note').inputValue(),
];
const records = (page) => page.evaluate(() => window.book.records);
const count = (page, name) => page.locator(`verdict-summary dd.${name}`).innerText();
const report = (page) => page.locator('verdict-summary .report').innerText();
const importText = (page, name, text) =>
  page
    .locator('verdict-summary input[type="file"]')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** The text of the file that the button gives. */
async function exported(page) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('verdict-summary .export').click(),
  ]);
  expect(download.suggestedFilename()).toBe('verdicts.jsonl');
  return readFileSync(await download.path(), 'utf8');
}

describe.each(['file', 'localhost'])('from %s', (origin) => {
  const on = (look, options = {}) => onPage(look, { url: urls[origin], ...options });

  test('a verdict by click, with kind and note, survives a reload', async () => {
    await on(async (page) => {
      expect(await status(page)).toBe('Not judged yet.');
      await button(page, 'false_alarm').click();
      expect(await pressed(page)).toBe('false_alarm');
      expect(await status(page)).toBe('Saved: False alarm');
      await page.locator('verdict-panel .kind').fill('deploy');
      await page.locator('verdict-panel .note').fill('release 41');
      expect(await status(page)).toBe('Saving …');
      await page.locator('h1').click();
      expect(await status(page)).toBe('Saved: False alarm');
      await again(page);
      expect(await page.evaluate(() => window.book.kept)).toBe('browser');
      expect(await pressed(page)).toBe('false_alarm');
      expect(await texts(page)).toEqual(['deploy', 'release 41']);
      expect(await page.locator('verdict-summary .judged').innerText()).toBe(
        '1 of 4 alerts judged',
      );
      expect(await page.locator('verdict-summary .rate').innerText()).toBe('100 % (1 of 1)');
    });
  });

  test('a verdict by key, and undo by undo back to none', async () => {
    await on(async (page) => {
      for (const [key, name] of [
        ['t', 'true_alarm'],
        ['f', 'false_alarm'],
        ['u', 'unsure'],
      ]) {
        await page.keyboard.press(key);
        expect(await pressed(page)).toBe(name);
      }
      expect(await records(page)).toHaveLength(3);
      await page.locator('verdict-panel .undo').click();
      expect(await pressed(page)).toBe('false_alarm');
      expect(await status(page)).toBe('Taken back. Saved: False alarm');
      await again(page);
      expect(await pressed(page)).toBe('false_alarm');
      await page.locator('verdict-panel .undo').press('Enter');
      await page.locator('verdict-panel .undo').press('Enter');
      expect(await pressed(page)).toBe('');
      expect(await status(page)).toBe('Taken back. Not judged yet.');
      await expect(page.locator('verdict-panel .undo').count()).resolves.toBe(0);
      // The focus went to a button that is there.
      await page.keyboard.press('Space');
      expect(await pressed(page)).toBe('true_alarm');
      await page.locator('verdict-panel .undo').click();
      await again(page);
      expect(await records(page)).toEqual([]);
    });
  });

  test('what is exported is read elsewhere, and reading it twice changes nothing', async () => {
    let text;
    await on(async (page) => {
      await expect(page.locator('verdict-summary .export').isDisabled()).resolves.toBe(true);
      await page.keyboard.press('t');
      await page.keyboard.press('f');
      await page.locator('verdict-panel .note').fill('二行\nのメモ');
      text = await exported(page);
      const lines = text.trimEnd().split('\n').map(JSON.parse);
      expect(lines).toEqual(await records(page));
      expect(lines.map(({ verdict, note }) => [verdict, note])).toEqual([
        ['true_alarm', ''],
        ['false_alarm', ''],
        ['false_alarm', '二行\nのメモ'],
      ]);
    });
    await on(async (page) => {
      expect(await records(page)).toEqual([]);
      await importText(page, 'said.jsonl', text);
      await page.locator('verdict-summary .report p').waitFor();
      expect(await report(page)).toBe('said.jsonl: 3 verdicts read, 3 new.');
      expect(await pressed(page)).toBe('false_alarm');
      const before = await records(page);
      await importText(page, 'said.jsonl', text);
      await page.getByText('said.jsonl: 3 verdicts read, 0 new.').waitFor();
      expect(await records(page)).toEqual(before);
      await again(page);
      expect(await exported(page)).toBe(toLines(before));
    });
  });
});

/** In the order of the store. */
const toLines = (list) =>
  [...list]
    .sort((a, b) => (a.uid < b.uid ? -1 : 1))
    .map((record) => `${JSON.stringify(record)}\n`)
    .join('');

test('keys of texts, with modifiers, held down, or without an alert are not verdicts', async () => {
  await onPage(async (page) => {
    await page.locator('verdict-panel .kind').pressSequentially('traffic');
    await page.locator('verdict-panel .note').pressSequentially('fut');
    await page.locator('h1').click();
    for (const key of ['Control+u', 'Alt+t', 'Meta+f', 'Shift+t', 'x']) {
      await page.keyboard.press(key);
    }
    const held = await page.evaluate(() => {
      const panel = document.querySelector('verdict-panel');
      return [
        { key: 't', repeat: true },
        { key: 'u', isComposing: true },
      ].map((options) => panel.handleKey(new window.KeyboardEvent('keydown', options)));
    });
    expect(held).toEqual([false, false]);
    expect(await records(page)).toEqual([]);
    await page.evaluate(() => window.choose(-1));
    await page.getByText('Choose an alert to judge it.').waitFor();
    await page.keyboard.press('t');
    expect(await records(page)).toEqual([]);
    // What was typed is still there, and goes along with the verdict.
    await page.evaluate(() => window.choose(0));
    await isReady(page);
    expect(await texts(page)).toEqual(['traffic', 'fut']);
    expect(await status(page)).toBe('Is saved together with a verdict.');
    await page.keyboard.press('f');
    expect(await records(page)).toMatchObject([{ kind: 'traffic', note: 'fut' }]);
    await page.keyboard.press('f');
    expect(await records(page)).toHaveLength(1);
  });
});

test('texts are saved after a pause, and for their own alert when another is shown', async () => {
  await onPage(async (page) => {
    await page.keyboard.press('u');
    await page.locator('verdict-panel .note').pressSequentially('one');
    await page.waitForFunction(() => window.book.records.at(-1).note === 'one');
    await page.locator('verdict-panel .note').pressSequentially(' two');
    expect(await texts(page)).toEqual(['', 'one two']);
    await page.evaluate(() => window.choose(1));
    await page.waitForFunction(() => window.book.records.length === 3);
    expect((await records(page)).at(-1)).toMatchObject({
      alert_id: alerts[0].alertId,
      note: 'one two',
    });
    expect(await texts(page)).toEqual(['', '']);
    expect(await pressed(page)).toBe('');
  });
});

test('texts that are being typed when the page is left are saved', async () => {
  await onPage(async (page) => {
    await page.keyboard.press('u');
    await page.evaluate(() => window.book.settled());
    await page.locator('verdict-panel .note').pressSequentially('half a sen');
    await page.reload();
    await isReady(page);
    expect(await texts(page)).toEqual(['', 'half a sen']);
  });
});

test('what is typed while the page is still saving is not lost', async () => {
  await onPage(async (page) => {
    const outcome = await page.evaluate(async () => {
      const panel = window.newPanel();
      const asked = [];
      panel.alert = document.querySelector('verdict-panel').alert;
      panel.addEventListener('verdict-change', ({ detail }) => asked.push(detail));
      document.body.append(panel);
      await panel.updateComplete;
      panel.renderRoot.querySelector('[data-verdict="unsure"]').click();
      const note = panel.renderRoot.querySelector('.note');
      note.value = 'typed meanwhile';
      note.dispatchEvent(new Event('input', { bubbles: true }));
      await panel.updateComplete;
      panel.record = { ...asked[0], uid: 'x', author: '' };
      await panel.updateComplete;
      note.dispatchEvent(new Event('change', { bubbles: true }));
      panel.remove();
      return asked.map(({ verdict, note: said }) => [verdict, said]);
    });
    expect(outcome).toEqual([
      ['unsure', ''],
      ['unsure', 'typed meanwhile'],
    ]);
  });
});

test('a verdict of somebody else is shown as such, and can be replaced but not taken back', async () => {
  await onPage(async (page) => {
    await page.keyboard.press('t');
    const [record] = (await exported(page)).trimEnd().split('\n').map(JSON.parse);
    const other = {
      ...record,
      uid: '11111111-2222-4333-8444-555555555555',
      author: hostile,
      verdict: 'false_alarm',
      created: record.created + 1000,
    };
    await importText(page, 'other.jsonl', JSON.stringify(other));
    await page.getByText('1 verdict read, 1 new.').waitFor();
    expect(await status(page)).toBe(`Saved: False alarm (by ${hostile})`);
    await expect(page.locator('verdict-panel .undo').count()).resolves.toBe(0);
    await page.keyboard.press('u');
    expect(await pressed(page)).toBe('unsure');
    await page.locator('verdict-panel .undo').click();
    expect(await pressed(page)).toBe('false_alarm');
  });
});

test('names and texts are shown as they are, whatever they look like', async () => {
  await onPage(
    async (page) => {
      await page.locator('verdict-panel .kind').fill(hostile);
      await page.locator('verdict-panel .note').fill(hostile);
      await page.keyboard.press('Tab');
      await button(page, 'false_alarm').click();
      await again(page);
      expect(await texts(page)).toEqual([hostile, hostile]);
      expect(await page.locator('verdict-summary tbody th').innerText()).toBe(hostile);
      expect(await page.locator('verdict-panel option').last().getAttribute('value')).toBe(hostile);
      const text = await exported(page);
      expect(JSON.parse(text)).toMatchObject({ host: hostile, kind: hostile, note: hostile });
      await importText(page, `${hostile}.jsonl`.replaceAll('/', ''), `${hostile}\n${text}`);
      await page.locator('verdict-summary .report li').waitFor();
      expect(await report(page)).toContain(
        `${hostile}.jsonl:1: expected one JSON object, got "<img`,
      );
      await expect(page.locator('img').count()).resolves.toBe(0);
      expect(await page.title()).toBe('Verdicts');
    },
    { url: urls.file, at: '#alert=3' },
  );
});

test('bad lines of a file are said with their numbers, good ones count', async () => {
  await onPage(async (page) => {
    await page.keyboard.press('t');
    const [record] = await records(page);
    const renewed = (i, more) => ({ ...record, uid: record.uid.replace(/.$/, i), ...more });
    const bad = renewed('0', { verdict: 'maybe' });
    const good = { ...renewed('1'), uid: '11111111-2222-4333-8444-555555555555' };
    const lines = [bad, '', good, ...'abcdefg'].map((line) =>
      typeof line === 'string' ? line : JSON.stringify(line),
    );
    await importText(page, 'mixed.jsonl', lines.join('\n'));
    await page.locator('verdict-summary .report li').first().waitFor();
    expect((await report(page)).split('\n').filter(Boolean)).toEqual([
      'mixed.jsonl: 1 verdict read, 1 new.',
      'mixed.jsonl:1: verdict: expected true_alarm, false_alarm or unsure, got "maybe"',
      ...'abcd'
        .split('')
        .map((c, i) => `mixed.jsonl:${i + 4}: expected one JSON object, got "${c}"`),
      '3 more errors.',
    ]);
    expect(await records(page)).toHaveLength(2);
  });
});

test('where the context is not secure, records have UUIDs, too', async () => {
  const insecure = 'http://rolemix.test/';
  const context = await browser.newContext();
  await context.route(`${insecure}**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({
      response: await route.fetch({ url: urls.localhost + pathname.slice(1) }),
    });
  });
  const page = await context.newPage();
  await page.goto(insecure);
  await isReady(page);
  expect(await page.evaluate(() => typeof window.crypto.randomUUID)).toBe('undefined');
  await page.keyboard.press('t');
  await again(page);
  expect(await records(page)).toMatchObject([
    {
      uid: expect.stringMatching(
        /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
      ),
    },
  ]);
  await context.close();
});

test('a file that is too large is not read', async () => {
  await onPage(async (page) => {
    const file = join(folder, 'large.jsonl');
    writeFileSync(file, '');
    truncateSync(file, 33 * 2 ** 20);
    await page.locator('verdict-summary input[type="file"]').setInputFiles(file);
    await page.locator('verdict-summary .report p').waitFor();
    expect(await report(page)).toBe('large.jsonl: expected at most 32 MiB, got 33 MiB.');
  });
});

test.each([
  ['is missing', () => Object.defineProperty(window, 'indexedDB', { value: undefined })],
  [
    'is forbidden',
    () =>
      Object.defineProperty(window, 'indexedDB', {
        get() {
          throw new window.DOMException('denied', 'SecurityError');
        },
      }),
  ],
])('where the database %s, verdicts stay in memory, and the page says so', async (_, before) => {
  await onPage(
    async (page) => {
      await page.keyboard.press('f');
      expect(await page.evaluate(() => window.book.kept)).toBe('memory');
      expect(await pressed(page)).toBe('false_alarm');
      expect(await status(page)).toContain('export before you close the page');
      expect(await count(page, 'false_alarm')).toBe('1');
      await page.locator('verdict-panel .undo').click();
      expect(await records(page)).toEqual([]);
    },
    { before },
  );
});

test('a database of another make is left alone', async () => {
  await onPage(async (page) => {
    await page.evaluate(async () => {
      const ended = (request) => new Promise((resolve) => (request.onsuccess = resolve));
      await ended(window.indexedDB.deleteDatabase('rolemix'));
      const request = window.indexedDB.open('rolemix', 7);
      await ended(request);
      request.result.close();
    });
    await page.reload();
    await isReady(page);
    await page.keyboard.press('t');
    expect(await page.evaluate(() => window.book.kept)).toBe('memory');
    expect(await pressed(page)).toBe('true_alarm');
  });
});

test('entries of the database that are no verdicts are left out', async () => {
  await onPage(async (page) => {
    await page.keyboard.press('t');
    await page.evaluate(async () => {
      await window.book.settled();
      const ended = (request) => new Promise((resolve) => (request.onsuccess = resolve));
      const request = window.indexedDB.open('rolemix', 1);
      await ended(request);
      const store = request.result.transaction('verdicts', 'readwrite').objectStore('verdicts');
      await ended(store.put({ uid: 'x', verdict: 'true_alarm', self: 1n }));
      request.result.close();
    });
    await again(page);
    expect(await records(page)).toHaveLength(1);
    expect(await page.evaluate(() => window.book.kept)).toBe('browser');
  });
});

test('when the disk is full, verdicts go on in memory', async () => {
  await onPage(
    async (page) => {
      await page.keyboard.press('t');
      await page.evaluate(() => window.book.settled());
      const [record] = await records(page);
      const many = Array.from({ length: 500 }, (_, i) => ({
        ...record,
        uid: `11111111-2222-4333-8444-${String(i).padStart(12, '0')}`,
        note: 'n'.repeat(2000),
      }));
      await importText(page, 'many.jsonl', toLines(many));
      await page.waitForFunction(() => window.book.kept === 'memory');
      expect(await records(page)).toHaveLength(501);
      await page.locator('verdict-summary .memory').waitFor();
      await page.keyboard.press('f');
      expect(await pressed(page)).toBe('false_alarm');
      await page.reload();
      await isReady(page);
      expect(await records(page)).toEqual([record]);
    },
    { quota: 300_000 },
  );
});

const axeRun = async (page) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ['violations'] }),
  );
  return violations.map(
    ({ impact, id, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(' ')}`,
  );
};

describe.each(['light', 'dark'])('in %s', (scheme) => {
  test.each([
    [1280, 'en'],
    [400, 'en'],
    [400, 'ja'],
  ])('at %i px in %s axe finds nothing and nothing is cut off', async (width, language) => {
    const look = async (page) => {
      expect(await axeRun(page)).toEqual([]);
      const said = [
        ['false_alarm', 'deploy', 'release 41'],
        ['true_alarm', 'hardware', ''],
        ['false_alarm', 'deploy', ''],
        ['false_alarm', hostile, 'A long note. '.repeat(12)],
      ];
      for (const [i, [name, kind, note]] of said.entries()) {
        await page.evaluate((index) => window.choose(index), i);
        await page.locator('verdict-panel .kind').fill(kind);
        await page.locator('verdict-panel .note').fill(note);
        await button(page, name).click();
      }
      await importText(page, 'said.jsonl', 'nothing\n{}\n');
      await page.locator('verdict-summary .report li').first().waitFor();
      expect(await axeRun(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
        width,
      );
      await page.locator('verdict-panel .kind').focus();
      const name = `verdicts-${scheme}-${width}-${language}.png`;
      await page.screenshot({ path: join(screenshots, name), fullPage: true });
      await page.evaluate(() => document.activeElement.blur());
      await page.evaluate(() => window.choose(-1));
      expect(await axeRun(page)).toEqual([]);
    };
    await onPage(look, { at: `#language=${language}`, width, scheme });
  });
});

// Verdicts in the browser's database and in files.
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  again,
  browser,
  count,
  exported,
  folder,
  importText,
  isReady,
  kept,
  onPage,
  pressed,
  records,
  report,
  start,
  status,
  stop,
  toLines,
  urls,
  written,
} from './verdicts-support.mjs';

beforeAll(start);

afterAll(stop);

describe.each(['file', 'localhost'])('from %s', (origin) => {
  const on = (look, options = {}) => onPage(look, { url: urls[origin], ...options });

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
      'Lines that were left out:',
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
      expect(await kept(page)).toBe('memory');
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
    expect(await kept(page)).toBe('memory');
    expect(await pressed(page)).toBe('true_alarm');
  });
});

test('entries of the database that are no verdicts are left out', async () => {
  await onPage(async (page) => {
    await page.keyboard.press('t');
    await written(page);
    await page.evaluate(async () => {
      const ended = (request) => new Promise((resolve) => (request.onsuccess = resolve));
      const request = window.indexedDB.open('rolemix', 1);
      await ended(request);
      const store = request.result.transaction('verdicts', 'readwrite').objectStore('verdicts');
      await ended(store.put({ uid: 'x', verdict: 'true_alarm', self: 1n }));
      request.result.close();
    });
    await again(page);
    expect(await records(page)).toHaveLength(1);
    expect(await kept(page)).toBe('browser');
  });
});

test('when the disk is full, verdicts go on in memory', async () => {
  await onPage(
    async (page) => {
      await page.keyboard.press('t');
      await written(page);
      const [record] = await records(page);
      const many = Array.from({ length: 500 }, (_, i) => ({
        ...record,
        uid: `11111111-2222-4333-8444-${String(i).padStart(12, '0')}`,
        note: 'n'.repeat(2000),
      }));
      await importText(page, 'many.jsonl', toLines(many));
      await page.waitForFunction(
        () => document.querySelector('rolemix-console').book.kept === 'memory',
      );
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

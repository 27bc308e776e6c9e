// Verdicts given in a browser. Screenshots go to build/screenshots/.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readAlerts } from './browser.mjs';
import {
  again,
  alertCount,
  button,
  choose,
  exported,
  handledKeys,
  hostile,
  importText,
  isReady,
  kept,
  leave,
  onPage,
  pressed,
  records,
  report,
  shownAlert,
  start,
  status,
  stop,
  texts,
  urls,
  written,
} from './verdicts-support.mjs';

beforeAll(start);

afterAll(stop);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
mkdirSync(screenshots, { recursive: true });

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
      await leave(page);
      expect(await status(page)).toBe('Saved: False alarm');
      await again(page);
      expect(await kept(page)).toBe('browser');
      expect(await pressed(page)).toBe('false_alarm');
      expect(await texts(page)).toEqual(['deploy', 'release 41']);
      expect(await page.locator('verdict-summary .judged').innerText()).toBe(
        `1 of ${alertCount} alerts judged`,
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
});

test('a known kind is read and typed in Japanese, and kept by its English word', async () => {
  const look = async (page) => {
    const kind = page.locator('verdict-panel .kind');
    const offered = page.locator('verdict-panel #kinds option');
    expect(await offered.evaluateAll((all) => all.map(({ value }) => value))).toContain('デプロイ');
    await kind.fill('デプロイ');
    await button(page, 'false_alarm').click();
    expect((await records(page)).at(-1)).toMatchObject({ kind: 'deploy' });
    await again(page);
    expect(await kind.inputValue()).toBe('デプロイ');
    expect(await status(page)).toBe('保存済み: 誤検知');
    await kind.fill('月次バッチ');
    await leave(page);
    expect((await records(page)).at(-1)).toMatchObject({ kind: '月次バッチ' });
    await again(page);
    expect(await kind.inputValue()).toBe('月次バッチ');
  };
  await onPage(look, { at: '#lang=ja' });
});

test('keys of texts, with modifiers, held down, or without an alert are not verdicts', async () => {
  await onPage(async (page) => {
    await page.locator('verdict-panel .kind').pressSequentially('traffic');
    await page.locator('verdict-panel .note').pressSequentially('fut');
    await leave(page);
    for (const key of ['Control+u', 'Alt+t', 'Meta+f', 'Shift+t', 'x']) {
      await page.keyboard.press(key);
    }
    const held = await handledKeys(page, [{ repeat: true }, { key: 'u', isComposing: true }]);
    expect(held).toEqual([false, false]);
    expect(await records(page)).toEqual([]);
    // What was typed is still there after a look at another alert, and goes along with the verdict.
    const alert = await shownAlert(page);
    const all = await page.locator('alert-list li button').count();
    const place = (await readAlerts(page)).findIndex(({ current }) => current);
    await choose(page, (place + 1) % all);
    expect(await texts(page)).toEqual(['', '']);
    await choose(page, place);
    expect(await shownAlert(page)).toBe(alert);
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
    await choose(page, 0);
    const alert = await shownAlert(page);
    await page.keyboard.press('u');
    await page.locator('verdict-panel .note').pressSequentially('one');
    await page.waitForFunction(
      () => document.querySelector('rolemix-console').book.records.at(-1).note === 'one',
    );
    await page.locator('verdict-panel .note').pressSequentially(' two');
    expect(await texts(page)).toEqual(['', 'one two']);
    await choose(page, 1);
    expect(await records(page)).toHaveLength(3);
    expect((await records(page)).at(-1)).toMatchObject({ alert_id: alert, note: 'one two' });
    expect(await texts(page)).toEqual(['', '']);
    expect(await pressed(page)).toBe('');
  });
});

test('texts that are being typed when the page is left are saved', async () => {
  await onPage(async (page) => {
    await page.keyboard.press('u');
    await written(page);
    await page.locator('verdict-panel .note').pressSequentially('half a sen');
    await page.reload();
    await isReady(page);
    expect(await texts(page)).toEqual(['', 'half a sen']);
  });
});

test('what is typed while the page is still saving is not lost', async () => {
  await onPage(async (page) => {
    const outcome = await page.evaluate(async () => {
      const panel = document.createElement('verdict-panel');
      const asked = [];
      panel.alert = document.querySelector('rolemix-console').model.shown.alert;
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
      expect(JSON.parse(text)).toMatchObject({ kind: hostile, note: hostile });
      await importText(page, `${hostile}.jsonl`.replaceAll('/', ''), `${hostile}\n${text}`);
      await page.locator('verdict-summary .report li').waitFor();
      expect(await report(page)).toContain(
        `${hostile}.jsonl:1: expected one JSON object, got "<img`,
      );
      await expect(page.locator('img').count()).resolves.toBe(0);
      expect(await page.title()).not.toBe('1');
    },
    { url: urls.file },
  );
});

/** In the elements of verdicts; page.test.mjs looks at the whole page. */
const axeRun = async (page) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => {
    const include = ['verdict-panel', 'verdict-summary'].map((name) => ({
      fromShadowDom: ['rolemix-console', name],
    }));
    return window.axe.run({ include }, { resultTypes: ['violations'] });
  });
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
        await choose(page, i);
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
    };
    await onPage(look, { at: `#lang=${language}`, width, scheme });
  });
});

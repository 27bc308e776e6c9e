// The keys that give verdicts: when they do, and that they can be switched off.
import {
  button,
  choose,
  handledKeys,
  isReady,
  leave,
  onPage,
  pressed,
  records,
  start,
  stop,
  urls,
} from './verdicts-support.mjs';

beforeAll(start);

afterAll(stop);

const keySwitch = (page, name = 'Shortcut keys t, f, u') => page.getByRole('checkbox', { name });

/** What the buttons say of their keys. */
const hints = (page) =>
  page
    .locator('verdict-panel [data-verdict]')
    .evaluateAll((buttons) =>
      buttons.map((of) => [
        of.getAttribute('aria-keyshortcuts'),
        of.querySelector('kbd')?.innerText,
      ]),
    );

const shown = ['t', 'f', 'u'].map((key) => [key, key]);
const hidden = shown.map(() => [null, undefined]);

describe.each(['file', 'localhost'])('from %s', (origin) => {
  test('switched off they do nothing, are not shown, and stay so after a reload', async () => {
    await onPage(
      async (page) => {
        expect(await hints(page)).toEqual(shown);
        await keySwitch(page).uncheck();
        expect(await hints(page)).toEqual(hidden);
        await leave(page);
        for (const key of ['t', 'f', 'u']) await page.keyboard.press(key);
        await page.reload();
        await isReady(page);
        expect(await keySwitch(page).isChecked()).toBe(false);
        expect(await hints(page)).toEqual(hidden);
        await page.keyboard.press('t');
        expect(await records(page)).toEqual([]);
        await button(page, 'unsure').click();
        expect(await pressed(page)).toBe('unsure');

        await keySwitch(page).press('Space');
        expect(await hints(page)).toEqual(shown);
        // The focus is still on the switch.
        await page.keyboard.press('f');
        expect(await pressed(page)).toBe('false_alarm');
        await page.reload();
        await isReady(page);
        expect(await keySwitch(page).isChecked()).toBe(true);
      },
      { url: urls[origin] },
    );
  });
});

const denied = () =>
  Object.defineProperty(window, 'localStorage', {
    get() {
      throw new window.DOMException('denied', 'SecurityError');
    },
  });
const full = () => {
  window.Storage.prototype.setItem = () => {
    throw new window.DOMException('full', 'QuotaExceededError');
  };
};
const missing = () => Object.defineProperty(window, 'localStorage', { value: null });

test.each([
  ['throws', denied],
  ['is full', full],
  ['is missing', missing],
])('where the storage %s, the switch lasts for the visit', async (_, before) => {
  await onPage(
    async (page) => {
      await keySwitch(page).uncheck();
      await choose(page, 1);
      await page.keyboard.press('t');
      expect(await records(page)).toEqual([]);
      // Of another panel of this page, too.
      const other = await page.evaluate(async () => {
        const panel = document.createElement('verdict-panel');
        panel.alert = document.querySelector('rolemix-console').model.shown.alert;
        document.body.append(panel);
        await panel.updateComplete;
        const { checked } = panel.renderRoot.querySelector('.keys input');
        panel.remove();
        return checked;
      });
      expect(other).toBe(false);
      await keySwitch(page).check();
      await page.keyboard.press('t');
      expect(await pressed(page)).toBe('true_alarm');
      await page.reload();
      await isReady(page);
      expect(await keySwitch(page).isChecked()).toBe(true);
    },
    { before },
  );
});

test('something else in the storage is as if nothing were there', async () => {
  await onPage(
    async (page) => {
      expect(await keySwitch(page).isChecked()).toBe(true);
    },
    { before: () => window.localStorage.setItem('rolemix-verdict-keys', '<b>') },
  );
});

test('the switch speaks Japanese', async () => {
  await onPage(
    async (page) => {
      await keySwitch(page, 'ショートカットキー t, f, u').uncheck();
      expect(await hints(page)).toEqual(hidden);
    },
    { at: '#lang=ja' },
  );
});

test('they are not meant where letters are text or choose something', async () => {
  await onPage(async (page) => {
    await page.evaluate(() => {
      const make = (name, properties) => Object.assign(document.createElement(name), properties);
      const select = make('select', { id: 'select' });
      select.append(...['false', 'unsure', 'true'].map((text) => make('option', { text })));
      const host = make('div', { id: 'host' });
      host.attachShadow({ mode: 'open' }).append(make('input', { id: 'inside' }));
      document
        .getElementById('page')
        .append(
          select,
          host,
          make('div', { id: 'editable', contentEditable: 'true', textContent: 'x' }),
          make('input', { id: 'search', type: 'search' }),
          make('input', { id: 'date', type: 'date' }),
          make('textarea', { id: 'area' }),
        );
    });
    for (const id of ['select', 'inside', 'editable', 'search', 'date', 'area']) {
      await page.locator(`#${id}`).focus();
      for (const key of ['t', 'f', 'u']) await page.keyboard.press(key);
    }
    expect(await page.locator('#editable').innerText()).toContain('tfu');
    expect(await page.locator('#inside').inputValue()).toBe('tfu');
    expect(await page.locator('#select').inputValue()).toBe('true');
    expect(await records(page)).toEqual([]);
    await leave(page);
    await page.keyboard.press('u');
    expect(await pressed(page)).toBe('unsure');
  });
});

test('they are not meant with modifiers, while composing, or when the page has used them', async () => {
  await onPage(async (page) => {
    const taken = await handledKeys(page, [
      { used: true },
      { altKey: true },
      { ctrlKey: true },
      { metaKey: true },
      { shiftKey: true },
      { modifierAltGraph: true },
      { isComposing: true },
      { repeat: true },
      { key: 'Process' },
    ]);
    expect(taken).toEqual(taken.map(() => false));
    expect(await records(page)).toEqual([]);
    // Caps lock is no modifier.
    await page.evaluate(() => {
      const event = new window.KeyboardEvent('keydown', { key: 'F', modifierCapsLock: true });
      window.dispatchEvent(event);
    });
    expect(await pressed(page)).toBe('false_alarm');
  });
});

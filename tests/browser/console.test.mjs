// What people do on the page, and whether its numbers are those of the native command.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseCsv } from '../../demo/sample/rolemix.mjs';
import { RoleModel, formatRange, formatValue } from '../../js/dist/index.js';
import {
  allText,
  launch,
  onConsole,
  openSections,
  parameters,
  readAlerts,
  readMetrics,
  readMoment,
  settled,
  showAddress,
} from './browser.mjs';
import { filesOf, removeFolder, saved } from './command.mjs';

let browser;
let files;

beforeAll(async () => {
  browser = await launch();
  await onConsole(browser, {}, async (page) => {
    files = await filesOf(page);
  });
  // What formats values needs a model.
  await RoleModel.load(join(files.folder, 'role.rolemix'));
});

afterAll(async () => {
  await browser?.close();
  if (files) removeFolder(files.folder);
});

const onPage = (hash, look) =>
  onConsole(browser, { hash }, async (page) => {
    await settled(page);
    await look(page);
  });

const explanationOf = (page) =>
  page.locator('rolemix-explanation').evaluate(({ explanation }) => explanation);

/** What the command says of the moment that the page shows. */
function explained({ host, timestamp }, ...options) {
  const where = ['--host', host, '--timestamp', String(timestamp)];
  return files.run('explain', ...where, ...options);
}

const camelCase = (name) => name.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** Where two results differ: by more than 1e-9 of their size in numbers, at all in everything else. */
function differences(page, command, path = '') {
  if (typeof page === 'number' && typeof command === 'number') {
    const isClose = Math.abs(page - command) <= 1e-9 * Math.max(Math.abs(page), Math.abs(command));
    return isClose ? [] : [`${path}: ${page} on the page, ${command} by the command`];
  }
  if (page === null || command === null || typeof page !== 'object') {
    return page === command ? [] : [`${path}: ${page} on the page, ${command} by the command`];
  }
  return Object.entries(command).flatMap(([name, value]) =>
    differences(page[camelCase(name)], value, `${path}.${name}`),
  );
}

describe('from opening to the answer', () => {
  test('the metric to blame and what it should have been are there without a click', async () => {
    await onPage('', async (page) => {
      const { sentence, level } = await readMoment(page);
      const [top] = await readMetrics(page);
      expect(level).toBe('critical');
      expect(sentence).toBe(
        `${top.metric} is ${top.observed}: outside its usual ${top.usual}, and the other metrics predict ${top.expected}.`,
      );
    });
  });

  test('a click on another alert says the same of it', async () => {
    await onPage('', async (page) => {
      for (const [i, { host, sentence }] of (await readAlerts(page)).entries()) {
        await page.locator('alert-list li button').nth(i).click();
        await settled(page);
        const moment = await readMoment(page);
        const [top] = await readMetrics(page);
        expect(moment).toMatchObject({ host, sentence });
        expect(sentence).toContain(`${top.metric} is ${top.observed}: `);
        expect(sentence).toContain(top.expected);
        expect((await readAlerts(page)).findIndex(({ current }) => current)).toBe(i);
      }
    });
  });
});

test.each([
  ['the worst incident', ''],
  ['a broken relation', '#scene=broken-relation'],
  ['a silent moment', '#scene=traffic-spike'],
  ['a leak', '#scene=leak'],
])('the numbers of %s are those of the command', async (_, hash) => {
  await onPage(hash, async (page) => {
    const shown = await explanationOf(page);
    const { judged_in, runner_up, similar, ...command } = JSON.parse(
      explained(shown, '--format', 'json'),
    ).samples[0];
    expect(command.metrics).toHaveLength(19);
    expect(Object.keys(command.metrics[0])).toEqual(
      expect.arrayContaining([
        'observed',
        'expected',
        'low',
        'high',
        'surprise',
        'blame',
        'reason',
      ]),
    );
    expect(differences(shown, command)).toEqual([]);
    expect(differences(shown.responsibilities[shown.state], judged_in.responsibility)).toEqual([]);
    expect(shown.runnerUp).toBe(runner_up?.state ?? null);
    expect(similar).toEqual([]);

    await page.locator('rolemix-explanation .more').click();
    const texts = shown.metrics.map(({ metric, observed, unit, low, high, ...usual }) => ({
      metric,
      observed: formatValue(observed, unit),
      expected: formatRange(low, high, unit),
      usual: formatRange(usual.typicalLow, usual.typicalHigh, unit),
    }));
    expect(await readMetrics(page)).toMatchObject(texts);
  });
});

describe('what is saved', () => {
  const button = (page, name) => page.locator('.save button', { hasText: name });

  test('CSV has the lines of rolemix explain --format csv', async () => {
    await onPage('#scene=broken-relation', async (page) => {
      const { name, text } = await saved(page, button(page, 'CSV'));
      expect(name).toBe('shop-web21.tyo-1791678900.csv');
      const shown = await explanationOf(page);
      const command = explained(shown, '--format', 'csv');
      expect(text.split('\n')[0]).toBe(command.split('\n')[0]);
      const numbered = (rows) =>
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([key, cell]) => [
              camelCase(key),
              cell === '' || Number.isNaN(Number(cell)) ? cell : Number(cell),
            ]),
          ),
        );
      const [saidByPage, saidByCommand] = [text, command].map((csv) => numbered(parseCsv(csv)));
      expect(saidByPage).toHaveLength(19);
      expect(differences(saidByPage, saidByCommand)).toEqual([]);
    });
  });

  test('JSON has what is shown, with values that were moved', async () => {
    await onPage('#scene=leak', async (page) => {
      const shown = await explanationOf(page);
      const { text } = await saved(page, button(page, 'JSON'));
      expect(JSON.parse(text)).toEqual(shown);
      await page.locator('rolemix-explanation .thumb').first().press('PageDown');
      await settled(page);
      const moved = JSON.parse((await saved(page, button(page, 'JSON'))).text);
      expect(moved).toEqual(await explanationOf(page));
      expect(moved.metrics[0].observed).not.toBe(shown.metrics[0].observed);
    });
  });
});

describe('what if', () => {
  const state = async (page) => {
    const { severity, anomalyScore, metrics } = await explanationOf(page);
    const { metric, low, high, rank } = metrics.find((one) => one.metric === 'loadavg5');
    return { severity, anomalyScore, range: [metric, low, high, rank], top: metrics[0].metric };
  };
  const reset = async (page, before) => {
    await page.locator('rolemix-explanation .reset').click();
    await settled(page);
    expect([await state(page), await readMoment(page), await readMetrics(page)]).toEqual(before);
    await expect(page.locator('moment-header .what-if').count()).resolves.toBe(0);
    await expect(page.locator('verdict-panel').count()).resolves.toBe(1);
  };
  const check = async (page, before) => {
    const after = await state(page);
    expect(after.severity).toBeLessThan(before.severity);
    expect(after.anomalyScore).toBeLessThan(before.anomalyScore);
    expect(after.range).not.toEqual(before.range);
    expect(after.top).not.toBe(before.top);
    expect(await page.locator('moment-header .what-if').innerText()).toBe(
      'Values moved by hand: this is what the score would be.',
    );
    const shown = await explanationOf(page);
    const { sentence, severity } = await readMoment(page);
    expect(sentence).toBe(shown.sentence);
    expect(severity).toBe(Math.round(shown.severity));
    // The rows stay where they are under the hand that moves one.
    const [first] = await readMetrics(page);
    expect(first.metric).toBe('cpu.user.pct');
    const observed = page.locator('rolemix-explanation [data-metric="cpu.user.pct"] .was');
    expect(await observed.innerText()).toBe('was 36.5 %');
    expect((await readAlerts(page)).filter(({ current }) => current)).toHaveLength(1);
  };

  test('dragging a dot and pressing arrow keys change score, ranges and ranking; reset undoes', async () => {
    await onPage('#scene=broken-relation', async (page) => {
      const before = [await state(page), await readMoment(page), await readMetrics(page)];
      const row = page.locator('rolemix-explanation [data-metric="cpu.user.pct"]');
      const thumb = await row.locator('.thumb').boundingBox();
      const [x, y] = [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2];
      const expected = await row.locator('.expected-bar').boundingBox();
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(expected.x + expected.width / 2, y, { steps: 8 });
      await page.mouse.up();
      await settled(page);
      await check(page, before[0]);
      await reset(page, before);

      for (let i = 0; i < 25; i++) await row.locator('.thumb').press('ArrowLeft');
      await settled(page);
      await check(page, before[0]);
      await reset(page, before);
    });
  });

  test('with the values that would be normal nothing is outside its ranges', async () => {
    await onPage('#scene=broken-relation', async (page) => {
      const { wouldBeNormal, severity } = await explanationOf(page);
      expect(wouldBeNormal).toMatchObject({ found: true });
      await page.locator('rolemix-console').evaluate(({ model }, metrics) => {
        for (const { metric, value } of metrics) model.move(metric, value);
      }, wouldBeNormal.metrics);
      await settled(page);
      const shown = await explanationOf(page);
      const named = wouldBeNormal.metrics.map(({ metric }) => metric);
      const reasons = shown.metrics.filter(({ metric }) => named.includes(metric));
      expect(reasons.map(({ reason }) => reason)).toEqual(named.map(() => 'none'));
      // Not normal at once: severity remembers the samples before.
      expect(shown.severity).toBeLessThan(severity);
    });
  });

  test('another moment is shown as it was', async () => {
    await onPage('#scene=broken-relation', async (page) => {
      await page.locator('rolemix-explanation .thumb').first().press('End');
      await page.locator('alert-list li button').first().click();
      await settled(page);
      await expect(page.locator('moment-header .what-if').count()).resolves.toBe(0);
    });
  });
});

/** Of the command's alerts, with these options. */
const alertRows = (...options) => parseCsv(files.run('alerts', '--format', 'csv', ...options));

const byStart = (alerts) => alerts.map(({ host, level }) => `${host} ${level}`).sort();

async function yamlOf(page) {
  const { name, text } = await saved(page, page.locator('settings-panel .save'));
  expect(name).toBe('role.yaml');
  const path = join(files.folder, name);
  writeFileSync(path, text);
  return ['--config', path];
}

describe('settings', () => {
  test('a tolerance and a muted metric change the alerts and the address; the YAML gives the same', async () => {
    await onPage('#scene=leak', async (page) => {
      await openSections(page, 'settings');
      const before = await readAlerts(page);
      expect(byStart(before)).toEqual(byStart(alertRows()));
      const row = (metric) => page.locator(`settings-panel [data-metric="${metric}"]`);

      await row('memory.used.bytes').locator('[type="range"]').fill('190');
      const loose = Number((await parameters(page)).get('t.memory.used.bytes'));
      expect(loose).toBeGreaterThan(1e9);
      expect(await readAlerts(page)).not.toEqual(before);
      expect(byStart(await readAlerts(page))).toEqual(byStart(alertRows(...(await yamlOf(page)))));

      await row('filesystem.used.pct').locator('[type="checkbox"]').check();
      expect((await parameters(page)).getAll('mute')).toEqual(['filesystem.used.pct']);
      const edited = await readAlerts(page);
      expect(edited.map(({ sentence }) => sentence).join()).not.toContain('filesystem.used.pct');
      expect(byStart(edited)).toEqual(byStart(alertRows(...(await yamlOf(page)))));

      const [warning] = await page.locator('settings-panel input[name="warningSensitivity"]').all();
      await warning.check();
      await page.locator('settings-panel .bars button').first().click();
      await settled(page);
      expect((await readAlerts(page)).length).toBeGreaterThan(edited.length);
      expect(byStart(await readAlerts(page))).toEqual(byStart(alertRows(...(await yamlOf(page)))));

      await page.locator('settings-panel .reset').click();
      await settled(page);
      expect(await readAlerts(page)).toEqual(before);
      expect((await parameters(page)).has('mute')).toBe(false);
    });
  });

  test('prices are what the command counts', async () => {
    await onPage('', async (page) => {
      await openSections(page, 'settings');
      const counted = page.locator('settings-panel td.count', { hasText: /\d/ });
      await counted.nth(5).waitFor();
      const texts = await page.locator('settings-panel td.count').allInnerTexts();
      const kinds = ['sensitive', 'normal', 'insensitive'];
      const warning = (of) => alertRows('--warning-sensitivity', of).length;
      const critical = (of) => {
        const options = of === 'sensitive' ? ['--sensitivity', of] : ['--critical-sensitivity', of];
        return alertRows(...options).filter(({ level }) => level === 'critical').length;
      };
      expect(texts.map(Number)).toEqual([...kinds.map(warning), ...kinds.map(critical)]);
      const bars = await page.locator('settings-panel .bars button > span').allInnerTexts();
      const attempts = bars.map((_, i) => alertRows('--max-check-attempts', String(i + 1)).length);
      expect(bars.map(Number)).toEqual(attempts);
    });
  });
});

describe('verdicts', () => {
  const current = async (page) => (await readAlerts(page)).find((alert) => alert.current);

  test('by click and by key they are in the list, survive a reload, and go out and in as a file', async () => {
    let file;
    await onPage('#scene=leak', async (page) => {
      await page.locator('verdict-panel [data-verdict="true_alarm"]').click();
      await settled(page);
      expect((await current(page)).verdict).toBe('True alarm');
      await page.locator('alert-list li button').first().click();
      await settled(page);
      await page.keyboard.press('f');
      await settled(page);
      expect((await current(page)).verdict).toBe('False alarm');
      await page.reload();
      await settled(page);
      const verdicts = (await readAlerts(page)).map(({ verdict }) => verdict);
      expect(verdicts).toEqual(['False alarm', '', '', '', '', 'True alarm']);
      await openSections(page, 'verdicts');
      expect(await page.locator('verdict-summary .judged').innerText()).toBe(
        '2 of 6 alerts judged',
      );
      file = await saved(page, page.locator('verdict-summary .export'));
      expect(file.text.trimEnd().split('\n')).toHaveLength(2);
      await page.locator('.language').click();
      await settled(page);
      expect((await current(page)).verdict).toBe('誤検知');
    });
    await onPage('', async (page) => {
      await openSections(page, 'verdicts');
      const input = page.locator('verdict-summary input[type="file"]');
      const buffer = Buffer.from(`${file.text}nonsense\n`);
      await input.setInputFiles({ name: file.name, mimeType: 'text/plain', buffer });
      await page.getByText('verdicts.jsonl: 2 verdicts read, 2 new.').waitFor();
      await page.getByText('verdicts.jsonl:3: expected one JSON object').waitFor();
      const verdicts = (await readAlerts(page)).map(({ verdict }) => verdict);
      expect(verdicts).toEqual(['False alarm', '', '', '', '', 'True alarm']);
    });
  });
});

describe('moving about', () => {
  test('in the overview a click selects, a drag zooms, a double click shows everything again', async () => {
    await onPage('', async (page) => {
      const lanes = page.locator('rolemix-swimlane.hosts canvas.lanes');
      await lanes.scrollIntoViewIfNeeded();
      const box = await lanes.boundingBox();
      const { host } = await readMoment(page);
      const drag = async (from, to) => {
        const y = box.y + 100;
        await page.mouse.move(box.x + from * box.width, y);
        await page.mouse.down();
        await page.mouse.move(box.x + to * box.width, y, { steps: 5 });
        await page.mouse.up();
        return parameters(page);
      };
      const zoomed = await drag(0.5, 0.75);
      expect(zoomed.get('host')).toBe(host);
      const hours = (said) => (Date.parse(said.get('to')) - Date.parse(said.get('from'))) / 3600e3;
      expect(hours(zoomed)).toBeGreaterThan(12);
      expect(hours(zoomed)).toBeLessThan(30);
      expect(hours(await drag(0.9, 0.6))).toBeLessThan(12);
      await page.getByRole('button', { name: 'Whole period' }).click();
      expect((await parameters(page)).has('from')).toBe(false);
      await drag(0.5, 0.75);
      await lanes.dblclick({ position: { x: 400, y: 100 } });
      const after = await parameters(page);
      expect([after.has('from'), after.has('to')]).toEqual([false, false]);
      await lanes.click({ position: { x: 500, y: 30 } });
      const chosen = await parameters(page);
      expect(chosen.get('host')).not.toBe(after.get('host'));
      expect((await readMoment(page)).host).toBe(chosen.get('host'));
    });
  });

  test('the list of alerts moves the moment, and the way back is in the history', async () => {
    await onPage('#scene=leak', async (page) => {
      await page.locator('[data-scene="traffic-spike"]').click();
      await settled(page);
      const [first] = await readAlerts(page);
      await page.locator('alert-list li button').first().click();
      await settled(page);
      expect(await readMoment(page)).toMatchObject({ host: first.host, sentence: first.sentence });
      await page.goBack();
      await settled(page);
      expect((await parameters(page)).get('scene')).toBe('leak');
    });
  });

  test('what is chosen outside of the visible period brings the whole period back', async () => {
    const period = 'from=2026-10-11T00:00Z&to=2026-10-11T18:00Z';
    await onPage(`#scene=leak&${period}`, async (page) => {
      const alerts = page.locator('alert-list li button');
      await alerts.nth(4).click();
      expect((await parameters(page)).get('from')).toBe('2026-10-11T00:00Z');
      await alerts.first().click();
      expect((await parameters(page)).has('from')).toBe(false);
      await showAddress(page, `#scene=leak&${period}`);
      // Keys take the period along.
      await page.locator('rolemix-swimlane.hosts [role="slider"]').press('Home');
      await page.locator('rolemix-swimlane.hosts [role="slider"]').press('ArrowLeft');
      const said = await parameters(page);
      expect(Date.parse(said.get('time'))).toBeLessThan(Date.parse('2026-10-11T00:00Z'));
      expect(Date.parse(said.get('from'))).toBeLessThan(Date.parse(said.get('time')));
      expect(Date.parse(said.get('to')) - Date.parse(said.get('from'))).toBe(18 * 3600e3);
    });
  });

  test('similar moments are shown by their buttons', async () => {
    await onPage('#host=shop-web-ha1', async (page) => {
      const moment = await page.locator('rolemix-console').evaluate(({ model }) => {
        const { samples } = model.shown.analysis;
        const { timestamps, severity } = samples.severities('shop-web-ha1');
        return [...timestamps]
          .filter((_, i) => severity[i] > 30)
          .map((timestamp) => ({ host: 'shop-web-ha1', timestamp }))
          .find((sample) => model.shown.analysis.similar(sample).length > 0);
      });
      const time = new Date(moment.timestamp * 1000).toISOString();
      await showAddress(page, `#host=${moment.host}&time=${time}`);
      const button = page.locator('rolemix-explanation .similar button').first();
      expect(await button.innerText()).toMatch(
        /^shop-web-ha1 2026-10-\d\d \d\d:\d\d UTC \d+\s% alike$/,
      );
      const [, at] = (await button.innerText()).match(/(2026-10-\d\d \d\d:\d\d UTC)/);
      await button.click();
      await settled(page);
      expect((await readMoment(page)).facts).toContain(`shown: ${at}`);
    });
  });

  test('the other language says the same, with the same numbers', async () => {
    await onPage('#scene=broken-relation', async (page) => {
      const english = await readMetrics(page);
      await openSections(page, 'settings', 'verdicts', 'data');
      await page.locator('.language').click();
      await settled(page);
      const japanese = await readMetrics(page);
      const values = ({ metric, observed, usual, expected }) => [
        metric,
        observed,
        ...[usual, expected].map((range) => range.replace('〜', '-')),
      ];
      expect(japanese.map(values)).toEqual(english.map(values));
      const { sentence, level } = await readMoment(page);
      expect(level).toBe('重大');
      expect(sentence).toContain('cpu.user.pct は 36.5 %');
      const shown = await explanationOf(page);
      const [command] = JSON.parse(
        explained(shown, '--format', 'json', '--language', 'ja'),
      ).samples;
      expect(sentence).toBe(command.sentence);
      for (const { sentence: said, verdict, level: of } of await readAlerts(page)) {
        expect([said, of, verdict].join()).toMatch(/^[^a-z]*[a-z.0-9 ]+ は .*(警告|重大),$/);
      }
      // What is left in English are names, units and file formats.
      const texts = await allText(page);
      expect(texts).not.toMatch(/\b(Observed|Expected|Severity|Alerts|Verdicts?|Note|Reset)\b/);
    });
  });
});

test('in Japanese every labelled incident has its kind and story in Japanese', async () => {
  await onConsole(browser, { hash: '#lang=ja' }, async (page) => {
    expect(await page.title()).toBe('rolemix: 普段と違うホストとその理由');
    const kinds = new Set();
    for (const name of ['shop:web', 'bench:render']) {
      await page.locator('.role').selectOption(name);
      await settled(page);
      const incidents = await page.evaluate(
        () => document.querySelector('rolemix-console').model.role.incidents,
      );
      for (const { kind, host, from, to } of incidents) {
        await page.evaluate(
          ([at, time]) => {
            const { model } = document.querySelector('rolemix-console');
            model.show({ scene: null, host: at ?? model.role.samples.hosts[0], time }, false);
          },
          [host, (from + to) / 2],
        );
        await settled(page);
        const label = page.locator('moment-header .label');
        expect([kind, await label.innerText()]).toEqual([
          kind,
          expect.stringMatching(/^実際に起きたこと \([^()]*[ぁ-んァ-ヶ一-龠][^()]*\): /),
        ]);
        await expect(label.locator('[lang="en"]').count()).resolves.toBe(0);
        kinds.add(kind);
      }
    }
    expect(kinds.size).toBeGreaterThan(8);
  });
});

// Input as people have it: the cases of tests/table/ that go through JavaScript, and the zones that Intl knows.
/* global File */
import { mergeTables, parseFile, parsePrometheus } from '../../js/dist/csv.js';
import { openFiles } from '../../js/dist/files.js';
import { errorOf, parseTable } from './support.mjs';

const at = (text) => Date.parse(text) / 1000;
/** The times of a host, and the codes of the notices. */
async function read(times, timezone) {
  const csv = `Time,host,cpu\n${times.map((time) => `${time},a,1\n`).join('')}`;
  const { timestamps, notices } = await parseTable(csv, 'a.csv', { timezone });
  return [[...timestamps], notices.map(({ code }) => code)];
}

test('columns, separators and values as spreadsheets and pandas write them', async () => {
  const table = await parseTable('sep=;\r\n;Time;Instance;cpu\r\n0;1791774000000;a;12,5\r\n', 'x');
  expect([...table.timestamps]).toEqual([1791774000]);
  expect(table.hosts).toEqual(['a']);
  expect(Object.keys(table.metrics)).toEqual(['cpu']);
  expect([...table.metrics.cpu]).toEqual([12.5]);
  expect(table.notices.map(({ code }) => code)).toEqual(['index_left_out']);
});

test('without a column of hosts the name is the host, if there is one', async () => {
  const csv = 'time,cpu\n60,NULL\n';
  const { hosts, metrics, notices } = await parseTable(csv, 'days/web-1.csv');
  expect([hosts, [...metrics.cpu]]).toEqual([['web-1'], [NaN]]);
  expect(notices).toMatchObject([{ code: 'host_by_file', file: 'days/web-1.csv', line: 1 }]);
  for (const unnamed of [() => parseTable(csv), () => parseFile(new TextEncoder().encode(csv))]) {
    const { code, message } = await errorOf(unnamed);
    expect(code).toBe('bad_format');
    expect(message).toMatch(/:1: expected a column of hosts \(host, hostname, instance or node\)/);
  }
});

test('series as columns', async () => {
  const csv = 'Time,"{instance=""a""}","{instance=""b""}"\n60,1,\n120,2,3\n';
  const { timestamps, hosts, metrics } = await parseTable(csv, 'cpu.user.pct.csv');
  expect([[...timestamps], hosts]).toEqual([
    [60, 120, 120],
    ['a', 'a', 'b'],
  ]);
  expect([...metrics['cpu.user.pct']]).toEqual([1, 2, 3]);
});

test.each([
  ['time,host,cpu\n46307.25,a,1\n', /^csv:2: .*spreadsheet's day number; export times as text/],
  ['time,host,cpu\n60,a,45%\n', /^csv:2: .*got "45%"; export plain numbers/],
  ['time,date,cpu\n60,1,1\n', /^csv:1: expected one column of times, got column 1 "time" and/],
  ['time,host,cpu\n2026-10-05 00:00:00,a,1\n', /^csv:2: .*as in .* { timezone: 'Asia\/Tokyo' }$/],
])('%j is refused with what to do', async (csv, message) => {
  const error = await errorOf(() => parseTable(csv));
  expect(error.code).toBe('bad_format');
  expect(error.message).toMatch(message);
});

test('times without a zone are of the one that is given', async () => {
  const shown = ['2026-10-05 00:00:00', '2026/10/5 0:00', '2026-10-05T00:00Z'];
  const times = [at('2026-10-04T15:00Z'), at('2026-10-04T15:00Z'), at('2026-10-05T00:00Z')];
  for (const zone of ['Asia/Tokyo', '+09:00', '+0900']) {
    expect(await read(shown, zone)).toEqual([times, ['times_without_zone']]);
  }
  const { notices } = await parseTable(`time,host,x\n${shown[0]},a,1\n`, 'a.csv', {
    timezone: 'Asia/Tokyo',
  });
  expect(notices).toEqual([
    {
      code: 'times_without_zone',
      text: 'times without a zone are read as Asia/Tokyo',
      file: 'a.csv',
      line: 2,
      host: null,
      metric: null,
    },
  ]);
});

test('clocks change when they do', async () => {
  for (const [zone, shown, time] of [
    ['Europe/Berlin', '2026-07-01 02:00', '2026-07-01T00:00Z'],
    ['Europe/Berlin', '1995-01-01 01:00', '1995-01-01T00:00Z'],
    ['Europe/Berlin', '2036-07-01 02:00', '2036-07-01T00:00Z'],
    ['Europe/Berlin', '2026-10-25 01:59:59', '2026-10-24T23:59:59Z'],
    ['Europe/Berlin', '2026-10-25 03:00', '2026-10-25T02:00Z'],
    ['America/New_York', '2026-11-01 00:59:59', '2026-11-01T04:59:59Z'],
    ['Africa/Casablanca', '2026-03-01 12:00', '2026-03-01T12:00Z'],
    ['Africa/Casablanca', '2026-06-01 12:00', '2026-06-01T11:00Z'],
  ]) {
    expect(await read([shown], zone)).toEqual([[at(time)], ['times_without_zone']]);
  }
});

test('an hour that exists twice, and one that does not', async () => {
  const shown = ['2026-04-05 01:45', '2026-04-05 01:45']; // Lord Howe goes back by half an hour
  expect(await read(shown, 'Australia/Lord_Howe')).toEqual([
    [at('2026-04-04T14:45Z'), at('2026-04-04T15:15Z')],
    ['times_without_zone', 'times_twice'],
  ]);
  expect(await read(['2026-03-29 02:30'], 'Europe/Berlin')).toEqual([
    [at('2026-03-29T01:30Z')],
    ['times_without_zone', 'times_skipped'],
  ]);
});

test('a zone that nobody knows is refused', async () => {
  for (const timezone of ['Asia/Tokio', '', 9, null]) {
    const error = await errorOf(() => parseTable('', 'a.csv', { timezone }));
    expect([error.code, error.message]).toEqual([
      'invalid_argument',
      expect.stringMatching(/^(options\.)?timezone: expected /),
    ]);
  }
});

test('hosts and metrics are named by the labels that are given', async () => {
  const options = { hostLabel: 'server', dropLabels: ['pod'] };
  const csv = 'time,instance,server,pod,cpu\n60,gw,a,x-1,1\n60,gw,b,x-2,2\n';
  const answer = (server) =>
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          {
            metric: { __name__: 'cpu', instance: 'gw', server, pod: `x-${server}`, mode: 'user' },
            value: [60, '3'],
          },
        ],
      },
    });
  const table = await parseTable(csv, 'a.csv', options);
  expect([table.hosts, Object.keys(table.metrics)]).toEqual([['a', 'b'], ['cpu']]);
  const read = await parsePrometheus(answer('a'), 'a.json', options);
  expect([read.hosts, Object.keys(read.metrics)]).toEqual([['a'], ['cpu{mode="user"}']]);
  for (const worker of [false, true]) {
    const files = ['a', 'b'].map((server) => new File([answer(server)], `${server}.json`));
    const opened = await openFiles(files, { ...options, worker });
    expect(opened.errors).toEqual([]);
    expect(opened.table.hosts).toEqual(['a', 'b']);
    expect(Object.keys(opened.table.metrics)).toEqual(['cpu{mode="user"}']);
  }
  for (const bad of [{ hostLabel: 9 }, { dropLabels: 'pod' }, { dropLabels: [9] }]) {
    const error = await errorOf(() => parseTable(csv, 'a.csv', bad));
    expect([error.code, error.message]).toEqual([
      'invalid_argument',
      expect.stringMatching(/^options\.(hostLabel|dropLabels).*: expected /),
    ]);
    await expect(openFiles([], bad)).rejects.toMatchObject({ code: 'invalid_argument' });
  }
});

test('what is so in several files is said once', async () => {
  const files = ['web-1.csv', 'web-2.csv', 'web-3.csv'].map(
    (name) => new File(['Time,cpu\n2026-10-05 00:00,1\n'], name),
  );
  const { table, errors } = await openFiles(files, { timezone: 'Asia/Tokyo' });
  expect(errors).toEqual([]);
  expect(table.hosts).toEqual(['web-1', 'web-2', 'web-3']);
  expect(table.notices.map(({ file, text }) => [file, text])).toEqual([
    ['web-1.csv', "no column names hosts: the file's name is the host's; so in 2 more files"],
    ['web-1.csv', 'times without a zone are read as Asia/Tokyo; so in 2 more files'],
  ]);
  const [first, second] = await Promise.all(
    ['caf\xe9,1', 'b,2'].map((row, i) =>
      parseTable(
        Uint8Array.from(`time,host,cpu\n60,${row}\n6${i + 1},c,3\n`, (c) => c.charCodeAt(0)),
        `${i}.csv`,
      ),
    ),
  );
  expect((await mergeTables([first, second])).notices).toMatchObject([{ code: 'name_not_utf8' }]);
});

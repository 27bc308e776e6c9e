// What readers leave out of a table, and who is told of it.
import { mergeTables, parseFile, parsePrometheus } from '../../js/dist/csv.js';
import { openFiles } from '../../js/dist/files.js';
import { openFiles as openFilesInline } from '../../js/dist/inline.js';
import { ModelPool } from '../../js/dist/pool.js';
import { errorOf, eventfulTable, goldenBytes, parseTable, RoleModel } from './support.mjs';

/* global File */
const latin1 = (text) => Uint8Array.from(Buffer.from(text, 'latin1'));
const host = 'column host: expected a name in UTF-8, got "caf\\xe9": the row is left out';
const notice = (text, file, line, code = 'name_not_utf8') => {
  return { code, text, file, line, host: null, metric: null };
};

describe('readers name what they leave out', () => {
  test('rows of CSV', async () => {
    const csv = latin1('timestamp,host,x\n60,a,1\n60,café,2\n120,a,3\n');
    const table = await parseTable(csv, 'latin.csv');
    expect(table).toEqual({
      timestamps: Float64Array.of(60, 120),
      hosts: ['a', 'a'],
      metrics: { x: Float64Array.of(1, 3) },
      notices: [notice(host, 'latin.csv', 3)],
    });
    expect(await parseFile(csv, 'latin.csv')).toEqual(table);
  });

  test('columns of CSV', async () => {
    const long = 'x'.repeat(65537);
    const { metrics, notices } = await parseTable(`timestamp,host,${long},y\n60,a,1,2\n`);
    expect(Object.keys(metrics)).toEqual(['y']);
    const text =
      `column 3: expected a name of at most 65536 bytes, got "${long.slice(0, 40)}...": ` +
      'the column is left out';
    expect(notices).toEqual([notice(text, 'csv', 1, 'name_too_long')]);
  });

  test('series of Prometheus', async () => {
    const series = (name) => `{"metric":{"__name__":"x","instance":"${name}"},"value":[60,"1"]}`;
    const result = `${series('a')},\n${series('café')}`;
    const json = latin1(`{"status":"success","data":{"resultType":"vector","result":[${result}]}}`);
    const { hosts, notices } = await parsePrometheus(json, 'a.json');
    expect(hosts).toEqual(['a']);
    const text = expect.stringMatching(
      /^byte \d+: expected UTF-8, got .*: the series is left out$/,
    );
    expect(notices).toEqual([notice(text, 'a.json', 2)]);
  });

  test('those of all tables stay when they are merged', async () => {
    const read = (name) => parseTable(latin1('timestamp,host,x\n60,café,2\n60,a,1\n'), name);
    const tables = await Promise.all(['1.csv', '2.csv'].map(read));
    const clean = await parseTable('timestamp,host,y\n60,a,1\n');
    const { notices } = await mergeTables([tables[0], clean, tables[1]]);
    expect(notices).toEqual([notice(host, '1.csv', 2), notice(host, '2.csv', 2)]);
    const { timestamps, hosts, metrics } = clean;
    const own = { timestamps, hosts, metrics };
    expect((await mergeTables([own, own])).notices).toEqual([]);
  });

  test.each([
    ['in a worker', openFiles, {}],
    ['on the calling thread', openFiles, { worker: false }],
    ['inlined', openFilesInline, {}],
  ])('files %s', async (_, open, options) => {
    const files = [
      new File([latin1('timestamp,host,x\n60,café,2\n60,a,1\n')], 'latin.csv'),
      new File(['timestamp,host,y\n60,a,1\n'], 'clean.csv'),
      new File([latin1('timestamp,host,x\n60,café,2\n60,a,7\n')], 'contradicts.csv'),
    ];
    const { table, errors } = await open(files, options);
    expect(table.notices).toEqual([notice(host, 'latin.csv', 2)]);
    expect(errors.map(({ file }) => file)).toEqual(['contradicts.csv']);
  });
});

describe('samples tell of their tables first', () => {
  const told = [
    { ...notice('some rows', 'a.csv', 5), host: 'a', metric: 'x' },
    notice('others', null, null),
  ];
  const later = notice('a row', 'b.csv', 7);
  const table = { ...eventfulTable({ samples: 10 }), notices: told };
  const next = (notices) => ({
    ...table,
    timestamps: table.timestamps.map((time) => time + 86400),
    notices,
  });
  let model;
  beforeAll(async () => (model = await RoleModel.load(goldenBytes('model.rolemix'))));
  afterAll(() => model.dispose());
  const plain = () => model.open({ ...table, notices: undefined }).notices;

  test('those that are opened', () => {
    const { notices } = model.open(table);
    expect(notices).toEqual([...told, ...plain()]);
    expect(notices[0]).not.toBe(told[0]);
  });

  test('those that are appended, each once', () => {
    const samples = model.open(table);
    samples.append(next([later, told[0]]));
    expect(samples.notices.slice(0, 3)).toEqual([...told, later]);
    samples.append({ ...next([later]), timestamps: table.timestamps.map((time) => time + 2e5) });
    samples.forget(table.timestamps[0] + 100);
    expect(samples.notices.map(({ text }) => text).slice(0, 3)).toEqual([
      ...told.map(({ text }) => text),
      later.text,
    ]);
    expect(samples.notices.filter(({ text }) => text === later.text)).toHaveLength(1);
  });

  test('not those of a table that is refused', async () => {
    const samples = model.open(table);
    const wrong = { ...next([later]), timestamps: table.timestamps.map(() => 2e9) };
    expect((await errorOf(() => samples.append(wrong))).code).toBe('invalid_argument');
    expect(samples.notices).toEqual([...told, ...plain()]);
  });

  test('those of an edited model', () => {
    const samples = model.open(table);
    const [{ name }] = model.info.metrics;
    const edited = model.mute(name).open(samples);
    expect(edited.notices.slice(0, 2)).toEqual(told);
    edited.append(next([later]));
    expect(edited.notices.slice(0, 3)).toEqual([...told, later]);
    expect(samples.notices).toEqual([...told, ...plain()]);
  });

  test.each([1, 0])('those of a pool of %d workers', async (workers) => {
    const pool = await ModelPool.load(goldenBytes('model.rolemix'), { workers });
    const samples = await pool.open(table);
    expect(await samples.notices).toEqual([...told, ...plain()]);
    await samples.append(next([later]));
    expect((await samples.notices).slice(0, 3)).toEqual([...told, later]);
    pool.dispose();
  });
});

// What the page says in words, in both languages. Sentences about samples come from the package.
import { returnTimeOfSeverity, type Alert, type Language } from 'rolemix';

import { formatDuration } from './format.js';
import type { SceneId } from './sample.js';

/** A text in each language; {0}, {1} ... stand for what is filled in. */
type Text = readonly [english: string, japanese: string];

const texts = {
  about: [
    '{0} hosts, {1} to {2}; learned from {3} of samples',
    '{0} ホスト、{1}〜{2}。学習期間 {3}',
  ],
  simulated: ['simulated', 'シミュレーション'],
  recorded: ['recorded', '実測'],
  opened: ['your data', '開いたデータ'],
  role: ['Role', 'ロール'],
  language: ['日本語', 'English'],
  openData: ['Open data …', 'データを開く…'],
  toleranceOn: ['Tolerances: on', '許容幅: オン'],
  toleranceOff: ['Tolerances: off', '許容幅: オフ'],
  toleranceTitle: [
    "How far each metric may move before it is news, as the role's people set it",
    '各メトリックがどこまで動いてもニュースではないか。ロールの担当者が決めた幅',
  ],
  scoring: ['Scoring …', 'スコア計算中…'],
  scoringShare: ['Scoring: {0} %', 'スコア計算中: {0} %'],
  chosenMoment: ['The chosen moment', '選択した時点'],
  shownAt: ['shown: {0}', '表示: {0}'],
  since: ['since {0}', '{0} から'],
  lasted: ['lasted {0}', '{0} 継続'],
  stillOpen: ['still open', '継続中'],
  noAlert: ['no alert, {0}', 'アラートなし、{0}'],
  normal: ['normal', '正常'],
  unusual: ['unusual', '普段と異なる'],
  warning: ['warning', '警告'],
  critical: ['critical', '重大'],
  severity: ['Severity {0} of 100: {1}.', '深刻度 {0} / 100: {1}。'],
  noValue: ['no metric has a value', '測定値のあるメトリックがない'],
  rarest: [
    'a normal host gets here less than once in ten years',
    '正常なホストでは 10 年に 1 度も起きない',
  ],
  daily: ['a normal host gets here every day', '正常なホストでも毎日起きる'],
  frequency: ['a normal host gets here about once {0}', '正常なホストでは約 {0} に 1 度'],
  extrapolated: [', extrapolated', '(外挿)'],
  notReady: [
    'This model is not ready: severity is not to be trusted, and no alert opens.',
    'このモデルはまだ使えません。深刻度は信頼できず、アラートは開きません。',
  ],
  tooShort: [
    'Train it with a longer period or more hosts.',
    '学習データの期間が足りません。期間を延ばすか、ホストを増やして学習し直してください。',
  ],
  tooFewPeaks: [
    'Train it with a longer period or more hosts.',
    '学習データにアラートスコアの山が足りず、深刻度の目盛りを決められません。期間を延ばすか、ホストを増やして学習し直してください。',
  ],
  notCalibrated: [
    'Train it anew.',
    'モデルファイルに深刻度の目盛り (calibration) がありません。学習し直してください。',
  ],
  whatHappened: ['What really happened ({0}):', '実際に起きたこと ({0}):'],
  nothingHappened: [
    'What really happened: nothing. A false alarm.',
    '実際には何も起きていません。誤検知です。',
  ],
  soFalse: ['So this is a false alarm.', 'つまり、これは誤検知です。'],
  falseAlarm: ['false alarm', '誤検知'],
  alerts: ['Alerts', 'アラート'],
  noAlerts: ['No alerts in this period.', 'この期間にアラートはありません。'],
  counts: ['{0}: {1} of {2} incidents, {3}', '{0}: 障害 {2} 件中 {1} 件を検知、{3}'],
  alertCount: ['{0} alerts', 'アラート {0} 件'],
  alertCountOne: ['1 alert', 'アラート 1 件'],
  noFalse: ['no false alarms', '誤検知なし'],
  oneFalse: ['1 false alarm', '誤検知 1 件'],
  someFalse: ['{0} false alarms', '誤検知 {0} 件'],
  allRoles: ['All roles', 'すべてのロール'],
  allRolesHint: [
    'the worst severity of their hosts, UTC; click, or arrow keys and Enter, to show one',
    '各ロールで最も深刻なホストの推移 (UTC)。クリック、または矢印キーと Enter で表示',
  ],
  notScored: ['not scored yet', 'スコア未計算'],
  allHosts: ['All hosts', 'すべてのホスト'],
  allHostsHint: [
    'severity over time, UTC; click or use the arrow keys, drag to zoom',
    '深刻度の推移 (UTC)。クリックまたは矢印キーで選択、ドラッグで拡大',
  ],
  wholePeriod: ['Whole period', '全期間'],
  jointTitle: ['{0} and {1}, given the other metrics', '{0} と {1} (ほかのメトリックから見て)'],
  jointLegend: [
    'Where the two lie together 95 % of the time when all others are as they are now; the dot is what was observed.',
    'ほかがいまの値のとき、2 つの値が 95 % の確率で収まる範囲。点は観測値。',
  ],
  jointInside: ['The dot lies inside.', '点は範囲内です。'],
  jointOutside: ['The dot lies outside.', '点は範囲外です。'],
  jointMissing: [
    'It takes two measured metrics to draw how they go together.',
    '2 つのメトリックの関係を描くには、両方の測定値が必要です。',
  ],
  whatIf: [
    'Values moved by hand: this is what the score would be.',
    '値を手で動かした場合の結果です。',
  ],
  settings: ['Sensitivity and its price', '感度とその代償'],
  settingsHint: [
    'what each choice would have raised in the loaded period, before you save it',
    '保存する前に、読み込んだ期間で何件のアラートになったかを確認できます',
  ],
  warningFrom: ['Warning', '警告'],
  criticalFrom: ['Critical', '重大'],
  attempts: ['Samples in a row', '連続サンプル数'],
  attemptsHint: [
    'anomalous samples in a row before an alert opens',
    'アラートが開くまでの連続した異常サンプル数',
  ],
  sensitive: ['sensitive', '敏感'],
  'normal-sensitivity': ['normal', '標準'],
  insensitive: ['insensitive', '鈍感'],
  promised: ['a normal host: {0}', '正常なホスト: {0}'],
  onceWeek: ['once a week', '週 1 回'],
  onceMonth: ['once a month', '月 1 回'],
  onceYear: ['once a year', '年 1 回'],
  inPeriod: ['here', 'この期間'],
  perHostWeek: ['per host and week', 'ホスト・週あたり'],
  perRoleWeek: ['per week, role', 'ロール・週あたり'],
  tolerances: ['Tolerances and muted metrics', '許容幅と対象外のメトリック'],
  tolerancesHint: [
    'a move this small is never news; alerts change as you drag',
    'この幅までの動きはニュースではありません。動かすとアラートが変わります',
  ],
  tolerance: ['Tolerance', '許容幅'],
  metric: ['Metric', 'メトリック'],
  mute: ['Mute', '対象外'],
  reset: ['Reset', '元に戻す'],
  resetAll: ['Reset all', 'すべて元に戻す'],
  saveYaml: ['Save as YAML', 'YAML で保存'],
  yamlHint: [
    'rolemix train --config and rolemix alerts --config read this file.',
    'rolemix train --config と rolemix alerts --config がこのファイルを読みます。',
  ],
  curves: ['All metrics over time', 'すべてのメトリックの推移'],
  curvesHint: [
    'observed, expected and usual; other hosts in grey',
    '観測値、予測範囲、普段の範囲。灰色はほかのホスト',
  ],
  verdicts: ['Verdicts', '判定'],
  data: ['Open data', 'データを開く'],
  dataHint: [
    'Model files (.rolemix) and metrics: CSV, wide or long, or answers of Prometheus query_range; .gz too. Drop them anywhere on the page. Nothing leaves your browser.',
    'モデルファイル (.rolemix) とメトリック: CSV (横持ち・縦持ち)、Prometheus query_range の応答。.gz も可。ページのどこにでもドロップできます。データはブラウザの外に出ません。',
  ],
  chooseFiles: ['Choose files …', 'ファイルを選ぶ…'],
  folderUrl: ['Folder of models (URL)', 'モデルのフォルダ (URL)'],
  loadFolder: ['Load', '読み込む'],
  reading: ['Reading {0} …', '{0} を読み込み中…'],
  fromMetrics: [
    '{0}: {1} hosts ({2}). Hosts go to the role of whose metrics they have the most.',
    '{0}: {1} ホスト ({2})。各ホストは、測定値のあるメトリックが最も多いロールに割り当てます。',
  ],
  ambiguousHosts: [
    '{0} hosts ({1}) have the metrics of several roles alike, and model files do not name hosts. They are shown under each of these roles: {2}. Under a role that is not theirs, severity means nothing. Open a model with the metrics of its own hosts only, or a folder whose index.json names them.',
    '{0} ホスト ({1}) は、複数のロールのモデルに同じように当てはまります。モデルファイルにはホスト名がないため、次のすべてのロールに表示しています: {2}。本来のロールでない側の深刻度に意味はありません。モデルごとに、そのロールのホストのメトリックだけを開くか、index.json にホストを書いたフォルダを開いてください。',
  ],
  hostsLeftOut: [
    '{0} hosts ({1}) are not shown: they have values of less than half of the metrics of {2}.',
    '{0} ホスト ({1}) は表示しません。{2} のメトリックのうち、測定値があるのは半分未満です。',
  ],
  duplicateSample: [
    'Host {0} has two samples at {1}; a host can have one. Take one of them out and open the file again.',
    'ホスト {0} には {1} のサンプルが 2 つあります。1 つだけ残して、もう一度開いてください。',
  ],
  roleNotLoaded: [
    'The address is about {0}, which is not loaded here: open its model and samples, or those below are shown.',
    'このアドレスは {0} のものですが、読み込まれていません。そのモデルとサンプルを開いてください。下に表示しているのは別のロールです。',
  ],
  cannotStart: ['The page cannot start: {0}.', 'ページを開始できません: {0}。'],
  wasmOff: ['WebAssembly, or it is switched off', 'WebAssembly (無効にされている場合も)'],
  browserLacks: [
    'this browser lacks {0}. Please use Chrome 91, Firefox 113, Safari 16.4 or newer',
    'このブラウザでは {0} を使えません。Chrome 91、Firefox 113、Safari 16.4 以降を使ってください',
  ],
  pageTitle: [
    'rolemix: which host is unlike normal, and why',
    'rolemix: 普段と違うホストとその理由',
  ],
  modelKept: [
    'The model of {0} is loaded. Now drop metrics of its hosts: it needs {1}.',
    '{0} のモデルを読み込みました。次にホストのメトリックをドロップしてください。必要なメトリック: {1}',
  ],
  alsoKept: ['Loaded: {0}', '読み込み済み: {0}'],
  noMetrics: [
    '{0}: none of its metrics ({1}) is among those of the model of {2} ({3})',
    '{0}: メトリック ({1}) に、{2} のモデルのもの ({3}) が 1 つもありません',
  ],
  missingMetrics: [
    '{0}: the samples lack {1} of its {2} metrics: {3}',
    '{0}: {2} メトリックのうち {1} 個がサンプルにありません: {3}',
  ],
  saveCsv: ['CSV', 'CSV'],
  saveJson: ['JSON', 'JSON'],
  saveShown: ['Save what is shown', '表示内容を保存'],
  footer: [
    'Scored {0} samples in {1} ms, here in your browser, without network.',
    '{0} サンプルのスコアを {1} ms で計算しました。すべてブラウザの中で、通信はありません。',
  ],
  footerOpened: [
    'Scored {0} samples in {1} ms, here in your browser; they are sent nowhere.',
    '{0} サンプルのスコアを {1} ms で計算しました。すべてブラウザの中で、データはどこにも送られません。',
  ],
  showAll: ['Show all {0}', '{0} 件すべてを表示'],
  upTo: ['up to {0}', '最大 {0}'],
  severityOfEdits: [
    'Without tolerances severity promises too much: it stays on the scale of the trained model.',
    '許容幅がないと深刻度は大きく出すぎます。尺度は学習時のモデルのままです。',
  ],
  originSimulated: ['The data are simulated.', 'データはシミュレーションです。'],
  originRecorded: [
    'Recorded from real processes on a real machine; a second recorded is shown as a minute.',
    '実際のマシンの実プロセスを記録したもの。記録の 1 秒を 1 分として表示しています。',
  ],
  onOff: [
    "On: as the role's people set them. Off: every small move is news, with everything else the same. The switch is at the top.",
    'オン: 担当者が決めた幅。オフ: 小さな動きもすべてニュース、ほかは同じ。切り替えは上部にあります。',
  ],
  toleranceWords: [
    "On: {0} may move by {1} before it is news: one line of the role's configuration. Off: by {2}, with everything else the same. The switch is at the top.",
    'オン: {0} は {1} 動くまでニュースではありません (設定 1 行)。オフ: {2}、ほかは同じ。切り替えは上部にあります。',
  ],
  scenes: ['Scenes', '場面'],
  worst: ['Worst incident', '最も深刻な障害'],
  worstLine: ['The most severe alert of the sample.', 'このサンプルで最も深刻なアラート。'],
} as const satisfies Record<string, Text>;

export type TextName = keyof typeof texts;

/** What is to be said, in whatever language is chosen by then. */
export interface Said {
  readonly text: TextName;
  readonly parts: readonly (string | number)[];
}

export function sayAll(language: Language, { text, parts }: Said): string {
  return say(language, text, ...parts);
}

/** The text with its parts filled in; parts are not looked into. */
export function say(language: Language, name: TextName, ...parts: (string | number)[]): string {
  const text: string = texts[name][language === 'ja' ? 1 : 0];
  return text
    .split(/\{(\d)\}/)
    .map((piece, i) => (i % 2 === 0 ? piece : String(parts[Number(piece)] ?? '')))
    .join('');
}

export type Level = 'normal' | 'unusual' | 'warning' | 'critical';

/** Alerts open from 50 (warning) and 75 (critical); 25 is what a normal host reaches once a week. */
export function levelOf(severity: number | null): Level {
  if (severity === null || !(severity >= 25)) return 'normal';
  if (severity < 50) return 'unusual';
  return severity < 75 ? 'warning' : 'critical';
}

/** "a week", "in 3 weeks", as after "once". */
function frequency(language: Language, days: number): string {
  const units = [
    ['year', '年', 365],
    ['month', 'か月', 30],
    ['week', '週間', 7],
  ] as const;
  const [name, japanese, length] = units.find(([, , unit]) => days >= 0.95 * unit) ?? [
    'day',
    '日',
    1,
  ];
  const count = Math.max(1, Math.round(days / length));
  if (language === 'ja') return `${count} ${japanese}`;
  return count === 1 ? `a ${name}` : `in ${count} ${name}s`;
}

/** "a normal host gets here about once in 8 months" */
export function severityWords(
  language: Language,
  severity: number | null,
  spanHostDays: number,
): string {
  if (severity === null) return say(language, 'noValue');
  if (severity >= 100) return say(language, 'rarest');
  const days = returnTimeOfSeverity(severity);
  if (days < 1) return say(language, 'daily');
  // Calibration cannot have seen what is rarer than its own span.
  const extrapolated = days > spanHostDays ? say(language, 'extrapolated') : '';
  return say(language, 'frequency', frequency(language, days)) + extrapolated;
}

export function lastingWords(language: Language, alert: Alert): string {
  if (alert.closedAt === null) return say(language, 'stillOpen');
  return say(language, 'lasted', formatDuration(alert.closedAt - alert.startedAt, language));
}

export function alertCount(language: Language, count: number): string {
  return count === 1 ? say(language, 'alertCountOne') : say(language, 'alertCount', count);
}

export interface SceneText {
  readonly id: SceneId;
  readonly name: Text;
  readonly line: Text;
}

export const sceneTexts: readonly SceneText[] = [
  {
    id: 'broken-relation',
    name: ['Broken relation', '関係の崩れ'],
    line: [
      'An alert, although every metric is within its usual range.',
      'どのメトリックも普段の範囲内なのに、アラート。',
    ],
  },
  {
    id: 'traffic-spike',
    name: ['Traffic spike', 'トラフィック急増'],
    line: [
      'No alert: CPU is far above usual, as the requests predict.',
      'アラートなし: CPU は高いが、リクエスト数どおり。',
    ],
  },
  {
    id: 'memory-step',
    name: ['+40 MB of memory', 'メモリ +40 MB'],
    line: [
      'No alert on a flat line, unless its tolerance is off.',
      '許容幅がある限り、わずかな段差ではアラートなし。',
    ],
  },
  {
    id: 'leak',
    name: ['Memory leak', 'メモリリーク'],
    line: [
      'An alert hours before the host begins to swap.',
      'スワップが始まる何時間も前にアラート。',
    ],
  },
];

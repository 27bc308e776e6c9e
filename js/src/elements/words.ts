// What the elements say, in each language.
import type { Language, MetricExplanation } from '../explanation.js';
import { vocabulary, type Level, type Vocabulary } from '../index.js';

const english = {
  // All
  broken: (what: string) => `This cannot be shown: ${what}.`,
  unfit: (giver: string, got: string) => `expected what ${giver} gives, got ${got}`,
  objectWithout: (field: string) => `an object without ${field}`,
  usual: 'usual',
  expected: 'expected, given the others',
  observed: 'observed',
  alert: 'alert',

  // Swimlane
  laneLabel:
    'Moment shown. Left and right change the time, with shift by more, up and down the host, plus and minus the period',
  noLanes: 'No severities to show. Score samples first, and give one lane per host.',
  noSample: 'no sample',
  nothingChosen: 'nothing chosen',
  severityOf: (severity: number, level: string) => `severity ${severity}, ${level}`,
  severity: 'severity',
  blank: 'blank: no sample',
  howToZoom: 'drag: zoom in',
  howToZoomOut: 'double click or Esc: whole period',
  howToChoose: 'Click or use the arrow keys to choose a host and a time.',

  // Explanation
  noExplanation: 'No moment is explained here. Choose a host and a time.',
  noMetrics: 'This explanation has no metrics.',
  caption: (host: string) => `Metrics of ${host}, most to blame first`,
  metric: 'Metric',
  observedHead: 'Observed',
  expectedHead: 'Expected, given the others',
  ranges: 'Ranges',
  blame: 'Blame',
  expectedShort: 'expected',
  usualRange: (range: string) => `usual ${range}`,
  was: (value: string) => `was ${value}`,
  wasMissing: 'was not measured',
  side: (direction: string, usual: boolean) =>
    `${direction} what is ${usual ? 'usual' : 'expected'}`,
  showAll: (count: number) => `Show all ${count}`,
  showFirst: (count: number) => `Show the first ${count}`,
  reset: 'Reset values',
  changed: 'Values were changed: this did not happen.',
  sliderOf: (metric: string) => `Value of ${metric}`,
  setValue: 'not measured; set a value',
  setValueOf: (metric: string) => `${metric}: not measured; set a value`,
  sliderText: (value: string, range: string) => `${value}, expected ${range}`,
  similar: 'Similar moments',
  alike: (share: string) => `${share} alike`,

  // Chart
  noData: 'No curve to show. Explain a host over some time, and name one of its metrics.',
  noMetric: (metric: string) => `No metric is named ${metric}.`,
  noRows: 'No samples in this period.',
  chartTitle: (metric: string, host: string) => `${metric} on ${host}`,
  peers: 'other hosts',
  outside: 'outside what is expected',
  curve: (metric: string, host: string, from: string, to: string) =>
    `Curve of ${metric} on ${host}, ${from} to ${to}`,
  atTime: (time: string, value: string, range: string) =>
    `At ${time} it is ${value}, expected ${range}`,
  outsideCount: (count: number, rows: number) =>
    `outside its expected range in ${count} of ${rows} samples`,
  tipObserved: (value: string) => `observed ${value}`,
  tipExpected: (range: string) => `expected ${range}`,
  tipUsual: (range: string) => `usual ${range}`,
  stop: '. ',
};

export type Words = typeof english;

const japanese: Words = {
  broken: (what) => `表示できません: ${what}`,
  unfit: (giver, got) => `${giver} の結果が必要ですが、${got} が渡されました`,
  objectWithout: (field) => `${field} のないオブジェクト`,
  usual: '普段の範囲',
  expected: 'ほかのメトリックからの予測範囲',
  observed: '観測値',
  alert: 'アラート',

  laneLabel:
    '表示中の時点。左右キーで時刻(Shift で大きく)、上下キーでホスト、+ と - で期間を変更します',
  noLanes:
    '表示する深刻度がありません。まずサンプルをスコアリングし、ホストごとにレーンを渡してください。',
  noSample: 'サンプルなし',
  nothingChosen: '未選択',
  severityOf: (severity, level) => `深刻度 ${severity}(${level})`,
  severity: '深刻度',
  blank: '空白: サンプルなし',
  howToZoom: 'ドラッグ: 拡大',
  howToZoomOut: 'ダブルクリックまたは Esc: 全期間',
  howToChoose: 'クリックまたは矢印キーでホストと時刻を選べます。',

  noExplanation: '説明する時点が選ばれていません。ホストと時刻を選んでください。',
  noMetrics: 'この説明にはメトリックがありません。',
  caption: (host) => `${host} のメトリック(原因度の高い順)`,
  metric: 'メトリック',
  observedHead: '観測値',
  expectedHead: '予測範囲(ほかのメトリックから)',
  ranges: '範囲',
  blame: '原因度',
  expectedShort: '予測',
  usualRange: (range) => `普段 ${range}`,
  was: (value) => `変更前 ${value}`,
  wasMissing: '変更前 測定値なし',
  side: (direction, usual) => `${usual ? '普段の範囲' : '予測範囲'}より${direction}`,
  showAll: (count) => `${count} 件すべてを表示`,
  showFirst: (count) => `上位 ${count} 件だけを表示`,
  reset: '値を元に戻す',
  changed: '値を変更した場合の結果です。実際の観測とは異なります。',
  sliderOf: (metric) => `${metric} の値`,
  setValue: '測定値なし。値を設定',
  setValueOf: (metric) => `${metric}: 測定値なし。値を設定`,
  sliderText: (value, range) => `${value}、予測範囲 ${range}`,
  similar: '似た時点',
  alike: (share) => `類似度 ${share}`,

  noData:
    '表示する曲線がありません。ホストを一定の期間について説明し、そのメトリックを指定してください。',
  noMetric: (metric) => `${metric} というメトリックはありません。`,
  noRows: 'この期間にはサンプルがありません。',
  chartTitle: (metric, host) => `${host} の ${metric}`,
  peers: 'ほかのホスト',
  outside: '予測範囲外',
  curve: (metric, host, from, to) => `${host} の ${metric} の推移、${from}〜${to}`,
  atTime: (time, value, range) => `${time} の値は ${value}、予測範囲は ${range}`,
  outsideCount: (count, rows) => `${rows} サンプル中 ${count} 個が予測範囲外`,
  tipObserved: (value) => `観測値 ${value}`,
  tipExpected: (range) => `予測範囲 ${range}`,
  tipUsual: (range) => `普段の範囲 ${range}`,
  stop: '。',
};

/** English where the language is not known. */
export function wordsOf(language: Language): Words {
  return language === 'ja' ? japanese : english;
}

/** null: no model is loaded here yet; then names stand for their words. */
function known(language: Language): Vocabulary | null {
  try {
    return vocabulary({ language: language === 'ja' ? 'ja' : 'en' });
  } catch {
    return null;
  }
}

const plain = (name: string): string => name.replaceAll('_', ' ');

export function levelText(level: Level, language: Language): string {
  return known(language)?.levels[level] ?? level;
}

export function notMeasured(language: Language): string {
  return known(language)?.notMeasured ?? '-';
}

export function reasonText({ reason, observed }: MetricExplanation, language: Language): string {
  const words = known(language);
  if (reason !== null) return words?.reasons[reason] ?? plain(reason);
  return (observed === null ? words?.notMeasured : words?.noLevel) ?? '-';
}

/** On which side of which range the observed value lies. */
export function sideText(above: boolean, usual: boolean, language: Language): string {
  const direction = above ? 'above' : 'below';
  return wordsOf(language).side(known(language)?.directions[direction] ?? direction, usual);
}

// What the elements say, in each language.
import type { Language, MetricExplanation, Reason } from '../explanation.js';

export type Level = 'normal' | 'unusual' | 'warning' | 'critical';

/** Alerts open from 50 (warning) and 75 (critical); 25 is what a normal host reaches once a week. */
export function levelOf(severity: number): Level {
  if (!(severity >= 25)) return 'normal';
  if (severity < 50) return 'unusual';
  return severity < 75 ? 'warning' : 'critical';
}

const english = {
  // All
  broken: (what: string) => `This cannot be shown: ${what}.`,
  unfit: (giver: string, got: string) => `expected what ${giver} gives, got ${got}`,
  objectWithout: (field: string) => `an object without ${field}`,
  listed: (names: readonly string[]): string =>
    names.length < 2
      ? names.join('')
      : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`,
  levels: { normal: 'normal', unusual: 'unusual', warning: 'warning', critical: 'critical' },
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
  noValue: 'no value',
  within: 'within its ranges',
  noLevel: 'its host has no level yet',
  reasons: {
    none: '',
    unusual_value: 'unusual value',
    unusual_given_others: 'does not fit the others',
    both: 'unusual value, does not fit the others',
  } satisfies Record<Reason, string>,
  usualRange: (range: string) => `usual ${range}`,
  was: (value: string) => `was ${value}`,
  wasMissing: 'had no value',
  side: (above: boolean, usual: boolean) =>
    `${above ? 'above' : 'below'} what is ${usual ? 'usual' : 'expected'}`,
  showAll: (count: number) => `Show all ${count}`,
  showFirst: (count: number) => `Show the first ${count}`,
  reset: 'Reset values',
  changed: 'Values were changed: this did not happen.',
  sliderOf: (metric: string) => `Value of ${metric}`,
  setValue: 'no value; set one',
  setValueOf: (metric: string) => `${metric}: no value; set one`,
  sliderText: (value: string, range: string) => `${value}, expected ${range}`,
  together: (names: string) => `Move together: ${names}.`,
  prediction: (predictors: string, metric: string, range: string) =>
    `${metric} is predicted above all by ${predictors}, which alone predict ${range}.`,
  predictionOfOne: (predictors: string, metric: string, range: string) =>
    `${metric} is predicted above all by ${predictors}, which alone predicts ${range}.`,
  wouldBeNormal: 'It would be normal, if it lasted, with:',
  wouldBeNearer: 'No few values make it normal. It would be nearest with:',
  notExact: 'Maybe fewer are enough.',
  notFirm: 'The first place is not firm: the next metric is about as much to blame.',
  stateName: (state: number) => `state ${state}`,
  state: (name: string, share: string, weight: string) =>
    `Judged in ${name}, ${share} likely${weight && `, ${weight}`}.`,
  stateUnknown: 'No state: no metric has a value.',
  runnerUp: (name: string, share: string) => ` Next is ${name}, ${share}.`,
  weight: (share: string) => `which is ${share} of the role's time`,
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
  listed: (names) => names.join('、'),
  levels: { normal: '正常', unusual: '普段と異なる', warning: '警告', critical: '重大' },
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
  noValue: '値なし',
  within: '範囲内',
  noLevel: 'ホストの普段の水準がまだ不明',
  reasons: {
    none: '',
    unusual_value: '普段と異なる値',
    unusual_given_others: 'ほかのメトリックと合わない',
    both: '普段と異なる値で、ほかのメトリックとも合わない',
  },
  usualRange: (range) => `普段 ${range}`,
  was: (value) => `変更前 ${value}`,
  wasMissing: '変更前 値なし',
  side: (above, usual) => `${usual ? '普段の範囲' : '予測範囲'}より${above ? '上' : '下'}`,
  showAll: (count) => `${count} 件すべてを表示`,
  showFirst: (count) => `上位 ${count} 件だけを表示`,
  reset: '値を元に戻す',
  changed: '値を変更した場合の結果です。実際の観測とは異なります。',
  sliderOf: (metric) => `${metric} の値`,
  setValue: '値なし。値を設定',
  setValueOf: (metric) => `${metric}: 値なし。値を設定`,
  sliderText: (value, range) => `${value}、予測範囲 ${range}`,
  together: (names) => `連動するメトリック: ${names}`,
  prediction: (predictors, metric, range) =>
    `${metric} を主に予測しているのは ${predictors} です。これらだけから予測される範囲は ${range} です。`,
  predictionOfOne: (predictors, metric, range) =>
    `${metric} を主に予測しているのは ${predictors} です。これだけから予測される範囲は ${range} です。`,
  wouldBeNormal: '次の値が続けば正常です:',
  wouldBeNearer: '少数の値を変えるだけでは正常になりません。最も正常に近づく値:',
  notExact: 'より少ない変更で足りる可能性があります。',
  notFirm: '1 位は確実ではありません。次のメトリックも同程度に疑われます。',
  stateName: (state) => `状態 ${state}`,
  state: (name, share, weight) =>
    `「${name}」として判定しました(確率 ${share}${weight && `、${weight}`})。`,
  stateUnknown: '測定値のあるメトリックがないため、状態は不明です。',
  runnerUp: (name, share) => `次点は「${name}」(確率 ${share})です。`,
  weight: (share) => `ロールの時間の ${share}`,
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

export function reasonText({ reason, observed }: MetricExplanation, words: Words): string {
  if (reason === null) return observed === null ? words.noValue : words.noLevel;
  return words.reasons[reason] || words.within;
}

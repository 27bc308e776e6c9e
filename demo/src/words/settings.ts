// What sensitivities, attempts and tolerances cost.
import type { Text } from './text.js';

export const settings = {
  settings: ['Sensitivity and its price', '感度とその代償'],
  settingsHint: [
    'what each choice would have raised in the loaded period, before you save it',
    '保存する前に、読み込んだ期間で何件のアラートになったかを確認できます',
  ],
  attempts: ['Samples in a row', '連続サンプル数'],
  attemptsHint: [
    'anomalous samples in a row before an alert opens',
    'アラートが開くまでの連続した異常サンプル数',
  ],
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
  resetAll: ['Reset all', 'すべて元に戻す'],
  saveYaml: ['Save as YAML', 'YAML で保存'],
  yamlHint: [
    'rolemix train --config and rolemix alerts --config read this file.',
    'rolemix train --config と rolemix alerts --config がこのファイルを読みます。',
  ],
  onOff: [
    "On: as the role's people set them. Off: every small move is news, with everything else the same. The switch is at the top.",
    'オン: 担当者が決めた幅。オフ: 小さな動きもすべてニュース、ほかは同じ。切り替えは上部にあります。',
  ],
  toleranceWords: [
    "On: {0} may move by {1} before it is news: one line of the role's configuration. Off: by {2}, with everything else the same. The switch is at the top.",
    'オン: {0} は {1} 動くまでニュースではありません (設定 1 行)。オフ: {2}、ほかは同じ。切り替えは上部にあります。',
  ],
} as const satisfies Record<string, Text>;

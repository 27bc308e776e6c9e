// What people say of alerts.
import type { Text } from './text.js';

export const verdicts = {
  question: ['Was this alert right?', 'このアラートは適切でしたか?'],
  chooseAlert: ['Choose an alert to judge it.', '判定するアラートを選んでください。'],
  true_alarm: ['True alarm', '正しい検知'],
  false_alarm: ['False alarm', '誤検知'],
  unsure: ['Unsure', '判断できない'],
  keys: ['Shortcut keys {0}', 'ショートカットキー {0}'],
  keysHint: [
    'They give a verdict from anywhere on the page except text fields.',
    '入力欄を除き、ページのどこにフォーカスがあっても判定できます。',
  ],
  kind: ['Kind', '種類'],
  kindHint: ['deploy, backup, …', 'デプロイ、バックアップなど'],
  note: ['Note', 'メモ'],
  undo: ['Undo', '元に戻す'],
  undoHint: ['Take the last change back', '直前の変更を取り消します'],
  notJudged: ['Not judged yet.', 'まだ判定されていません。'],
  takenBack: ['Taken back.', '取り消しました。'],
  savedWith: ['Is saved together with a verdict.', '判定を選ぶと一緒に保存されます。'],
  saving: ['Saving …', '保存しています…'],
  saved: ['Saved: {0}', '保存済み: {0}'],
  by: ['by {0}', '判定者: {0}'],
  inMemory: [
    'This browser keeps nothing here: export before you close the page.',
    'このブラウザには保存されません。ページを閉じる前に書き出してください。',
  ],
  judged: ['{0} of {1} judged', '{1}のうち {0} 件を判定済み'],
  noAlertsToJudge: ['No alerts to judge.', '判定するアラートはありません。'],
  elsewhere: [
    '{0} of other alerts: kept, and not counted here.',
    'ほかのアラートに対する{0}は保存されていますが、ここでは数えていません。',
  ],
  rate: ['False-alarm rate', '誤検知率'],
  rateOf: ['{0} ({1} of {2})', '{0} ({2} 件中 {1} 件)'],
  noRate: ['none yet', 'まだありません'],
  kindsTitle: ['Kinds of false alarms', '誤検知の種類'],
  falseAlarms: ['False alarms', '誤検知'],
  coverage: ['Coverage', '占める割合'],
  noKind: ['no kind given', '種類なし'],
  exportFile: ['Export', '書き出す'],
  importFile: ['Import', '読み込む'],
  imported: ['{0}: {1} read, {2} new.', '{0}: {1}を読み込み、{2} 件を追加しました。'],
  badLines: ['Lines that were left out:', '読み込めなかった行:'],
  tooLarge: ['{0}: expected at most {1}, got {2}.', '{0}: 上限は {1} ですが、{2} あります。'],
  unreadable: ['{0}: the browser cannot read this file.', '{0}: このファイルを読み込めません。'],
  verdictCount: ['{0} verdicts', '判定 {0} 件'],
  verdictCountOne: ['1 verdict', '判定 1 件'],
  moreErrors: ['{0} more errors.', 'ほかにエラーが {0} 件あります。'],
  moreErrorsOne: ['1 more error.', 'ほかにエラーが 1 件あります。'],
} as const satisfies Record<string, Text>;

/** How known kinds are shown; records hold the English word in every language. */
export const kinds = {
  deploy: ['deploy', 'デプロイ'],
  backup: ['backup', 'バックアップ'],
  traffic: ['traffic', 'トラフィック'],
  hardware: ['hardware', 'ハードウェア'],
  'known issue': ['known issue', '既知の問題'],
  memory: ['memory', 'メモリ'],
  other: ['other', 'その他'],
} as const satisfies Record<string, Text>;

// What the verdict elements say, in both languages.
import type { Language } from 'rolemix';

import { knownKinds, type VerdictName } from './verdict.js';

/** The form of the table: both languages have the same entries. */
interface Words {
  readonly question: string;
  readonly chooseAlert: string;
  readonly verdicts: Readonly<Record<VerdictName, string>>;
  readonly keys: (keys: string) => string;
  readonly keysHint: string;
  readonly kind: string;
  readonly kindHint: string;
  readonly note: string;
  readonly undo: string;
  readonly undoHint: string;
  readonly notJudged: string;
  readonly takenBack: string;
  readonly choose: string;
  readonly saving: string;
  readonly saved: (verdict: string) => string;
  readonly by: (author: string) => string;
  readonly inMemory: string;
  readonly title: string;
  readonly judged: (judged: string, alerts: string) => string;
  readonly noAlerts: string;
  readonly elsewhere: (count: string) => string;
  readonly rate: string;
  readonly rateOf: (percent: string, wrong: string, n: string) => string;
  readonly noRate: string;
  readonly kindsTitle: string;
  readonly falseAlarms: string;
  readonly coverage: string;
  readonly noKind: string;
  readonly exportFile: string;
  readonly importFile: string;
  readonly imported: (name: string, read: string, added: string) => string;
  readonly badLines: string;
  readonly moreErrors: (count: string) => string;
  readonly tooLarge: (name: string, most: string, got: string) => string;
  readonly unreadable: (name: string) => string;
}

/** "1 verdict", "2 verdicts" */
const counted = (count: string, noun: string): string =>
  `${count} ${noun}${count === '1' ? '' : 's'}`;

export const words: Readonly<Record<Language, Words>> = {
  en: {
    question: 'Was this alert right?',
    chooseAlert: 'Choose an alert to judge it.',
    verdicts: { true_alarm: 'True alarm', false_alarm: 'False alarm', unsure: 'Unsure' },
    keys: (keys) => `Shortcut keys ${keys}`,
    keysHint: 'They give a verdict from anywhere on the page except text fields.',
    kind: 'Kind',
    kindHint: 'deploy, backup, …',
    note: 'Note',
    undo: 'Undo',
    undoHint: 'Take the last change back',
    notJudged: 'Not judged yet.',
    takenBack: 'Taken back.',
    choose: 'Is saved together with a verdict.',
    saving: 'Saving …',
    saved: (verdict) => `Saved: ${verdict}`,
    by: (author) => `by ${author}`,
    inMemory: 'This browser keeps nothing here: export before you close the page.',
    title: 'Verdicts',
    judged: (judged, alerts) => `${judged} of ${counted(alerts, 'alert')} judged`,
    noAlerts: 'No alerts to judge.',
    elsewhere: (count) =>
      count === '1'
        ? '1 verdict of another alert is kept and not counted here.'
        : `${count} verdicts of other alerts are kept and not counted here.`,
    rate: 'False-alarm rate',
    rateOf: (percent, wrong, n) => `${percent} (${wrong} of ${n})`,
    noRate: 'none yet',
    kindsTitle: 'Kinds of false alarms',
    falseAlarms: 'False alarms',
    coverage: 'Coverage',
    noKind: 'no kind given',
    exportFile: 'Export',
    importFile: 'Import',
    imported: (name, read, added) => `${name}: ${counted(read, 'verdict')} read, ${added} new.`,
    badLines: 'Lines that were left out:',
    moreErrors: (count) => `${counted(count, 'more error')}.`,
    tooLarge: (name, most, got) => `${name}: expected at most ${most}, got ${got}.`,
    unreadable: (name) => `${name}: the browser cannot read this file.`,
  },
  ja: {
    question: 'このアラートは適切でしたか?',
    chooseAlert: '判定するアラートを選んでください。',
    verdicts: { true_alarm: '正しい検知', false_alarm: '誤検知', unsure: '判断できない' },
    keys: (keys) => `ショートカットキー ${keys}`,
    keysHint: '入力欄を除き、ページのどこにフォーカスがあっても判定できます。',
    kind: '種類',
    kindHint: 'デプロイ、バックアップなど',
    note: 'メモ',
    undo: '元に戻す',
    undoHint: '直前の変更を取り消します',
    notJudged: 'まだ判定されていません。',
    takenBack: '取り消しました。',
    choose: '判定を選ぶと一緒に保存されます。',
    saving: '保存しています…',
    saved: (verdict) => `保存済み: ${verdict}`,
    by: (author) => `判定者: ${author}`,
    inMemory: 'このブラウザーには保存されません。ページを閉じる前に書き出してください。',
    title: '判定',
    judged: (judged, alerts) => `アラート ${alerts} 件のうち ${judged} 件を判定済み`,
    noAlerts: '判定するアラートはありません。',
    elsewhere: (count) =>
      `ほかのアラートに対する判定 ${count} 件は保存されていますが、ここでは数えていません。`,
    rate: '誤検知率',
    rateOf: (percent, wrong, n) => `${percent} (${n} 件中 ${wrong} 件)`,
    noRate: 'まだありません',
    kindsTitle: '誤検知の種類',
    falseAlarms: '誤検知',
    coverage: '占める割合',
    noKind: '種類なし',
    exportFile: '書き出す',
    importFile: '読み込む',
    imported: (name, read, added) =>
      `${name}: 判定 ${read} 件を読み込み、${added} 件を追加しました。`,
    badLines: '読み込めなかった行:',
    moreErrors: (count) => `ほかにエラーが ${count} 件あります。`,
    tooLarge: (name, most, got) => `${name}: 上限は ${most} ですが、${got} あります。`,
    unreadable: (name) => `${name}: このファイルを読み込めません。`,
  },
};

type KnownKind = (typeof knownKinds)[number];

/** How known kinds are shown; records hold the English word in every language. */
const kindNames: Readonly<Record<KnownKind, Readonly<Record<Language, string>>>> = {
  deploy: { en: 'deploy', ja: 'デプロイ' },
  backup: { en: 'backup', ja: 'バックアップ' },
  traffic: { en: 'traffic', ja: 'トラフィック' },
  hardware: { en: 'hardware', ja: 'ハードウェア' },
  'known issue': { en: 'known issue', ja: '既知の問題' },
  memory: { en: 'memory', ja: 'メモリー' },
  other: { en: 'other', ja: 'その他' },
};

/** The kind that records hold, of one as people read it in any language. */
export function kindOf(name: string): string {
  const typed = name.trim();
  return knownKinds.find((known) => Object.values(kindNames[known]).includes(typed)) ?? typed;
}

/** A kind as people read it; one that is not known stays as it is. */
export function kindName(kind: string, language: Language): string {
  const known = knownKinds.find((name) => name === kind);
  return known ? kindNames[known][language] : kind;
}

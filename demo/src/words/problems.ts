// What goes wrong, and what to do about it.
import type { ErrorCode } from 'rolemix';

import type { Subject } from '../problems.js';
import type { Text } from './text.js';

const tooLarge: Text = [
  'This is too large for the page. Open fewer or smaller files at a time.',
  '大きすぎて読み込めません。一度に開くファイルを減らすか、小さく分けてください。',
];

/** What kind of problem it is, and what to do; `other` stands for all codes without an entry. */
export const headlines: Readonly<
  Record<Subject, Partial<Record<ErrorCode, Text>> & { readonly other: Text }>
> = {
  data: {
    bad_format: [
      'This is not CSV or an answer of Prometheus that can be read. Mend what is named here, or open another file.',
      'CSV または Prometheus の応答として読み込めません。次の箇所を直すか、別のファイルを開いてください。',
    ],
    invalid_argument: [
      'Its values contradict each other or another file, or there are next to none. Check what is named here.',
      '値どうし、またはほかのファイルの値と矛盾しているか、値がほとんどありません。次の箇所を確認してください。',
    ],
    other_role: [
      'These samples do not look like the role of the model. Open them with the model of their role.',
      'モデルのロールのサンプルではないようです。そのロールのモデルと一緒に開いてください。',
    ],
    source_failed: [
      'The file is damaged, or Prometheus answered with an error. Get it again.',
      'ファイルが壊れているか、Prometheus のエラー応答です。取得し直してください。',
    ],
    too_large: tooLarge,
    out_of_memory: tooLarge,
    other: [
      'The browser cannot read this. Choose files, not a folder, and try again.',
      'ブラウザで読み込めません。フォルダではなくファイルを選んで、もう一度試してください。',
    ],
  },
  model: {
    unsupported_version: [
      'The model has the format of another version. Use a newer page, or train it anew.',
      '別のバージョンの形式のモデルです。新しい版のページで開くか、学習し直してください。',
    ],
    too_large: [
      'The model is too heavy for a browser. Train it with fewer metrics.',
      'モデルが大きすぎてブラウザでは使えません。メトリックを減らして学習し直してください。',
    ],
    out_of_memory: [
      'The model is too large for the page. Close what else is open, and try again.',
      'モデルを読み込むメモリが足りません。ほかのタブを閉じて、もう一度試してください。',
    ],
    other: [
      'The model file is damaged or cut off. Copy it again, or train it anew.',
      'モデルファイルが壊れているか、途中で切れています。コピーし直すか、学習し直してください。',
    ],
  },
  folder: {
    invalid_argument: [
      'This is not the address of a folder on a server. It begins with https:// or http://.',
      'サーバー上のフォルダの URL ではありません。https:// または http:// で始まる URL を入力してください。',
    ],
    bad_format: [
      'The index.json of the folder cannot be used. Mend what is named here.',
      'フォルダの index.json の内容が正しくありません。次の箇所を直してください。',
    ],
    unsupported_version: [
      'The index.json of the folder has the format of another version. Use a page of that version.',
      'フォルダの index.json が別のバージョンの形式です。対応する版のページで開いてください。',
    ],
    other: [
      'The server did not give it. Check the address, whether one must sign in, and that the server allows this page to read (CORS).',
      'サーバーから取得できません。URL、ログインが必要かどうか、このページからの読み取りの許可 (CORS) を確認してください。',
    ],
  },
  score: {
    out_of_memory: [
      'There is too little memory for so many samples. Open fewer hosts or a shorter period.',
      'サンプルが多すぎてメモリが足りません。ホストを減らすか、期間を短くしてください。',
    ],
    other: [
      'These samples cannot be scored with this model.',
      'このモデルでは、これらのサンプルのスコアを計算できません。',
    ],
  },
  edit: {
    other: [
      'This change is not possible; what was set before still holds.',
      'この変更は適用できません。直前の設定に戻しました。',
    ],
  },
};

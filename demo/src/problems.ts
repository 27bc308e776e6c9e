// What goes wrong, for people: a headline in their language, and the exact message, which is English, as its detail.
import { RolemixError, type ErrorCode, type Language } from 'rolemix';
import { html, nothing, type TemplateResult } from 'lit';

import { sayAll, type Said } from './words.js';

/** What a problem is with: files of metrics, a model, a folder on a server, scores, or what was changed by hand. */
export type Subject = 'data' | 'model' | 'folder' | 'score' | 'edit';

export interface Fault {
  readonly subject: Subject;
  /** null: an error of the browser. */
  readonly code: ErrorCode | null;
  /** Names file, place, expected and got. */
  readonly detail: string;
}

/** A fault, or something that the page itself says in both languages. */
export type Problem = Fault | Said;

type Headline = Readonly<Record<Language, string>>;

/** What kind of problem it is, and what to do; `other` stands for all codes without an entry. */
const headlines: Readonly<
  Record<Subject, Partial<Record<ErrorCode, Headline>> & { readonly other: Headline }>
> = {
  data: {
    bad_format: {
      en: 'This is not CSV or an answer of Prometheus that can be read. Mend what is named here, or open another file.',
      ja: 'CSV または Prometheus の応答として読み込めません。次の箇所を直すか、別のファイルを開いてください。',
    },
    invalid_argument: {
      en: 'Its values contradict each other or another file, or there are next to none. Check what is named here.',
      ja: '値どうし、またはほかのファイルの値と矛盾しているか、値がほとんどありません。次の箇所を確認してください。',
    },
    source_failed: {
      en: 'The file is damaged, or Prometheus answered with an error. Get it again.',
      ja: 'ファイルが壊れているか、Prometheus のエラー応答です。取得し直してください。',
    },
    out_of_memory: {
      en: 'This is too large for the page. Open fewer or smaller files at a time.',
      ja: '大きすぎて読み込めません。一度に開くファイルを減らすか、小さく分けてください。',
    },
    other: {
      en: 'The browser cannot read this. Choose files, not a folder, and try again.',
      ja: 'ブラウザで読み込めません。フォルダではなくファイルを選んで、もう一度試してください。',
    },
  },
  model: {
    unsupported_version: {
      en: 'The model has the format of another version. Use a newer page, or train it anew.',
      ja: '別のバージョンの形式のモデルです。新しい版のページで開くか、学習し直してください。',
    },
    out_of_memory: {
      en: 'The model is too large for the page. Close what else is open, and try again.',
      ja: 'モデルを読み込むメモリが足りません。ほかのタブを閉じて、もう一度試してください。',
    },
    other: {
      en: 'The model file is damaged or cut off. Copy it again, or train it anew.',
      ja: 'モデルファイルが壊れているか、途中で切れています。コピーし直すか、学習し直してください。',
    },
  },
  folder: {
    invalid_argument: {
      en: 'This is not the address of a folder on a server. It begins with https:// or http://.',
      ja: 'サーバー上のフォルダの URL ではありません。https:// または http:// で始まる URL を入力してください。',
    },
    bad_format: {
      en: 'The index.json of the folder cannot be used. Mend what is named here.',
      ja: 'フォルダの index.json の内容が正しくありません。次の箇所を直してください。',
    },
    unsupported_version: {
      en: 'The index.json of the folder has the format of another version. Use a page of that version.',
      ja: 'フォルダの index.json が別のバージョンの形式です。対応する版のページで開いてください。',
    },
    other: {
      en: 'The server did not give it. Check the address, whether one must sign in, and that the server allows this page to read (CORS).',
      ja: 'サーバーから取得できません。URL、ログインが必要かどうか、このページからの読み取りの許可 (CORS) を確認してください。',
    },
  },
  score: {
    out_of_memory: {
      en: 'There is too little memory for so many samples. Open fewer hosts or a shorter period.',
      ja: 'サンプルが多すぎてメモリが足りません。ホストを減らすか、期間を短くしてください。',
    },
    other: {
      en: 'These samples cannot be scored with this model.',
      ja: 'このモデルでは、これらのサンプルのスコアを計算できません。',
    },
  },
  edit: {
    other: {
      en: 'This change is not possible; what was set before still holds.',
      ja: 'この変更は適用できません。直前の設定に戻しました。',
    },
  },
};

/** `name` is put before a message that does not begin with it. */
export function faultOf(subject: Subject, error: unknown, name?: string): Fault {
  const message = error instanceof Error ? error.message : String(error);
  return {
    subject,
    code: error instanceof RolemixError ? error.code : null,
    detail: name === undefined || message.startsWith(name) ? message : `${name}: ${message}`,
  };
}

export function problemWords(language: Language, problem: Problem): TemplateResult {
  if ('text' in problem) return html`${sayAll(language, problem)}`;
  const { subject, code, detail } = problem;
  const all = headlines[subject];
  const headline = (code && all[code]) ?? all.other;
  return html`${headline[language]}
    <span class="detail" lang=${language === 'en' ? nothing : 'en'}>${detail}</span>`;
}

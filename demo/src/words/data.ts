// Opening models and metrics, and starting the page.
import type { Text } from './text.js';

export const data = {
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
  modelKept: [
    'The model of {0} is loaded. Now drop metrics of its hosts: it needs {1}.',
    '{0} のモデルを読み込みました。次にホストのメトリックをドロップしてください。必要なメトリック: {1}',
  ],
  alsoKept: ['Loaded: {0}', '読み込み済み: {0}'],
  noModel: [
    'These metrics ({0}) need the model of their role: train it with rolemix train, and open its file together with them',
    'これらのメトリック ({0}) には、そのロールのモデルが必要です。rolemix train で学習し、モデルファイルと一緒に開いてください',
  ],
  noMetrics: [
    '{0}: none of its metrics ({1}) is among those of the model of {2} ({3})',
    '{0}: メトリック ({1}) に、{2} のモデルのもの ({3}) が 1 つもありません',
  ],
  missingMetrics: [
    '{0}: the samples lack {1} of its {2} metrics: {3}',
    '{0}: {2} メトリックのうち {1} 個がサンプルにありません: {3}',
  ],
} as const satisfies Record<string, Text>;

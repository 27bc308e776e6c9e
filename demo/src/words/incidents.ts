// The labelled incidents of the sample: data name kinds by words such as "disk_full", and describe them in English.
import type { Text } from './text.js';

export interface IncidentText {
  readonly name: Text;
  /** What happened, in Japanese; the data say it in English. */
  readonly story: string;
}

/** By kind: those of `rolemix simulate`, and those of sample/incidents.mjs. */
export const incidents: Readonly<Record<string, IncidentText>> = {
  broken_relation: {
    name: ['broken relation', '関係の崩れ'],
    story:
      '設定変更のあと、1 リクエストあたりの CPU が数倍になった (テンプレートや実行計画のキャッシュが無効)。夜間のリクエスト数で CPU は昼間並みだが、どのメトリックも普段の範囲内。',
  },
  leak: {
    name: ['leak', 'メモリリーク'],
    story:
      'サービスがリクエストのたびにメモリをリークする。ページキャッシュが追い出され、やがてスワップとディスク待ちが始まり、サービスを再起動するまで続く。',
  },
  traffic_spike: {
    name: ['traffic spike', 'トラフィック急増'],
    story: '普段よりユーザーが多い。稼働系ホストのメトリックはすべて、いつもどおり連動して動く。',
  },
  memory_step: {
    name: ['memory step', 'メモリの段差'],
    story:
      'メモリ使用量が一定だったホストで、使用量が 40 MB 増えた (エージェントの追加)。その後も増えたまま。',
  },
  stuck_process: {
    name: ['stuck process', 'プロセスの暴走'],
    story: '8 コアのうち 1 コアをプロセスが使い続ける。kill するまで続く。',
  },
  network_loss: {
    name: ['network loss', 'パケットロス'],
    story:
      'ネットワークポートがパケットを落とす。セグメントの再送が増え、転送が遅くなり、接続が溜まり、処理できるリクエストが減る。',
  },
  disk_full: {
    name: ['disk full', 'ディスクフル'],
    story:
      'デバッグログがファイルシステムを埋める。満杯になると書き込みが失敗し、リクエストも失敗する。誰かが片付けるまで続く。',
  },
  noisy_neighbour: {
    name: ['noisy neighbour', 'ノイジーネイバー'],
    story:
      '同じ物理マシンの別のゲストが CPU 時間を奪う。steal が増え、プロセスが待ち行列に溜まり、リクエストの処理時間が延びる。',
  },
  backup_moved: {
    name: ['backup moved', 'バックアップの時刻変更'],
    story: 'このホストの夜間バックアップが、いつもより数時間遅く実行された。',
  },
  busy_timer: {
    name: ['busy timer', 'タイマーの空回り'],
    story:
      'このワーカーのタイマーが、40 ms のうち 1 ms を無駄な計算に使う。夜間のリクエスト処理に必要な CPU の 3 倍になる。',
  },
  fd_leak: {
    name: ['fd leak', 'ファイル記述子のリーク'],
    story: '毎秒 1 つファイルを開いたまま閉じない。最後にまとめて閉じる。',
  },
  slow_responses: {
    name: ['slow responses', '応答の遅延'],
    story: '応答のたびにロックを 15 ms 待ち、その間ほかの応答もすべて止まる。CPU には現れない。',
  },
  cache_off: {
    name: ['cache off', 'キャッシュの無効化'],
    story:
      '応答のキャッシュが無効。応答を毎回生成し直すため、1 リクエストあたりの CPU が約 2 倍になる。',
  },
  debug_log: {
    name: ['debug log', 'デバッグログの出しっぱなし'],
    story: 'デバッグ出力が有効なまま。毎秒 0.5 MB がログファイルに書かれる。',
  },
  load_spike: {
    name: ['load spike', '負荷の急増'],
    story:
      'すべてのワーカーで、この時間帯の普段より 3 割ほど多いリクエスト。どのメトリックもいつもどおり連動して動く。',
  },
  memory_leak: {
    name: ['memory leak', 'メモリリーク'],
    story:
      'ワーカーが毎秒 0.5 MB の不要なメモリを保持し続ける。最後に解放されたとき、プロセスが OS に返すのは一部だけ。',
  },
};

// The names of the scenes, and what each one shows.
import type { SceneId } from '../sample.js';
import type { Text } from './text.js';

export const scenes: Readonly<Record<SceneId, { readonly name: Text; readonly line: Text }>> = {
  'broken-relation': {
    name: ['Broken relation', '関係の崩れ'],
    line: [
      'An alert, although every metric is within its usual range.',
      'どのメトリックも普段の範囲内なのに、アラート。',
    ],
  },
  'traffic-spike': {
    name: ['Traffic spike', 'トラフィック急増'],
    line: [
      'No alert: CPU is far above usual, as the requests predict.',
      'アラートなし: CPU は高いが、リクエスト数どおり。',
    ],
  },
  'memory-step': {
    name: ['+40 MB of memory', 'メモリ +40 MB'],
    line: [
      'No alert on a flat line, unless its tolerance is off.',
      '許容幅がある限り、わずかな段差ではアラートなし。',
    ],
  },
  leak: {
    name: ['Memory leak', 'メモリリーク'],
    line: [
      'An alert hours before the host begins to swap.',
      'スワップが始まる何時間も前にアラート。',
    ],
  },
};

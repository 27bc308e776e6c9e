// What runs in a worker: one model and its samples, or a reader of files, asked by messages.
import type * as Threads from 'node:worker_threads';

import { RoleModel, RolemixError, type Samples } from './index.js';
import { answerOf } from './answer.js';
import { buffersOf as buffersOfTable, posted, received } from './posted-table.js';
import { readFiles, type PostedRead } from './read-files.js';
import type { Answer, Asked } from './remote.js';

type Post = (answer: Answer, buffers: ArrayBuffer[]) => void;

let model: RoleModel;
const opened = new Map<number, Samples>();
/** Of requests that are under way. */
const running = new Map<number, AbortController>();

async function answer(asked: Asked, post: Post): Promise<void> {
  const { id } = asked;
  try {
    const result = await resultOf(asked, post);
    post({ id, result }, buffersOf(asked, result));
  } catch (error) {
    const known = error instanceof RolemixError;
    const { code, message } = known ? error : new RolemixError('source_failed', String(error));
    post({ id, error: { code, message } }, []);
  }
}

async function resultOf(asked: Asked, post: Post): Promise<unknown> {
  const { id } = asked;
  const onProgress = (...progress: [number, number]): void => {
    post({ id, progress }, []);
  };
  switch (asked.method) {
    case 'ready':
      return undefined;
    case 'abort':
      running.get(id)?.abort();
      return undefined;
    case 'load':
      model = await RoleModel.load(asked.model, asked.options);
      return undefined;
    case 'open':
      opened.set(id, model.open(received(asked.table), asked.options));
      return id;
    case 'append':
      return samplesOf(asked.samples).append(received(asked.table));
    case 'read': {
      const { table, errors } = await readFiles(asked.files, asked.options, onProgress);
      return { table: table && posted(table), errors } satisfies PostedRead;
    }
    case 'score': {
      const controller = new AbortController();
      running.set(id, controller);
      const scores = samplesOf(asked.samples).score({ signal: controller.signal, onProgress });
      return await scores.finally(() => running.delete(id));
    }
    case 'call':
      return answerOf(samplesOf(asked.samples), asked.name, asked.parameters);
  }
}

function samplesOf(id: number): Samples {
  return opened.get(id)!;
}

/** What of an answer can be handed over instead of copied. */
function buffersOf({ method }: Asked, result: unknown): ArrayBuffer[] {
  if (method === 'read') {
    const { table } = result as PostedRead;
    return table ? buffersOfTable(table) : [];
  }
  // Scores are kept.
  if (method === 'score' || typeof result !== 'object' || result === null) return [];
  const views = Object.values(result).filter((item) => ArrayBuffer.isView(item));
  return [...new Set(views.map(({ buffer }) => buffer as ArrayBuffer))];
}

async function listenInNode(): Promise<void> {
  const name = ['node:worker', 'threads'].join('_');
  const { parentPort } = (await import(name)) as typeof Threads;
  parentPort?.on('message', (asked: Asked) => {
    void answer(asked, (message, buffers) => {
      parentPort.postMessage(message, buffers);
    });
  });
}

if ((globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node) {
  void listenInNode();
} else {
  // At once: what has been sent before a listener is there is lost.
  const page = globalThis as unknown as {
    onmessage(event: MessageEvent<Asked>): void;
    postMessage: Post;
  };
  page.onmessage = ({ data }) => {
    void answer(data, (message, buffers) => {
      page.postMessage(message, buffers);
    });
  };
}

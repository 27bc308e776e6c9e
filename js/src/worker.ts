// What runs in a worker of the pool: one model, asked by messages.
import type * as Threads from 'node:worker_threads';

import { RoleModel, RolemixError } from './index.js';
import { buffersOf, unpack } from './parts.js';
import type { Answer, Asked } from './remote.js';

type Post = (answer: Answer, buffers: ArrayBuffer[]) => void;

let model: RoleModel;

async function answer(asked: Asked, post: Post): Promise<void> {
  const { id } = asked;
  try {
    const result = await resultOf(asked);
    post({ id, result }, result ? buffersOf(result) : []);
  } catch (error) {
    const known = error instanceof RolemixError;
    const { code, message } = known ? error : new RolemixError('source_failed', String(error));
    post({ id, error: { code, message } }, []);
  }
}

async function resultOf(asked: Asked): Promise<object | undefined> {
  if (asked.method === 'load') {
    model = await RoleModel.load(asked.model, asked.options);
    return undefined;
  }
  return model.score(unpack(asked.part));
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

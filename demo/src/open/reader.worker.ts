// Reads dropped files beside the page. One question, some progress, one answer.
import { buffersOf, pack, type Answer, type Asked } from './messages.js';
import { fileError, readFiles } from './read-files.js';

// The types of a page and those of a worker exclude each other.
const scope = globalThis as unknown as {
  onmessage(event: MessageEvent<Asked>): void;
  postMessage(answer: Answer, buffers?: ArrayBuffer[]): void;
};

async function answer({ files, options }: Asked): Promise<void> {
  try {
    const { table, errors } = await readFiles(files, options, (progress) => {
      scope.postMessage({ kind: 'progress', progress });
    });
    const packed = table && pack(table);
    scope.postMessage({ kind: 'done', table: packed, errors }, packed ? buffersOf(packed) : []);
  } catch (error) {
    scope.postMessage({ kind: 'failed', message: fileError('reader', error).message });
  }
}

scope.onmessage = ({ data }) => {
  void answer(data);
};
scope.postMessage({ kind: 'ready' });

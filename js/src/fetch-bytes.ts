// Bytes from a server, with a limit of time and size, and messages that name the URL.
import { checkSignal, fieldsOf, invalid, progressOf } from './check.js';
import { RolemixError } from './error.js';
import { isHtml } from './source.js';

export interface FetchOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds for the whole answer; 20 000. */
  readonly timeout?: number;
}

/** Timers take no more. */
const longestTimeout = 2 ** 31 - 1;

/** `what` is expected: "JSON". Errors: source_failed; the signal's reason. */
export async function fetchBytes(
  url: URL,
  what: string,
  maxBytes: number,
  options: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = progressOf(options);
  checkSignal(signal);
  const { fetch = globalThis.fetch, timeout = 20_000 } = fieldsOf('options', options, {
    fetch: 'function or undefined',
    timeout: 'number or undefined',
  });
  if (!(timeout >= 0 && timeout <= longestTimeout)) {
    throw invalid('timeout', `milliseconds, at most ${longestTimeout}`, timeout);
  }
  signal?.throwIfAborted();
  const failed = (got: string, cause?: unknown): RolemixError =>
    new RolemixError('source_failed', `${url.href}: expected ${what}, got ${got}`, { cause });
  const stop = new AbortController();
  let abort!: () => void;
  // Not every `fetch` of a caller's own listens to its signal.
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      stop.abort();
      reject(new Error('aborted'));
    };
  });
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(abort, timeout);
  try {
    const response = await Promise.race([fetch(url, { signal: stop.signal }), aborted]);
    if (!response.ok) {
      throw failed(`HTTP status ${`${response.status} ${response.statusText}`.trim()}`);
    }
    const bytes = await Promise.race([readBody(response, maxBytes), aborted]);
    if (!bytes) throw failed(`more than ${(maxBytes / 1e6).toFixed(0)} MB`);
    if (isHtml(bytes)) throw failed('a page of HTML');
    return bytes;
  } catch (error) {
    signal?.throwIfAborted();
    if (stop.signal.aborted) throw failed(`no whole answer within ${timeout / 1000} s`, error);
    if (error instanceof RolemixError) throw error;
    throw failed(`no answer (${error instanceof Error ? error.message : String(error)})`, error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    // Gives up the rest of an answer that is not wanted.
    stop.abort();
  }
}

/** null: more than `maxBytes`. */
async function readBody(
  response: Response,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.bodyUsed) throw new Error('expected a new answer, got one that was read before');
  const reader = response.body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    // Also what has no length: a stream can hold anything.
    if (!(size <= maxBytes)) return null;
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

// Bytes from a server, with a limit of time and size, and messages that name the URL.
import { RolemixError } from './error.js';
import { isHtml } from './source.js';

export interface FetchOptions {
  /** Ends the call early. */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  /** Milliseconds for the whole answer; 20 000. */
  readonly timeout?: number;
}

/** `what` is expected: "JSON". Errors: source_failed; the signal's reason. */
export async function fetchBytes(
  url: URL,
  what: string,
  maxBytes: number,
  { signal, fetch = globalThis.fetch, timeout = 20_000 }: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const failed = (got: string, cause?: unknown): RolemixError =>
    new RolemixError('source_failed', `${url.href}: expected ${what}, got ${got}`, { cause });
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort();
  };
  signal?.addEventListener('abort', abort);
  const timer = setTimeout(abort, timeout);
  try {
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok) {
      throw failed(`HTTP status ${`${response.status} ${response.statusText}`.trim()}`);
    }
    const bytes = await readBody(response, maxBytes);
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
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) return null;
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

import { RolemixError } from './error.js';

/** Whether the bytes start like gzip. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Errors: source_failed when damaged, out_of_memory beyond `maxBytes`. */
export async function gunzip(
  bytes: Uint8Array,
  name: string,
  maxBytes: number,
): Promise<Uint8Array> {
  // Of its own: memory that is shared or may shrink is refused.
  const blob = new Blob([new Uint8Array(bytes)]);
  const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      const message = `${name}: expected gzip, got damaged or cut off data`;
      throw new RolemixError('source_failed', message, { cause: error });
    });
    if (done) return joined(chunks, size);
    size += value.length;
    if (size > maxBytes) {
      // Whatever is wrong with the rest is not the news.
      reader.cancel().catch(() => undefined);
      const most = (maxBytes / 1e6).toFixed(0);
      const message = `${name}: expected at most ${most} MB when unzipped, got more`;
      throw new RolemixError('out_of_memory', message);
    }
    chunks.push(value);
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

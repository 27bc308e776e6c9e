/** The bytes of a buffer or a view of one, not copied; null when it is none, or its buffer was handed over. */
export function bytesIn(source: unknown): Uint8Array | null {
  try {
    const view = ArrayBuffer.isView(source) ? source : new DataView(source as ArrayBuffer);
    return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  } catch {
    return null;
  }
}

/** Where the module is unless options say otherwise. Written so that bundlers find the file and copy it. */
export function defaultModule(): string | URL | Uint8Array {
  return new URL('./rolemix.wasm', import.meta.url);
}

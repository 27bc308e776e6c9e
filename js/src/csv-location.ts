/** Where the module is unless options say otherwise. Written so that bundlers find the file and copy it. */
export function defaultTableModule(): string | URL | Uint8Array {
  return new URL('./rolemix-table.wasm', import.meta.url);
}

// The page's data: blocks in the page itself, base64 of deflated files; in a page on a server, files beside it.

export async function readBlock(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const element = document.getElementById(id);
  if (element instanceof HTMLLinkElement) return await readFile(element);
  const text = element?.textContent.trim();
  if (!text) throw new Error(`the page lacks its ${id}`);
  return inflate(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
}

async function readFile({ href }: HTMLLinkElement): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(href);
  if (!response.ok) throw new Error(`${href}: got HTTP status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return href.endsWith('.bin') ? inflate(bytes) : bytes;
}

async function inflate(deflated: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const inflated = new Blob([deflated])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

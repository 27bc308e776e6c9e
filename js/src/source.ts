import type * as FileSystem from 'node:fs/promises';

import { invalid } from './check.js';
import { RolemixError } from './error.js';

/** Where bytes come from: a URL or, in Node, a path; what `fetch` answered; or the bytes themselves. */
export type Source = string | URL | Response | ArrayBuffer | Uint8Array;

/** Where bytes were read from, for what is found wrong with them later. */
export const locations = new WeakMap<ArrayBufferView, string>();

/** The bytes of a source. Errors: source_failed, naming the URL; invalid_argument for what is no source. */
export async function readBytes(source: Source): Promise<Uint8Array> {
  if (ArrayBuffer.isView(source)) {
    const bytes = new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
    const location = locations.get(source);
    if (location) locations.set(bytes, location);
    return bytes;
  }
  if (typeof source === 'string' || source instanceof URL) {
    return naming(String(source), () => readLocation(source));
  }
  const other = Object(source) as Response | ArrayBuffer | object;
  if ('arrayBuffer' in other) return naming(other.url, () => readResponse(other));
  if ('byteLength' in other) return new Uint8Array(other);
  throw invalid('source', 'a URL, a path, a Response or bytes', source);
}

async function naming(location: string, work: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    const bytes = await work();
    locations.set(bytes, location);
    return bytes;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RolemixError('source_failed', `${location}: ${reason}`, { cause: error });
  }
}

async function readLocation(location: string | URL): Promise<Uint8Array> {
  return inNode() && isFile(String(location))
    ? readFile(String(location))
    : readResponse(await fetch(location));
}

async function readResponse(response: Response): Promise<Uint8Array> {
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw new Error(`expected a file, got HTTP status ${status}`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (isHtml(bytes)) throw new Error('expected a file, got a page of HTML');
  return bytes;
}

/** What a server with a catch-all route, or a login page, answers with status 200. */
export function isHtml(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart().toLowerCase();
  return start.startsWith('<!doctype') || start.startsWith('<html') || start.startsWith('<head');
}

function inNode(): boolean {
  const runtime = globalThis as { process?: { versions?: { node?: string } } };
  return runtime.process?.versions?.node !== undefined;
}

/** A path, with or without a drive letter, or a file URL. */
function isFile(location: string): boolean {
  return location.startsWith('file:') || !/^[a-z][a-z0-9+.-]+:/i.test(location);
}

async function readFile(location: string): Promise<Uint8Array> {
  // Not one literal, so that bundlers for browsers leave it alone.
  const name = ['node:fs', 'promises'].join('/');
  const fs = (await import(name)) as typeof FileSystem;
  return fs.readFile(location.startsWith('file:') ? new URL(location) : location);
}

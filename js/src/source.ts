import type * as FileSystem from 'node:fs/promises';

import { bytesIn } from './bytes.js';
import { invalid } from './check.js';
import { RolemixError } from './error.js';

/** Where bytes come from: a URL or, in Node, a path; what `fetch` answered; or the bytes themselves. */
export type Source = string | URL | Response | ArrayBuffer | Uint8Array;

/** Where bytes were read from, for what is found wrong with them later. */
export const locations = new WeakMap<ArrayBufferView, string>();

/**
 * The bytes of a source, copied at once. Errors: source_failed, naming the URL;
 * invalid_argument for what is no source.
 */
export async function readBytes(source: Source): Promise<Uint8Array> {
  const bytes = bytesIn(source);
  if (bytes) {
    const own = new Uint8Array(bytes);
    const location = locations.get(source as Uint8Array);
    if (location) locations.set(own, location);
    return own;
  }
  if (typeof source === 'string' || source instanceof URL) {
    const location = String(source);
    return naming(location, () => readLocation(location));
  }
  const response = Object(source) as Response;
  if (typeof response.ok === 'boolean') {
    return naming(response.url, () => readResponse(response));
  }
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

async function readLocation(location: string): Promise<Uint8Array> {
  return inNode() && isFile(location) ? readFile(location) : readResponse(await fetch(location));
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

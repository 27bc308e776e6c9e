// A folder of models on a server: its index, and the models that the index names.
import { fieldsOf, invalid } from './check.js';
import { RolemixError } from './error.js';
import { fetchBytes, type FetchOptions } from './fetch-bytes.js';
import type { ModelFile } from './files.js';

export interface FolderModel {
  /** service:role */
  readonly role: string;
  /** Path inside the folder. */
  readonly file: string;
  /** Digest of the model file. */
  readonly modelId: string;
  /** Epoch seconds. */
  readonly trainedAt: number;
  /** Names. */
  readonly metrics: readonly string[];
  readonly hosts: readonly string[];
  /** Of the file. */
  readonly url: URL;
}

export interface ModelFolder {
  /** Ends with a slash. */
  readonly url: URL;
  readonly models: readonly FolderModel[];
}

const version = 1;
const largestIndex = 16e6;
const largestModel = 64e6;

/** The identifier of a model file, at byte 4. */
const modelIdentifier = 'RLMX';

/** By its bytes 4 to 8. */
export function isModelFile(identifier: Uint8Array): boolean {
  return String.fromCharCode(...identifier) === modelIdentifier;
}

/**
 * Reads `index.json` of a folder, at most 16 MB; a relative URL is one from the page. Every message
 * names the URL. Errors: invalid_argument for what is no http(s) URL, source_failed, bad_format,
 * unsupported_version; the signal's reason.
 */
export async function openFolder(
  url: string | URL,
  options: FetchOptions = {},
): Promise<ModelFolder> {
  const folder = folderUrl(url);
  const location = new URL('index.json', folder);
  const bytes = await fetchBytes(location, 'JSON', largestIndex, options);
  return { url: folder, models: readIndex(bytes, folder, location.href) };
}

/** The bytes of a model that the index names, at most 64 MB. Errors: source_failed; bad_format when the file
 * has another model than the index says; the signal's reason. */
export async function openModel(
  model: FolderModel,
  options: FetchOptions = {},
): Promise<ModelFile> {
  const types = { file: 'string', modelId: 'string', url: 'URL object' };
  const { file, modelId, url } = fieldsOf('model', model, types);
  const location = resolved(url);
  if (!location) throw invalid('model.url', 'a URL', url);
  const bytes = await fetchBytes(location, 'a model', largestModel, options);
  // What is no model at all is said by RoleModel.load.
  const id = modelIdOf(bytes);
  if (id !== null && id !== modelId) {
    const message = `${location.href}: expected model ${shown(modelId)}, as index.json says of ${shown(file)}, got ${shown(id)}`;
    throw new RolemixError('bad_format', message);
  }
  return { name: file, bytes };
}

/** FNV-1a of the whole file, which goes on from that of what is before its last 8 bytes: these. null: no model file. */
function modelIdOf(bytes: Uint8Array<ArrayBuffer>): string | null {
  if (!isModelFile(bytes.subarray(4, 8))) return null;
  let hash = new DataView(bytes.buffer).getBigUint64(bytes.length - 8, true);
  for (const byte of bytes.subarray(-8)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

function folderUrl(url: string | URL): URL {
  const folder = resolved(url);
  if (!folder && typeof url !== 'string') throw invalid('url', 'the URL of a folder', url);
  if (!folder || !/^https?:$/.test(folder.protocol)) {
    const message = `${String(folder ?? url)}: expected the http or https URL of a folder, got something else`;
    throw new RolemixError('invalid_argument', message);
  }
  folder.search = '';
  folder.hash = '';
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return folder;
}

function resolved(url: string | URL): URL | null {
  const page = (globalThis as { location?: { href: string } }).location?.href;
  try {
    return new URL(url, page);
  } catch {
    return null;
  }
}

function readIndex(bytes: Uint8Array, folder: URL, location: string): readonly FolderModel[] {
  const index = new Field(parse(bytes, location), location, '');
  const got = index.member('version').number();
  if (got !== version) {
    const message = `${location}: version: expected ${version}, got ${got}`;
    throw new RolemixError('unsupported_version', message);
  }
  const roles = new Set<string>();
  return index
    .member('models')
    .items()
    .map((entry) => {
      const role = entry.member('role').name();
      if (roles.size === roles.add(role).size)
        throw entry.member('role').error('one model per role');
      const file = entry.member('file');
      return {
        role,
        file: file.name(),
        modelId: entry.member('model_id').name(),
        trainedAt: entry.member('trained_at').number(),
        metrics: entry.member('metrics').names(),
        hosts: entry.member('hosts').names(),
        url: fileUrl(file, folder),
      };
    });
}

function parse(bytes: Uint8Array, location: string): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `${location}: expected JSON, got ${shown(text)}`;
    throw new RolemixError('bad_format', message, { cause: error });
  }
}

/** Each part is escaped, so that nothing in a name has a meaning in a URL. */
function fileUrl(file: Field, folder: URL): URL {
  const parts = file.name().split('/');
  const bad = (part: string): boolean => /^(\.\.?)?$|[:\\\p{Cc}\p{Cs}]/u.test(part);
  if (parts.some(bad)) throw file.error('a path inside the folder');
  const url = new URL(parts.map(encodeURIComponent).join('/'), folder);
  if (!url.href.startsWith(folder.href)) throw file.error('a path inside the folder');
  return url;
}

/** A value of the index and its place. Errors: bad_format. */
class Field {
  readonly #value: unknown;
  readonly #location: string;
  readonly #path: string;

  constructor(value: unknown, location: string, path: string) {
    this.#value = value;
    this.#location = location;
    this.#path = path;
  }

  error(expected: string): RolemixError {
    const place = this.#path && `${this.#path}: `;
    const got = this.#value === undefined ? 'none' : shown(JSON.stringify(this.#value), '');
    return new RolemixError(
      'bad_format',
      `${this.#location}: ${place}expected ${expected}, got ${got}`,
    );
  }

  member(name: string): Field {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.error('an object');
    }
    const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return new Field(own, this.#location, this.#path ? `${this.#path}.${name}` : name);
  }

  items(): readonly Field[] {
    if (!Array.isArray(this.#value)) throw this.error('an array');
    return this.#value.map((item, i) => new Field(item, this.#location, `${this.#path}[${i}]`));
  }

  name(): string {
    if (typeof this.#value === 'string' && this.#value !== '') return this.#value;
    throw this.error('a text that is not empty');
  }

  names(): readonly string[] {
    const names = this.items().map((item) => item.name());
    if (new Set(names).size === names.length) return names;
    throw this.error('distinct names');
  }

  number(): number {
    if (typeof this.#value === 'number' && Number.isFinite(this.#value)) return this.#value;
    throw this.error('a number');
  }
}

function shown(text: string, quote = '"'): string {
  if (text === '') return 'nothing';
  const start = Array.from(text.slice(0, 80)).slice(0, 40).join('');
  return `${quote}${start}${start.length < text.length ? '...' : ''}${quote}`;
}

// The sample as bytes: whole numbers of 16 bits per value, differences along time, high and low bytes apart, deflated.
// src/sample.ts reads it: role after role, of each a length (32 bits), a header of JSON, then the columns, then the models.
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

const largestCode = 65535; // 0 is a missing value
const resolutions = [1, 10, 100];

const isWhole = (value) =>
  Math.abs(value - Math.round(value)) < 1e-9 * Math.max(1, Math.abs(value));

/** The largest of 1, 2 and 5 times a power of ten that is not above the value; at least 0.01. */
export function roundStep(value) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const step = power * [5, 2, 1].find((factor) => factor * power <= value * (1 + 1e-9));
  return Math.max(0.01, step);
}

/** value = (base + code) * step / divisor; no finer than `finest`, a step of roundStep(), and exact where the column's own precision
 *  fits 16 bits then. */
export function quantisation(values, finest = 0) {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return { base: 0, step: 1, divisor: 1 };
  const fits = (d) =>
    (finest > 0 && isWhole(finest * d)) || finite.every((v) => Math.round(v * d) / d === v);
  const divisor = resolutions.find(fits) ?? resolutions.at(-1);
  const least = Math.max(1, Math.round(finest * divisor));
  const low = Math.min(...finite) * divisor;
  const high = Math.max(...finite) * divisor;
  const step = least * Math.max(1, Math.ceil((high - low) / least / (largestCode - 3)));
  return { base: Math.floor(low / step) - 1, step, divisor };
}

export function encode(value, { base, step, divisor }) {
  return Number.isFinite(value) ? Math.round((value * divisor) / step) - base : 0;
}

export function decode(code, { base, step, divisor }) {
  return code === 0 ? NaN : ((base + code) * step) / divisor;
}

/** columns: per metric the codes of all hosts, `steps` codes per host. */
function differences(columns, steps) {
  const size = columns.length * columns[0].length;
  const bytes = Buffer.alloc(2 * size);
  let place = 0;
  for (const codes of columns) {
    let before = 0;
    codes.forEach((code, i) => {
      if (i % steps === 0) before = 0;
      const difference = ((code - before) << 16) >> 16;
      const folded = ((difference << 1) ^ (difference >> 15)) & 0xffff;
      bytes[place] = folded >> 8;
      bytes[size + place] = folded & 0xff;
      place++;
      before = code;
    });
  }
  return bytes;
}

/** Undoes differences(). */
function codesOf(bytes, steps, size) {
  const all = new Uint16Array(bytes.length / 2);
  all.forEach((_, i) => {
    const folded = (bytes[i] << 8) | bytes[all.length + i];
    all[i] = (i % steps === 0 ? 0 : all[i - 1]) + ((folded >> 1) ^ -(folded & 1));
  });
  return Array.from({ length: all.length / size }, (_, d) => [
    ...all.subarray(d * size, (d + 1) * size),
  ]);
}

/** models: bytes by name. Everything else goes into the header as it is. */
function roleBytes({ columns, steps, models, ...header }) {
  const files = Object.entries(models);
  const sizes = Object.fromEntries(files.map(([name, bytes]) => [name, bytes.length]));
  const text = Buffer.from(JSON.stringify({ ...header, steps, models: sizes }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return [length, text, differences(columns, steps), ...files.map(([, bytes]) => bytes)];
}

/** The smallest of what deflate makes of the roles: noise is best left to its Huffman codes, in blocks of its own. */
export function pack(roles) {
  const bytes = Buffer.concat(roles.flatMap(roleBytes));
  const strategies = [constants.Z_DEFAULT_STRATEGY, constants.Z_FILTERED];
  const tried = strategies.flatMap((strategy) =>
    [6, 7, 8, 9].map((memLevel) => deflateRawSync(bytes, { level: 9, memLevel, strategy })),
  );
  return tried.reduce((a, b) => (b.length < a.length ? b : a));
}

/** The first role of pack(), with columns and models as they went in. */
export function unpack(deflated) {
  const bytes = inflateRawSync(deflated);
  const begin = 4 + bytes.readUInt32LE();
  const header = JSON.parse(bytes.subarray(4, begin).toString());
  const size = header.hosts.length * header.steps;
  let end = begin + 2 * size * header.metrics.length;
  const columns = codesOf(bytes.subarray(begin, end), header.steps, size);
  const models = Object.fromEntries(
    Object.entries(header.models).map(([name, length]) => [
      name,
      bytes.subarray(end, (end += length)),
    ]),
  );
  return { ...header, columns, models };
}

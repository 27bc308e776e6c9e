// The sample as bytes: whole numbers of 16 bits per value, differences along time, high and low bytes apart, deflated.
// src/sample.ts reads it: a length (32 bits), a header of JSON, then the columns, then the models.
import { deflateRawSync } from 'node:zlib';

const largestCode = 65535; // 0 is a missing value
const resolutions = [1, 10, 100];

/** value = (base + code) * step / divisor; exact where the column's own precision fits 16 bits. */
export function quantisation(values) {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return { base: 0, step: 1, divisor: 1 };
  const divisor =
    resolutions.find((d) => finite.every((v) => Math.round(v * d) / d === v)) ?? resolutions.at(-1);
  const low = Math.min(...finite) * divisor;
  const high = Math.max(...finite) * divisor;
  const step = Math.max(1, Math.ceil((high - low) / (largestCode - 3)));
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
  const bytes = new Uint8Array(2 * size);
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

/** models: bytes by name. Everything else goes into the header as it is. */
export function pack({ columns, steps, models, ...header }) {
  const files = Object.entries(models);
  const sizes = Object.fromEntries(files.map(([name, bytes]) => [name, bytes.length]));
  const text = Buffer.from(JSON.stringify({ ...header, steps, models: sizes }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const parts = [length, text, differences(columns, steps), ...files.map(([, bytes]) => bytes)];
  return deflateRawSync(Buffer.concat(parts), { level: 9 });
}

// Bytes that are no model, or no longer one.
import fc from 'fast-check';

import { errorOf, mixtureCases, modelBytes, RolemixError, RoleModel } from './support.mjs';

const bytes = modelBytes(mixtureCases[1]);
const digestBytes = 8;

/** FNV-1a, 64 bit, little-endian: what a model file ends with. */
function withDigest(body) {
  let hash = 0xcbf29ce484222325n;
  for (const byte of body) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  const file = new Uint8Array(body.length + digestBytes);
  file.set(body);
  new DataView(file.buffer).setBigUint64(body.length, hash, true);
  return file;
}

const body = bytes.subarray(0, -digestBytes);

test('a golden model has the digest that the tests know', () => {
  expect(withDigest(body)).toEqual(bytes);
});

test('a model that was cut off anywhere is refused', async () => {
  for (let length = 0; length < bytes.length; length++) {
    const error = await errorOf(() => RoleModel.load(bytes.subarray(0, length)));
    expect(error.code).toBe('bad_format');
  }
});

test('a model with any bit flipped is refused', async () => {
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i] ^= 1 << (i % 8);
    expect((await errorOf(() => RoleModel.load(damaged))).code).toBe('bad_format');
  }
});

test('damage behind a right digest gives an error or a model that scores, never a crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), async (i, bits) => {
      const damaged = body.slice();
      damaged[i] ^= bits;
      try {
        const model = await RoleModel.load(withDigest(damaged));
        model.explainRows(new Float64Array(model.info.metrics.length).fill(1));
        model.dispose();
      } catch (error) {
        expect(error).toBeInstanceOf(RolemixError);
        expect(error.code).not.toBe('out_of_memory');
      }
    }),
    { numRuns: 2000 },
  );
});

test('a model of another version is refused by number', async () => {
  // FlatBuffers: the root table's offset, in the table the distance to its field offsets, the first field.
  const other = body.slice();
  const view = new DataView(other.buffer);
  const table = view.getUint32(0, true);
  const fields = table - view.getInt32(table, true);
  const version = table + view.getUint16(fields + 4, true);
  expect(view.getUint16(version, true)).toBe(3);
  view.setUint16(version, 4, true);
  const error = await errorOf(() => RoleModel.load(withDigest(other)));
  expect(error.code).toBe('unsupported_version');
  expect(error.message).toMatch(/version 4.*reads version 3$/);
});

test('other bytes are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (other) => {
      expect((await errorOf(() => RoleModel.load(other))).code).toBe('bad_format');
    }),
  );
});

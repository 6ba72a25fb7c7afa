import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from './errors.ts';
import fixture from './fixtures/numpy.json' with { type: 'json' };
import { parseNpy } from './npy.ts';
import { listNpz, parseNpzEntry } from './npz.ts';
import { toFloat32 } from './stored-tensor.ts';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

test('files that NumPy wrote give its values, as float32', () => {
  expect(fixture.files.length).toBe(12);
  for (const { name, base64, shape, values } of fixture.files) {
    const { data, ...tensor } = toFloat32(parseNpy(bytesOf(base64), name));
    expect(tensor, name).toEqual({ dtype: 'f32', shape });
    expect(Array.from(data), name).toEqual(Array.from(Float32Array.from(values)));
  }
});

test('archives that NumPy wrote, stored and deflated, give their arrays', () => {
  for (const { name, base64, shape, values } of fixture.archives) {
    const bytes = bytesOf(base64);
    expect(listNpz(bytes), name).toEqual(['q', 'k', 'v']);
    const arrays = ['q', 'k', 'v'].map((array) => toFloat32(parseNpzEntry(bytes, array)));
    for (const array of arrays) expect(array.shape).toEqual(shape.slice(1));
    expect(
      arrays.flatMap(({ data }) => Array.from(data)),
      name,
    ).toEqual(values);
  }
});

test('types that are not read are refused by name', () => {
  for (const { name, base64 } of fixture.refused) {
    expect(() => parseNpy(bytesOf(base64), 'x.npy'), name).toThrow(
      expect.objectContaining({ code: 'bad-file', field: expect.stringMatching(/^x\.npy\.(descr|header)$/) }),
    );
  }
});

test('a value that float32 cannot hold is refused with its place', () => {
  const huge = npyOf("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", new Float64Array([1, 1e39]));
  expect(() => toFloat32(parseNpy(huge, 'x'))).toThrow(expect.objectContaining({ field: 'x[1]', value: 1e39 }));
  const nan = npyOf("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", new Uint16Array([0x7e00]));
  expect(toFloat32(parseNpy(nan, 'x')).data[0]).toBeNaN();
  const large = npyOf("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", new Float64Array([-Infinity, 1e39]));
  expect(() => toFloat32(parseNpy(large, 'x'))).toThrow(expect.objectContaining({ code: 'bad-file', field: 'x[1]' }));
});

function npyOf(header: string, data: ArrayBufferView, headerLength = header.length): Uint8Array {
  const head = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, headerLength & 255, headerLength >> 8];
  const payload = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array([...head, ...new TextEncoder().encode(header), ...payload]);
}

test('a header that lies about the size is refused before anything is allocated', () => {
  const word = new Float32Array(1);
  const shapes = [
    '(1099511627776,)',
    '(4294967296, 4294967296)',
    '(9007199254740993,)',
    '(2,)',
    '()()',
    '(-1,)',
    '(1 1,)',
    '(,)',
  ];
  for (const shape of shapes) {
    const bytes = npyOf(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`, word);
    expect(() => parseNpy(bytes, 'x'), shape).toThrow(expect.objectContaining({ code: 'bad-file' }));
  }
  expect(() => parseNpy(npyOf('{}', word, 60_000), 'x')).toThrow(
    expect.objectContaining({ field: 'x.header', value: 60_000 }),
  );
});

test('a long header of blanks is read or refused quickly', () => {
  const blanks = `{'descr': '<f4', ${' '.repeat(9000)}'fortran_order': False, 'shape': (1,)${' '.repeat(900)}`;
  const before = performance.now();
  expect(() => parseNpy(npyOf(blanks, new Float32Array(1)), 'x')).toThrow(EngineError);
  expect(performance.now() - before).toBeLessThan(200);
});

test('an archive entry that claims to unpack to gigabytes is refused', () => {
  const bytes = bytesOf(fixture.archives[1]!.base64);
  const view = new DataView(bytes.buffer);
  // Sizes in the central directory (signature PK 1 2, unpacked size at 24), which is what readers go by.
  for (let at = 0; at + 28 < bytes.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0xfffffff0, true);
  }
  expect(() => parseNpzEntry(bytes, 'q')).toThrow(expect.objectContaining({ code: 'bad-file', value: 0xfffffff0 }));
});

test('whatever the bytes, the result is a tensor or a bad-file error', () => {
  const seeds = [...fixture.files, ...fixture.refused, ...fixture.archives].map(({ base64 }) => bytesOf(base64));
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(1200))
    .map(([seed, edits, cut]) => {
      const bytes = seed.slice(0, cut < 1000 ? seed.length : cut - 1000);
      for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
      return bytes;
    });
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, fc.uint8Array()), (bytes) => {
      for (const read of [parseNpy, parseNpzEntry]) {
        try {
          toFloat32(read(bytes, 'q'));
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect((error as EngineError).code).toBe('bad-file');
          refused++;
        }
      }
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(500);
});

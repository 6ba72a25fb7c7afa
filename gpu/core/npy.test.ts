import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { EngineError } from './errors.ts';
import fixture from './fixtures/numpy.json' with { type: 'json' };
import { parseNpy } from './npy.ts';
import { openNpz } from './npz.ts';
import { toFloat32 } from './stored-tensor.ts';

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

test('files that NumPy wrote give its values, as float32', () => {
  expect(fixture.files.length).toBe(23);
  for (const { name, base64, shape, values } of fixture.files) {
    const { data, ...tensor } = toFloat32(parseNpy(bytesOf(base64), name));
    expect(tensor, name).toEqual({ dtype: 'f32', shape });
    expect(Array.from(data), name).toEqual(Array.from(Float32Array.from(values)));
  }
});

test('archives that NumPy wrote, stored, deflated and with 64-bit sizes, give their arrays', async () => {
  expect(fixture.archives.length).toBe(3);
  for (const { name, base64, shape, values } of fixture.archives) {
    const bytes = bytesOf(base64);
    const { names, open } = openNpz(bytes);
    expect(names, name).toEqual(['q', 'k', 'v']);
    const arrays = (await Promise.all(names.map(open))).map(toFloat32);
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
      expect.objectContaining({ code: 'bad-file', field: 'x.npy.descr' }),
    );
  }
});

test('a structured type and other ways of compression are refused as what they are', async () => {
  const record = fixture.refused.find(({ name }) => name === 'record')!;
  expect(() => parseNpy(bytesOf(record.base64), 'x.npy')).toThrow(/several fields \(a structured type\)/);
  expect(fixture.others.map(({ name }) => name)).toEqual(['bzip2', 'LZMA']);
  for (const { name, base64 } of fixture.others) {
    const { names, open } = openNpz(bytesOf(base64));
    expect(names).toEqual(['q', 'k', 'v']);
    await expect(open('q')).rejects.toThrow(`it is compressed with ${name}, which is not read here; save it stored`);
    await expect(open('q')).rejects.not.toThrow(/damaged/);
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
  const start = Uint8Array.from([...head, ...new TextEncoder().encode(header)]);
  const bytes = new Uint8Array(start.length + data.byteLength);
  bytes.set(start);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start.length);
  return bytes;
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

/** How long it takes, ms. */
async function timeOf(work: () => unknown): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

test('long headers of blanks, brackets, commas, quotes and digits are read or refused at once', async () => {
  const [word, room] = [new Float32Array(1), 9000];
  const headers = [
    `{'descr': '<f4', ${' '.repeat(room)}'fortran_order': False, 'shape': (1,)${' '.repeat(900)}`,
    `{'descr': '<f4', 'fortran_order': False, 'shape': (1,)${' '.repeat(room)}`,
    `{${' '.repeat(room)}`,
    ' '.repeat(room),
    `{'descr': ${"''".repeat(room / 2)}`,
    `{'descr': ${'('.repeat(room)}`,
    `{'descr': ${'[(,'.repeat(room / 3)}`,
    `{'descr': '<f4', 'shape': (${'1,'.repeat(room / 2)}`,
    `{'descr': '<f4', 'shape': (${'1'.repeat(room)}`,
    `{'descr': '<f4', 'shape': (${' ,'.repeat(room / 2)}), 'fortran_order': True}`,
    "{'descr': ".repeat(room / 10),
    '\\'.repeat(room),
  ];
  for (const header of headers) {
    const file = npyOf(header, word);
    expect(await timeOf(() => expect(() => parseNpy(file, 'x')).toThrow(EngineError))).toBeLessThan(1000);
    const { open } = openNpz(zipSync({ 'x.npy': file }));
    expect(await timeOf(() => expect(open('x')).rejects.toThrow(EngineError))).toBeLessThan(1000);
  }
});

test('any text of a header’s signs is a header or refused by name, at once', () => {
  const signs = fc.constantFrom(
    ...`{}()[]'",: \t\n1L-uTrueFalsdcpfhnoi_`,
    "'descr'",
    "'shape'",
    "'fortran_order'",
    "'<f4'",
  );
  fc.assert(
    fc.property(fc.array(signs, { size: 'large', maxLength: 3000 }), (text) => {
      try {
        parseNpy(npyOf(text.join('').slice(0, 9999), new Float32Array(1)), 'x');
      } catch (error) {
        expect(error).toMatchObject({ name: 'EngineError', code: 'bad-file' });
      }
    }),
    { numRuns: 300, interruptAfterTimeLimit: 4000, markInterruptAsFailure: true },
  );
});

test('an archive entry that claims to unpack to gigabytes is refused', async () => {
  const bytes = bytesOf(fixture.archives[1]!.base64);
  const view = new DataView(bytes.buffer);
  // Sizes in the central directory (signature PK 1 2, unpacked size at 24), which is what readers go by.
  for (let at = 0; at + 28 < bytes.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 0xfffffff0, true);
  }
  await expect(openNpz(bytes).open('q')).rejects.toMatchObject({ code: 'bad-file', value: 0xfffffff0 });
});

test('zeros that are no array, and an array too large to be watched, are refused by their beginning, the rest still packed', async () => {
  const zeros = zipSync({ 'q.npy': new Uint8Array(2 ** 23) });
  // Said to be 128 MB; what is there is cut short, which only somebody who unpacks it all would find.
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (8192, 4096), }";
  const array = zipSync({ 'q.npy': npyOf(header, new Uint8Array(2 ** 23)) });
  await expect(openNpz(zeros).open('q')).rejects.toThrow(/this is no \.npy file/);
  await expect(openNpz(array).open('q')).rejects.toMatchObject({ field: 'q.shape', limit: 2 ** 24 });
  const fitting = zipSync({ 'q.npy': npyOf(header.replace('8192', '4096'), new Uint8Array(2 ** 23)) });
  await expect(openNpz(fitting).open('q')).rejects.toMatchObject({ field: 'q.shape', value: 2 ** 23, limit: 2 ** 26 });
});

test('whatever the bytes, the result is a tensor or a bad-file error', async () => {
  const seeds = [...fixture.files, ...fixture.refused, ...fixture.archives].map(({ base64 }) => bytesOf(base64));
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(1200))
    .map(([seed, edits, cut]) => {
      const bytes = seed.slice(0, cut < 1000 ? seed.length : cut - 1000);
      for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
      return bytes;
    });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: mutated }, fc.uint8Array()), async (bytes) => {
      for (const read of [parseNpy, async (file: Uint8Array, name: string) => openNpz(file).open(name)]) {
        try {
          toFloat32(await read(bytes, 'q'));
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect((error as EngineError).code).toBe('bad-file');
          refused++;
        }
      }
    }),
    { numRuns: 600 },
  );
  expect(refused).toBeGreaterThan(300);
});

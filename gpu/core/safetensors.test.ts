import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from './errors.ts';
import { parseSafetensors, requireRead } from './safetensors.ts';
import { toFloat32 } from './stored-tensor.ts';

/** A file as the format's description says: u64 length, JSON, data. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(), length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const valuesOf = (dtype: string, data: ArrayBufferView, shape: number[]) => {
  const tensors = parseSafetensors(fileOf({ x: entry(dtype, shape, 0, data.byteLength) }, bytesOf(data)));
  return Array.from(toFloat32(requireRead(tensors.get('x')!)).data);
};

test('each element type gives its values', () => {
  expect(valuesOf('F32', new Float32Array([1.5, -2]), [2])).toEqual([1.5, -2]);
  expect(valuesOf('F64', new Float64Array([0.1, 1e-300]), [2])).toEqual([Math.fround(0.1), 0]);
  expect(valuesOf('I32', new Int32Array([-3, 2 ** 24 + 1]), [2])).toEqual([-3, 2 ** 24]);
  expect(valuesOf('I64', new BigInt64Array([-5n, 2n ** 40n]), [2])).toEqual([-5, 2 ** 40]);
  // 0x3c00 = 1, 0xc000 = −2, 0x0001 = 2⁻²⁴, 0x7bff = 65504, 0x3555 = 0.333251953125
  const halves = new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7bff, 0x3555, 0x8000]);
  expect(valuesOf('F16', halves, [2, 3])).toEqual([1, -2, 2 ** -24, 65504, 0.333251953125, -0]);
  // bfloat16: 0x3f80 = 1, 0xc040 = −3, 0x0080 = 2⁻¹²⁶, 0x4049 = 3.140625
  expect(valuesOf('BF16', new Uint16Array([0x3f80, 0xc040, 0x0080, 0x4049]), [4])).toEqual([
    1,
    -3,
    2 ** -126,
    3.140625,
  ]);
});

test('tensors are found by name at unaligned places; metadata is left out, of other types the name is kept', () => {
  const data = new Uint8Array(9);
  data.set(bytesOf(new Float32Array([7, 8])), 1);
  const tensors = parseSafetensors(
    fileOf(
      { __metadata__: { format: 'pt' }, flags: entry('BOOL', [1], 0, 1), 'layer.q': entry('F32', [1, 2], 1, 9) },
      data,
    ),
  );
  expect([...tensors.keys()]).toEqual(['flags', 'layer.q']);
  expect(() => requireRead(tensors.get('flags')!)).toThrow(
    expect.objectContaining({
      code: 'bad-file',
      field: 'flags.dtype',
      value: 'BOOL',
      message: expect.stringMatching(/flags is stored as BOOL/),
    }),
  );
  expect(toFloat32(requireRead(tensors.get('layer.q')!))).toEqual({
    dtype: 'f32',
    shape: [1, 2],
    data: new Float32Array([7, 8]),
  });
});

test('a scalar and an empty tensor are read', () => {
  expect(valuesOf('F32', new Float32Array([3]), [])).toEqual([3]);
  expect(valuesOf('F32', new Float32Array([]), [0, 5])).toEqual([]);
});

test('hostile headers are refused with field, value and limit', () => {
  const data = new Uint8Array(8);
  const cases: [string, Uint8Array, object][] = [
    ['no header', new Uint8Array(7), { field: 'header length', value: 7, limit: 8 }],
    ['a header of 2⁶⁴ − 1 bytes', fileOf({}, data, 2n ** 64n - 1n), { field: 'header length' }],
    ['a header longer than the file', fileOf({}, data, 11n), { field: 'header length', value: 11, limit: 10 }],
    ['no JSON', fileOf('{"x":'), { field: 'header' }],
    ['a list', fileOf('[]'), { field: 'header' }],
    ['an entry that is none', fileOf({ x: 5 }), { field: 'x', value: 5 }],
    ['no type', fileOf({ x: { shape: [1], data_offsets: [0, 4] } }, data), { field: 'x.dtype' }],
    ['a negative extent', fileOf({ x: entry('F32', [-1, -2], 0, 8) }, data), { field: 'x.shape' }],
    ['a broken extent', fileOf({ x: entry('F32', [1.5], 0, 6) }, data), { field: 'x.shape' }],
    ['an extent that is text', fileOf({ x: entry('F32', ['2'], 0, 8) }, data), { field: 'x.shape' }],
    ['a product past 2⁵³', fileOf({ x: entry('F32', [2 ** 30, 2 ** 30], 0, 8) }, data), { field: 'x.shape' }],
    ['nine axes', fileOf({ x: entry('F32', new Array(9).fill(1), 0, 4) }, data), { field: 'x.shape', limit: 8 }],
    [
      'more than there is',
      fileOf({ x: entry('F32', [2 ** 40], 0, 2 ** 42) }, data),
      { field: 'x.data_offsets', limit: 8 },
    ],
    ['the wrong number of bytes', fileOf({ x: entry('F32', [1], 0, 8) }, data), { value: 8, limit: 4 }],
    ['an end before the beginning', fileOf({ x: entry('F32', [1], 8, 4) }, data), { field: 'x.data_offsets' }],
    [
      'bytes of another tensor',
      fileOf(
        { x: entry('F32', [1], 0, 4), y: entry('F32', [2], 4, 12), z: entry('F16', [1], 10, 12) },
        new Uint8Array(12),
      ),
      { field: 'z.data_offsets', value: [10, 12], limit: 12 },
    ],
    ['offsets that are none', fileOf({ x: entry('F32', [1], null, '4') }, data), { field: 'x.data_offsets' }],
  ];
  for (const [name, bytes, facts] of cases) {
    expect(() => parseSafetensors(bytes), name).toThrow(expect.objectContaining({ code: 'bad-file', ...facts }));
  }
});

test('a tensor called like a member of every object is only a tensor', () => {
  const header =
    '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"constructor":{"dtype":"toString","shape":[],"data_offsets":[0,0]}}';
  expect([...parseSafetensors(fileOf(header, new Uint8Array(4))).keys()]).toEqual(['__proto__', 'constructor']);
});

test('whatever the bytes, the result is tensors or a bad-file error', () => {
  const extent = fc.oneof(fc.nat(4), fc.double(), fc.string());
  const anyEntry = fc.oneof(
    fc.record({
      dtype: fc.constantFrom('F32', 'F16', 'I64', 'X'),
      shape: fc.array(extent, { maxLength: 3 }),
      data_offsets: fc.array(extent, { maxLength: 3 }),
    }),
    fc.jsonValue(),
  );
  const file = fc
    .tuple(
      fc.dictionary(fc.string(), anyEntry, { maxKeys: 3 }),
      fc.uint8Array({ maxLength: 64 }),
      fc.option(fc.bigInt(0n, 2n ** 64n - 1n)),
    )
    .map(([header, data, length]) => fileOf(header, data, length ?? undefined));
  let refused = 0;
  fc.assert(
    fc.property(fc.oneof(file, fc.uint8Array()), (bytes) => {
      try {
        for (const stored of parseSafetensors(bytes).values()) toFloat32(requireRead(stored));
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
        expect((error as EngineError).code).toBe('bad-file');
        refused++;
      }
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(500);
});

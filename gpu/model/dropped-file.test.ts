import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import fixture from '../core/fixtures/numpy.json' with { type: 'json' };
import { attentionInputsFromFile } from './dropped-file.ts';

/** Each tensor's elements count up from 100 × its place, so that a mix-up shows. */
function safetensors(tensors: Record<string, number[]>): Uint8Array {
  const header: Record<string, unknown> = {};
  const values: number[] = [];
  for (const [i, [name, shape]] of Object.entries(tensors).entries()) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [values.length * 4, (values.length + count) * 4] };
    values.push(...Array.from({ length: count }, (_, element) => 100 * i + element));
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(json.length)]).buffer);
  return new Uint8Array([...length, ...json, ...new Uint8Array(Float32Array.from(values).buffer)]);
}

function npy(shape: number[], values: number[]): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const head = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0];
  return new Uint8Array([
    ...head,
    ...new TextEncoder().encode(header),
    ...new Uint8Array(Float32Array.from(values).buffer),
  ]);
}

const shapesOf = (bytes: Uint8Array) => {
  const { q, k, v } = attentionInputsFromFile(bytes, 'file');
  return [q.shape, k.shape, v.shape];
};
const firstOf = (bytes: Uint8Array) => {
  const { q, k, v } = attentionInputsFromFile(bytes, 'file');
  return [q.data[0], k.data[0], v.data[0]];
};

test('two, three and four axes get their stated meaning', () => {
  expect(shapesOf(safetensors({ q: [3, 8], k: [5, 8], v: [5, 8] }))).toEqual([
    [1, 3, 1, 8],
    [1, 5, 1, 8],
    [1, 5, 1, 8],
  ]);
  expect(shapesOf(safetensors({ q: [3, 4, 8], k: [5, 2, 8], v: [5, 2, 8] }))).toEqual([
    [1, 3, 4, 8],
    [1, 5, 2, 8],
    [1, 5, 2, 8],
  ]);
  expect(shapesOf(safetensors({ q: [2, 3, 4, 8], k: [2, 5, 1, 8], v: [2, 5, 1, 8] }))[0]).toEqual([2, 3, 4, 8]);
});

test.each([
  ['bad.npy', 'hello', 'bad.npy: this is no .npy file: it has 5 bytes and does not begin like one'],
  ['BAD.NPY', '', 'BAD.NPY: this is no .npy file: it has 0 bytes and does not begin like one'],
  ['bad.npz', 'hello', 'bad.npz: the archive is damaged: '],
  ['bad.safetensors', 'hello', 'bad.safetensors: the file has 5 bytes, too few for a header'],
])('%s with the bytes “%s” is refused by its name, as what it was meant to be', (name, text, message) => {
  expect(() => attentionInputsFromFile(new TextEncoder().encode(text), name)).toThrow(message);
});

test('the first bytes come before the name', () => {
  const stacked = npy([3, 2, 4], [...Array(24).keys()]);
  expect(attentionInputsFromFile(stacked, 'odd.safetensors').q.shape).toEqual([1, 2, 1, 4]);
});

test('an odd shape is refused with the file’s name too', () => {
  const flat = safetensors({ q: [8], k: [8], v: [8] });
  expect(() => attentionInputsFromFile(flat, 'flat.safetensors')).toThrow(/^flat\.safetensors: q has 1 axes/);
});

test('names are found in any case, as words, and as the last part of a dotted name', () => {
  expect(firstOf(safetensors({ V: [1, 2], other: [1], K: [1, 2], Q: [1, 2] }))).toEqual([300, 200, 0]);
  expect(firstOf(safetensors({ key: [1, 2], query: [1, 2], value: [1, 2] }))).toEqual([100, 0, 200]);
  expect(firstOf(safetensors({ 'a.0.k': [1, 2], 'a.0.v': [1, 2], 'a.0.q': [1, 2] }))).toEqual([200, 0, 100]);
  // A whole name goes before a last part.
  expect(firstOf(safetensors({ 'a.q': [1, 2], q: [1, 2], k: [1, 2], v: [1, 2] }))).toEqual([100, 200, 300]);
});

test('a stacked .npy and an .npz are read, also as NumPy writes them', () => {
  const stacked = npy([3, 2, 2], [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
  expect(shapesOf(stacked)).toEqual([
    [1, 2, 1, 2],
    [1, 2, 1, 2],
    [1, 2, 1, 2],
  ]);
  expect(firstOf(stacked)).toEqual([0, 10, 20]);
  for (const { base64, values } of fixture.archives) {
    const { q, k, v } = attentionInputsFromFile(new Uint8Array(Buffer.from(base64, 'base64')), 'x.npz');
    expect([q, k, v].flatMap(({ data }) => Array.from(data))).toEqual(values);
    expect(q.shape).toEqual([1, 3, 1, 4]);
  }
});

test('a stack in Fortran order is put in order', () => {
  // [3, 1, 2] with the first axis fastest: q0 k0 v0 q1 k1 v1.
  const plain = npy([3, 1, 2], [1, 2, 3, 4, 5, 6]);
  const bytes = new TextDecoder('latin1').decode(plain).replace('False', 'True ');
  const fortran = Uint8Array.from(bytes, (symbol) => symbol.charCodeAt(0));
  const { q, k, v } = attentionInputsFromFile(fortran, 'x.npy');
  expect([q, k, v].map(({ data }) => Array.from(data))).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
});

test('what does not fit together is refused by name', () => {
  const cases: [Uint8Array, object][] = [
    [safetensors({ k: [1, 2], v: [1, 2] }), { field: 'q' }],
    [safetensors({}), { field: 'q', message: 'file has no tensor called q or query; it has no readable tensor' }],
    [safetensors({ 'a.q': [1, 2], 'b.q': [1, 2], k: [1, 2], v: [1, 2] }), { field: 'q', value: ['a.q', 'b.q'] }],
    [safetensors({ q: [1, 2], k: [1, 3], v: [1, 3] }), { field: 'k', value: [1, 1, 1, 3] }],
    [safetensors({ q: [1, 2], k: [4, 2], v: [5, 2] }), { field: 'v' }],
    [safetensors({ q: [1, 3, 2], k: [4, 2, 2], v: [4, 2, 2] }), { field: 'k' }],
    [safetensors({ q: [2, 1, 1, 2], k: [1, 1, 1, 2], v: [1, 1, 1, 2] }), { field: 'k' }],
    [safetensors({ q: [0, 2], k: [1, 2], v: [1, 2] }), { field: 'q', limit: 1 }],
    [safetensors({ q: [2], k: [2], v: [2] }), { field: 'q', value: [2] }],
    [npy([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), { field: 'file.shape', value: [2, 2, 2] }],
    [npy([3, 2], [1, 2, 3, 4, 5, 6]), { field: 'file.shape' }],
    [zipSync({ 'q.npy': npy([1, 2], [1, 2]) }), { field: 'k' }],
    [new TextEncoder().encode('hello, this is a text'), { code: 'bad-file' }],
  ];
  for (const [bytes, facts] of cases) {
    expect(() => attentionInputsFromFile(bytes, 'file')).toThrow(
      expect.objectContaining({ code: 'bad-file', ...facts }),
    );
  }
});

test('whatever the bytes, the result is q, k and v or a bad-file error', () => {
  const seeds = [
    safetensors({ q: [3, 8], k: [5, 8], v: [5, 8] }),
    npy([3, 1, 2], [1, 2, 3, 4, 5, 6]),
    zipSync({ 'q.npy': npy([1, 2], [1, 2]), 'k.npy': npy([1, 2], [1, 2]), 'v.npy': npy([1, 2], [1, 2]) }),
  ];
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 });
  fc.assert(
    fc.property(fc.constantFrom(...seeds), edits, (seed, changes) => {
      const bytes = seed.slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      try {
        const { q, k, v } = attentionInputsFromFile(bytes, 'file');
        for (const { shape, data } of [q, k, v]) expect(shape.reduce((a, b) => a * b)).toBe(data.length);
      } catch (error) {
        expect(error).toMatchObject({ name: 'EngineError', code: 'bad-file' });
      }
    }),
    { numRuns: 1500 },
  );
});

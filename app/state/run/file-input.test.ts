import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import fixture from '#gpu/core/fixtures/numpy.json' with { type: 'json' };
import type { Tensor } from '#gpu/core/tensor.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { attentionReads } from '../../mechanisms/attention/reads.ts';
import { loadView } from '../../mechanisms/load-view.ts';
import { inputsFromFile } from './file-input.ts';
import { neededTensors } from './wanted-inputs.ts';

const attentionInputsFromFile = async (bytes: Uint8Array, name: string) =>
  (await inputsFromFile(bytes, name, mechanisms.get('attention')!, attentionReads.file)) as Record<
    'q' | 'k' | 'v',
    Tensor
  >;

/** Each tensor's elements count up from 100 × its place, so that a mix-up shows. */
function safetensors(tensors: Record<string, number[]>): Uint8Array {
  const header: Record<string, unknown> = {};
  const values: number[] = [];
  for (const [i, [name, shape]] of Object.entries(tensors).entries()) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [values.length * 4, (values.length + count) * 4] };
    for (let element = 0; element < count; element++) values.push(100 * i + element);
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

const shapesOf = async (bytes: Uint8Array) => {
  const { q, k, v } = await attentionInputsFromFile(bytes, 'file');
  return [q.shape, k.shape, v.shape];
};
const firstOf = async (bytes: Uint8Array) => {
  const { q, k, v } = await attentionInputsFromFile(bytes, 'file');
  return [q.data[0], k.data[0], v.data[0]];
};

test('two, three and four axes get their stated meaning', async () => {
  expect(await shapesOf(safetensors({ q: [3, 8], k: [5, 8], v: [5, 8] }))).toEqual([
    [1, 3, 1, 8],
    [1, 5, 1, 8],
    [1, 5, 1, 8],
  ]);
  expect(await shapesOf(safetensors({ q: [3, 4, 8], k: [5, 2, 8], v: [5, 2, 8] }))).toEqual([
    [1, 3, 4, 8],
    [1, 5, 2, 8],
    [1, 5, 2, 8],
  ]);
  expect((await shapesOf(safetensors({ q: [2, 3, 4, 8], k: [2, 5, 1, 8], v: [2, 5, 1, 8] })))[0]).toEqual([2, 3, 4, 8]);
});

test.each([
  ['bad.npy', 'hello', 'bad.npy: this is no .npy file: it has 5 bytes and does not begin like one'],
  ['BAD.NPY', '', 'BAD.NPY: this is no .npy file: it has 0 bytes and does not begin like one'],
  ['bad.npz', 'hello', 'bad.npz: the archive is damaged: '],
  ['bad.safetensors', 'hello', 'bad.safetensors: the file has 5 bytes, too few for a header'],
])('%s with the bytes “%s” is refused by its name, as what it was meant to be', async (name, text, message) => {
  await expect(attentionInputsFromFile(new TextEncoder().encode(text), name)).rejects.toThrow(message);
});

test('the first bytes come before the name', async () => {
  const stacked = npy([3, 2, 4], [...Array(24).keys()]);
  expect((await attentionInputsFromFile(stacked, 'odd.safetensors')).q.shape).toEqual([1, 2, 1, 4]);
});

test('an odd shape is refused with the file’s name too', async () => {
  const flat = safetensors({ q: [8], k: [8], v: [8] });
  await expect(attentionInputsFromFile(flat, 'flat.safetensors')).rejects.toThrow(
    /^flat\.safetensors: q: shape \[8\] is not .*; the file has q \[8\]$/,
  );
});

test('names are found in any case, as words, and as the last part of a dotted name', async () => {
  expect(await firstOf(safetensors({ V: [1, 2], other: [1], K: [1, 2], Q: [1, 2] }))).toEqual([300, 200, 0]);
  expect(await firstOf(safetensors({ key: [1, 2], query: [1, 2], value: [1, 2] }))).toEqual([100, 0, 200]);
  expect(await firstOf(safetensors({ 'a.0.k': [1, 2], 'a.0.v': [1, 2], 'a.0.q': [1, 2] }))).toEqual([200, 0, 100]);
  // A whole name goes before a last part.
  expect(await firstOf(safetensors({ 'a.q': [1, 2], q: [1, 2], k: [1, 2], v: [1, 2] }))).toEqual([100, 200, 300]);
});

test('a stacked .npy and an .npz are read, also as NumPy writes them', async () => {
  const stacked = npy([3, 2, 2], [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
  expect(await shapesOf(stacked)).toEqual([
    [1, 2, 1, 2],
    [1, 2, 1, 2],
    [1, 2, 1, 2],
  ]);
  expect(await firstOf(stacked)).toEqual([0, 10, 20]);
  for (const { base64, values } of fixture.archives) {
    const { q, k, v } = await attentionInputsFromFile(new Uint8Array(Buffer.from(base64, 'base64')), 'x.npz');
    expect([q, k, v].flatMap(({ data }) => Array.from(data))).toEqual(values);
    expect(q.shape).toEqual([1, 3, 1, 4]);
  }
});

test('a stack in Fortran order is put in order', async () => {
  // [3, 1, 2] with the first axis fastest: q0 k0 v0 q1 k1 v1.
  const plain = npy([3, 1, 2], [1, 2, 3, 4, 5, 6]);
  const bytes = new TextDecoder('latin1').decode(plain).replace('False', 'True ');
  const fortran = Uint8Array.from(bytes, (symbol) => symbol.charCodeAt(0));
  const { q, k, v } = await attentionInputsFromFile(fortran, 'x.npy');
  expect([q, k, v].map(({ data }) => Array.from(data))).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
});

test('what does not fit together is refused by name', async () => {
  const cases: [Uint8Array, object][] = [
    [safetensors({ k: [1, 2], v: [1, 2] }), { field: 'q' }],
    [
      safetensors({}),
      {
        field: 'q',
        message: 'file: q (or query), k (or key) and v (or value) are missing; the file has no readable tensor',
      },
    ],
    [safetensors({ 'a.q': [1, 2], 'b.q': [1, 2], k: [1, 2], v: [1, 2] }), { field: 'q', value: ['a.q', 'b.q'] }],
    [safetensors({ q: [1, 2], k: [1, 3], v: [1, 3] }), { field: 'k', value: [1, 1, 1, 3] }],
    [safetensors({ q: [1, 2], k: [4, 2], v: [5, 2] }), { field: 'v' }],
    [safetensors({ q: [1, 3, 2], k: [1, 4, 2, 2], v: [1, 4, 2, 2] }), { field: 'kvHeads' }],
    [safetensors({ q: [2, 1, 1, 2], k: [1, 1, 1, 2], v: [1, 1, 1, 2] }), { field: 'k' }],
    [safetensors({ q: [0, 2], k: [1, 2], v: [1, 2] }), { field: 'q', limit: 1 }],
    [safetensors({ q: [2], k: [2], v: [2] }), { field: 'q', value: [2] }],
    [npy([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]), { field: 'file.shape', value: [2, 2, 2] }],
    [npy([3, 2], [1, 2, 3, 4, 5, 6]), { field: 'file.shape' }],
    [zipSync({ 'q.npy': npy([1, 2], [1, 2]) }), { field: 'k' }],
    [new TextEncoder().encode('hello, this is a text'), { code: 'bad-file' }],
  ];
  for (const [bytes, facts] of cases) {
    await expect(attentionInputsFromFile(bytes, 'file')).rejects.toThrow(
      expect.objectContaining({ code: 'bad-file', ...facts }),
    );
  }
});

test('whatever the bytes, the result is q, k and v or a bad-file error', async () => {
  const seeds = [
    safetensors({ q: [3, 8], k: [5, 8], v: [5, 8] }),
    npy([3, 1, 2], [1, 2, 3, 4, 5, 6]),
    zipSync({ 'q.npy': npy([1, 2], [1, 2]), 'k.npy': npy([1, 2], [1, 2]), 'v.npy': npy([1, 2], [1, 2]) }),
  ];
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...seeds), edits, async (seed, changes) => {
      const bytes = seed.slice();
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      try {
        const { q, k, v } = await attentionInputsFromFile(bytes, 'file');
        for (const { shape, data } of [q, k, v]) expect(shape.reduce((a, b) => a * b)).toBe(data.length);
      } catch (error) {
        expect(error).toMatchObject({ name: 'EngineError', code: 'bad-file' });
      }
    }),
    { numRuns: 500 },
  );
});

const scan = mechanisms.get('selective-scan')!;
const SCAN = { u: [2, 4, 8], delta: [2, 4, 8], A: [4, 3], B: [2, 3, 8], C: [2, 3, 8] };
const read = (id: string, tensors: Record<string, number[]>, name = 'mine.safetensors') =>
  inputsFromFile(safetensors(tensors), name, mechanisms.get(id)!);
const shapes = (given: Record<string, Tensor>) =>
  Object.fromEntries(Object.entries(given).map(([name, { shape }]) => [name, shape]));

const all = [...mechanisms.values()].filter(({ role }) => role === 'mechanism');
const exhibits = await Promise.all(all.map(async (mechanism) => ({ mechanism, view: await loadView(mechanism.id) })));

test('every mechanism takes its own tensors, as a run of it needs them', async () => {
  expect(exhibits.length).toBeGreaterThanOrEqual(4);
  for (const { mechanism, view } of exhibits) {
    const needed = neededTensors(mechanism).map(({ name }) => name);
    expect(needed.length, mechanism.id).toBeGreaterThan(0);
    const { variant, config } = mechanism.presets[0]!;
    const resolved = mechanism.resolve(config);
    const made = mechanism.makeInputs(resolved, 1);
    const file = safetensors(shapes(made));
    const given = await inputsFromFile(file, 'own.safetensors', mechanism, view!.reads?.file);
    expect(shapes(given), mechanism.id).toEqual(shapes(made));
    const plan = mechanism.plan(variant, mechanism.resolve({}, given), {});
    for (const { name, role, init } of plan.buffers)
      if (role === 'input' && !Array.isArray(init)) expect(given, mechanism.id).toHaveProperty(name);
  }
});

test('where variants take different inputs, those of the first preset are what a file needs, and a .npy is the one', async () => {
  const pruning = mechanisms.get('token-pruning')!;
  expect(neededTensors(pruning).map(({ name }) => name)).toEqual(['attention_score']);
  const scores = npy([1, 2, 3, 3], Array(18).fill(0));
  expect(shapes(await inputsFromFile(scores, 'scores.npy', pruning))).toEqual({ attention_score: [1, 2, 3, 3] });
  await expect(read('token-pruning', { token_mask: [1, 3] })).rejects.toThrow(/attention_score is missing/);
});

test('u, delta, A, B, C are a selective scan, X, A, B, C state space duality; what may be there is taken', async () => {
  expect(shapes(await read('selective-scan', SCAN))).toEqual(SCAN);
  const whole = { ...SCAN, D: [4], z: [2, 4, 8], delta_bias: [4] };
  expect(shapes(await read('selective-scan', whole))).toEqual(whole);
  expect(scan.resolve({}, await read('selective-scan', whole))).toMatchObject({
    hasD: true,
    hasZ: true,
    hasDeltaBias: true,
  });
  expect(scan.resolve({}, await read('selective-scan', SCAN))).toMatchObject({ hasD: false, hasZ: false });
  const dual = { X: [1, 8, 2, 4], A: [1, 8, 2], B: [1, 8, 2, 3], C: [1, 8, 2, 3] };
  expect(shapes(await read('ssd', dual))).toEqual(dual);
  expect(shapes(await read('selective-scan', { ...SCAN, 'mixer.other': [9] }))).toEqual(SCAN);
});

test('a large and a small letter are two tensors where both are there', async () => {
  const combined = { x: [1, 8, 2, 4], dt: [1, 8, 2], A: [2], B: [1, 8, 1, 3], C: [1, 8, 1, 3] };
  expect(Object.keys(await read('ssd', combined)).sort()).toEqual(['A', 'B', 'C', 'dt', 'x']);
});

test.each([
  [{ ...SCAN, A: [5, 3] }, /^mine\.safetensors: .*A says dim = 5.*the file has u \[2, 4, 8\].* A \[5, 3\]/, 'dim'],
  [
    { ...SCAN, delta: [4, 8] },
    /^mine\.safetensors: delta has 2 axes; it needs 3.*; the file has delta \[4, 8\]$/,
    'delta',
  ],
  [{ ...SCAN, C: [2, 3, 0] }, /^mine\.safetensors: C is empty: \[2, 3, 0\]/, 'C'],
  [{ ...SCAN, D: [5] }, /^mine\.safetensors: .*D says dim = 5/, 'dim'],
])('a wrong shape is refused by its name, with what is needed: %j', async (tensors, message, field) => {
  await expect(read('selective-scan', tensors)).rejects.toThrow(message);
  await expect(read('selective-scan', tensors)).rejects.toThrow(expect.objectContaining({ code: 'bad-file', field }));
});

test.each([
  [{ u: SCAN.u, B: SCAN.B }, 'mine.safetensors: delta, C and A are missing; the file has u, B'],
  [
    { u: SCAN.u, delta: SCAN.delta, A: SCAN.A, B: SCAN.B },
    'mine.safetensors: C is missing; the file has u, delta, B, A',
  ],
  [{ q: [3, 8] }, 'mine.safetensors: u, delta, B, C and A are missing; the file has q'],
])('what is missing is named, all of it: %j', async (tensors, message) => {
  await expect(read('selective-scan', tensors)).rejects.toThrow(message);
});

test('a .npy holds one tensor: where several are needed it says so', async () => {
  await expect(inputsFromFile(npy([2, 2], [1, 2, 3, 4]), 'u.npy', scan)).rejects.toThrow(
    'u.npy: a .npy holds one tensor; u, delta, B, C and A are needed: put them into a .npz',
  );
});

test('whole numbers are read as such, and what is none is refused', async () => {
  const of = [1, 8, 1, 4];
  const packed = { q: [8, 1, 4], k: [8, 1, 4], v: [8, 1, 4] };
  const cumulative = (values: number[]) => {
    const file = safetensors({ ...packed, cu_seqlens_q: [3], cu_seqlens_k: [3] });
    const floats = new Float32Array(file.slice(-24).buffer);
    floats.set([...values, ...values]);
    file.set(new Uint8Array(floats.buffer), file.length - 24);
    return file;
  };
  const given: Record<string, Tensor> = await attentionInputsFromFile(cumulative([0, 3, 8]), 'packed.npz.safetensors');
  expect(given.cu_seqlens_q).toMatchObject({ dtype: 'i32', shape: [3] });
  expect([...given.cu_seqlens_k!.data]).toEqual([0, 3, 8]);
  expect(given.q!.shape).toEqual([8, 1, 4]);
  await expect(attentionInputsFromFile(cumulative([0, 2.5, 8]), 'x')).rejects.toThrow(
    /cu_seqlens_q: element 1 is 2.5; whole numbers/,
  );
  expect(shapes(await read('attention', { q: of, k: of, v: of }))).toEqual({ q: of, k: of, v: of });
});

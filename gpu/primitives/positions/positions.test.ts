import { expect, test } from 'vitest';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { concat } from '../../plan/concat.ts';
import { positions } from './positions.ts';

const outputs = (raw: object, inputs: Record<string, Tensor> = {}) =>
  positions.reference(positions.resolve(raw, inputs), inputs);
const close = (found: ArrayLike<number>, expected: readonly number[], digits = 8) =>
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });

// The row (1, 2, 3, 4) at position 3, worked out apart from this code.
test.each([
  ['interleaved', [-1.27223251, -1.83886499, 2.8786681, 4.08818664]],
  ['half', [-1.41335252, 1.87911807, -2.82885748, 4.05819114]],
])('%s rotates a hand-checked row', (style, expected) => {
  const x = tensor('f32', [1, 1, 1, 4], [1, 2, 3, 4]);
  close(outputs({ style, position: 3 }, { x }).y!.data, expected);
});

test('only the first channels are rotated, by frequencies over these', () => {
  const x = tensor('f32', [1, 1, 1, 6], [1, 2, 3, 4, 5, 6]);
  close(
    outputs({ style: 'half', position: 3, rotaryDim: 4 }, { x }).y!.data,
    [-1.41335252, 1.87911807, -2.82885748, 4.05819114, 5, 6],
  );
});

const q = tensor('f32', [1, 1, 1, 32], new Array(32).fill(1));
const frequencies = (raw: object) => outputs({ style: 'half', ...raw }, { q, k: q }).inv_freq!.data;

test('linear scaling divides every frequency; dynamic keeps the first and divides the last by the stretch, past the length trained on', () => {
  const plain = frequencies({});
  close(
    frequencies({ scaling: 'linear', factor: 4 }),
    [...plain].map((each) => each / 4),
    12,
  );
  const dynamic = (reach: number, factor: number) =>
    frequencies({ scaling: 'dynamic', factor, reach, maxPositionEmbeddings: 64 });
  expect([...dynamic(64, 3)]).toEqual([...plain]);
  const stretched = dynamic(128, 1);
  expect(stretched[0]).toBe(1);
  expect(plain[15]! / stretched[15]!).toBeCloseTo(2, 10);
  // theta' = 10 000 · 2^(32/30) = 20 945.88.
  expect(stretched[8]).toBeCloseTo(20945.88 ** -0.5, 7);
});

test('the length for dynamic scaling is the largest given position and one more, or the end of the rows', () => {
  const given = { q, k: q, positions: tensor('i32', [1, 1], [99]) };
  expect(positions.resolve({}, given).reach).toBe(100);
  expect(positions.resolve({ reach: 7 }, given).reach).toBe(7);
  expect(positions.resolve({}, { q, k: q }).reach).toBeUndefined();
  const { data } = positions.makeInputs(
    positions.resolve({ seqlen: 9, reach: 50, hasPositions: true, style: 'half' }),
    1,
  ).positions!;
  expect(Math.max(...data)).toBe(49);
});

test('slopes of a power of two halve; between two powers BLOOM appends every second slope of the larger one, MPT begins elsewhere', () => {
  const slopes = (style: string, heads: number, rest = {}) => [
    ...outputs(
      { style, heads, seqlen: 1, batch: 1, ...rest },
      style === 'bloom' ? { attention_mask: tensor('i32', [1, 1], [1]) } : {},
    ).slopes!.data,
  ];
  close(slopes('bloom', 4), [1 / 4, 1 / 16, 1 / 64, 1 / 256]);
  close(
    slopes('mpt', 8),
    [1, 2, 3, 4, 5, 6, 7, 8].map((i) => 2 ** -i),
  );
  close(slopes('bloom', 6), [1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 2, 1 / 8]);
  close(slopes('mpt', 6), [1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 2, 1 / 8]);
  close(slopes('bloom', 1), [1 / 256]);
  close(slopes('mpt', 2, { alibiBiasMax: 4 }), [1 / 4, 1 / 16]);
});

test('BLOOM counts the keys to be seen, hidden ones get 0; MPT counts back from the last key', () => {
  const attention_mask = tensor('i32', [2, 4], [1, 1, 1, 1, 0, 0, 1, 1]);
  const { bias } = outputs({ style: 'bloom', heads: 1 }, { attention_mask });
  close(
    bias!.data,
    [0, 1, 2, 3, 0, 0, 0, 1].map((distance) => distance / 256),
  );
  const mpt = outputs({ style: 'mpt', heads: 1, batch: 2, seqlen: 3 }).bias!;
  expect(mpt.shape).toEqual([2, 1, 3]);
  close(
    mpt.data,
    [-2, -1, 0, -2, -1, 0].map((distance) => distance / 256),
  );
});

test('Marian’s table has sines first, one more than cosines of an odd width; the paper’s has them by turns', () => {
  const row = (style: string, dim: number) => [...outputs({ style, dim, seqlen: 1, position: 2 }).table!.data];
  const [a, b, c] = [2, 2 * 10000 ** -0.4, 2 * 10000 ** -0.8] as const;
  close(row('marian', 5), [Math.sin(a), Math.sin(b), Math.sin(c), Math.cos(a), Math.cos(b)]);
  close(row('paper', 5), [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b), Math.sin(c)]);
  close(row('gptj', 2), [Math.sin(2), Math.cos(2)]);
});

test.each([
  [{ dim: 6, rotaryDim: 3, style: 'half' }, 'rotaryDim', 3, 6],
  [{ dim: 6, rotaryDim: 8, style: 'half' }, 'rotaryDim', 8, 6],
  [{ batch: 3, positionBatch: 2, style: 'half' }, 'positionBatch', 2, [1, 3]],
  [{ dim: 5, style: 'gptj' }, 'dim', 5, 'an even number'],
  [{ theta: 0 }, 'theta', 0, 0],
])('%o is refused by name', (raw, field, value, limit) => {
  expect(() => positions.resolve({ seqlen: 2, ...raw })).toThrow(
    expect.objectContaining({ code: 'bad-config', field, value, limit }),
  );
});

test('a negative position, a mask that is neither 0 nor 1, and a style of another variant are named', () => {
  const bad = (inputs: Record<string, Tensor>) => () => positions.resolve({}, inputs);
  expect(bad({ positions: tensor('i32', [2], [0, -1]) })).toThrow(
    expect.objectContaining({ code: 'bad-input', field: 'positions[1]', value: -1 }),
  );
  expect(bad({ attention_mask: tensor('i32', [1, 2], [2, 1]) })).toThrow(
    expect.objectContaining({ code: 'bad-input', field: 'attention_mask[0]', value: 2 }),
  );
  expect(() => positions.plan('alibi', positions.resolve({ seqlen: 3 }), {})).toThrow(
    expect.objectContaining({ code: 'unsupported', field: 'style', value: 'half', limit: ['bloom', 'mpt'] }),
  );
});

test('inputs choose a style where none is said', () => {
  const style = (inputs: Record<string, Tensor>) => positions.resolve({}, inputs).style;
  expect(style({ q, k: q })).toBe('half');
  expect(style({ attention_mask: tensor('i32', [1, 2], [0, 1]) })).toBe('bloom');
  expect(style({ positions: tensor('i32', [2], [0, 1]) })).toBe('marian');
});

test('frequencies are constants of the plan: nobody gives them, and none is made', () => {
  const config = positions.resolve({ seqlen: 2, dim: 4, style: 'half' });
  const { buffers } = positions.plan('rope', config, {});
  // A turn is 2³²: 1 radian and a hundredth of it, and what is left of a 2⁻³² turn.
  const init = buffers.find(({ name }) => name === 'turns')!.init as readonly number[];
  const turn = (radians: number) => Math.floor((radians / (2 * Math.PI)) * 2 ** 32);
  expect(init.slice(0, 2)).toEqual([turn(1), turn(0.01)]);
  expect(init.slice(2).every((rest) => rest >= 0 && rest < 2 ** 32)).toBe(true);
  expect(Object.keys(positions.makeInputs(config, 1))).toEqual(['q', 'k', 'x']);
});

test('rows of a projection go into a cache as strided views', () => {
  const plan = positions.plan('rotate', positions.resolve({ heads: 2, seqlen: 3, dim: 4, style: 'half' }), {});
  const wholes = [
    { name: 'qkv', dtype: 'f32', axes: ['row', 'column'], shape: [3, 24], role: 'scratch' },
    { name: 'cache', dtype: 'f32', axes: ['cached', 'wide'], shape: [9, 8], role: 'state' },
  ] as const;
  const views = {
    'k.x': { of: 'qkv', at: 8, strides: { time: 24, head: 4 } },
    'k.y': { of: 'cache', at: 0, strides: { time: 8, head: 4 } },
  };
  const [pass] = concat([{ name: 'k', plan }], {
    names: {},
    views,
    wholes: wholes.map((each) => ({ ...each, shape: [...each.shape] })),
  }).passes;
  expect(pass!.bindings).toMatchObject({ x: 'qkv', y: 'cache', turns: 'k.turns' });
  expect(pass!.params).toMatchObject({
    x_at: 8,
    x_time: 24,
    x_head: 4,
    y_at: 0,
    y_time: 8,
    y_head: 4,
    y_row: 0,
    tokens: 3,
  });
});

import { expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { tokenPruning } from './token-pruning.ts';

/** A graph of three tokens whose votes were worked out by hand: rows of A, given as scores. */
const A = [0.5, 0.25, 0.25, 0.2, 0.6, 0.2, 0.1, 0.3, 0.6];
const graph = { attention_score: tensor('f32', [1, 1, 3, 3], A.map(Math.log)) };

function ranked(
  raw: object,
  inputs: (Parameters<typeof tokenPruning.reference>[1] & Record<string, never>) | typeof graph,
) {
  return tokenPruning.reference(tokenPruning.resolve(raw, inputs as typeof graph), inputs);
}

test.each([
  ['after one round', { iterations: 1 }, [0.383333333, 0.35]],
  ['after two', { iterations: 2 }, [0.401666667, 0.353333333]],
  ['in the end, the left eigenvector (4, 7, 6) / 17', { iterations: 60 }, [7 / 17, 6 / 17]],
  ['after one round from CLS ahead', { iterations: 1, start: 'cls' }, [0.357179677, 0.330384758]],
  ['in the end the same from CLS ahead', { iterations: 60, start: 'cls' }, [7 / 17, 6 / 17]],
  ['all alike where everything is damped', { damping: 1 }, [1 / 3, 1 / 3]],
])('three tokens %s', (_, raw, expected) => {
  const { importance, order } = ranked(raw, graph);
  expected.forEach((value, i) => {
    expect(importance!.data[i]).toBeCloseTo(value, 6);
  });
  expect([...order!.data]).toEqual([0, 1]);
});

test('a small temperature gives a token’s whole vote to whom it looks at most', () => {
  const { importance } = ranked({ iterations: 1, temperature: 0.001 }, graph);
  expect([...importance!.data].map((value) => Math.round(3 * value))).toEqual([1, 1]);
});

test('a hidden token gets no vote but its share of the damped ones, and its voters’ votes go to the others', () => {
  const inputs = { ...graph, token_mask: tensor('i32', [1, 3], [1, 0, 1]) };
  const { importance } = ranked({ iterations: 1, damping: 0.3 }, inputs as never);
  expect(importance!.data[0]).toBeCloseTo(0.1, 12);
  expect(importance!.data[1]).toBeCloseTo((0.7 / 3) * (0.25 / 0.75 + 0.2 / 0.4 + 0.6 / 0.7) + 0.1, 6);
});

test('where no key is to be seen nobody votes', () => {
  const inputs = { ...graph, token_mask: tensor('i32', [1, 3], [0, 0, 0]) };
  const { importance, order } = ranked({}, inputs as never);
  expect([[...importance!.data], [...order!.data]]).toEqual([
    [0, 0],
    [0, 1],
  ]);
});

test('of equally important tokens the lower index comes first', () => {
  const even = { attention_score: tensor('f32', [1, 2, 5, 5], new Array(50).fill(0)) };
  expect([...ranked({}, even as never).order!.data]).toEqual([0, 1, 2, 3]);
});

test('a layer keeps ⌊(N − 1) · ratio⌋ tokens, the most important ones, and mixes values at temperature 1', () => {
  const raw = { batch: 2, heads: 2, tokens: 12, dim: 8, temperature: 0.4 };
  const inputs = tokenPruning.makeInputs(tokenPruning.resolve(raw), 3);
  const { attention_score: _, ...layer } = inputs;
  const run = (ratio: number, temperature: number) =>
    tokenPruning.reference(tokenPruning.resolve({ ...raw, ratio, temperature }), layer);
  const { order, next_mask, out } = run(0.7, 0.4);
  expect(next_mask!.shape).toEqual([2, 11]);
  for (const sequence of [0, 1]) {
    const kept = [...order!.data.subarray(11 * sequence, 11 * sequence + 7)];
    const mask = next_mask!.data.subarray(11 * sequence, 11 * (sequence + 1));
    expect([...mask.keys()].filter((token) => mask[token] === 1)).toEqual(kept.sort((a, b) => a - b));
  }
  expect([...run(0.7, 2).out!.data]).toEqual([...out!.data]);
  expect([...run(0, 1).next_mask!.data].includes(1)).toBe(false);
  expect([...run(1, 1).next_mask!.data].includes(0)).toBe(false);
});

test('both variants’ seeded inputs are one graph', () => {
  const { attention_score, ...layer } = tokenPruning.makeInputs(
    tokenPruning.resolve({ batch: 2, heads: 2, tokens: 9 }),
    5,
  );
  const config = tokenPruning.resolve({ batch: 2, heads: 2, tokens: 9 });
  const given = tokenPruning.reference(config, { attention_score: attention_score! });
  const made = tokenPruning.reference(config, layer);
  given.importance!.data.forEach((value, i) => {
    expect(made.importance!.data[i]).toBeCloseTo(value, 6);
  });
});

test.each([
  ['tokens', { batch: 1, heads: 1, tokens: 2049 }, 2049, 2048],
  ['heads', { batch: 1, heads: 3, tokens: 9, dim: 32 }, 3, 32],
  ['temperature', { batch: 1, heads: 1, tokens: 9, temperature: 0 }, 0, 0],
  ['damping', { batch: 1, heads: 1, tokens: 9, damping: 1.5 }, 1.5, 1],
  ['ratio', { batch: 1, heads: 1, tokens: 9, ratio: -0.1 }, -0.1, 0],
  ['start', { batch: 1, heads: 1, tokens: 9, start: 'cold' }, 'cold', ['uniform', 'cls']],
])('a wrong %s is named with its value and the limit', (field, raw, value, limit) => {
  expect(() => tokenPruning.resolve(raw)).toThrow(expect.objectContaining({ code: 'bad-config', field, value, limit }));
});

test('sizes follow from the scores, or from tokens and heads', () => {
  expect(tokenPruning.resolve({}, graph)).toMatchObject({ batch: 1, heads: 1, tokens: 3, hasMask: false });
  const x = tensor('f32', [2, 7, 12], new Array(168).fill(0));
  expect(tokenPruning.resolve({ heads: 3 }, { x })).toMatchObject({ batch: 2, heads: 3, tokens: 7, dim: 12 });
  expect(() => tokenPruning.resolve({}, { x })).toThrow(expect.objectContaining({ field: 'heads' }));
});

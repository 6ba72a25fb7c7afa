import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineOf, holds } from '../../define/testing/holds.ts';
import type { Engine, Run } from '../../runtime/api.ts';
import { testGoldens } from '../../testing/golden-runs.ts';
import { tokenPruning } from './token-pruning.ts';

// Far below these temperatures scores of f32 underflow, and with them the order. The presets’ 17 tokens, so that their kernels serve here.
holds(tokenPruning, {
  runs: 4,
  only: { tokens: [2, 17, 33], temperature: [1, 0.5, 3], iterations: [1, 2, 9], dim: [undefined, 12] },
});

testGoldens({ zerotprune_wpr: 3, zerotprune_attention_prune: 2 });

let engine: Engine;
let right: Run;
beforeAll(async () => {
  engine = await engineOf(tokenPruning);
  right = await recorded({});
});
afterAll(() => engine.dispose());

const sourceOf = (file: string) => tokenPruning.variants[0]!.kernels.find((kernel) => kernel.file === file)!.wgsl;
const config = { batch: 1, heads: 2, tokens: 17, iterations: 3 };
const recorded = (sources: Record<string, string>) =>
  engine.run({ mechanism: 'token-pruning', variant: 'wpr', config, sources }, { trace: true });

test.each([
  ['a round too few', 'vote.wgsl', 'round <= params.iterations', 'round < params.iterations'],
  ['a voter that is passed over', 'vote.wgsl', 'voter = from0', 'voter = from0 + 1u'],
  [
    'a row that is not shared',
    'attention-rows.wgsl',
    'token < TOKENS; token += LANES) {\n    var weight',
    'token + 1u < TOKENS; token += LANES) {\n    var weight',
  ],
])('%s changes the result, and its counts leave the closed form', async (_, file, from, to) => {
  const faulty = sourceOf(file).replace(from, to);
  expect(faulty).not.toBe(sourceOf(file));
  const wrong = await recorded({ [file]: faulty });
  expect(wrong.outputs.importance!.data).not.toEqual(right.outputs.importance!.data);
  const { buffers } = tokenPruning.cost('wpr', tokenPruning.resolve(config));
  const differ = (run: Run) =>
    buffers.filter(({ buffer, loads, stores }) => {
      const found = run.trace!.totals.find((total) => total.buffer === buffer)!;
      return found.loads !== loads || found.stores !== stores;
    });
  expect(differ(right)).toEqual([]);
  expect(differ(wrong).length).toBeGreaterThan(0);
});

test('the scores of every head keep their sum from round to round', () => {
  const table = right.trace!.records!.filter(({ values }) => values.includes('score'));
  const sums = new Map<string, number>();
  for (const { columns, at } of table) {
    const column = (axis: string) => columns[1 + at.indexOf(axis)]!;
    columns[0]!.forEach((score, i) => {
      const key = `${column('head')[i]} ${column('round')[i]}`;
      sums.set(key, (sums.get(key) ?? 0) + score);
    });
  }
  expect(sums.size).toBe(2 * 4);
  for (const sum of sums.values()) expect(sum).toBeCloseTo(1, 6);
});

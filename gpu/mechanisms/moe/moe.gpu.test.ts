import { afterAll, beforeAll, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import { checkRun, engineOf, holds } from '../../define/testing/holds.ts';
import type { Engine, Run } from '../../runtime/api.ts';
import { testGoldens } from '../../testing/golden-runs.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { moe } from './moe.ts';

// Kernels are compiled for every width and number of experts: few of them.
holds(moe, {
  runs: 5,
  only: { dim: [16, 5], ffn: [24, 7], experts: [4, 1, 5], topK: [1, 2, 5], seqlen: [1, 5, 31, 33], batch: [1, 2] },
});

testGoldens({ jamba_moe: 2 });

// The sizes of a preset, so that its kernels serve here.
const config = { batch: 1, seqlen: 24, dim: 16, ffn: 24, experts: 4 };
let engine: Engine;
let right: Run;
beforeAll(async () => {
  engine = await engineOf(moe);
  right = await recorded({});
});
afterAll(() => engine.dispose());

const experiment = { mechanism: 'moe', variant: 'top-k', config };
const recorded = (sources: Record<string, string>) => engine.run({ ...experiment, sources }, { trace: true });
const loadOf = ({ trace }: Run) => {
  const { columns } = trace!.records!.find(({ values }) => values.includes('tokens'))!;
  return [...columns[0]!];
};

test('the tokens of all experts add up to tokens times chosen experts, and are those that were chosen', () => {
  const chosen = [0, 1, 2, 3].map(
    (expert) => right.outputs.selected_experts!.data.filter((each) => each === expert).length,
  );
  expect(loadOf(right).sort()).toEqual([...chosen].sort());
  expect(chosen.reduce((sum, each) => sum + each, 0)).toBe(2 * 24);
});

test('all tokens go to two of four experts, the others have none; of equal shares the lower index is taken', async () => {
  const inputs = moe.makeInputs(moe.resolve(config), 3);
  const even = { ...inputs, router_weight: tensor('f32', [4, 16], new Array(64).fill(0)) };
  expect(await relativeError(engine, moe, 'top-k', {}, even)).toBeLessThan(2e-6);
  const { outputs } = await engine.run({ ...experiment, config: {} }, { inputs: even });
  expect(new Set(outputs.selected_experts!.data)).toEqual(new Set([0, 1]));
});

test('long tokens take smaller blocks', async () => {
  const [variant] = moe.variants;
  await checkRun(engine, moe, variant!, { batch: 1, seqlen: 7, dim: 130, ffn: 9, experts: 2, topK: 1 }, 2e-6);
});

test('logits of ±200 neither overflow nor lose the choice', async () => {
  const inputs = moe.makeInputs(moe.resolve(config), 4);
  const { shape, data } = inputs.router_weight!;
  const loud = {
    ...inputs,
    router_weight: tensor(
      'f32',
      shape,
      (data as Float32Array).map((weight) => 100 * weight),
    ),
  };
  expect(await relativeError(engine, moe, 'top-k', {}, loud)).toBeLessThan(5e-6);
});

test('a session runs the first tokens alone, and writes no row of the others', async () => {
  const session = await engine.open(experiment);
  const inputs = moe.makeInputs(moe.resolve(config), 9);
  await session.run('run', { inputs: { hidden_states: inputs.hidden_states! }, params: { tokens: 3 } });
  const out = await session.read('out');
  session.dispose();
  const others = { ...moe.makeInputs(moe.resolve(config), 1), hidden_states: inputs.hidden_states! };
  const expected = moe.reference(moe.resolve(config, others), others).out!.data;
  out.data.forEach((value, i) => {
    if (i < 3 * 16) expect(value).toBeCloseTo(expected[i]!, 5);
    else expect(value, 'poison of before the run').toBeNaN();
  });
});

test.each([
  ['the smallest in place of the largest', 'route.wgsl', 'theirs > own', 'theirs < own'],
  [
    'a choice that is not counted',
    'group.wgsl',
    'choice = from0; choice < to; choice++) {\n    if (u32',
    'choice = from0 + 1u; choice < to; choice++) {\n    if (u32',
  ],
  ['another token’s row', 'experts.wgsl', 'choice / params.top_k', 'choice % params.top_k'],
  ['a block of tokens too few', 'experts.wgsl', 'place0 < end; place0 += ROWS', 'place0 + ROWS < end; place0 += ROWS'],
  [
    'a slot that is not added',
    'combine.wgsl',
    'var choice = token * params.top_k;',
    'var choice = token * params.top_k + 1u;',
  ],
])('%s changes the output', async (_, file, from, to) => {
  const { wgsl } = moe.variants[0]!.kernels.find((kernel) => kernel.file === file)!;
  const faulty = wgsl.replace(from, to);
  expect(faulty).not.toBe(wgsl);
  const wrong = await engine.run({ ...experiment, sources: { [file]: faulty } });
  expect(wrong.outputs.out!.data).not.toEqual(right.outputs.out!.data);
});

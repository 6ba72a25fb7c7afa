// flash-v2-tuned: every form that this adapter can run, with its defaults, against the golden outputs and the float64 reference.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { openEngine } from '../../index.ts';
import { chooseForm } from '../../plan/choose-form.ts';
import type { Engine } from '../../runtime/api.ts';
import { difference } from '../../testing/difference.ts';
import { runGoldens } from '../../testing/golden-runs.ts';
import { pairwise } from '../../testing/pairwise.ts';
import { attention } from './index.ts';
import { randomProblem, tuples } from './testing/random-problem.ts';
import { FORMS, runTuned } from './testing/tuned.ts';
import { TUNED } from './tuned-tiles.ts';

/** Averages of standard normal values, logsumexps below 10: a few ulp of their size, times the length of a dot product. */
const TOLERANCE = 1e-5;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => {
  engine?.dispose();
});

const made = (raw: object, seed = 1) => attention.makeInputs(attention.resolve(raw), seed);

const run = (config: object, inputs: Record<string, Tensor>) => runTuned(engine, config, inputs);

async function expectReference(raw: object, inputs: Record<string, Tensor>) {
  const actual = await run(raw, inputs);
  const expected = attention.reference(attention.resolve(raw, inputs), inputs);
  for (const [name, { data }] of Object.entries(expected)) {
    const { maxAbs, nonfinite } = difference(actual[name]!.data, data);
    expect(nonfinite, `${name} ${JSON.stringify(raw)}`).toBe(0);
    expect(maxAbs, `${name} ${JSON.stringify(raw)}`).toBeLessThanOrEqual(TOLERANCE);
  }
}

/** What random problems bake into kernels: a head dimension, lengths, a softcap. Any two of their values in one kernel, in half as many. */
const baked = pairwise(
  tuples.flatMap(({ headDim, lengths }) => [false, true].map((capped) => ({ headDim, lengths, capped }))),
);

test('a software adapter with subgroups of four takes the quad form by itself', () => {
  const { limits, isSoftware } = engine.adapter;
  const expected = !isSoftware ? 'gpu' : limits.subgroupMinSize! >= 4 ? 'software-quad' : 'software';
  expect(chooseForm(undefined, limits)).toBe(expected);
  const { passes } = attention.plan(TUNED, attention.resolve({ headDim: 64 }), limits);
  expect(passes.map(({ kernel }) => kernel)).toEqual([`flash-v2-tuned-${expected}.wgsl`]);
});

describe.each(FORMS)('%s', (form) => {
  test('equals the golden outputs', async () => {
    let passed = 0;
    for (const family of ['fa_dense', 'fa_gqa', 'fa_window', 'fa_varlen']) {
      passed += await runGoldens(engine, family, TUNED, { form });
    }
    console.log(`${form}: ${passed} golden cases passed`);
    expect(passed).toBe(17);
  });

  test('equals the reference on 36 random problems', async () => {
    const random = uniformStream(7, form);
    expect(baked.length).toBeGreaterThanOrEqual(tuples.length);
    for (let round = 0; round < 36; round++) {
      const { capped, headDim, lengths } = baked[round % baked.length]!;
      const tuple = tuples.find((each) => each.headDim === headDim && each.lengths === lengths)!;
      const { br, bc, softcap = 5, ...config } = randomProblem(random, tuple, 'flash-v2');
      const problem = capped ? { ...config, softcap } : config;
      await expectReference({ ...problem, form }, made(problem, round));
    }
  });

  test('equals the reference at small, odd and large head dimensions, and at any number of rows', async () => {
    for (const headDim of [1, 3, 7, 24, 64, 80, 127, 128]) {
      const config = { batch: 2, heads: 2, kvHeads: 1, nq: 19, nk: 21, headDim, causal: headDim % 16 === 0 };
      await expectReference({ ...config, form }, made(config));
    }
    for (const nq of [1, 63, 64, 65]) {
      for (const nk of [1, 15, 16, 17, 67]) {
        const config = { nq, nk, headDim: 8, causal: nq > nk };
        await expectReference({ ...config, form }, made(config));
      }
    }
  });

  test('gives 0 and −∞ where a row sees nothing, and where a sequence is empty', async () => {
    const hidden = { nq: 20, nk: 6, headDim: 8, causal: true, form };
    const { out, lse } = await run(hidden, made(hidden));
    expect(lse!.data.subarray(0, 14).every((value) => value === -Infinity)).toBe(true);
    expect(out!.data.subarray(0, 14 * 8).every((value) => value === 0)).toBe(true);
    for (const headDim of [6, 8]) {
      for (const lengths of [
        { seqlensQ: [0, 5, 9], seqlensK: [4, 0, 7] },
        { seqlensQ: [0, 0, 0], seqlensK: [0, 0, 0] },
      ]) {
        const padded = { batch: 3, heads: 2, nq: 9, nk: 7, headDim, form, ...lengths };
        await expectReference(padded, made(padded));
        const packed = { batch: 3, heads: 2, headDim, packed: true, form, ...lengths };
        await expectReference(packed, made(packed));
      }
    }
  });

  test('is causal exactly: what comes later changes no bit of what came before', async () => {
    const config = { heads: 2, nq: 40, nk: 40, headDim: 8, causal: true, form };
    const inputs = made(config);
    const before = await run(config, inputs);
    for (const token of [1, 15, 16, 39]) {
      const changed = (name: string) => ({
        ...inputs[name]!,
        data: inputs[name]!.data.map((x, index) => (Math.floor(index / 16) >= token ? 3 - x : x)),
      });
      const after = await run(config, { q: changed('q'), k: changed('k'), v: changed('v') });
      expect(after.out!.data.subarray(0, token * 16)).toEqual(before.out!.data.subarray(0, token * 16));
      expect(after.out!.data.subarray(token * 16)).not.toEqual(before.out!.data.subarray(token * 16));
    }
  });
});

// What must hold for any input: agreement with the float64 reference over random problems, invariances, exact causality, poison.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { openEngine } from '../../index.ts';
import type { Engine } from '../../runtime/api.ts';
import { difference } from '../../testing/difference.ts';
import { attention } from './index.ts';
import { variantIds } from './plan.ts';
import { randomProblem, tuples } from './testing/random-problem.ts';

/** Outputs are averages of standard normal values, logsumexps are below 10: a few ulp of their size, times the length of a dot product. */
const TOLERANCE = 1e-5;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => {
  engine?.dispose();
});

async function outputs(variant: string, config: object, inputs: Record<string, Tensor>) {
  return (await engine.run({ mechanism: 'attention', variant, config }, { inputs })).outputs;
}

/** Runs a variant and compares both outputs with the reference. */
async function expectReference(variant: string, raw: object, inputs: Record<string, Tensor>) {
  const config = attention.resolve(raw, inputs);
  const actual = await outputs(variant, raw, inputs);
  for (const [name, expected] of Object.entries(attention.reference(config, inputs))) {
    const { maxAbs, nonfinite } = difference(actual[name]!.data, expected.data);
    const label = `${variant} ${name} ${JSON.stringify(raw)}`;
    expect(nonfinite, label).toBe(0);
    expect(maxAbs, label).toBeLessThanOrEqual(TOLERANCE);
  }
}

const made = (raw: object, seed = 1) => attention.makeInputs(attention.resolve(raw), seed);

describe.each(variantIds)('%s', (variant) => {
  test('equals the reference on 60 random problems', async () => {
    const random = uniformStream(7, variant);
    for (let round = 0; round < 60; round++) {
      const config = randomProblem(random, tuples[round % tuples.length]!, variant);
      await expectReference(variant, config, made(config, round));
    }
  });

  test('equals the reference at small, odd and large head dimensions', async () => {
    for (const headDim of variant === 'flash-v2' ? [1, 7, 24, 40, 64, 80, 96, 128] : [1, 7, 80, 128]) {
      const config = { batch: 2, heads: 2, kvHeads: 1, nq: 19, nk: 21, headDim, causal: headDim % 16 === 0 };
      await expectReference(variant, config, made(config));
    }
  });

  test('takes any number of rows: 1, a prime, a tile, one more and one less', async () => {
    for (const nq of [1, 7, 8, 9, 13]) {
      for (const nk of [1, 15, 16, 17, 37]) {
        const config = { nq, nk, headDim: 8, br: 8, bc: 16 };
        await expectReference(variant, config, made(config));
        await expectReference(variant, { ...config, causal: true, softcap: 2 }, made(config));
      }
    }
  });

  test('gives 0 and −∞ where a row sees nothing, and where a sequence is empty', async () => {
    const hidden = { nq: 20, nk: 6, headDim: 8, br: 8, bc: 16, causal: true };
    await expectReference(variant, hidden, made(hidden));
    const { out, lse } = await outputs(variant, hidden, made(hidden));
    expect(lse!.data.subarray(0, 14).every((value) => value === -Infinity)).toBe(true);
    expect(out!.data.subarray(0, 14 * 8).every((value) => value === 0)).toBe(true);
    for (const lengths of [
      { seqlensQ: [0, 5, 9], seqlensK: [4, 0, 7] },
      { seqlensQ: [0, 0, 0], seqlensK: [0, 0, 0] },
    ]) {
      const padded = { batch: 3, heads: 2, nq: 9, nk: 7, headDim: 8, br: 8, bc: 16, ...lengths };
      await expectReference(variant, padded, made(padded));
      const packed = { batch: 3, heads: 2, headDim: 8, br: 8, bc: 16, packed: true, ...lengths };
      await expectReference(variant, packed, made(packed));
    }
  });

  test('holds out at large logits, one dominating key, and equal logits', async () => {
    const config = { nq: 24, nk: 40, headDim: 8, br: 8, bc: 16, scale: 1 };
    const inputs = made(config);
    const scaled = (name: string, factor: number) => ({
      ...inputs[name]!,
      data: inputs[name]!.data.map((x) => x * factor),
    });
    const large = { ...inputs, q: scaled('q', 1e4) };
    const run = await outputs(variant, config, large);
    const expected = attention.reference(attention.resolve(config, large), large);
    // Every logit has an error of an ulp of its size (about 1e5), so the logsumexp is compared relatively; nearly every row
    // has one winner, whose value is the output.
    const { nonfinite } = difference(run.out!.data, expected.out!.data);
    expect(nonfinite).toBe(0);
    run.lse!.data.forEach((value, row) => {
      expect(Math.abs(value / expected.lse!.data[row]! - 1)).toBeLessThan(1e-6);
    });
    await expectReference(variant, config, { ...inputs, q: scaled('q', 0) });
    const spiked = { ...inputs, k: { ...inputs.k!, data: inputs.k!.data.map((x, index) => (index < 8 ? x * 30 : x)) } };
    await expectReference(variant, { ...config, softcap: 20 }, spiked);
    // A softcap far below the logits: tanh is asked for arguments it overflows at when computed naively.
    await expectReference(variant, { ...config, softcap: 0.01 }, large);
  });

  test('adds a constant to the logsumexp, and nothing else, when all scores of a row grow by it', async () => {
    const config = { nq: 20, nk: 40, headDim: 8, br: 8, bc: 16, scale: 1 };
    const inputs = made(config);
    // The last column of q and k is given up for the constant.
    const withColumn = (name: string, value: number) => ({
      ...inputs[name]!,
      data: inputs[name]!.data.map((x, index) => (index % 8 === 7 ? value : x)),
    });
    const base = await outputs(variant, config, { ...inputs, q: withColumn('q', 1), k: withColumn('k', 0) });
    const shifted = await outputs(variant, config, { ...inputs, q: withColumn('q', 1), k: withColumn('k', 8) });
    expect(difference(shifted.out!.data, base.out!.data).maxAbs).toBeLessThanOrEqual(TOLERANCE);
    expect(
      difference(
        shifted.lse!.data.map((x) => x - 8),
        base.lse!.data,
      ).maxAbs,
    ).toBeLessThanOrEqual(TOLERANCE);
  });

  test('is causal exactly: what comes later changes no bit of what came before', async () => {
    const config = { heads: 2, nq: 40, nk: 40, headDim: 8, br: 8, bc: 16, causal: true };
    const inputs = made(config);
    const before = await outputs(variant, config, inputs);
    for (const token of [1, 15, 16, 39]) {
      const changed = (name: string) => ({
        ...inputs[name]!,
        data: inputs[name]!.data.map((x, index) => (Math.floor(index / 16) >= token ? 3 - x : x)),
      });
      const after = await outputs(variant, config, { q: changed('q'), k: changed('k'), v: changed('v') });
      expect(after.out!.data.subarray(0, token * 16)).toEqual(before.out!.data.subarray(0, token * 16));
      expect(after.out!.data.subarray(token * 16)).not.toEqual(before.out!.data.subarray(token * 16));
    }
  });

  test('writes every output word: an edit that forgets one shows the poison', async () => {
    const config = { nq: 20, nk: 16, headDim: 8, br: 8, bc: 16 };
    const kernel = attention.variants.find(({ id }) => id === variant)!.kernels.at(-1)!;
    // Row 11 of the sequence: lane 11 of the block of standard-output, row 3 of a tile of the others.
    const forgotten = variant === 'standard' ? 'row == 11u' : 'place.y == 3u';
    const edited = kernel.wgsl.replaceAll(
      /^( *)(out\[|if \((column|lane \+ x \* LANES) < D\) \{)/gm,
      `$1if (${forgotten}) { continue; }\n$1$2`,
    );
    expect(edited).not.toBe(kernel.wgsl);
    const experiment = { mechanism: 'attention', variant, config };
    const run = await engine.run({ ...experiment, sources: { [kernel.file]: edited } }, { inputs: made(config) });
    expect(run.outputs.out!.data.some((value) => Number.isNaN(value))).toBe(true);
    const whole = await engine.run(experiment, { inputs: made(config) });
    expect(whole.outputs.out!.data.some((value) => Number.isNaN(value))).toBe(false);
  });
});

describe.each(variantIds.slice(1))('%s', (variant) => {
  test('does not depend on the tiles', async () => {
    const sizes = { nq: 50, nk: 45, headDim: 16, causal: true, windowLeft: 30 };
    const inputs = made(sizes);
    const first = await outputs(variant, { ...sizes, br: 16, bc: 16 }, inputs);
    for (const [br, bc] of [
      [64, 8],
      [5, 48],
      [1, 1],
    ]) {
      const other = await outputs(variant, { ...sizes, br, bc }, inputs);
      for (const name of ['out', 'lse']) {
        const { maxAbs, nonfinite } = difference(other[name]!.data, first[name]!.data);
        expect([nonfinite, maxAbs <= TOLERANCE], `${br} × ${bc}: ${maxAbs}`).toEqual([0, true]);
      }
    }
  });
});

// Inputs on which plain float32 sums go wrong: dot products of many equal terms, whose rounding is one-sided, and softcaps far above
// the scores, where a tanh that is right to 1e-7 is not right enough.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uniformStream } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import { openEngine } from '../../index.ts';
import type { Engine } from '../../runtime/api.ts';
import { relativeError } from '../../testing/relative-error.ts';
import { attention } from './index.ts';

const [NQ, NK] = [16, 48];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => {
  engine?.dispose();
});

/** Scores sweep from −80 to 80 along the keys; every term of a dot product is the same. */
function ramp(headDim: number, sign: number) {
  const next = uniformStream(headDim, 'v');
  const values = (length: number, of: (i: number) => number) => Float32Array.from({ length }, (_, i) => of(i));
  const key = (i: number) => Math.floor(i / headDim) / (NK - 1);
  return {
    q: tensor(
      'f32',
      [1, NQ, 1, headDim],
      values(NQ * headDim, () => 1),
    ),
    k: tensor(
      'f32',
      [1, NK, 1, headDim],
      values(NK * headDim, (i) => (sign * (160 * key(i) - 80)) / Math.sqrt(headDim)),
    ),
    v: tensor(
      'f32',
      [1, NK, 1, headDim],
      values(NK * headDim, () => 4 * next() - 2),
    ),
  };
}

test('flash-v2-tuned sums equal terms in short sums too', async () => {
  for (const headDim of [24, 40]) {
    expect(await relativeError(engine, attention, 'flash-v2-tuned', {}, ramp(headDim, 1))).toBeLessThan(6e-7);
  }
});

describe.each(['standard', 'flash-v1', 'flash-v2', 'flash-v2-block-sparse'])('%s', (variant) => {
  test('sums equal terms in short sums: scores of ±80 keep their digits at head dimensions up to 128', async () => {
    let worst = 0;
    for (const headDim of [40, 128]) {
      for (const sign of [1, -1]) {
        worst = Math.max(worst, await relativeError(engine, attention, variant, {}, ramp(headDim, sign)));
      }
    }
    console.log(`${variant}, scores of ±80: ${worst.toExponential(1)}`);
    expect(worst).toBeLessThan(2e-6);
  });
});

test.each([
  ['standard', {}],
  ['flash-v1', {}],
  ['flash-v2', {}],
  ['flash-v2-block-sparse', {}],
  ['flash-v2-tuned', { form: 'gpu' }],
  ['flash-v2-tuned', { form: 'software' }],
  ['flash-v2-tuned', { form: 'software-quad' }],
])('%s %j keeps the digits of small scores under a large softcap', async (variant, form) => {
  let worst = 0;
  for (const softcap of [15, 50, 1000, 1e5]) {
    const raw = { nq: 40, nk: 48, headDim: 32, causal: true, softcap, ...form };
    worst = Math.max(worst, await relativeError(engine, attention, variant, raw));
  }
  console.log(`${variant}, softcap: ${worst.toExponential(1)}`);
  expect(worst).toBeLessThan(5e-7);
});

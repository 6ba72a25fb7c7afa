// Stacks whose way in is a picture.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalTensor } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { resolveStack, type StackConfig, stackOf } from './config.ts';
import { reference } from './reference.ts';
import { untrainedWeights } from './stack.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const vit = {
  tokens: { kind: 'patches', size: 12, patch: 4, classToken: true },
  width: 16,
  positions: { kind: 'learned' },
  blocks: [
    { kind: 'attention', heads: 2, causal: false, bias: true },
    { kind: 'mlp', hidden: 24, activation: 'gelu', bias: true },
    { kind: 'attention', heads: 4, causal: false, bias: true, variant: 'standard' },
    { kind: 'mlp', hidden: 24, activation: 'gelu', bias: true },
  ],
  readout: { kind: 'class-token', classes: 5 },
};

const cct = {
  tokens: { kind: 'image', size: [13, 18], channels: 3, convs: [{ planes: 6 }, { planes: 12 }] },
  width: 12,
  blocks: [
    { kind: 'cct', heads: 3, hidden: 20 },
    { kind: 'cct', heads: 2, hidden: 24 },
  ],
  readout: { kind: 'seqpool', classes: 4 },
};

const stacks: Record<string, object> = {
  ViT: vit,
  CCT: cct,
  'wide filters apart, no pooling, sines, the mean': {
    tokens: {
      kind: 'image',
      size: [15, 11],
      classToken: true,
      convs: [{ planes: 8, kernel: 7, stride: 2, padding: 3, pool: 0, activation: 'none' }],
    },
    width: 8,
    positions: { kind: 'sinusoidal' },
    blocks: [{ kind: 'cct', heads: 1, hidden: 9 }],
    readout: { kind: 'mean', classes: 3, norm: 'rms' },
  },
  'patches that leave an edge over, SeqPool without a norm': {
    tokens: { kind: 'patches', size: [11, 14], patch: 3, channels: 2 },
    width: 10,
    blocks: [],
    readout: { kind: 'seqpool', classes: 2, norm: 'none', bias: false },
  },
};

function relativeDistance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!))) / largest;
}

function pictureOf(config: StackConfig, seed: number) {
  const { tokens, size } = stackOf(config);
  return normalTensor(seed, 'image', [...tokens.kind.inputs!(tokens.keys, size).image!.shape]);
}

describe.each(Object.entries(stacks))('%s', (_name, raw) => {
  const config = resolveStack(raw) as StackConfig;
  const weights = untrainedWeights(config, 3);

  test('two pictures equal float64, as the part prefill and as the run', async () => {
    const session = await engine.open({ model: 'stack', config: raw, weights });
    for (const seed of [1, 2]) {
      const image = pictureOf(config, seed);
      const expected = reference(stackOf(config), weights, image.data);
      const run = await session.run('prefill', { inputs: { image } });
      const whole = await session.run('run', { inputs: { image } });
      expect(Object.keys(run.outputs).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, { shape, data }] of Object.entries(expected)) {
        expect(run.outputs[name]!.shape, name).toEqual(shape);
        expect(relativeDistance(run.outputs[name]!.data, data), name).toBeLessThan(1e-5);
        expect(relativeDistance(whole.outputs[name]!.data, run.outputs[name]!.data), name).toBe(0);
      }
    }
    session.dispose();
  });
});

test('the context is the number of tokens that come of the picture, and another is refused', () => {
  const contexts = Object.values(stacks).map((raw) => (resolveStack(raw) as StackConfig).context);
  // 3 × 3 and a class token; 4 × 5; 8 × 6 and a class token; 3 × 4
  expect(contexts).toEqual([10, 20, 49, 12]);
  expect(() => resolveStack({ ...vit, context: 9 })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'context', value: 9, limit: 10 }),
  );
});

test('convolutions that make another width, and windows that do not fit, are refused by name', () => {
  expect(() => resolveStack({ ...cct, width: 16 })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'tokens.convs.1.planes', value: 12, limit: 16 }),
  );
  const small = { ...cct, tokens: { ...cct.tokens, size: 2, convs: [{ planes: 12, kernel: 5, padding: 1 }] } };
  expect(() => resolveStack(small)).toThrow(expect.objectContaining({ code: 'bad-config', value: 5, limit: 4 }));
});

test('SeqPool’s weights add up to 1, and the order of tokens without positions changes no logit', async () => {
  const raw = { ...vit, tokens: { kind: 'patches', size: 12, patch: 4 }, positions: { kind: 'none' } };
  const config = { ...raw, readout: { kind: 'seqpool', classes: 5 } };
  const weights = untrainedWeights(resolveStack(config) as StackConfig, 3);
  const session = await engine.open({ model: 'stack', config, weights });
  const image = pictureOf(resolveStack(config) as StackConfig, 7);
  const { outputs } = await session.run('prefill', { inputs: { image } });
  const shares = Array.from(outputs.pool_weights!.data);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  // The rows of patches from below upwards.
  const turned = tensor(
    'f32',
    image.shape,
    Array.from(image.data, (_, i) => image.data[(2 - Math.floor(i / 48)) * 48 + (i % 48)]!),
  );
  const again = await session.run('prefill', { inputs: { image: turned } });
  expect(relativeDistance(again.outputs.logits!.data, outputs.logits!.data)).toBeLessThan(1e-5);
  const moved = [2, 1, 0].flatMap((row) => shares.slice(3 * row, 3 * row + 3));
  expect(relativeDistance(again.outputs.pool_weights!.data, moved)).toBeLessThan(1e-5);
  session.dispose();
});

test.each(['mean', 'seqpool'])('of a text %s reads the tokens of the run alone', async (kind) => {
  const raw = {
    tokens: { kind: 'bytes', vocabulary: 11 },
    width: 8,
    blocks: [{ kind: 'attention', heads: 2, causal: false }],
    readout: { kind, classes: 3 },
    context: 20,
  };
  const config = resolveStack(raw) as StackConfig;
  const weights = untrainedWeights(config, 3);
  const session = await engine.open({ model: 'stack', config: raw, weights });
  for (const count of [20, 7, 1]) {
    const ids = tensor(
      'i32',
      [count],
      Array.from({ length: count }, (_, i) => (3 * i) % 11),
    );
    const expected = reference(stackOf(config), weights, ids.data);
    const { outputs } = await session.run('prefill', { inputs: { ids } });
    for (const [name, { shape, data }] of Object.entries(expected)) {
      expect(outputs[name]!.shape, `${name} of ${count}`).toEqual(shape);
      expect(relativeDistance(outputs[name]!.data, data), `${name} of ${count}`).toBeLessThan(1e-5);
    }
  }
  session.dispose();
});

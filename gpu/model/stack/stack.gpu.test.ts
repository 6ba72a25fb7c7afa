import { afterAll, beforeAll, expect, test } from 'vitest';
import { integerTensor } from '../../core/random.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { stackLaws, VOCABULARY } from '../testing/stack-laws.ts';
import { resolveStack, type StackConfig } from './config.ts';
import { untrainedWeights } from './stack.ts';

const block = { heads: 2, causal: true };
const stacks: Record<string, object> = {
  GPT: {
    tokens: { kind: 'characters', vocabulary: VOCABULARY },
    width: 16,
    positions: { kind: 'learned' },
    blocks: [
      { kind: 'attention', ...block, bias: true },
      { kind: 'mlp', hidden: 24, bias: true },
      { kind: 'attention', ...block, bias: true, variant: 'standard' },
      { kind: 'mlp', hidden: 24, bias: true, activation: 'gelu' },
    ],
    readout: { kind: 'next-token', classes: VOCABULARY },
    context: 24,
  },
  'grouped heads, RMS norm, SwiGLU': {
    tokens: { kind: 'bytes', vocabulary: VOCABULARY },
    width: 12,
    positions: { kind: 'sinusoidal' },
    blocks: [
      { kind: 'attention', norm: 'rms', heads: 4, kvHeads: 2, headDim: 5, window: 3 },
      { kind: 'mlp', norm: 'rms', hidden: 17, activation: 'swiglu' },
      { kind: 'attention', norm: 'rms', place: 'post', heads: 3, kvHeads: 1, variant: 'flash-v1' },
      { kind: 'mlp', norm: 'none', hidden: 8, activation: 'relu2', bias: true },
    ],
    readout: { kind: 'next-token', classes: VOCABULARY, norm: 'rms', every: true, bias: true },
    context: 21,
  },
};

stackLaws(stacks);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('one block is recorded by itself, on the tokens of the run before it', async () => {
  const raw = stacks.GPT!;
  const config = resolveStack(raw) as StackConfig;
  const session = await engine.open({ model: 'stack', config: raw, weights: untrainedWeights(config, 3) });
  await session.run('prefill', { inputs: { ids: integerTensor(5, 'text', [7], 0, VOCABULARY) } });
  const { trace } = await session.run('prefill.blocks.0', { trace: true });
  expect(trace!.matchesPlain).toBe(true);
  expect(trace!.totals.find(({ buffer }) => buffer === 'blocks.0.k_cache')!.stores).toBe(7 * config.width);
  session.dispose();
});

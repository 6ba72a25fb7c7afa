import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { integerTensor } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import type { Engine, Run } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';

import { resolveStack, type StackConfig, stackOf } from './config.ts';
import { reference } from './reference.ts';
import { untrainedWeights } from './stack.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const VOCABULARY = 19;

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
  'a scan with norms on its maps, and one without': {
    tokens: { kind: 'bytes', vocabulary: VOCABULARY },
    width: 10,
    blocks: [
      { kind: 'mamba', norm: 'rms', inner: 21, states: 5, conv: 4, dtRank: 3 },
      { kind: 'mlp', norm: 'rms', hidden: 16, activation: 'swiglu' },
      { kind: 'mamba', norm: 'layer', place: 'post', inner: 16, states: 4, conv: 3, dtRank: 1, innerNorms: false },
    ],
    readout: { kind: 'next-token', classes: VOCABULARY, norm: 'rms', every: true },
    context: 21,
  },
  'Mamba-2 beside attention': {
    tokens: { kind: 'bytes', vocabulary: VOCABULARY },
    width: 12,
    blocks: [
      { kind: 'mamba2', norm: 'rms', inner: 24, heads: 3, headDim: 8, states: 6 },
      { kind: 'attention', norm: 'rms', heads: 3, kvHeads: 1 },
      { kind: 'mamba2', norm: 'none', residual: false, inner: 20, heads: 4, headDim: 5, states: 3, conv: 2, groups: 2 },
    ],
    readout: { kind: 'next-token', classes: VOCABULARY },
    context: 19,
  },
};

/** Largest difference, relative to the largest of what is expected. */
function relativeDistance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!))) / largest;
}

const slice = ({ data }: Tensor, from: number, to: number) => tensor('i32', [to - from], data.slice(from, to));
const logits = (run: Run) => run.outputs.logits!;

/** A state of a block, and what a run of some tokens stores in it. */
function kept(block: { kind: string }, width: number, tokens: number): [string, number] {
  const { inner, states, kvHeads = 2, headDim = width / 2 } = block as unknown as Record<string, number>;
  return block.kind === 'attention' ? ['k_cache', tokens * kvHeads! * headDim!] : ['ssm_state', inner! * states!];
}

describe.each(Object.entries(stacks))('%s', (_name, raw) => {
  const config = resolveStack(raw) as StackConfig;
  const weights = untrainedWeights(config, 3);
  const { every } = config.readout as { kind: string; every?: boolean };
  const text = integerTensor(5, 'text', [config.context], 0, VOCABULARY);
  const expected = (count: number) => reference(stackOf(config), weights, slice(text, 0, count).data).logits!;
  const open = () => engine.open({ model: 'stack', config: raw, weights });

  test('a text of 1, 2, a tile − 1, a tile, a tile + 1 and as many tokens as fit equals float64', async () => {
    const session = await open();
    for (const count of [1, 2, 15, 16, 17, config.context]) {
      const run = await session.run('prefill', { inputs: { ids: slice(text, 0, count) } });
      expect(logits(run).shape).toEqual([every ? count : 1, VOCABULARY]);
      expect(relativeDistance(logits(run).data, expected(count).data), `${count} tokens`).toBeLessThan(1e-5);
    }
    session.dispose();
  });

  test('token by token, and several at once, after a text equal the whole; cropped, it is as if it had never gone there', async () => {
    const session = await open();
    await session.run('prefill', { inputs: { ids: slice(text, 0, 5) } });
    const lastOf = (run: Run) => logits(run).data.slice(-VOCABULARY);
    for (const [from, to] of [
      [5, 6],
      [6, 7],
      [7, 11],
      [11, 18],
    ] as const) {
      const run = await session.run('step', { inputs: { ids: slice(text, from, to) } });
      const whole = expected(to).data.slice(-VOCABULARY);
      expect(relativeDistance(lastOf(run), whole), `tokens ${from}…${to}`).toBeLessThan(1e-5);
    }
    await session.crop(9);
    const again = await session.run('step', { inputs: { ids: slice(text, 9, 10) } });
    const never = await open();
    await never.run('prefill', { inputs: { ids: slice(text, 0, 9) } });
    const straight = await never.run('step', { inputs: { ids: slice(text, 9, 10) } });
    expect(relativeDistance(lastOf(again), lastOf(straight))).toBeLessThan(1e-6);
    session.dispose();
    never.dispose();
  });

  test('more tokens than fit, none, ids that are none and a crop beyond the end are refused, and nothing is lost', async () => {
    const session = await open();
    await session.run('prefill', { inputs: { ids: slice(text, 0, 4) } });
    const step = (ids: Tensor) => session.run('step', { inputs: { ids } });
    await expect(step(integerTensor(1, 'x', [config.context], 0, 3))).rejects.toMatchObject({
      code: 'limit-exceeded',
      field: 'ids',
      value: config.context + 4,
      limit: config.context,
    });
    await expect(step(tensor('i32', [0], []))).rejects.toMatchObject({ code: 'bad-input', field: 'ids' });
    await expect(session.run('step')).rejects.toMatchObject({ code: 'bad-input', field: 'ids' });
    await expect(session.crop(5)).rejects.toMatchObject({ code: 'bad-input', value: 5, limit: 4 });
    const run = await step(slice(text, 4, 5));
    expect(relativeDistance(logits(run).data.slice(-VOCABULARY), expected(5).data.slice(-VOCABULARY))).toBeLessThan(
      1e-5,
    );
    session.dispose();
  });
});

test.each(['GPT', 'Mamba-2 beside attention'])(
  '%s: one block is recorded by itself, on the tokens of the run before it',
  async (name) => {
    const raw = stacks[name]!;
    const config = resolveStack(raw) as StackConfig;
    const session = await engine.open({ model: 'stack', config: raw, weights: untrainedWeights(config, 3) });
    await session.run('prefill', { inputs: { ids: integerTensor(5, 'text', [7], 0, VOCABULARY) } });
    const { trace } = await session.run('prefill.blocks.0', { trace: true });
    expect(trace!.matchesPlain).toBe(true);
    const [buffer, stores] = kept(config.blocks[0]!, config.width, 7);
    expect(trace!.totals.find((row) => row.buffer === `blocks.0.${buffer}`)!.stores).toBe(stores);
    session.dispose();
  },
);

import { afterAll, beforeAll, expect, test } from 'vitest';
import { integerTensor } from '../../core/random.ts';
import { type Tensor, type TensorData, tensor } from '../../core/tensor.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { resolveStack, type StackConfig } from '../stack/config.ts';
import { untrainedWeights } from '../stack/stack.ts';
import { relativeDistance, stackLaws, VOCABULARY } from '../testing/stack-laws.ts';

const ends = {
  tokens: { kind: 'bytes', vocabulary: VOCABULARY },
  readout: { kind: 'next-token', classes: VOCABULARY, every: true },
  context: 20,
};
const stacks: Record<string, object> = {
  'Primer: filters on q, k and v, rotary positions, squared ReLU': {
    ...ends,
    width: 12,
    positions: { kind: 'rope' },
    blocks: [
      { kind: 'attention', heads: 3, headDim: 6, bias: true, qkvConv: 3 },
      { kind: 'mlp', hidden: 16, activation: 'relu2', bias: true },
      { kind: 'attention', heads: 2, kvHeads: 1, qkvConv: 3, variant: 'standard' },
    ],
  },
  'neighbouring pairs turned, stretched to the context': {
    ...ends,
    width: 8,
    positions: { kind: 'rope', layout: 'interleaved', theta: 500, scaling: 'dynamic', factor: 2 },
    blocks: [{ kind: 'attention', norm: 'rms', heads: 4, kvHeads: 2, headDim: 4 }],
  },
};

stackLaws(stacks);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

/** Logits after every token of a text. */
async function logitsOf(raw: object, ids: Tensor, weights?: Record<string, Tensor>): Promise<TensorData> {
  const all = untrainedWeights(resolveStack(raw) as StackConfig, 3);
  const session = await engine.open({ model: 'stack', config: raw, weights: { ...all, ...weights } });
  const { outputs } = await session.run('prefill', { inputs: { ids } });
  session.dispose();
  return outputs.logits!.data;
}

test('with rotary positions only distances count: the same words further on mean the same', async () => {
  const raw = {
    ...ends,
    width: 8,
    positions: { kind: 'rope', scaling: 'linear', factor: 3 },
    blocks: [{ kind: 'attention', heads: 2, window: 3 }],
  };
  const words = integerTensor(8, 'words', [4], 0, VOCABULARY).data;
  const last = async (before: number[]) => {
    const ids = tensor('i32', [before.length + 4], [...before, ...words]);
    return (await logitsOf(raw, ids)).slice(-VOCABULARY);
  };
  const alone = await last([]);
  expect(relativeDistance(await last([3, 1, 4, 1, 5, 9, 2, 6]), alone)).toBeLessThan(2e-6);
  // Other words in the same places do not.
  words.reverse();
  expect(relativeDistance(await last([]), alone)).toBeGreaterThan(1e-3);
});

test('filters of 1, 0, 0 are none', async () => {
  const raw = (qkvConv: number) => ({ ...ends, width: 8, blocks: [{ kind: 'attention', heads: 2, qkvConv }] });
  const ids = integerTensor(8, 'words', [17], 0, VOCABULARY);
  const none = tensor(
    'f32',
    [3, 8],
    Array.from({ length: 24 }, (_, i) => (i < 8 ? 1 : 0)),
  );
  const names = ['q_conv', 'k_conv', 'v_conv'].map((name) => [`blocks.0.${name}`, none]);
  const filtered = await logitsOf(raw(3), ids, Object.fromEntries(names));
  expect(relativeDistance(filtered, await logitsOf(raw(0), ids))).toBeLessThan(1e-6);
});

test('ALiBi, a head that has no pairs and a filter of two taps are refused by name', () => {
  const of = (positions: object, keys: object) => () =>
    resolveStack({ ...ends, width: 9, positions, blocks: [{ kind: 'attention', heads: 3, ...keys }] });
  expect(of({ kind: 'alibi' }, {})).toThrow(
    expect.objectContaining({ code: 'unsupported', field: 'blocks.0.positions.kind', value: 'alibi' }),
  );
  expect(of({ kind: 'rope' }, {})).toThrow(expect.objectContaining({ field: 'blocks.0.headDim', value: 3 }));
  expect(of({}, { qkvConv: 2 })).toThrow(expect.objectContaining({ field: 'blocks.0.qkvConv' }));
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { integerTensor } from '../../core/random.ts';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { resolveStack, type StackConfig } from '../stack/config.ts';
import { untrainedWeights } from '../stack/stack.ts';
import { stackLaws, VOCABULARY } from '../testing/stack-laws.ts';

const stacks: Record<string, object> = {
  'Jamba: a scan with norms on its maps and experts, and one without': {
    tokens: { kind: 'bytes', vocabulary: VOCABULARY },
    width: 10,
    blocks: [
      { kind: 'mamba', norm: 'rms', inner: 21, states: 5, conv: 4, dtRank: 3 },
      { kind: 'moe', norm: 'rms', experts: 4, topK: 2, hidden: 9 },
      { kind: 'mamba', norm: 'layer', place: 'post', inner: 16, states: 4, conv: 3, dtRank: 1, innerNorms: false },
      { kind: 'moe', norm: 'none', residual: false, experts: 3, topK: 2, hidden: 5, renormalise: true },
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

stackLaws(stacks);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('one block is recorded by itself: it stores its state once, however many tokens it takes in', async () => {
  const raw = stacks['Mamba-2 beside attention']!;
  const weights = untrainedWeights(resolveStack(raw) as StackConfig, 3);
  const session = await engine.open({ model: 'stack', config: raw, weights });
  await session.run('prefill', { inputs: { ids: integerTensor(5, 'text', [7], 0, VOCABULARY) } });
  const { trace } = await session.run('prefill.blocks.0', { trace: true });
  expect(trace!.matchesPlain).toBe(true);
  expect(trace!.totals.find(({ buffer }) => buffer === 'blocks.0.ssm_state')!.stores).toBe(24 * 6);
  session.dispose();
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { engineOf } from '../../define/testing/holds.ts';
import type { BufferCount } from '../../mechanisms/mechanism.ts';
import type { Engine } from '../../runtime/api.ts';
import { relativeDistance } from '../../testing/relative-error.ts';
import { blockKinds } from '../blocks.ts';
import { block } from './block.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await engineOf(block);
});
afterAll(() => engine.dispose());

const size = { batch: 2, seqlen: 7, width: 12 };

/** One of each kind, small and ragged. */
const configs: Record<string, object> = {
  attention: { heads: 2, kvHeads: 1, headDim: 5 },
  mlp: { hidden: 17, activation: 'swiglu', norm: 'rms' },
  moe: { experts: 3, topK: 2, hidden: 8, norm: 'rms' },
  mamba: { inner: 10, states: 3, dtRank: 2, norm: 'rms' },
  mamba2: { inner: 12, heads: 3, headDim: 4, states: 5, norm: 'rms' },
  cct: { heads: 3, hidden: 20 },
  sequence: {
    blocks: [
      { kind: 'attention', heads: 3, norm: 'rms' },
      { kind: 'mlp', hidden: 9, activation: 'relu2' },
    ],
    finalNorm: 'rms',
  },
};

test('every kind has a config here', () => {
  expect(Object.keys(configs).sort()).toEqual([...blockKinds.keys(), 'sequence'].sort());
});

test.each(Object.entries(configs))(
  '%s: two sequences equal float64, and the recorder counts in storage what the closed form says',
  async (kind, keys) => {
    const raw = { ...size, ...keys, ...(kind !== 'sequence' && { kind }) };
    const config = block.resolve(raw);
    const inputs = block.makeInputs(config, 1);
    const { outputs, trace } = await engine.run(
      { mechanism: 'block', variant: kind, config: raw },
      { inputs, trace: true },
    );
    expect(relativeDistance(kind, outputs, block.reference(config, inputs))).toBeLessThan(1e-5);
    expect(trace!.matchesPlain).toBe(true);
    const isStored = (name: string) => trace!.buffers.some((each) => each.name === name && each.space === 'storage');
    const rows = (totals: readonly BufferCount[]) =>
      Object.fromEntries(
        totals
          .filter(({ loads, stores }) => loads + stores > 0)
          .map(({ buffer, loads, stores, loadBytes, storeBytes }) => [
            buffer,
            { loads, stores, loadBytes, storeBytes },
          ]),
      );
    const counted = trace!.totals.filter(({ buffer }) => isStored(buffer));
    expect(rows(counted)).toEqual(rows(block.cost(kind, config, engine.adapter.limits, inputs).buffers));
  },
);

// The hand-built induction block, on fresh streams and on the GPU: right with selection at any length, wrong without.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { FRESH_LONG, inductionFreshStreams, type RunBlock } from './fresh-streams.ts';
import { type InductionSizes, inductionAnswers, sentenceInduction } from './induction.ts';
import { mambaBlock } from './mamba-block.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

test('S6 answers ≥ 99 % of fresh streams, at 64 steps and at 4096; S4 does not', async () => {
  const total = { s6: { right: 0, asked: 0 }, long: { right: 0, asked: 0 }, s4: { right: 0, asked: 0 } };
  const run: RunBlock = async (config, inputs) =>
    (await engine.run({ mechanism: 'mamba-block', variant: 'fused', config }, { inputs })).outputs;
  for await (const { mode, length, right, asked } of inductionFreshStreams(run)) {
    const sum = total[length === FRESH_LONG ? 'long' : mode];
    sum.right += right;
    sum.asked += asked;
  }
  const text = ({ right, asked }: { right: number; asked: number }) => `${right} of ${asked}`;
  const { s6, long, s4 } = total;
  console.log(`induction, 16 symbols: S6 ${text(s6)} at 64 steps, ${text(long)} at 4096; S4 ${text(s4)}`);
  expect([s6.asked, s4.asked, long.asked]).toEqual([256, 256, 16]);
  expect(s6.right / s6.asked).toBeGreaterThanOrEqual(0.99);
  expect(long.right).toBe(long.asked);
  expect(s4.right / s4.asked).toBeLessThan(0.5);
});

test('a sentence’s last word is answered with what followed it before', async () => {
  const run = async (text: string) => {
    const { inputs, tokens } = sentenceInduction(text);
    const { outputs } = await engine.run({ mechanism: 'mamba-block', variant: 'fused', config: {} }, { inputs });
    const config = mambaBlock.resolve({}, inputs) as unknown as InductionSizes;
    expect(tokens).toHaveLength(config.seqlen);
    return inductionAnswers(config, inputs.xz!.data, outputs.out!.data)[0]!;
  };
  // Symbols in order of appearance, without the marker: a 0, c 1, d 2.
  expect(await run('a b c d b')).toMatchObject({ expected: 1, answered: 1 });
  const { expected, answered } = await run('The animal did not cross the street because it was too tired to walk');
  expect(answered).toBe(expected);
});

// The hand-built induction block, on fresh streams and on the GPU: right with selection at any length, wrong without.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { mambaBlock } from './index.ts';
import { type InductionSizes, inductionAnswers, inductionShape, sentenceInduction } from './induction.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

async function accuracy(seqlen: number, batch: number, mode: string, seed: number) {
  const config = { batch, seqlen, ...inductionShape(16), task: 'induction', mode, channels: 32 };
  const inputs = mambaBlock.makeInputs(mambaBlock.resolve(config), seed);
  const { outputs } = await engine.run({ mechanism: 'mamba-block', variant: 'fused', config }, { inputs });
  const answers = inductionAnswers(config, inputs.xz!.data, outputs.out!.data);
  return { right: answers.filter(({ expected, answered }) => expected === answered).length, asked: answers.length };
}

test('S6 answers ≥ 99 % of fresh streams, at 64 steps and at 4096; S4 does not', async () => {
  const text = ({ right, asked }: { right: number; asked: number }) => `${right} of ${asked}`;
  const s6 = await accuracy(64, 256, 's6', 21);
  const long = await accuracy(4096, 16, 's6', 22);
  const s4 = await accuracy(64, 256, 's4', 21);
  console.log(`induction, 16 symbols: S6 ${text(s6)} at 64 steps, ${text(long)} at 4096; S4 ${text(s4)}`);
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

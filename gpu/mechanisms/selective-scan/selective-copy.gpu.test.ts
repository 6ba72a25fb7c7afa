// The hand-built model of selective copying, on fresh streams and on the GPU: right with selection, wrong without.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { selectiveScan } from './index.ts';
import { copyAnswers, sentenceInputs } from './selective-copy.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const sizes = { batch: 32, dim: 16, dstate: 4, seqlen: 128 };

async function accuracy(variant: string, mode: string, seed: number): Promise<{ right: number; asked: number }> {
  const config = { ...sizes, task: 'selective-copy', mode, scan: 32, chunk: 32 };
  const inputs = selectiveScan.makeInputs(selectiveScan.resolve(config), seed);
  const { outputs } = await engine.run({ mechanism: 'selective-scan', variant, config }, { inputs });
  const answers = copyAnswers(sizes, inputs.u!.data, outputs.out!.data);
  return { right: answers.filter(({ expected, answered }) => expected === answered).length, asked: answers.length };
}

test('S6 copies ≥ 99 % of the tokens of fresh streams; S4 does not', async () => {
  const total = { s6: { right: 0, asked: 0 }, s4: { right: 0, asked: 0 } };
  for (const mode of ['s6', 's4'] as const) {
    for (let seed = 101; seed <= 108; seed++) {
      const { right, asked } = await accuracy('sequential', mode, seed);
      total[mode].right += right;
      total[mode].asked += asked;
    }
  }
  const share = ({ right, asked }: { right: number; asked: number }) => right / asked;
  const text = ({ right, asked }: { right: number; asked: number }) =>
    `${right} of ${asked} (${((100 * right) / asked).toFixed(1)} %)`;
  console.log(
    `selective copying, ${sizes.dim} symbols, ${sizes.dstate} to copy of ${sizes.seqlen} steps: S6 ${text(total.s6)}, S4 ${text(total.s4)}`,
  );
  expect(total.s6.asked).toBe(8 * 32 * 4);
  expect(share(total.s6)).toBeGreaterThanOrEqual(0.99);
  expect(share(total.s4)).toBeLessThan(0.5);
});

test('every variant copies alike', async () => {
  for (const variant of ['sequential', 'sequential-x4', 'unfused', 'hillis-steele', 'blelloch', 'chunked']) {
    const { right, asked } = await accuracy(variant, 's6', 5);
    expect(right, variant).toBe(asked);
  }
});

test('a sentence gives back its marked words in order, and long ones when none is marked', async () => {
  const run = async (text: string, config = {}) => {
    const { inputs, tokens } = sentenceInputs(text);
    const resolved = selectiveScan.resolve(config, inputs) as unknown as typeof sizes;
    const { outputs } = await engine.run({ mechanism: 'selective-scan', variant: 'sequential', config }, { inputs });
    const answers = copyAnswers(resolved, inputs.u!.data, outputs.out!.data);
    expect(tokens).toHaveLength(resolved.seqlen);
    return answers.map(({ expected, answered }) => expected === answered);
  };
  expect(await run('the *cat sat on the *mat with a *cat')).toEqual([true, true, true]);
  expect(await run('The animal did not cross the street because it was too tired to walk')).toEqual([true, true, true]);
  expect(await run('The animal did not cross the street because it was', { mode: 's4' })).toContain(false);
});

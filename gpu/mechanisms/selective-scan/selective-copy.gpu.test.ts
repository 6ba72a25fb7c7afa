// The hand-built model of selective copying, on fresh streams and on the GPU: right with selection, wrong without.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { difference } from '../../testing/difference.ts';
import { copyFresh, copyFreshStreams, FRESH_SIZES, type RunScan } from './fresh-streams.ts';
import { type CopySizes, copyAnswers, sentenceInputs } from './selective-copy.ts';
import { selectiveScan } from './selective-scan.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const run =
  (variant: string): RunScan =>
  async (config, inputs) =>
    (await engine.run({ mechanism: 'selective-scan', variant, config }, { inputs })).outputs;

test('S6 copies ≥ 99 % of the tokens of fresh streams; S4 does not', async () => {
  const total = { s6: { right: 0, asked: 0 }, s4: { right: 0, asked: 0 } };
  for await (const { mode, right, asked } of copyFreshStreams(run('sequential'))) {
    total[mode].right += right;
    total[mode].asked += asked;
  }
  const share = ({ right, asked }: { right: number; asked: number }) => right / asked;
  const text = ({ right, asked }: { right: number; asked: number }) =>
    `${right} of ${asked} (${((100 * right) / asked).toFixed(1)} %)`;
  const { dim, dstate, seqlen, batch } = FRESH_SIZES;
  console.log(
    `selective copying, ${dim} symbols, ${dstate} to copy of ${seqlen} steps: S6 ${text(total.s6)}, S4 ${text(total.s4)}`,
  );
  for (const { asked } of [total.s6, total.s4]) expect(asked).toBe(8 * batch * dstate);
  expect(share(total.s6)).toBeGreaterThanOrEqual(0.99);
  expect(share(total.s4)).toBeLessThan(0.5);
});

test('every variant copies alike', async () => {
  for (const variant of ['sequential', 'sequential-x4', 'unfused', 'hillis-steele', 'blelloch', 'chunked']) {
    const { right, asked } = await copyFresh(run(variant), 's6', 5, { scan: 32, chunk: 32 });
    expect(right, variant).toBe(asked);
  }
});

test('the presets are within what the page allows in every variant, on more streams than the one they ship with', async () => {
  let worst = 0;
  for (const { config } of selectiveScan.presets.filter(({ id }) => id.startsWith('selective-copy')))
    for (const variant of ['sequential', 'sequential-x4', 'unfused', 'hillis-steele', 'blelloch', 'chunked'])
      for (const seed of [1, 2, 3, 4]) {
        const resolved = selectiveScan.resolve(config);
        const inputs = selectiveScan.makeInputs(resolved, seed);
        const { outputs } = await engine.run({ mechanism: 'selective-scan', variant, config }, { inputs });
        for (const [name, { data }] of Object.entries(selectiveScan.reference(resolved, inputs))) {
          const { maxAbs, nonfinite } = difference(outputs[name]!.data, data);
          const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          expect(nonfinite).toBe(0);
          worst = Math.max(worst, maxAbs / largest);
        }
      }
  console.log(`selective copying against float64: ${worst.toExponential(1)}, 2e-5 allowed`);
  expect(worst).toBeLessThan(1e-5);
});

test('a sentence gives back its marked words in order, and long ones when none is marked', async () => {
  const answer = async (text: string, config = {}) => {
    const { inputs, tokens } = sentenceInputs(text);
    const resolved = selectiveScan.resolve(config, inputs) as unknown as CopySizes;
    const { outputs } = await engine.run({ mechanism: 'selective-scan', variant: 'sequential', config }, { inputs });
    const answers = copyAnswers(resolved, inputs.u!.data, outputs.out!.data);
    expect(tokens).toHaveLength(resolved.seqlen);
    return answers.map(({ expected, answered }) => expected === answered);
  };
  expect(await answer('the *cat sat on the *mat with a *cat')).toEqual([true, true, true]);
  expect(await answer('The animal did not cross the street because it was too tired to walk')).toEqual([
    true,
    true,
    true,
  ]);
  expect(await answer('The animal did not cross the street because it was', { mode: 's4' })).toContain(false);
});

// Test code: what every causal stack owes, however its blocks are made: a text in one run, in several, and cropped, equals float64.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { integerTensor } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import type { Engine, Run } from '../../runtime/api.ts';
import { openEngine } from '../../runtime/engine.ts';
import { resolveStack, type StackConfig, stackOf } from '../stack/config.ts';
import { reference } from '../stack/reference.ts';
import { untrainedWeights } from '../stack/stack.ts';

/** Words of every stack here. */
export const VOCABULARY = 19;

/** Largest difference, relative to the largest of what is expected. */
export function relativeDistance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!))) / largest;
}

const slice = ({ data }: Tensor, from: number, to: number) => tensor('i32', [to - from], data.slice(from, to));
const logits = (run: Run) => run.outputs.logits!;

/** Defines the tests of each stack: at least 20 tokens of context, and readouts of VOCABULARY classes. */
export function stackLaws(stacks: Readonly<Record<string, object>>): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine();
  });
  afterAll(() => engine.dispose());

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
}

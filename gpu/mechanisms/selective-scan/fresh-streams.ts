// How well selective copying does on fresh streams: seeds that no preset uses, with selection (S6) and without (S4). The test and the
// page run this very list, so on one device they print the same numbers.

import { uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { copyAnswers, copyInputs, randomStream } from './selective-copy.ts';

export const FRESH_SIZES = { batch: 32, dim: 16, dstate: 4, seqlen: 128 };
const SEEDS = [101, 102, 103, 104, 105, 106, 107, 108];

/** One run: how many of the tokens asked for came back. */
export interface FreshRun {
  mode: 's6' | 's4';
  seed: number;
  right: number;
  asked: number;
}

/** Runs the fused scan on inputs. */
export type RunScan = (
  config: Record<string, unknown>,
  inputs: Record<string, Tensor>,
) => Promise<Record<string, Tensor>>;

/** @param mode s4 holds Δ, B and C at their means */
export async function copyFresh(
  run: RunScan,
  mode: FreshRun['mode'],
  seed: number,
  config: Record<string, unknown> = {},
): Promise<FreshRun> {
  const next = uniformStream(seed, 'selective-copy');
  const streams = Array.from({ length: FRESH_SIZES.batch }, () => randomStream(FRESH_SIZES, next));
  const inputs = copyInputs(FRESH_SIZES, streams);
  const { out } = await run({ ...FRESH_SIZES, ...config, task: 'selective-copy', mode }, inputs);
  const answers = copyAnswers(FRESH_SIZES, inputs.u!.data, out!.data);
  return { mode, seed, right: answers.filter((each) => each.expected === each.answered).length, asked: answers.length };
}

/** Every run of the list, S6 and S4 of a seed one after the other, with how far the list is (0 … 1). */
export async function* copyFreshStreams(run: RunScan): AsyncGenerator<FreshRun & { share: number }> {
  const list = SEEDS.flatMap((seed) => [{ mode: 's6', seed } as const, { mode: 's4', seed } as const]);
  for (const [i, { mode, seed }] of list.entries())
    yield { ...(await copyFresh(run, mode, seed)), share: (i + 1) / list.length };
}

// How well the induction block does on fresh streams: seeds that no preset uses, with selection (S6) and without (S4), and with it on
// streams 64 times as long. The test and the page run this very list, so on one device they print the same numbers.

import { uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { inductionAnswers, inductionInputs, inductionShape, randomInduction } from './induction.ts';

export const FRESH_SYMBOLS = 16;
export const FRESH_LENGTH = 64;
export const FRESH_LONG = 4096;

/** One run: how many streams were answered right. */
export interface FreshRun {
  mode: 's6' | 's4';
  /** Time steps of a stream. */
  length: number;
  seed: number;
  right: number;
  asked: number;
}

/** Runs the block on inputs. */
export type RunBlock = (
  config: Record<string, unknown>,
  inputs: Record<string, Tensor>,
) => Promise<Record<string, Tensor>>;

interface Entry {
  mode: FreshRun['mode'];
  length: number;
  batch: number;
  seed: number;
}

/** 256 short streams with selection, the same without, 16 long ones with. */
const LIST: readonly Entry[] = [
  ...[21, 22, 23, 24].flatMap((seed) => [
    { mode: 's6', length: FRESH_LENGTH, batch: 64, seed } as const,
    { mode: 's4', length: FRESH_LENGTH, batch: 64, seed } as const,
  ]),
  ...[31, 32, 33, 34].map((seed) => ({ mode: 's6', length: FRESH_LONG, batch: 4, seed }) as const),
];

async function inductionFresh(run: RunBlock, { mode, length, batch, seed }: Entry): Promise<FreshRun> {
  const sizes = { batch, seqlen: length, ...inductionShape(FRESH_SYMBOLS) };
  const next = uniformStream(seed, 'induction');
  const streams = Array.from({ length: batch }, () => randomInduction(sizes, next));
  const inputs = inductionInputs(sizes, streams);
  const { out } = await run({ ...sizes, task: 'induction', mode, channels: 32 }, inputs);
  const answers = inductionAnswers(sizes, inputs.xz!.data, out!.data);
  const right = answers.filter((each) => each.expected === each.answered).length;
  return { mode, length, seed, right, asked: answers.length };
}

/** Every run of the list, with how far the list is (0 … 1). */
export async function* inductionFreshStreams(run: RunBlock): AsyncGenerator<FreshRun & { share: number }> {
  for (const [i, entry] of LIST.entries())
    yield { ...(await inductionFresh(run, entry)), share: (i + 1) / LIST.length };
}

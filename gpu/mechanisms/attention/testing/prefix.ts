// Test code: the float64 reference of one row, as far as a kernel has come with it.

import type { Tensor } from '../../../core/tensor.ts';
import type { AttentionConfig } from '../config.ts';
import { rowScores, sequencesOf, statistics } from '../reference.ts';

type Inputs = Record<string, Tensor>;

interface RowOfHead {
  batch: number;
  head: number;
  row: number;
}

/** Scores of a row over the keys of its sequence, softcap and masks applied; −∞ for keys that it does not see. */
export function scoresOfRow(config: AttentionConfig, inputs: Inputs, { batch, head, row }: RowOfHead): Float64Array {
  return rowScores(config, inputs, sequencesOf(config)[batch]!, head, row);
}

/**
 * Maximum and sum of exp(score − maximum) over the keys [0, keysSeen) that a row sees, natural-log units; the rescale factor between two
 * prefixes is exp(earlier m − later m). A prefix without a visible key has m −∞ and l 0.
 */
export function prefixStatistics(
  config: AttentionConfig,
  inputs: Inputs,
  place: RowOfHead,
  keysSeen: number,
): { m: number; l: number } {
  return statistics(scoresOfRow(config, inputs, place).subarray(0, keysSeen));
}

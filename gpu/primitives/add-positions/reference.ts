// A class token before rows, and positions on top of them, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface AddPositionsConfig {
  /** Sequences. */
  batch: number;
  /** Rows of x. */
  tokens: number;
  /** Columns. */
  width: number;
  /** A row before the others. */
  hasClassToken: boolean;
  /** A row of a table is added to each. */
  hasPositions: boolean;
}

/** out = [class_token; x] + positions. */
export function reference(
  { batch, tokens, width, hasClassToken, hasPositions }: AddPositionsConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): { out: ReferenceTensor } {
  const first = hasClassToken ? Array.from(inputs.class_token!.data) : [];
  const sequences = Array.from({ length: batch }, (_, b) => {
    const own = Array.from(inputs.x!.data.subarray(b * tokens * width, (b + 1) * tokens * width));
    return [...first, ...own].map((value, i) => value + (hasPositions ? inputs.positions!.data[i]! : 0));
  });
  const shape = [batch, tokens + (hasClassToken ? 1 : 0), width];
  return { out: { shape, data: Float64Array.from(sequences.flat()) } };
}

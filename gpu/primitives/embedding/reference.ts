// The lookup and the timing signal by their definitions, in float64.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';

export interface EmbeddingConfig {
  /** Tokens. */
  n: number;
  /** Rows of the table. */
  rows: number;
  /** Columns of the table; even with a timing signal. */
  width: number;
  /** Factor on the table’s row. */
  scale: number;
  /** Add the timing signal. */
  timing: boolean;
  /** Add the position's row of `positions`. */
  hasPositions: boolean;
  /** Rows of `positions`. */
  places: number;
  /** Position of the first token. */
  firstPosition: number;
  /** Invocations per token. */
  lanes: number;
}

/** out[t, c] = scale · table[ids[t], c] + sin(p · rates[c]) or cos(p · rates[c − width / 2]) + positions[p, c], p = firstPosition + t. */
export function reference(
  config: EmbeddingConfig,
  inputs: Record<string, Pick<Tensor, 'data'>>,
): { out: ReferenceTensor } {
  const { n, width, scale, timing, firstPosition, hasPositions, places } = config;
  const { ids, table, rates, positions } = inputs as { ids: Tensor; table: Tensor; rates?: Tensor; positions?: Tensor };
  const data = new Float64Array(n * width);
  for (let t = 0; t < n; t++) {
    for (let c = 0; c < width; c++) {
      const angle = timing ? (firstPosition + t) * rates!.data[c % (width / 2)]! : 0;
      const signal = !timing ? 0 : c < width / 2 ? Math.sin(angle) : Math.cos(angle);
      const p = firstPosition + t;
      const learned = hasPositions && p < places ? positions!.data[p * width + c]! : 0;
      data[t * width + c] = scale * table.data[ids.data[t]! * width + c]! + signal + learned;
    }
  }
  return { out: { shape: [n, width], data } };
}

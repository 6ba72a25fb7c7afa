// Attention by definition, in float64: the oracle of every variant. Deliberately untiled, so that it shares no mistake with them.

import type { ReferenceTensor, Tensor } from '../../core/tensor.ts';
import type { AttentionConfig } from './config.ts';

interface Sequence {
  /** First row in q and k, over all sequences. */
  queryRow: number;
  keyRow: number;
  queries: number;
  keys: number;
}

/**
 * Softmax attention, every row on its own.
 *
 *   q [batch, nq, heads, D]  k, v [batch, nk, kvHeads, D]  →  out like q, lse [batch, heads, nq]
 *   packed: q [rows, heads, D]  k, v [rows, kvHeads, D]    →  out like q, lse [heads, rows]
 *
 * A row that sees no key, and a row of padding, gives out 0 and lse −∞.
 * Source: Vaswani et al. 2017 (arXiv:1706.03762), eq. 1; masks and softcap as in the flash-attention repository's
 * `attention_ref`.
 */
export function attentionReference(
  config: AttentionConfig,
  inputs: Record<string, Tensor>,
): { out: ReferenceTensor; lse: ReferenceTensor } {
  const { heads, headDim, packed, batch, nq } = config;
  const v = inputs.v!.data;
  const out = new Float64Array(inputs.q!.data.length);
  const rows = out.length / (heads * headDim);
  const lse = new Float64Array(rows * heads).fill(-Infinity);
  sequencesOf(config).forEach((sequence, index) => {
    for (let head = 0; head < heads; head++) {
      for (let row = 0; row < sequence.queries; row++) {
        const scores = rowScores(config, inputs, sequence, head, row);
        const { m, l } = statistics(scores);
        if (m === -Infinity) continue;
        const outAt = ((sequence.queryRow + row) * heads + head) * headDim;
        for (let key = 0; key < scores.length; key++) {
          if (scores[key] === -Infinity) continue;
          const probability = Math.exp(scores[key]! - m) / l;
          const valueAt = keyOffset(config, sequence, head, key);
          for (let c = 0; c < headDim; c++) out[outAt + c]! += probability * v[valueAt + c]!;
        }
        const lseAt = packed ? head * rows + sequence.queryRow + row : (index * heads + head) * nq + row;
        lse[lseAt] = m + Math.log(l);
      }
    }
  });
  return {
    out: { shape: [...inputs.q!.shape], data: out },
    lse: { shape: packed ? [heads, rows] : [batch, heads, nq], data: lse },
  };
}

/** Maximum, and sum of exp(score − maximum); hidden keys have the score −∞. */
export function statistics(scores: Float64Array): { m: number; l: number } {
  let m = -Infinity;
  for (const score of scores) m = Math.max(m, score);
  let l = 0;
  if (m > -Infinity) for (const score of scores) l += Math.exp(score - m);
  return { m, l };
}

/** Where every sequence stands in q and in k. */
export function sequencesOf({ packed, nq, nk, seqlensQ, seqlensK }: AttentionConfig): Sequence[] {
  let [queryRow, keyRow] = [0, 0];
  return seqlensQ.map((queries, index) => {
    const keys = seqlensK[index]!;
    const sequence = { queryRow, keyRow, queries, keys };
    queryRow += packed ? queries : nq;
    keyRow += packed ? keys : nk;
    return sequence;
  });
}

const keyOffset = ({ heads, kvHeads, headDim }: AttentionConfig, { keyRow }: Sequence, head: number, key: number) =>
  ((keyRow + key) * kvHeads + Math.floor(head / (heads / kvHeads))) * headDim;

/** The scores of one row with every key, after scale and softcap; −∞ where a mask hides the key. */
export function rowScores(
  config: AttentionConfig,
  inputs: Record<string, Tensor>,
  sequence: Sequence,
  head: number,
  row: number,
): Float64Array {
  const { heads, headDim, causal, windowLeft, windowRight, softcap, scale, blockRows, blockCols } = config;
  const q = inputs.q!.data;
  const k = inputs.k!.data;
  const blockColumns = Math.ceil(config.nk / blockCols);
  const queryAt = ((sequence.queryRow + row) * heads + head) * headDim;
  const diagonal = row + sequence.keys - sequence.queries;
  const right = causal ? 0 : windowRight;
  const scores = new Float64Array(sequence.keys).fill(-Infinity);
  for (let key = 0; key < sequence.keys; key++) {
    if (right >= 0 && key > diagonal + right) continue;
    if (windowLeft >= 0 && key < diagonal - windowLeft) continue;
    const block = Math.floor(row / blockRows) * blockColumns + Math.floor(key / blockCols);
    if (config.blockmask && config.blockmask[block] === 0) continue;
    const keyAt = keyOffset(config, sequence, head, key);
    let product = 0;
    for (let c = 0; c < headDim; c++) product += q[queryAt + c]! * k[keyAt + c]!;
    const scaled = product * scale;
    scores[key] = softcap > 0 ? softcap * Math.tanh(scaled / softcap) : scaled;
  }
  return scores;
}

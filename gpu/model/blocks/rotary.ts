// Rotary positions of queries and keys: every pair of a head's channels is turned by the token's place, so that a product of two rows
// knows how far apart they are. Source: Su et al. 2021 (arXiv:2104.09864).

import { positions as mechanism } from '../../primitives/positions/positions.ts';
import type { Composition, Place } from '../composition.ts';
import type { Positions, StackSize } from '../part.ts';
import { growing } from './growing.ts';

/** Dynamic scaling stretches the text that was trained on to the context, once for all tokens: a cached key is never turned again. */
const trainedLength = ({ context, positions: { factor } }: StackSize) => Math.max(1, Math.floor(context / factor));

/** Adds the turning of rows [tokens, heads, headDim]. @param toCache the rows go behind those of the tokens before */
export function callRotary(
  to: Composition,
  name: string,
  size: StackSize,
  { x, y, heads, headDim, toCache }: { x: Place; y: Place; heads: number; headDim: number; toCache: boolean },
): void {
  const { batch, context, positions } = size;
  const { layout: style, theta, scaling, factor } = positions;
  const headsOf = (of: Place) => ({ of, at: 0, columns: heads * headDim, strides: { head: headDim } });
  to.call(name, {
    mechanism,
    variant: 'rotate',
    config: {
      batch,
      heads,
      seqlen: context,
      dim: headDim,
      style,
      theta,
      scaling,
      factor,
      reach: context,
      maxPositionEmbeddings: trainedLength(size),
    },
    tensors: { x: headsOf(x), y: headsOf(y) },
    runtime: growing({ 'rotate.wgsl': (heads * headDim) / 2 }, toCache),
  });
}

/** Float64: radians per position of pair i of headDim / 2. */
function rate(i: number, headDim: number, { theta, scaling, factor }: Positions, size: StackSize): number {
  if (scaling === 'linear') return theta ** ((-2 * i) / headDim) / factor;
  const trained = trainedLength(size);
  const isRaised = scaling === 'dynamic' && headDim > 2 && size.context > trained;
  const raise = isRaised ? ((factor * size.context) / trained - (factor - 1)) ** (headDim / (headDim - 2)) : 1;
  return (theta * raise) ** ((-2 * i) / headDim);
}

/** Float64: rows [tokens, heads, headDim], row by row from position 0 on. */
export function rotateRows(x: Float64Array, heads: number, headDim: number, size: StackSize): Float64Array {
  const { positions } = size;
  const out = Float64Array.from(x);
  for (let start = 0; start < x.length; start += headDim) {
    const position = Math.floor(start / (heads * headDim));
    for (let i = 0; i < headDim / 2; i++) {
      const [first, second] = positions.layout === 'half' ? [i, i + headDim / 2] : [2 * i, 2 * i + 1];
      const angle = position * rate(i, headDim, positions, size);
      const [a, b] = [x[start + first]!, x[start + second]!];
      out[start + first] = a * Math.cos(angle) - b * Math.sin(angle);
      out[start + second] = b * Math.cos(angle) + a * Math.sin(angle);
    }
  }
  return out;
}

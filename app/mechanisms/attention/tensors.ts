// The look of every tensor: letter, colour, pattern and title, the same in each view; and which tensor a workgroup array holds.

import type { Ink, Pattern } from '../../pens/pen.ts';

export interface TensorLook {
  letter: string;
  colour: Ink;
  pattern: Pattern | 'solid';
  title: string;
}

export const tensorLooks: Record<string, TensorLook> = {
  q: { letter: 'Q', colour: '--tensor-q', pattern: 'solid', title: 'queries' },
  k: { letter: 'K', colour: '--tensor-k', pattern: 'hatch', title: 'keys' },
  v: { letter: 'V', colour: '--tensor-v', pattern: 'dots', title: 'values' },
  s: { letter: 'S', colour: '--tensor-s', pattern: 'cross', title: 'scores' },
  p: { letter: 'P', colour: '--tensor-p', pattern: 'hatch', title: 'probabilities' },
  out: { letter: 'O', colour: '--tensor-o', pattern: 'solid', title: 'output' },
  lse: { letter: 'L', colour: '--tensor-stat', pattern: 'dots', title: 'log-sum-exp of each row' },
  l: { letter: 'ℓ', colour: '--tensor-stat', pattern: 'dots', title: 'running sum of each row' },
  m: { letter: 'm', colour: '--tensor-stat', pattern: 'hatch', title: 'running maximum of each row' },
  lane: { letter: 'λ', colour: '--tensor-stat', pattern: 'solid', title: 'what each invocation has of a row' },
  lane_max: { letter: 'λ', colour: '--tensor-stat', pattern: 'solid', title: 'largest score each invocation saw' },
  lane_sum: {
    letter: 'Σ',
    colour: '--tensor-stat',
    pattern: 'cross',
    title: 'what each invocation adds to a row’s sum',
  },
  kept: { letter: 'E', colour: '--tensor-s', pattern: 'hatch', title: 'scores kept on chip, then their exponentials' },
  blockmask: { letter: 'B', colour: '--tensor-mask', pattern: 'cross', title: 'painted block mask' },
  extent: { letter: '#', colour: '--tensor-mask', pattern: 'solid', title: 'where this sequence begins and ends' },
  extents: { letter: '#', colour: '--tensor-mask', pattern: 'solid', title: 'where each sequence begins and ends' },
};

const OTHER: TensorLook = { letter: '?', colour: '--tensor-mask', pattern: 'solid', title: 'other' };

/** A buffer's look; workgroup arrays take the look of the tensor their name begins with (`k_tile` → K, `o_tile` → O). */
export function lookOf(buffer: string): TensorLook {
  const name = buffer.slice(buffer.indexOf(':') + 1);
  const stem = name.split('_')[0]!;
  const look = tensorLooks[name] ?? tensorLooks[stem === 'o' ? 'out' : stem];
  if (look) return look;
  if (/max|sum|stat|row/.test(name)) return { ...OTHER, letter: 'm', colour: '--tensor-stat', title: name };
  return { ...OTHER, letter: name.slice(0, 1).toUpperCase(), title: name };
}

const ORDER = Object.keys(tensorLooks);

/** Place of a buffer among others: Q, K, V, then S, P and O, the statistics of rows, and all the rest; as `tensorLooks` has them. */
function placeOf(buffer: string): number {
  const name = buffer.slice(buffer.indexOf(':') + 1);
  const stem = name.split('_')[0]!;
  // What holds keys and then values stands with the keys.
  const alias = { o: 'out', kv: 'k' }[stem] ?? stem;
  const place = Math.max(ORDER.indexOf(name), ORDER.indexOf(alias));
  return place < 0 ? ORDER.length : place;
}

/** The same things, in the order of the tensors they are about; those of one tensor keep theirs. */
export function inTensorOrder<T>(things: readonly T[], bufferOf: (thing: T) => string): T[] {
  return [...things].sort((a, b) => placeOf(bufferOf(a)) - placeOf(bufferOf(b)));
}

// The look of every tensor: letter, colour, pattern and title, the same in each view; and which tensor a workgroup array holds.

import { type LookSpec, looksOf, toLook } from '../../exhibit/names.ts';

export const tensorLooks: Readonly<Record<string, LookSpec>> = {
  q: { letter: 'Q', tone: 'signal', pattern: 'solid', title: 'queries' },
  k: { letter: 'K', tone: 'key', pattern: 'hatch', title: 'keys' },
  v: { letter: 'V', tone: 'content', pattern: 'dots', title: 'values' },
  s: { letter: 'S', tone: 'inner', pattern: 'cross', title: 'scores' },
  p: { letter: 'P', tone: 'weight', pattern: 'hatch', title: 'probabilities' },
  out: { letter: 'O', tone: 'output', pattern: 'solid', title: 'output' },
  lse: { letter: 'L', tone: 'statistic', pattern: 'dots', title: 'log-sum-exp of each row' },
  l: { letter: 'ℓ', tone: 'statistic', pattern: 'dots', title: 'running sum of each row' },
  m: { letter: 'm', tone: 'statistic', pattern: 'hatch', title: 'running maximum of each row' },
  lane: { letter: 'λ', tone: 'statistic', pattern: 'solid', title: 'what each invocation has of a row' },
  lane_max: { letter: 'λ', tone: 'statistic', pattern: 'solid', title: 'largest score each invocation saw' },
  lane_sum: {
    letter: 'Σ',
    tone: 'statistic',
    pattern: 'cross',
    title: 'what each invocation adds to a row’s sum',
  },
  kept: { letter: 'E', tone: 'inner', pattern: 'hatch', title: 'scores kept on chip, then their exponentials' },
  blockmask: { letter: 'B', tone: 'fixed', pattern: 'cross', title: 'painted block mask' },
  extent: { letter: '#', tone: 'fixed', pattern: 'solid', title: 'where this sequence begins and ends' },
  extents: { letter: '#', tone: 'fixed', pattern: 'solid', title: 'where each sequence begins and ends' },
};

/** Workgroup arrays take the look of the tensor their name begins with (`k_tile` → K, `o_tile` → O); what holds numbers of rows is told apart. */
export const otherTensors = {
  stemOf(name: string): string {
    const stem = name.split('_')[0]!;
    return stem === 'o' ? 'out' : stem;
  },
  look: (name: string): Partial<LookSpec> =>
    /max|sum|stat|row/.test(name) ? { letter: 'm', tone: 'statistic', pattern: 'solid' } : { pattern: 'solid' },
};

export const lookOf = looksOf(
  Object.fromEntries(Object.entries(tensorLooks).map(([name, look]) => [name, toLook(look, name)])),
  otherTensors.look,
  otherTensors.stemOf,
);

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

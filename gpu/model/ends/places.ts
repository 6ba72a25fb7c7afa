// Rows that tell tokens their place, for the ways in that add one to each.

import type { Constant, StackSize, Weight } from '../part.ts';

export const hasPlaces = ({ kind }: { kind: string }) => kind === 'learned' || kind === 'sinusoidal';

/** Sinusoidal positions of the paper: sines on even channels, cosines on odd ones. Source: Vaswani et al. 2017, section 3.5. */
function sinusoids(context: number, width: number): number[] {
  return Array.from({ length: context * width }, (_, index) => {
    const [position, channel] = [Math.floor(index / width), index % width];
    const angle = position / 10_000 ** ((2 * Math.floor(channel / 2)) / width);
    return channel % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

export const placeWeights = ({ width, context, positions }: StackSize): Record<string, Weight> =>
  positions.kind === 'learned'
    ? { positions: { axes: ['place', 'channel'], shape: [context, width], title: 'a row for every position' } }
    : {};

export const placeConstants = ({ width, context, positions }: StackSize): Record<string, Constant> =>
  positions.kind === 'sinusoidal'
    ? { positions: { axes: ['place', 'channel'], shape: [context, width], values: sinusoids(context, width) } }
    : {};

/** Float64: the rows, one after the other. */
export function placeTable(
  { width, context, positions }: StackSize,
  weights: Readonly<Record<string, ArrayLike<number>>>,
): ArrayLike<number> {
  if (positions.kind === 'learned') return weights.positions!;
  return positions.kind === 'sinusoidal' ? sinusoids(context, width) : new Float64Array(context * width);
}

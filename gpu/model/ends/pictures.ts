// What the ways in of a picture have in common: the picture itself, a class token before its tokens, and what tells those their place.

import { z } from '../../core/schema.ts';
import { addPositions } from '../../primitives/add-positions/add-positions.ts';
import type { Composition, Place } from '../composition.ts';
import type { Input, StackSize, Weight, Weights64 } from '../part.ts';
import { hasPlaces, placeTable, placeWeights } from './places.ts';

export interface PictureKeys {
  /** Rows and columns; one number for a square. */
  size: number | readonly number[];
  /** Planes: 1 of grey, 3 of colour. */
  channels: number;
  /** A learned row before the others, which the way out can read. */
  classToken: boolean;
}

const extent = z.int().check(z.gte(1), z.lte(512));

export const pictureKeys = {
  size: z.union([extent, z.tuple([extent, extent])]),
  channels: z._default(z.int().check(z.gte(1), z.lte(64)), 1),
  classToken: z._default(z.boolean(), false),
};

export function extentsOf({ size }: Pick<PictureKeys, 'size'>): { height: number; width: number } {
  const [height, width] = (typeof size === 'number' ? [size, size] : size) as [number, number];
  return { height, width };
}

/** What comes in. */
export const IMAGE = 'image';

export function pictureInputs(keys: PictureKeys): Record<string, Input> {
  const { height, width } = extentsOf(keys);
  const shape = [keys.channels, height, width];
  return { [IMAGE]: { axes: ['plane', 'row', 'column'], shape, dtype: 'f32', title: 'picture' } };
}

export function pictureWeights({ classToken }: PictureKeys, size: StackSize): Record<string, Weight> {
  return {
    ...(classToken && { class: { axes: ['channel'], shape: [size.width], title: 'the row before the tokens' } }),
    ...placeWeights(size),
  };
}

/**
 * Adds the class token and positions, where there are any.
 *
 * @param make adds what makes the tokens' rows, at the place it is given
 */
export function aroundPicture(
  to: Composition,
  { classToken }: PictureKeys,
  { context, width, positions }: StackSize,
  make: (rows: Place) => void,
): void {
  const hasPositions = hasPlaces(positions);
  if (!classToken && !hasPositions) {
    make('y');
    return;
  }
  make({ between: 'tokens' });
  to.call('place', {
    mechanism: addPositions,
    variant: 'direct',
    config: { batch: 1, tokens: context - (classToken ? 1 : 0), width, hasClassToken: classToken, hasPositions },
    tensors: {
      x: { between: 'tokens' },
      out: 'y',
      ...(classToken && { class_token: { own: 'class' } }),
      ...(hasPositions && { positions: { own: 'positions' } }),
    },
  });
}

/** Float64: rows of tokens with the class token before them and their places added. */
export function placed(
  { classToken }: PictureKeys,
  size: StackSize,
  weights: Weights64,
  rows: ArrayLike<number>,
): Float64Array {
  const table = placeTable(size, weights);
  const all = [...(classToken ? Array.from(weights.class!) : []), ...Array.from(rows)];
  return Float64Array.from(all, (value, i) => value + table[i]!);
}

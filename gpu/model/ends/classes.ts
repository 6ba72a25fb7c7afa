// What the ways out that tell classes apart have in common: a norm, a row made of all rows, a linear map of it.

import { z } from '../../core/schema.ts';
import { linear } from '../../primitives/linear/linear.ts';
import { callNorm, mapRows, normRows, normWeights } from '../blocks/norm.ts';
import type { Composition, Place } from '../composition.ts';
import type { StackSize, Weight, Weights64 } from '../part.ts';

export interface ClassKeys {
  norm: 'layer' | 'rms' | 'none';
  /** What it tells apart. */
  classes: number;
  bias: boolean;
}

export const classKeys = {
  norm: z._default(z.enum(['layer', 'rms', 'none']), 'layer'),
  classes: z.int().check(z.gte(2), z.lte(262_144)),
  bias: z._default(z.boolean(), true),
};

export const classWeights = (keys: ClassKeys, size: StackSize): Record<string, Weight> => ({
  ...normWeights(keys, size),
  weight: { axes: ['class', 'channel'], shape: [keys.classes, size.width], title: 'a row for every class' },
  ...(keys.bias && { bias: { axes: ['class'], shape: [keys.classes], title: 'bias of every class', fill: 0 } }),
});

/** Adds the norm. @returns where the normalised rows are */
export function callClassNorm(to: Composition, keys: ClassKeys, size: StackSize): Place {
  if (keys.norm === 'none') return 'x';
  callNorm(to, keys, size, 'x', { between: 'normed' });
  return { between: 'normed' };
}

/** Adds the map of a row that was made of all. */
export function mapPooled(to: Composition, { classes, bias }: ClassKeys, size: StackSize, x: Place): void {
  to.call('logits', {
    mechanism: linear,
    variant: 'row',
    config: { rows: size.batch, k: size.width, n: classes, bias },
    tensors: { x, weight: { own: 'weight' }, ...(bias && { bias: { own: 'bias' } }), y: { whole: 'logits' } },
  });
}

/** Float64. @param pool makes one row of all */
export function referenceClasses(
  keys: ClassKeys,
  size: StackSize,
  weights: Weights64,
  x: ArrayLike<number>,
  pool: (rows: Float64Array) => Float64Array,
): Float64Array {
  const map = { k: size.width, n: keys.classes, bias: weights.bias };
  return mapRows(pool(normRows(keys, size, weights, x)), weights.weight!, map);
}

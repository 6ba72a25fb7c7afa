// The way out of a language model: how likely every token is to come next, before the softmax.

import { z } from '../../core/schema.ts';
import { callNorm, mapRows, normRows, normWeights } from '../blocks/norm.ts';
import type { PartKind } from '../part.ts';

interface NextTokenKeys {
  norm: 'layer' | 'rms' | 'none';
  /** Tokens that it tells apart. */
  classes: number;
  bias: boolean;
  /** After every token of a run, or after its last alone. */
  every: boolean;
}

export const nextToken: PartKind<NextTokenKeys> = {
  kind: 'next-token',
  title: 'Next token',
  summary: 'Reads from the last token which token is likely to come next.',
  keys: z.strictObject({
    norm: z._default(z.enum(['layer', 'rms', 'none']), 'layer'),
    classes: z.int().check(z.gte(2), z.lte(262_144)),
    bias: z._default(z.boolean(), false),
    every: z._default(z.boolean(), false),
  }),
  isCausal: () => true,
  weights: (keys, size) => ({
    ...normWeights(keys, size),
    weight: { axes: ['word', 'channel'], shape: [keys.classes, size.width], title: 'a row for every token there is' },
    ...(keys.bias && { bias: { axes: ['word'], shape: [keys.classes], title: 'bias of every token', fill: 0 } }),
  }),
  compile(keys, size, to) {
    if (keys.norm !== 'none') callNorm(to, keys, size, 'x', { between: 'normed' });
    to.linear('logits', {
      x: keys.norm === 'none' ? 'x' : { between: 'normed' },
      weight: 'weight',
      hasBias: keys.bias,
      y: { whole: 'logits' },
      k: size.width,
      n: keys.classes,
      onlyLast: !keys.every,
    });
  },
  reference(keys, size, weights, x) {
    const rows = normRows(keys, size, weights, x);
    const logits = mapRows(rows, weights.weight!, { k: size.width, n: keys.classes, bias: weights.bias });
    return keys.every ? logits : logits.slice(-keys.classes);
  },
  cost: ({ classes, every }, { width }) => ({ multiplies: (tokens) => (every ? tokens : 1) * width * classes }),
};

// The way out by a class token: the first row has gathered what is needed.

import { z } from '../../core/schema.ts';
import type { PartKind } from '../part.ts';
import { type ClassKeys, callClassNorm, classKeys, classWeights, referenceClasses } from './classes.ts';

export const classToken: PartKind<ClassKeys> = {
  kind: 'class-token',
  title: 'Class token',
  summary: 'Reads the class from the first row, which has seen all others.',
  keys: z.strictObject(classKeys),
  weights: classWeights,
  compile(keys, size, to) {
    to.linear('logits', {
      x: callClassNorm(to, keys, size),
      weight: 'weight',
      hasBias: keys.bias,
      y: { whole: 'logits' },
      k: size.width,
      n: keys.classes,
      onlyFirst: true,
    });
  },
  reference: (keys, size, weights, x) => referenceClasses(keys, size, weights, x, (rows) => rows.slice(0, size.width)),
  cost: ({ classes }, { width }) => ({ multiplies: () => width * classes }),
};

// The way out by the mean of all rows of a run.

import { z } from '../../core/schema.ts';
import { rowMean } from '../../primitives/row-mean/row-mean.ts';
import type { PartKind } from '../part.ts';
import { type ClassKeys, callClassNorm, classKeys, classWeights, mapPooled, referenceClasses } from './classes.ts';

export const mean: PartKind<ClassKeys> = {
  kind: 'mean',
  title: 'Mean',
  summary: 'Reads the class from the mean of all rows.',
  keys: z.strictObject(classKeys),
  weights: classWeights,
  compile(keys, size, to) {
    const { batch, context, width } = size;
    const pooled = { between: 'pooled' };
    to.call('mean', {
      mechanism: rowMean,
      variant: 'direct',
      config: { batch, tokens: context, width },
      tensors: { x: callClassNorm(to, keys, size), out: pooled },
      runtime: () => ({ params: { tokens: 'tokens' } }),
    });
    mapPooled(to, keys, size, pooled);
  },
  reference: (keys, size, weights, x) =>
    referenceClasses(keys, size, weights, x, (rows) => {
      const count = rows.length / size.width;
      return Float64Array.from({ length: size.width }, (_, c) => {
        let sum = 0;
        for (let row = 0; row < count; row++) sum += rows[row * size.width + c]!;
        return sum / count;
      });
    }),
  cost: ({ classes }, { width }) => ({ multiplies: () => width * classes }),
};

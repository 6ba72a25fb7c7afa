// The way out by SeqPool: the rows themselves say how much each of them counts. Source: Hassani et al. 2021 (arXiv:2104.05704),
// section 3.2.

import { z } from '../../core/schema.ts';
import { reference as pool } from '../../primitives/seq-pool/reference.ts';
import { seqPool as mechanism } from '../../primitives/seq-pool/seq-pool.ts';
import { normRows } from '../blocks/norm.ts';
import type { PartKind, StackSize, Weights64 } from '../part.ts';
import { type ClassKeys, callClassNorm, classKeys, classWeights, mapPooled, referenceClasses } from './classes.ts';

/** How much each row counts, as it is read back. */
const WEIGHTS = 'pool_weights';

/** Float64: weights and mean of normalised rows. */
const pooledOf = (rows: Float64Array, { width }: StackSize, weights: Weights64) =>
  pool(
    { batch: 1, tokens: rows.length / width, width, hasBias: true },
    { x: { data: rows }, weight: { data: weights['pool.weight']! }, bias: { data: weights['pool.bias']! } },
  );

export const seqpool: PartKind<ClassKeys> = {
  kind: 'seqpool',
  title: 'SeqPool',
  summary: 'Reads the class from a mean of all rows, in which each counts as much as it says.',
  keys: z.strictObject(classKeys),
  weights: (keys, size) => ({
    ...classWeights(keys, size),
    'pool.weight': { axes: ['one', 'channel'], shape: [1, size.width], title: 'what a row is scored by' },
    'pool.bias': { axes: ['one'], shape: [1], title: 'added to every score', fill: 0 },
  }),
  outputs: (keys, size) => ({
    [WEIGHTS]: {
      axes: ['token'],
      shape: [size.context],
      title: 'how much each row counts',
      ofTokens: true,
      reference: (weights, x) => pooledOf(normRows(keys, size, weights, x), size, weights).weights.data,
    },
  }),
  compile(keys, size, to) {
    const { batch, context, width } = size;
    const pooled = { between: 'pooled' };
    to.call('pool', {
      mechanism,
      variant: 'direct',
      config: { batch, tokens: context, width, hasBias: true },
      tensors: {
        x: callClassNorm(to, keys, size),
        weight: { own: 'pool.weight' },
        bias: { own: 'pool.bias' },
        weights: { whole: WEIGHTS },
        out: pooled,
      },
      runtime: () => ({ params: { tokens: 'tokens' } }),
    });
    mapPooled(to, keys, size, pooled);
  },
  reference: (keys, size, weights, x) =>
    referenceClasses(keys, size, weights, x, (rows) => pooledOf(rows, size, weights).out.data),
  cost: ({ classes }, { width }) => ({ multiplies: (tokens) => width * (classes + 2 * tokens) }),
};

// The primitive `cct-head`: what Compact Transformers put around their blocks, positions before them and the way out after them. It
// consists of other primitives and has no kernel of its own.

import { z } from '../../core/schema.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Sub, TensorSpec } from '../../define/spec.ts';
import { addPositions } from '../add-positions/add-positions.ts';
import { layernorm } from '../layernorm/layernorm.ts';
import { linear } from '../linear/linear.ts';
import { rowMean } from '../row-mean/row-mean.ts';
import { seqPool } from '../seq-pool/seq-pool.ts';
import { card } from './card.ts';
import { type HeadConfig, reference } from './reference.ts';

const rowsOf = ({ tokens, seqPool: isPooled }: HeadConfig) => tokens + (isPooled ? 0 : 1);
const isPlaced = (config: HeadConfig) => config.hasPositions || !config.seqPool;

const place: Sub<HeadConfig> = {
  mechanism: addPositions,
  variant: 'direct',
  when: isPlaced,
  config: ({ batch, tokens, width, seqPool: isPooled, hasPositions }) => ({
    batch,
    tokens,
    width,
    hasClassToken: !isPooled,
    hasPositions,
  }),
  names: { x: 'x', class_token: 'class_emb', positions: 'positional_emb', out: 'placed' },
};

const norm: Sub<HeadConfig> = {
  mechanism: layernorm,
  variant: 'tuned',
  config: (config) => ({
    rows: config.batch * rowsOf(config),
    width: config.width,
    epsilon: config.epsilon,
    lanes: 64,
  }),
  names: { x: (config) => (isPlaced(config) ? 'placed' : 'x'), scale: 'norm_weight', bias: 'norm_bias', out: 'normed' },
};

const pool: Sub<HeadConfig> = {
  mechanism: seqPool,
  variant: 'direct',
  when: ({ seqPool: isPooled }) => isPooled,
  config: ({ batch, tokens, width }) => ({ batch, tokens, width, hasBias: true }),
  names: {
    x: 'normed',
    weight: 'attention_pool_weight',
    bias: 'attention_pool_bias',
    scores: 'pool_logits',
    weights: 'pool_weights',
    out: 'pooled',
  },
};

/** The mean of one row is that row. */
const pickFirst: Sub<HeadConfig> = {
  mechanism: rowMean,
  variant: 'direct',
  when: ({ seqPool: isPooled }) => !isPooled,
  config: ({ batch, width }) => ({ batch, tokens: 1, width, hasWeights: false }),
  names: { out: 'pooled' },
  views: (config) => ({ x: { of: 'normed', at: 0, strides: { batch: rowsOf(config) * config.width } } }),
};

const classify: Sub<HeadConfig> = {
  mechanism: linear,
  variant: 'row',
  config: ({ batch, width, classes }) => linear.resolve({ rows: batch, k: width, n: classes, bias: true }),
  names: { x: 'pooled', weight: 'fc_weight', bias: 'fc_bias', y: 'logits' },
};

const input = (axes: string[], title: string): TensorSpec<HeadConfig> => ({ axes, role: 'input', title });
const isPooled = ({ seqPool: pooled }: HeadConfig) => pooled;

export const cctHead = defineMechanism<HeadConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    tokens: { most: 256, usual: 9, axis: 'token' },
    width: { most: 512, usual: 16, axis: 'column' },
    classes: { most: 64, usual: 5, axis: 'class' },
  },
  options: { seqPool: { choices: [true, false] } },
  numbers: {
    epsilon: { usual: 1e-5, schema: z.number().check(z.positive(), z.lte(1)), least: 1e-6, most: 1e-2, step: 1e-6 },
  },
  axes: { row: rowsOf, one: () => 1, only: () => 1 },
  tensors: {
    x: input(['batch', 'token', 'column'], 'tokens'),
    positional_emb: {
      ...input(['one', 'row', 'column'], 'a row for every place'),
      optional: { flag: 'hasPositions', usual: true },
    },
    class_emb: { ...input(['one', 'only', 'column'], 'class token'), present: (config) => !isPooled(config) },
    norm_weight: input(['column'], 'scale of the norm'),
    norm_bias: input(['column'], 'shift of the norm'),
    attention_pool_weight: { ...input(['one', 'column'], 'what a row is scored by'), present: isPooled },
    attention_pool_bias: { ...input(['one'], 'added to every score'), present: isPooled },
    fc_weight: input(['class', 'column'], 'a row for every class'),
    fc_bias: input(['class'], 'bias of every class'),
    placed: { axes: ['batch', 'row', 'column'], role: 'scratch', title: 'rows with their places', present: isPlaced },
    normed: { axes: ['batch', 'row', 'column'], role: 'output', title: 'normalised rows' },
    pool_logits: { axes: ['batch', 'token', 'one'], role: 'output', title: 'scores', present: isPooled },
    pool_weights: { axes: ['batch', 'token'], role: 'output', title: 'how much each row counts', present: isPooled },
    pooled: { axes: ['batch', 'column'], role: 'output', title: 'one row of all' },
    logits: { axes: ['batch', 'class'], role: 'output', title: 'how much speaks for each class' },
  },
  kernels: {},
  variants: { direct: { passes: [place, norm, pool, pickFirst, classify] } },
  reference,
  counts: () => ({ buffers: {} }),
  steps: {},
});

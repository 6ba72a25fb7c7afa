// The primitive `seq-pool`: a linear map scores every row, a softmax over the rows makes weights of the scores, and the rows' weighted
// mean is what comes out.

import { normalTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Sub } from '../../define/spec.ts';
import { rowMean } from '../row-mean/row-mean.ts';
import { card } from './card.ts';
import { reference, type SeqPoolConfig } from './reference.ts';

const mean: Sub<SeqPoolConfig> = {
  mechanism: rowMean,
  variant: 'direct',
  config: ({ batch, tokens, width }) => ({ batch, tokens, width, hasWeights: true }),
  names: { x: 'x', weights: 'weights', out: 'out' },
};

export const seqPool = defineMechanism<SeqPoolConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    tokens: { most: 256, usual: 49, axis: 'token' },
    width: { most: 512, usual: 64, axis: 'column' },
  },
  axes: { one: () => 1 },
  tensors: {
    x: { axes: ['batch', 'token', 'column'], role: 'input', title: 'rows' },
    weight: {
      axes: ['column'],
      role: 'input',
      title: 'what a row is scored by',
      make: ({ width }, seed, shape) => normalTensor(seed, 'weight', shape, 1 / Math.sqrt(width)).data,
    },
    bias: {
      axes: ['one'],
      role: 'input',
      title: 'added to every score',
      optional: { flag: 'hasBias', usual: true },
    },
    scores: { axes: ['batch', 'token'], role: 'output', title: 'scores' },
    weights: { axes: ['batch', 'token'], role: 'output', title: 'how much each row counts' },
    out: { axes: ['batch', 'column'], role: 'output', title: 'their weighted mean' },
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { HAS_BIAS: ({ hasBias }) => hasBias },
  variants: { direct: { passes: [{ kernel: 'pool-weights', grid: ({ batch }) => [batch, 1, 1] }, mean] } },
  reference,
  // Every row is read once and every score written once and read twice, by the lane that wrote it. L lanes halve twice: L − 1 pairs each;
  // every lane reads the results.
  counts({ batch, tokens, width, hasBias }, { constant }) {
    const lanes = constant('pool-weights', 'LANES');
    const rows = batch * tokens;
    const halving = { loads: batch * (2 * (lanes - 1) + lanes), stores: batch * (lanes + lanes - 1) };
    return {
      buffers: {
        x: { loads: rows * width },
        weight: { loads: rows * width },
        ...(hasBias && { bias: { loads: rows } }),
        scores: { loads: 2 * rows, stores: rows },
        weights: { stores: rows },
        largest: halving,
        partial: halving,
      },
      extraBytes: hasBias ? 0 : 4,
    };
  },
  steps: {
    'score-row': ['Score row', 'Every lane multiplies its next row by the weight and writes the score.'],
    'largest-of-lanes': ['Largest of lanes', 'The lanes’ largest scores are compared in pairs until one is left.'],
    'sum-rows': ['Sum', 'The exponentials of all scores are added up, in every lane and then over the lanes in pairs.'],
    'weigh-row': ['Weigh row', 'Every lane writes its next row’s share of that sum: how much the row counts.'],
  },
});

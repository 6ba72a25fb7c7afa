// The primitive `row-mean`: one row out of many, each with its weight or all alike.

import { uniformStream } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import { card } from './card.ts';
import { type RowMeanConfig, reference } from './reference.ts';

export const rowMean = defineMechanism<RowMeanConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    tokens: { most: 256, usual: 16, axis: 'token' },
    width: { most: 512, usual: 64, axis: 'column' },
  },
  tensors: {
    x: { axes: ['batch', 'token', 'column'], role: 'input', title: 'rows' },
    weights: {
      axes: ['batch', 'token'],
      role: 'input',
      title: 'how much each row counts',
      optional: { flag: 'hasWeights', usual: false },
      make({ tokens }, seed, [batch = 1]) {
        const next = uniformStream(seed, 'weights');
        return Float32Array.from({ length: batch * tokens }, () => (2 * next()) / tokens);
      },
    },
    out: { axes: ['batch', 'column'], role: 'output', title: 'their mean' },
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { HAS_WEIGHTS: ({ hasWeights }) => hasWeights, x_at: 0, x_batch: ({ tokens, width }) => tokens * width },
  variants: {
    direct: {
      passes: [
        {
          kernel: 'row-mean',
          grid: ({ batch, width }, { constant }) => [Math.ceil(width / constant('LANES')), batch, 1],
        },
      ],
    },
  },
  reference,
  counts({ batch, tokens, width, hasWeights }) {
    const each = { loads: batch * tokens * width };
    return {
      buffers: { x: each, ...(hasWeights && { weights: each }), out: { stores: batch * width } },
      extraBytes: hasWeights ? 0 : 4,
    };
  },
  steps: {
    'add-row': ['Add row', 'Every lane adds the next row’s element of its column, weighted where weights are given.'],
    'write-mean': ['Write mean', 'The mean of the column is written.'],
  },
});

// The primitive `softmax`: every row of x becomes exponentials that sum to 1.

import { defineMechanism } from '../../define/mechanism.ts';
import type { Pass, Run } from '../../define/spec.ts';
import { needsVec4s } from '../../plan/kernel-form.ts';
import { card } from './card.ts';
import { reference, type SoftmaxConfig } from './reference.ts';

type Kernel = 'shared' | 'per-row';

/** `tuned` gives each row to one lane where barriers are dear (isSoftware 1 among the limits), and to a workgroup elsewhere. */
function chooseKernel({ width }: SoftmaxConfig, { variant, limits }: Run): Kernel {
  if (variant === 'tuned') return limits.isSoftware === 1 && width % 4 === 0 ? 'per-row' : 'shared';
  return variant as Kernel;
}

const shared: Pass<SoftmaxConfig> = {
  kernel: 'softmax-shared',
  tuned: true,
  needs: { maxComputeWorkgroupStorageSize: 'width', maxComputeInvocationsPerWorkgroup: 'tuning.LANES' },
  when: (config, run) => chooseKernel(config, run) === 'shared',
  grid: ({ rows }) => [rows, 1, 1],
};

const perRow: Pass<SoftmaxConfig> = {
  kernel: 'softmax-per-row',
  tuned: true,
  when: (config, run) => chooseKernel(config, run) === 'per-row',
  grid: ({ rows }, { constant }) => [Math.ceil(rows / constant('LANES')), 1, 1],
};

export const softmax = defineMechanism<SoftmaxConfig>({
  card,
  sizes: {
    rows: { most: 256, usual: 16, axis: 'row' },
    width: { most: 1024, usual: 256, axis: 'column' },
  },
  tensors: {
    x: { axes: ['row', 'column'], role: 'input', title: 'scores' },
    out: { axes: ['row', 'column'], role: 'output', title: 'shares' },
  },
  misfit: (config, run) =>
    chooseKernel(config, run) === 'per-row' ? needsVec4s('softmax-per-row.wgsl', 'width', config.width) : undefined,
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { COLUMNS: ({ width }) => width / 4 },
  variants: {
    shared: { passes: [shared] },
    'per-row': { passes: [perRow] },
    tuned: { passes: [shared, perRow] },
  },
  reference,
  // shared: the row is read from storage once; each halving over L lanes reads 2 (L − 1) partials and writes L − 1, and every lane reads
  // the result. per-row: two passes, in vec4s.
  counts(config, { constant, ...run }) {
    const { rows, width } = config;
    const elements = rows * width;
    if (chooseKernel(config, run) === 'per-row')
      return { buffers: { x: { loads: elements / 2, bytes: 16 }, out: { stores: elements / 4, bytes: 16 } } };
    const lanes = constant('softmax-shared', 'LANES');
    return {
      buffers: {
        x: { loads: elements },
        out: { stores: elements },
        row: { loads: 2 * elements, stores: 2 * elements },
        partial: { loads: 2 * rows * (2 * (lanes - 1) + lanes), stores: 2 * rows * (lanes + lanes - 1) },
      },
    };
  },
  steps: {
    'load-row': ['Load row', 'The workgroup copies its row into workgroup memory; each lane keeps its largest.'],
    'reduce-max': ['Maximum over lanes', 'The lanes’ maxima are compared in pairs until one is left.'],
    exponentials: ['Exponentials', 'Every element becomes exp(element − maximum), and each lane sums its own.'],
    'reduce-sum': ['Sum over lanes', 'The lanes’ sums are added in pairs until one total is left.'],
    'maximum-and-sum': [
      'Maximum and sum',
      'One pass over the row: the sum so far is brought to each new maximum, and the next exponentials are added.',
    ],
    'write-row': ['Write row', 'The exponentials are divided by their sum and written.'],
  },
});

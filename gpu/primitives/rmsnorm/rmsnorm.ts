// The primitive `rmsnorm`: every row of x is divided by the root of its mean square and scaled.

import { z } from '../../core/schema.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Pass, Run } from '../../define/spec.ts';
import { needsVec4s } from '../../plan/kernel-form.ts';
import { card } from './card.ts';
import { type RmsnormConfig, reference } from './reference.ts';

/** `tuned` gives each row to one lane where barriers are dear (isSoftware 1 among the limits), and to a workgroup elsewhere. */
function isPerRow({ width }: RmsnormConfig, { variant, limits }: Run): boolean {
  return variant === 'per-row' || (variant === 'tuned' && limits.isSoftware === 1 && width % 4 === 0);
}

const shared: Pass<RmsnormConfig> = {
  kernel: 'rmsnorm-shared',
  tuned: true,
  needs: { maxComputeWorkgroupStorageSize: 'width', maxComputeInvocationsPerWorkgroup: 'tuning.LANES' },
  when: (config, run) => !isPerRow(config, run),
  grid: ({ rows }) => [rows, 1, 1],
};

const perRow: Pass<RmsnormConfig> = {
  kernel: 'rmsnorm-per-row',
  tuned: true,
  when: isPerRow,
  grid: ({ rows }, { constant }) => [Math.ceil(rows / constant('LANES')), 1, 1],
};

export const rmsnorm = defineMechanism<RmsnormConfig>({
  card,
  sizes: {
    rows: { most: 256, usual: 16, axis: 'row' },
    width: { most: 1024, usual: 256, axis: 'column' },
  },
  numbers: {
    epsilon: { usual: 1e-6, schema: z.number().check(z.positive(), z.lte(1)), least: 1e-6, most: 1e-2, step: 1e-6 },
  },
  tensors: {
    x: { axes: ['row', 'column'], role: 'input', title: 'rows' },
    weight: { axes: ['column'], role: 'input', title: 'scale' },
    out: { axes: ['row', 'column'], role: 'output', title: 'normalised rows' },
  },
  misfit: (config, run) =>
    isPerRow(config, run) ? needsVec4s('rmsnorm-per-row.wgsl', 'width', config.width) : undefined,
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    COLUMNS: ({ width }) => width / 4,
    x_at: 0,
    x_row: ({ width }) => width,
    out_at: 0,
    out_row: ({ width }) => width,
  },
  variants: {
    shared: { passes: [shared] },
    'per-row': { passes: [perRow] },
    tuned: { passes: [shared, perRow] },
  },
  reference,
  // shared: the row is read from storage once; the halving sum over L lanes reads 2 (L − 1) partials and writes L − 1, and every lane reads
  // the total. per-row: two passes over x, one over the weight for every row, in vec4s.
  counts(config, { constant, ...run }) {
    const { rows, width } = config;
    const elements = rows * width;
    if (isPerRow(config, run)) {
      const vec4s = { loads: elements / 4, bytes: 16 };
      return {
        buffers: { x: { loads: elements / 2, bytes: 16 }, weight: vec4s, out: { stores: elements / 4, bytes: 16 } },
      };
    }
    const lanes = constant('rmsnorm-shared', 'LANES');
    return {
      buffers: {
        x: { loads: elements },
        weight: { loads: elements },
        out: { stores: elements },
        row: { loads: elements, stores: elements },
        partial: { loads: rows * (2 * (lanes - 1) + lanes), stores: rows * (lanes + lanes - 1) },
      },
    };
  },
  steps: {
    'load-row': ['Load row', 'The row is read, and its squares are summed up.'],
    'sum-lanes': ['Sum over lanes', 'The lanes’ partial sums are added in pairs until one total is left.'],
    normalise: ['Normalise', 'Every element is divided by the root of the mean square, scaled and written.'],
  },
});

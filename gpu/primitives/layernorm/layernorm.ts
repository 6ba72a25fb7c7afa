// The primitive `layernorm`: every row of x is normalised, scaled and shifted.

import { z } from '../../core/schema.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Pass, Run } from '../../define/spec.ts';
import { needsVec4s } from '../../plan/kernel-form.ts';
import { card } from './card.ts';
import { type LayernormConfig, reference } from './reference.ts';

/** `tuned` gives each row to one lane where barriers are dear (isSoftware 1 among the limits), and to a workgroup elsewhere. */
function isPerRow({ width }: LayernormConfig, { variant, limits }: Run): boolean {
  return variant === 'per-row' || (variant === 'tuned' && limits.isSoftware === 1 && width % 4 === 0);
}

const twoPass: Pass<LayernormConfig> = {
  kernel: 'layernorm',
  needs: { maxComputeWorkgroupStorageSize: 'width', maxComputeInvocationsPerWorkgroup: 'lanes' },
  when: (config, run) => !isPerRow(config, run),
  grid: ({ rows }) => [rows, 1, 1],
};

const perRow: Pass<LayernormConfig> = {
  kernel: 'layernorm-per-row',
  tuned: true,
  when: isPerRow,
  grid: ({ rows }, { constant }) => [Math.ceil(rows / constant('LANES')), 1, 1],
};

export const layernorm = defineMechanism<LayernormConfig>({
  card,
  sizes: {
    rows: { most: 256, usual: 16, axis: 'row' },
    width: { most: 1024, usual: 256, axis: 'column' },
  },
  options: { lanes: { choices: [16, 32, 64, 128, 256], usual: 64 } },
  numbers: {
    epsilon: { usual: 1e-5, schema: z.number().check(z.positive(), z.lte(1)), least: 1e-6, most: 1e-2, step: 1e-6 },
  },
  tensors: {
    x: { axes: ['row', 'column'], role: 'input', title: 'rows' },
    scale: { axes: ['column'], role: 'input', title: 'scale' },
    bias: { axes: ['column'], role: 'input', title: 'shift' },
    out: { axes: ['row', 'column'], role: 'output', title: 'normalised rows' },
  },
  misfit: (config, run) =>
    isPerRow(config, run) ? needsVec4s('layernorm-per-row.wgsl', 'width', config.width) : undefined,
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { COLUMNS: ({ width }) => width / 4 },
  variants: {
    'two-pass': { passes: [twoPass] },
    'per-row': { passes: [perRow] },
    tuned: { passes: [twoPass, perRow] },
  },
  reference,
  // two-pass: the row is read from storage once; the halving sum over L lanes reads 2 (L − 1) partials and writes L − 1, twice per row,
  // and every lane reads the total. per-row: three passes over x, one over scale and bias for every row, in vec4s.
  counts(config, run) {
    const { rows, width, lanes } = config;
    const elements = rows * width;
    if (isPerRow(config, run)) {
      const vec4s = { loads: elements / 4, bytes: 16 };
      const x = { loads: (3 * elements) / 4, bytes: 16 };
      return { buffers: { x, scale: vec4s, bias: vec4s, out: { stores: elements / 4, bytes: 16 } } };
    }
    const sums = 2 * rows;
    return {
      buffers: {
        x: { loads: elements },
        scale: { loads: elements },
        bias: { loads: elements },
        out: { stores: elements },
        row: { loads: 2 * elements, stores: elements },
        partial: { loads: sums * (2 * (lanes - 1) + lanes), stores: sums * (lanes + lanes - 1) },
      },
    };
  },
  steps: {
    'load-row': ['Load row', 'The workgroup copies its row into workgroup memory and sums it up.'],
    'sum-lanes': ['Sum over lanes', 'The lanes’ partial sums are added in pairs until one total is left.'],
    deviations: ['Deviations', 'Every lane sums the squared deviations of its elements from the mean.'],
    normalise: ['Normalise', 'Every element is centred, divided by the deviation, scaled, shifted and written.'],
  },
});

// The primitive `linear`: y = activation(x Wᵀ + bias) · gate + residual, with the weight as networks keep it: a row for every output.

import { normalTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts, Pass, TensorSpec } from '../../define/spec.ts';
import { card } from './card.ts';
import { ACTIVATIONS, type LinearConfig, reference } from './reference.ts';

/** What both kernels call alike. */
const values: Pass<LinearConfig>['values'] = {
  ACTIVATION: ({ activation }) => ACTIVATIONS.indexOf(activation),
  x_at: 0,
  x_row: ({ k }) => k,
  x_first: 0,
  y_first: 0,
  weight_at: 0,
};

const tiled: Pass<LinearConfig> = {
  kernel: 'linear-tiled',
  needs: { maxComputeWorkgroupStorageSize: 'rowsPerLane', maxComputeInvocationsPerWorkgroup: 'tile' },
  values: { ...values, TILE: ({ tile }) => tile, ROWS: ({ rowsPerLane }) => rowsPerLane },
  grid: ({ rows, n, tile, rowsPerLane }) => [Math.ceil(n / tile), Math.ceil(rows / (tile * rowsPerLane)), 1],
};

const row: Pass<LinearConfig> = {
  kernel: 'linear-row',
  needs: { maxComputeWorkgroupStorageSize: 'lanes', maxComputeInvocationsPerWorkgroup: 'lanes' },
  values,
  grid: ({ rows, n, lanes, team }) => [Math.ceil((n * team) / lanes), rows, 1],
};

/** Once for every element of y. */
function ofElements({ rows, n, bias, gate, residual }: LinearConfig): Counts['buffers'] {
  const each = { loads: rows * n };
  return {
    y: { stores: rows * n },
    ...(bias && { bias: each }),
    ...(gate && { gate: each }),
    ...(residual && { residual: each }),
  };
}

/** Ragged tiles bring in exact rows and columns; the tiles in workgroup memory are always filled and read whole. */
function tiledCounts(config: LinearConfig): Counts['buffers'] {
  const { rows, k, n, tile, rowsPerLane } = config;
  const [across, down] = [Math.ceil(n / tile), Math.ceil(rows / (tile * rowsPerLane))];
  const lanes = across * down * Math.ceil(k / tile) * tile * tile;
  return {
    ...ofElements(config),
    x: { loads: across * rows * k },
    weight: { loads: down * n * k },
    x_tile: { loads: lanes * tile * rowsPerLane, stores: lanes * rowsPerLane },
    w_tile: { loads: lanes * tile, stores: lanes },
  };
}

/** Every lane of a workgroup takes part in the sums of its team, columns past the last included. */
function rowCounts(config: LinearConfig): Counts['buffers'] {
  const { rows, k, n, lanes, team } = config;
  const products = { loads: rows * n * k };
  const every = { ...ofElements(config), x: products, weight: products };
  if (team === 1) return every;
  const workgroups = rows * Math.ceil((n * team) / lanes);
  const pairs = workgroups * (lanes / team) * (team - 1);
  return { ...every, partial: { loads: 2 * pairs + rows * n, stores: workgroups * lanes + pairs } };
}

const optional = (name: string, axes: string[], title: string): TensorSpec<LinearConfig> => ({
  axes,
  role: 'input',
  title,
  optional: { flag: name, usual: false },
});

export const linear = defineMechanism<LinearConfig>({
  card,
  sizes: {
    rows: { most: 256, usual: 16, axis: 'row' },
    k: { most: 512, usual: 64, axis: 'inner' },
    n: { most: 512, usual: 64, axis: 'column' },
  },
  options: {
    activation: { choices: ACTIVATIONS },
    tile: { choices: [4, 8, 16], usual: 16 },
    rowsPerLane: { choices: [1, 2, 4, 8], usual: 4 },
    lanes: { choices: [32, 64, 128, 256], usual: 64 },
    team: { choices: [1, 2, 4, 8, 16, 32], usual: 16 },
  },
  tensors: {
    x: { axes: ['row', 'inner'], role: 'input', title: 'rows' },
    weight: {
      axes: ['column', 'inner'],
      role: 'input',
      title: 'weight',
      make: ({ k }, seed, shape) => normalTensor(seed, 'weight', shape, 1 / Math.sqrt(k)).data,
    },
    bias: optional('bias', ['column'], 'added to every row'),
    gate: optional('gate', ['row', 'column'], 'factor of every element'),
    residual: optional('residual', ['row', 'column'], 'added to every element at the end'),
    y: { axes: ['row', 'column'], role: 'output', title: 'mapped rows' },
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    HAS_BIAS: ({ bias }) => bias,
    HAS_GATE: ({ gate }) => gate,
    HAS_RESIDUAL: ({ residual }) => residual,
  },
  variants: { tiled: { passes: [tiled] }, row: { passes: [row] } },
  reference,
  counts: (config, { variant }) => ({
    buffers: variant === 'row' ? rowCounts(config) : tiledCounts(config),
    extraBytes: 4 * [config.bias, config.gate, config.residual].filter((given) => !given).length,
  }),
  steps: {
    'load-tiles': ['Load tiles', 'The workgroup copies one tile of x and one of the weight into workgroup memory.'],
    multiply: ['Multiply', 'Every lane adds products of x and the weight to its sums.'],
    'add-pairs': ['Add pairs', 'The lanes of a team add up what each of them has summed.'],
    'write-rows': ['Write rows', 'Bias, activation, gate and residual are applied, and the elements of y written.'],
    'write-row': ['Write row', 'Bias, activation, gate and residual are applied, and the elements of y written.'],
  },
});

// The primitive `cct-tokenizer`: convolutions with ReLU and pooling one after the other, and the places of what they make as rows. It
// consists of three other primitives and has no kernel of its own.

import { normalTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Sub, TensorSpec } from '../../define/spec.ts';
import { conv2d } from '../conv2d/conv2d.ts';
import { maxPool } from '../max-pool/max-pool.ts';
import { patches } from '../patches/patches.ts';
import { card } from './card.ts';
import { reference } from './reference.ts';
import { MOST_LAYERS, poolOf, requireStages, type Stage, stagesOf, type TokenizerConfig } from './stages.ts';

type Size = (config: TokenizerConfig) => number;
type Tensors = Record<string, TensorSpec<TokenizerConfig>>;

const LAYERS = Array.from({ length: MOST_LAYERS }, (_, i) => i);
const isLast = (i: number, { layers }: TokenizerConfig) => i === layers - 1;
const stage =
  (i: number, of: (stage: Stage) => number): Size =>
  (config) =>
    of(stagesOf(config)[i]!);
const last =
  (of: (stage: Stage) => number): Size =>
  (config) =>
    of(stagesOf(config).at(-1)!);

/** What the next convolution, or the way out, reads. */
const madeBy = (i: number, config: TokenizerConfig) =>
  isLast(i, config) ? 'map' : config.maxPool ? `pooled_${i}` : `filtered_${i}`;

const axesOfLayer = (i: number): Record<string, Size> => ({
  [`depth_${i}`]: stage(i, ({ planes }) => planes),
  [`filter_${i}`]: stage(i, ({ outPlanes }) => outPlanes),
  [`filtered_row_${i}`]: stage(i, ({ filtered }) => filtered.height),
  [`filtered_column_${i}`]: stage(i, ({ filtered }) => filtered.width),
  [`pooled_row_${i}`]: stage(i, ({ after }) => after.height),
  [`pooled_column_${i}`]: stage(i, ({ after }) => after.width),
});

const tensorsOfLayer = (i: number): Tensors => ({
  [`conv_layers_${i}_weight`]: {
    axes: [`filter_${i}`, `depth_${i}`, 'tap_row', 'tap_column'],
    role: 'input',
    title: `filters of convolution ${i + 1}`,
    present: ({ layers }) => i < layers,
    make: ({ kernel }, seed, shape) =>
      normalTensor(seed, `conv_layers_${i}_weight`, shape, 1 / Math.sqrt(shape[1]!) / kernel).data,
  },
  [`filtered_${i}`]: {
    axes: ['batch', `filter_${i}`, `filtered_row_${i}`, `filtered_column_${i}`],
    role: 'scratch',
    title: `what convolution ${i + 1} makes`,
    present: (config) => i < config.layers && (config.maxPool || !isLast(i, config)),
  },
  [`pooled_${i}`]: {
    axes: ['batch', `filter_${i}`, `pooled_row_${i}`, `pooled_column_${i}`],
    role: 'scratch',
    title: `the same, pooled`,
    present: (config) => i < config.layers - 1 && config.maxPool,
  },
});

const passesOfLayer = (i: number): Sub<TokenizerConfig>[] => [
  {
    mechanism: conv2d,
    variant: 'direct',
    when: ({ layers }) => i < layers,
    config(config) {
      const { planes, outPlanes, before } = stagesOf(config)[i]!;
      const { batch, kernel, stride, padding, activation } = config;
      return { batch, planes, outPlanes, ...before, kernel, stride, padding, activation };
    },
    names: {
      x: (config) => (i === 0 ? 'x' : madeBy(i - 1, config)),
      weight: `conv_layers_${i}_weight`,
      out: (config) => (config.maxPool ? `filtered_${i}` : madeBy(i, config)),
    },
  },
  {
    mechanism: maxPool,
    variant: 'direct',
    when: (config) => i < config.layers && config.maxPool,
    config(config) {
      const { outPlanes: planes, filtered } = stagesOf(config)[i]!;
      return { batch: config.batch, planes, ...filtered, ...poolOf(config) };
    },
    names: { x: `filtered_${i}`, out: (config) => madeBy(i, config) },
  },
];

/** Places as rows: windows of one cell. */
const flatten: Sub<TokenizerConfig> = {
  mechanism: patches,
  variant: 'copy',
  config: (config) => ({
    batch: config.batch,
    planes: config.outChannels,
    ...stagesOf(config).at(-1)!.after,
    patch: 1,
    padding: 0,
  }),
  names: { x: 'map', out: 'tokens' },
};

export const cctTokenizer = defineMechanism<TokenizerConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    inChannels: { most: 16, usual: 3, axis: 'plane' },
    height: { most: 64, usual: 16, axis: 'row' },
    width: { most: 64, usual: 16, axis: 'column' },
    layers: { most: MOST_LAYERS, usual: 1, limit: MOST_LAYERS, ofInputs: false },
    inPlanes: { most: 64, usual: 64, ofInputs: false },
    outChannels: { most: 64, usual: 12, axis: 'channel', ofInputs: false },
    kernel: { most: 7, usual: 3, axis: ['tap_row', 'tap_column'], ofInputs: false },
    stride: { most: 4, usual: 1, ofInputs: false },
    padding: { most: 3, usual: 1, least: 0, ofInputs: false },
    poolKernel: { most: 7, usual: 3, ofInputs: false },
    poolStride: { most: 4, usual: 2, ofInputs: false },
    poolPadding: { most: 3, usual: 1, least: 0, ofInputs: false },
  },
  options: { maxPool: { choices: [true, false] }, activation: { choices: ['relu', 'none'] } },
  axes: {
    ...Object.assign({}, ...LAYERS.map(axesOfLayer)),
    map_row: last(({ after }) => after.height),
    map_column: last(({ after }) => after.width),
    token: last(({ after }) => after.height * after.width),
  },
  tensors: {
    x: { axes: ['batch', 'plane', 'row', 'column'], role: 'input', title: 'picture' },
    ...(Object.assign({}, ...LAYERS.map(tensorsOfLayer)) as Tensors),
    map: { axes: ['batch', 'channel', 'map_row', 'map_column'], role: 'output', title: 'what the last layer makes' },
    tokens: { axes: ['batch', 'token', 'channel'], role: 'output', title: 'its places as rows' },
  },
  accept: requireStages,
  kernels: {},
  variants: { direct: { passes: [...LAYERS.flatMap(passesOfLayer), flatten] } },
  reference,
  counts: () => ({ buffers: {} }),
  steps: {},
});

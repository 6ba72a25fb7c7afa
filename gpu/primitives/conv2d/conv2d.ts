// The primitive `conv2d`: filters over pictures, with the ReLU that follows them.

import { normalTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import { card } from './card.ts';
import { type Conv2dConfig, reference } from './reference.ts';
import { cellsAlong, requireWindows, windowsAlong } from './windows.ts';

const rows = (config: Conv2dConfig) => windowsAlong(config.height, config);
const columns = (config: Conv2dConfig) => windowsAlong(config.width, config);

export const conv2d = defineMechanism<Conv2dConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    planes: { most: 64, usual: 3, axis: 'plane' },
    height: { most: 64, usual: 14, axis: 'row' },
    width: { most: 64, usual: 14, axis: 'column' },
    outPlanes: { most: 64, usual: 8, axis: 'out_plane' },
    kernel: { most: 7, usual: 3, axis: ['tap_row', 'tap_column'] },
    stride: { most: 4, usual: 1, ofInputs: false },
    padding: { most: 3, usual: 0, least: 0, ofInputs: false },
  },
  options: { activation: { choices: ['relu', 'none'] } },
  axes: { out_row: rows, out_column: columns },
  tensors: {
    x: { axes: ['batch', 'plane', 'row', 'column'], role: 'input', title: 'picture' },
    weight: {
      axes: ['out_plane', 'plane', 'tap_row', 'tap_column'],
      role: 'input',
      title: 'filters',
      make: ({ planes, kernel }, seed, shape) =>
        normalTensor(seed, 'weight', shape, 1 / Math.sqrt(planes) / kernel).data,
    },
    out: { axes: ['batch', 'out_plane', 'out_row', 'out_column'], role: 'output', title: 'where each filter fits' },
  },
  accept: (config) => requireWindows(config, config),
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { RELU: ({ activation }) => activation === 'relu', out_height: rows, out_width: columns },
  variants: {
    direct: {
      passes: [
        {
          kernel: 'conv2d',
          grid: (config, { constant }) => [
            Math.ceil((rows(config) * columns(config)) / constant('LANES')),
            Math.ceil(config.outPlanes / constant('PLANES')),
            config.batch,
          ],
        },
      ],
    },
  },
  reference,
  // A window reads those of its cells that lie in the picture, once for PLANES filters, and each filter's weights for them.
  counts(config, { constant }) {
    const { batch, planes, height, width, outPlanes } = config;
    const cells = batch * planes * cellsAlong(height, config) * cellsAlong(width, config);
    return {
      buffers: {
        x: { loads: cells * Math.ceil(outPlanes / constant('conv2d', 'PLANES')) },
        weight: { loads: cells * outPlanes },
        out: { stores: batch * outPlanes * rows(config) * columns(config) },
      },
    };
  },
  steps: {
    window: ['Window', 'Every lane multiplies the cells of its window, of one plane, by the weights of some filters.'],
    'write-planes': ['Write', 'What is below 0 is cut off, where that is asked for, and the elements are written.'],
  },
});

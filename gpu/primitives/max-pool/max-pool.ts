// The primitive `max-pool`: of every window of a picture the largest cell.

import { defineMechanism } from '../../define/mechanism.ts';
import { cellsAlong, requireWindows, windowsAlong } from '../conv2d/windows.ts';
import { card } from './card.ts';
import { type MaxPoolConfig, reference } from './reference.ts';

const rows = (config: MaxPoolConfig) => windowsAlong(config.height, config);
const columns = (config: MaxPoolConfig) => windowsAlong(config.width, config);

export const maxPool = defineMechanism<MaxPoolConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    planes: { most: 64, usual: 4, axis: 'plane' },
    height: { most: 64, usual: 14, axis: 'row' },
    width: { most: 64, usual: 14, axis: 'column' },
    kernel: { most: 7, usual: 3, ofInputs: false },
    stride: { most: 4, usual: 2, ofInputs: false },
    padding: { most: 3, usual: 0, least: 0, ofInputs: false },
  },
  axes: { out_row: rows, out_column: columns },
  tensors: {
    x: { axes: ['batch', 'plane', 'row', 'column'], role: 'input', title: 'picture' },
    out: { axes: ['batch', 'plane', 'out_row', 'out_column'], role: 'output', title: 'smaller picture' },
  },
  accept: (config) => requireWindows(config, config),
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { out_height: rows, out_width: columns },
  variants: {
    direct: {
      passes: [
        {
          kernel: 'max-pool',
          grid: (config, { constant }) => [
            Math.ceil((rows(config) * columns(config)) / constant('LANES')),
            config.planes,
            config.batch,
          ],
        },
      ],
    },
  },
  reference,
  // A window reads those of its cells that lie in the picture.
  counts(config) {
    const { batch, planes, height, width } = config;
    return {
      buffers: {
        x: { loads: batch * planes * cellsAlong(height, config) * cellsAlong(width, config) },
        out: { stores: batch * planes * rows(config) * columns(config) },
      },
    };
  },
  steps: { window: ['Window', 'Every lane finds the largest cell of its window and writes it.'] },
});

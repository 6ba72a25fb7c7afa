// The primitive `patches`: windows of a picture as rows, copied and nothing else. With windows of one cell it turns planes into rows.

import { z } from '../../core/schema.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import { cellsAlong, requireWindows, windowsAlong } from '../conv2d/windows.ts';
import { card } from './card.ts';
import { type PatchesConfig, reference, windowsOf } from './reference.ts';

const across = (config: PatchesConfig) => windowsAlong(config.width, windowsOf(config));
const tokens = (config: PatchesConfig) => windowsAlong(config.height, windowsOf(config)) * across(config);
const columns = ({ planes, patch }: PatchesConfig) => planes * patch * patch;

export const patches = defineMechanism<PatchesConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    planes: { most: 64, usual: 1, axis: 'plane' },
    height: { most: 64, usual: 28, axis: 'row' },
    width: { most: 64, usual: 28, axis: 'column' },
    patch: { most: 16, usual: 4, ofInputs: false },
    padding: { most: 8, usual: 0, least: 0, ofInputs: false },
  },
  keys: { stride: z.optional(z.int().check(z.gte(1))) },
  axes: { token: tokens, cell: columns },
  tensors: {
    x: { axes: ['batch', 'plane', 'row', 'column'], role: 'input', title: 'picture' },
    out: { axes: ['batch', 'token', 'cell'], role: 'output', title: 'a row for every patch' },
  },
  accept: (config) => requireWindows(windowsOf(config), config, 'patch'),
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: { size: ({ patch }) => patch, stride: (config) => windowsOf(config).stride, tokens, across },
  variants: {
    copy: {
      passes: [
        {
          kernel: 'patches',
          grid: (config, { constant }) => [
            Math.ceil(columns(config) / constant('LANES')),
            tokens(config),
            config.batch,
          ],
        },
      ],
    },
  },
  reference,
  counts(config) {
    const { batch, planes, height, width } = config;
    const windows = windowsOf(config);
    return {
      buffers: {
        x: { loads: batch * planes * cellsAlong(height, windows) * cellsAlong(width, windows) },
        out: { stores: batch * tokens(config) * columns(config) },
      },
    };
  },
  steps: { 'copy-cell': ['Copy cell', 'Every lane copies one cell of a patch to its place in the patch’s row.'] },
});

// The primitive `add-positions`: what a picture's rows get on their way into a stack.

import { defineMechanism } from '../../define/mechanism.ts';
import { card } from './card.ts';
import { type AddPositionsConfig, reference } from './reference.ts';

const rows = ({ tokens, hasClassToken }: AddPositionsConfig) => tokens + (hasClassToken ? 1 : 0);

export const addPositions = defineMechanism<AddPositionsConfig>({
  card,
  sizes: {
    batch: { most: 8, usual: 1 },
    tokens: { most: 256, usual: 16, axis: 'token' },
    width: { most: 512, usual: 64, axis: 'column' },
  },
  axes: { row: rows },
  tensors: {
    x: { axes: ['batch', 'token', 'column'], role: 'input', title: 'rows' },
    class_token: {
      axes: ['column'],
      role: 'input',
      title: 'the row before them',
      optional: { flag: 'hasClassToken', usual: false },
    },
    positions: {
      axes: ['row', 'column'],
      role: 'input',
      title: 'a row for every place',
      optional: { flag: 'hasPositions', usual: true },
    },
    out: { axes: ['batch', 'row', 'column'], role: 'output', title: 'rows with their places' },
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    HAS_CLASS_TOKEN: ({ hasClassToken }) => hasClassToken,
    HAS_POSITIONS: ({ hasPositions }) => hasPositions,
    rows,
  },
  variants: {
    direct: {
      passes: [
        {
          kernel: 'add-positions',
          grid: (config, { constant }) => [Math.ceil(config.width / constant('LANES')), rows(config), config.batch],
        },
      ],
    },
  },
  reference,
  counts(config) {
    const { batch, tokens, width, hasClassToken, hasPositions } = config;
    const elements = batch * rows(config) * width;
    return {
      buffers: {
        x: { loads: batch * tokens * width },
        ...(hasClassToken && { class_token: { loads: batch * width } }),
        ...(hasPositions && { positions: { loads: elements } }),
        out: { stores: elements },
      },
      extraBytes: 4 * [hasClassToken, hasPositions].filter((given) => !given).length,
    };
  },
  steps: { 'place-row': ['Place row', 'Every lane copies one element of a row and adds that of the row’s place.'] },
});

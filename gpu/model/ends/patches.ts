// The way in of a picture in patches: each is laid out as a row and mapped to the stream. Source: Dosovitskiy et al. 2020
// (arXiv:2010.11929), equation 1.

import { z } from '../../core/schema.ts';
import { requireWindows, windowsAlong } from '../../primitives/conv2d/windows.ts';
import { linear } from '../../primitives/linear/linear.ts';
import { patches as mechanism } from '../../primitives/patches/patches.ts';
import { reference as cut } from '../../primitives/patches/reference.ts';
import { mapRows } from '../blocks/norm.ts';
import type { PartKind } from '../part.ts';
import {
  aroundPicture,
  extentsOf,
  IMAGE,
  type PictureKeys,
  pictureInputs,
  pictureKeys,
  pictureWeights,
  placed,
} from './pictures.ts';
import { placeConstants } from './places.ts';

interface PatchesKeys extends PictureKeys {
  /** Rows and columns of a patch. */
  patch: number;
}

const windowsOf = ({ patch }: PatchesKeys) => ({ kernel: patch, stride: patch, padding: 0 });

function cutOf(keys: PatchesKeys) {
  const { height, width } = extentsOf(keys);
  const windows = windowsOf(keys);
  return {
    config: { batch: 1, planes: keys.channels, height, width, patch: keys.patch, padding: 0 },
    rows: windowsAlong(height, windows) * windowsAlong(width, windows),
    cells: keys.patch ** 2 * keys.channels,
  };
}

export const patches: PartKind<PatchesKeys> = {
  kind: 'patches',
  title: 'Patches',
  summary: 'A picture in small squares, each of which is a token.',
  keys: z.strictObject({ ...pictureKeys, patch: z.int().check(z.gte(1), z.lte(64)) }),
  accept: (keys) => requireWindows(windowsOf(keys), extentsOf(keys), 'patch'),
  tokens: (keys) => cutOf(keys).rows + (keys.classToken ? 1 : 0),
  inputs: (keys) => pictureInputs(keys),
  weights: (keys, size) => ({
    'projection.weight': {
      axes: ['channel', 'cell'],
      shape: [size.width, cutOf(keys).cells],
      title: 'map of a patch, plane by plane',
    },
    'projection.bias': { axes: ['channel'], shape: [size.width], title: 'bias of the map', fill: 0 },
    ...pictureWeights(keys, size),
  }),
  constants: (_keys, size) => placeConstants(size),
  compile(keys, size, to) {
    const { config, rows, cells } = cutOf(keys);
    to.call('cut', { mechanism, variant: 'copy', config, tensors: { x: { whole: IMAGE }, out: { between: 'cut' } } });
    aroundPicture(to, keys, size, (y) =>
      to.call('project', {
        mechanism: linear,
        variant: 'tiled',
        config: { rows, k: cells, n: size.width, bias: true, rowsPerLane: rows > 32 ? 4 : 1 },
        tensors: {
          x: { between: 'cut' },
          weight: { own: 'projection.weight' },
          bias: { own: 'projection.bias' },
          y,
        },
      }),
    );
  },
  reference(keys, size, weights, x) {
    const { config, cells } = cutOf(keys);
    const rows = cut(config, { x: { data: x } }).out.data;
    const map = { k: cells, n: size.width, bias: weights['projection.bias'] };
    return placed(keys, size, weights, mapRows(rows, weights['projection.weight']!, map));
  },
  cost: (keys, { width }) => ({ multiplies: () => cutOf(keys).rows * cutOf(keys).cells * width }),
};

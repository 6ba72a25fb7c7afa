// The way in of a picture by convolutions: each makes the picture smaller and deeper, and every place of the last is a token. Source:
// Hassani et al. 2021 (arXiv:2104.05704), section 3.3; `Tokenizer` of Compact Transformers.

import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { conv2d } from '../../primitives/conv2d/conv2d.ts';
import { reference as convolve } from '../../primitives/conv2d/reference.ts';
import { requireWindows, type Windows, windowsAlong } from '../../primitives/conv2d/windows.ts';
import { maxPool } from '../../primitives/max-pool/max-pool.ts';
import { reference as pool } from '../../primitives/max-pool/reference.ts';
import { patches } from '../../primitives/patches/patches.ts';
import { reference as cut } from '../../primitives/patches/reference.ts';
import type { Composition, Place } from '../composition.ts';
import type { PartKind, Weight } from '../part.ts';
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

interface Convolution extends Windows {
  /** Filters. */
  planes: number;
  activation: 'relu' | 'none';
  /** Rows and columns of a pooling window; 0 for no pooling. */
  pool: number;
  poolStride: number;
  poolPadding: number;
}

interface ImageKeys extends PictureKeys {
  convs: Convolution[];
}

const few = (least: number, most: number) => z.int().check(z.gte(least), z.lte(most));

const convolution = z.strictObject({
  planes: few(1, 1024),
  kernel: z._default(few(1, 16), 3),
  stride: z._default(few(1, 16), 1),
  padding: z._default(few(0, 15), 1),
  activation: z._default(z.enum(['relu', 'none']), 'relu'),
  pool: z._default(few(0, 16), 3),
  poolStride: z._default(few(1, 16), 2),
  poolPadding: z._default(few(0, 15), 1),
});

/** A convolution and the pooling after it, with all that their kernels ask for. */
interface Stage {
  conv: Parameters<typeof convolve>[0];
  pool: Parameters<typeof pool>[0] | undefined;
}

/** Of a picture's size on its way. @throws EngineError bad-config where windows do not fit */
function stagesOf(keys: ImageKeys): { stages: Stage[]; planes: number; height: number; width: number } {
  let [{ height, width }, planes] = [extentsOf(keys), keys.channels];
  const shrink = (windows: Windows, field: string) => {
    requireWindows(windows, { height, width }, field);
    [height, width] = [windowsAlong(height, windows), windowsAlong(width, windows)];
  };
  const stages = keys.convs.map(({ planes: outPlanes, kernel, stride, padding, activation, ...rest }, i): Stage => {
    const conv = { batch: 1, planes, height, width, outPlanes, kernel, stride, padding, activation };
    shrink(conv, `convs.${i}.kernel`);
    planes = outPlanes;
    if (rest.pool === 0) return { conv, pool: undefined };
    const windows = { kernel: rest.pool, stride: rest.poolStride, padding: rest.poolPadding };
    const pooling = { batch: 1, planes, height, width, ...windows };
    shrink(windows, `convs.${i}.pool`);
    return { conv, pool: pooling };
  });
  return { stages, planes, height, width };
}

function compileStages(stages: Stage[], to: Composition): Place {
  let x: Place = { whole: IMAGE };
  for (const [i, stage] of stages.entries()) {
    const out = { between: `filtered.${i}` };
    to.call(`conv.${i}`, {
      mechanism: conv2d,
      variant: 'direct',
      config: stage.conv,
      tensors: { x, weight: { own: `conv_layers.${i}.weight` }, out },
    });
    x = out;
    if (!stage.pool) continue;
    const pooled = { between: `pooled.${i}` };
    to.call(`pool.${i}`, { mechanism: maxPool, variant: 'direct', config: stage.pool, tensors: { x, out: pooled } });
    x = pooled;
  }
  return x;
}

export const image: PartKind<ImageKeys> = {
  kind: 'image',
  title: 'Convolutions',
  summary: 'A picture through small filters; every place of what they make is a token.',
  keys: z.strictObject({ ...pictureKeys, convs: z.array(convolution).check(z.minLength(1), z.maxLength(8)) }),
  accept(keys, { width }) {
    const { planes } = stagesOf(keys);
    if (planes === width) return;
    const message = `the last convolution makes ${planes} channels; the stream has ${width}`;
    const field = `convs.${keys.convs.length - 1}.planes`;
    throw new EngineError('bad-config', message, { field, value: planes, limit: width });
  },
  tokens(keys) {
    const { height, width } = stagesOf(keys);
    return height * width + (keys.classToken ? 1 : 0);
  },
  inputs: (keys) => pictureInputs(keys),
  weights(keys, size) {
    const filters = stagesOf(keys).stages.map(({ conv: { outPlanes, planes, kernel } }, i): [string, Weight] => {
      const shape = [outPlanes, planes, kernel, kernel];
      return [
        `conv_layers.${i}.weight`,
        { axes: ['filter', 'plane', 'tap_row', 'tap_column'], shape, title: 'filters' },
      ];
    });
    return { ...Object.fromEntries(filters), ...pictureWeights(keys, size) };
  },
  constants: (_keys, size) => placeConstants(size),
  compile(keys, size, to) {
    const { stages, planes, height, width } = stagesOf(keys);
    const x = compileStages(stages, to);
    const config = { batch: 1, planes, height, width, patch: 1 };
    aroundPicture(to, keys, size, (out) =>
      to.call('rows', { mechanism: patches, variant: 'copy', config, tensors: { x, out } }),
    );
  },
  reference(keys, size, weights, x) {
    const { stages, planes, height, width } = stagesOf(keys);
    let data = x;
    for (const [i, stage] of stages.entries()) {
      const weight = { data: weights[`conv_layers.${i}.weight`]! };
      data = convolve(stage.conv, { x: { data }, weight }).out.data;
      if (stage.pool) data = pool(stage.pool, { x: { data } }).out.data;
    }
    const config = { batch: 1, planes, height, width, patch: 1, padding: 0 };
    return placed(keys, size, weights, cut(config, { x: { data } }).out.data);
  },
  cost: (keys) => ({
    multiplies: () =>
      stagesOf(keys).stages.reduce((sum, { conv }) => {
        const places = windowsAlong(conv.height, conv) * windowsAlong(conv.width, conv);
        return sum + places * conv.outPlanes * conv.planes * conv.kernel ** 2;
      }, 0),
  }),
};

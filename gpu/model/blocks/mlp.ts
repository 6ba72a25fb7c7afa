// The block `mlp`: every token by itself is widened, put through a nonlinearity and narrowed again.

import { z } from '../../core/schema.ts';
import { activations } from '../../primitives/linear/reference.ts';
import type { PartKind } from '../part.ts';
import { aroundBlock, mapRows, type NormKeys, normKeys, normWeights, referenceAround } from './norm.ts';

interface MlpKeys extends NormKeys {
  /** Units of the wide layer. */
  hidden: number;
  activation: 'relu' | 'relu2' | 'gelu' | 'gelu-tanh' | 'silu' | 'swiglu';
  bias: boolean;
}

export const mlp: PartKind<MlpKeys> = {
  kind: 'mlp',
  title: 'Feed-forward',
  summary: 'Looks at every token by itself: widens it, keeps what is of use, narrows it again.',
  keys: z.strictObject({
    ...normKeys,
    hidden: z.int().check(z.gte(1), z.lte(4096)),
    activation: z._default(z.enum(['relu', 'relu2', 'gelu', 'gelu-tanh', 'silu', 'swiglu']), 'gelu-tanh'),
    bias: z._default(z.boolean(), false),
  }),
  isCausal: () => true,
  weights(keys, size) {
    const { hidden, activation, bias } = keys;
    const up = (title: string) => ({ axes: ['unit', 'channel'], shape: [hidden, size.width], title });
    return {
      ...normWeights(keys, size),
      'up_proj.weight': up('map to the units'),
      ...(bias && { 'up_proj.bias': { axes: ['unit'], shape: [hidden], title: 'bias of the units', fill: 0 } }),
      ...(activation === 'swiglu' && { 'gate_proj.weight': up('map to the gates of the units') }),
      'down_proj.weight': { axes: ['channel', 'unit'], shape: [size.width, hidden], title: 'map back' },
      ...(bias && {
        'down_proj.bias': { axes: ['channel'], shape: [size.width], title: 'bias of the result', fill: 0 },
      }),
    };
  },
  compile(keys, size, to) {
    const { hidden, activation, bias: hasBias } = keys;
    const { width } = size;
    aroundBlock(to, keys, size, (x, y, residual) => {
      const units = { between: 'units' };
      const up = { x, hasBias, k: width, n: hidden };
      if (activation === 'swiglu') {
        to.linear('up', { ...up, weight: 'up_proj.weight', y: { between: 'up' } });
        to.linear('gate', {
          ...up,
          hasBias: false,
          weight: 'gate_proj.weight',
          activation: 'silu',
          gate: { between: 'up' },
          y: units,
        });
      } else to.linear('up', { ...up, weight: 'up_proj.weight', activation, y: units });
      to.linear('down', {
        x: units,
        weight: 'down_proj.weight',
        hasBias,
        y,
        k: hidden,
        n: width,
        ...(residual && { residual }),
      });
    });
  },
  reference(keys, size, weights, x) {
    const { hidden, activation } = keys;
    const { width } = size;
    return referenceAround(keys, size, weights, x, (rows) => {
      const up = mapRows(rows, weights['up_proj.weight']!, { k: width, n: hidden, bias: weights['up_proj.bias'] });
      const gates = activation === 'swiglu' && mapRows(rows, weights['gate_proj.weight']!, { k: width, n: hidden });
      const units = up.map((value, i) =>
        activation === 'swiglu'
          ? value * activations.silu((gates as Float64Array)[i]!)
          : activations[activation](value),
      );
      return mapRows(units, weights['down_proj.weight']!, { k: hidden, n: width, bias: weights['down_proj.bias'] });
    });
  },
  cost: ({ hidden, activation }, { width }) => ({
    multiplies: (tokens) => tokens * width * hidden * (activation === 'swiglu' ? 3 : 2),
  }),
};

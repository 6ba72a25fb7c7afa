// The primitive `embedding`.

import { integerTensor, normalTensor } from '../../core/random.ts';
import { tensor } from '../../core/tensor.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { card } from './card.ts';
import { type EmbeddingConfig, resolve, schema } from './config.ts';
import { cost } from './cost.ts';
import wgsl from './embedding.wgsl?raw';
import { KERNEL, plan, supports } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';

/** The usual rates: wavelengths from 2π to 10 000 · 2π in a geometric row. */
function geometricRates(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 10_000 ** -(i / Math.max(1, count - 1)));
}

export const embedding: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [
    {
      id: 'direct',
      title: 'Direct',
      kernels: [{ file: KERNEL, wgsl }],
      supports: (config, limits) => supports(config as EmbeddingConfig, limits),
    },
  ],
  resolve,
  makeInputs(config, seed) {
    const { n, rows, width, timing } = config as EmbeddingConfig;
    return {
      ids: integerTensor(seed, 'ids', [n], 0, rows),
      table: normalTensor(seed, 'table', [rows, width]),
      ...(timing && { rates: tensor('f32', [width / 2], geometricRates(width / 2)) }),
    };
  },
  plan: (_variant, config, limits) => plan(config as EmbeddingConfig, limits),
  reference: (config, inputs) => reference(config as EmbeddingConfig, inputs),
  cost: (_variant, config) => cost(config as EmbeddingConfig),
};

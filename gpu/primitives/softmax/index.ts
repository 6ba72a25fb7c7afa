// The primitive `softmax`.

import { normalTensor } from '../../core/random.ts';
import type { Mechanism, Variant } from '../../mechanisms/mechanism.ts';
import { card } from './card.ts';
import { resolve, type SoftmaxConfig, schema } from './config.ts';
import { cost } from './cost.ts';
import { kernelFile, kernels, plan, type SoftmaxKernel, supports, tuningsFor } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';

function variant(id: string, title: string, used: SoftmaxKernel[]): Variant {
  return {
    id,
    title,
    kernels: used.map((kernel) => ({ file: kernelFile(kernel), wgsl: kernels[kernel] })),
    supports: (config, limits) => supports(id, config as SoftmaxConfig, limits),
  };
}

export const softmax: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [
    variant('shared', 'Shared', ['shared']),
    variant('per-row', 'A lane per row', ['per-row']),
    variant('tuned', 'Tuned', ['shared', 'per-row']),
  ],
  resolve,
  makeInputs(config, seed) {
    const { rows, width } = config as SoftmaxConfig;
    return { x: normalTensor(seed, 'x', [rows, width]) };
  },
  plan: (id, config, limits) => plan(id, config as SoftmaxConfig, limits),
  tunings: (id, config, limits) => tuningsFor(id, config as SoftmaxConfig, limits),
  reference: (config, inputs) => reference(config as SoftmaxConfig, inputs),
  cost: (id, config, limits) => cost(id, config as SoftmaxConfig, limits),
};

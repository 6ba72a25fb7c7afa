// The primitive `layernorm`.

import { normalTensor } from '../../core/random.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { type LayernormConfig, presets, resolve, schema } from './config.ts';
import { cost } from './cost.ts';
import wgsl from './layernorm.wgsl?raw';
import { KERNEL, plan, supports } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';

export const layernorm: Mechanism = {
  id: 'layernorm',
  title: 'Layer normalisation',
  role: 'primitive',
  config: schema,
  presets,
  steps,
  variants: [
    {
      id: 'two-pass',
      title: 'Two-pass',
      kernels: [{ file: KERNEL, wgsl }],
      supports: (config, limits) => supports(config as LayernormConfig, limits),
    },
  ],
  resolve,
  makeInputs(config, seed) {
    const { rows, width } = config as LayernormConfig;
    return {
      x: normalTensor(seed, 'x', [rows, width]),
      scale: normalTensor(seed, 'scale', [width]),
      bias: normalTensor(seed, 'bias', [width]),
    };
  },
  plan: (_variant, config, limits) => plan(config as LayernormConfig, limits),
  reference: (config, inputs) => reference(config as LayernormConfig, inputs),
  cost: (_variant, config) => cost(config as LayernormConfig),
};

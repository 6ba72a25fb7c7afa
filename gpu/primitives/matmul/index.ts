// The primitive `matmul`.

import { normalTensor } from '../../core/random.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { type MatmulConfig, presets, resolve, schema } from './config.ts';
import { cost } from './cost.ts';
import wgsl from './matmul.wgsl?raw';
import { KERNEL, plan, supports } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';

export const matmul: Mechanism = {
  id: 'matmul',
  title: 'Matrix product',
  role: 'primitive',
  config: schema,
  presets,
  steps,
  variants: [
    {
      id: 'tiled',
      title: 'Tiled',
      kernels: [{ file: KERNEL, wgsl }],
      supports: (config, limits) => supports(config as MatmulConfig, limits),
    },
  ],
  resolve,
  makeInputs(config, seed) {
    const { m, k, n, bias } = config as MatmulConfig;
    return {
      a: normalTensor(seed, 'a', [m, k]),
      b: normalTensor(seed, 'b', [k, n]),
      ...(bias && { bias: normalTensor(seed, 'bias', [n]) }),
    };
  },
  plan: (_variant, config, limits) => plan(config as MatmulConfig, limits),
  reference: (config, inputs) => reference(config as MatmulConfig, inputs),
  cost: (_variant, config) => cost(config as MatmulConfig),
};

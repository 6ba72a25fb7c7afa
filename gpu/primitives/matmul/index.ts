// The primitive `matmul`.

import { normalTensor } from '../../core/random.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import type { KernelForm } from '../../plan/kernel-form.ts';
import { card } from './card.ts';
import { type MatmulConfig, resolve, schema } from './config.ts';
import { cost } from './cost.ts';
import wgsl from './matmul.wgsl?raw';
import { KERNEL, plan, supports } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';
import { costTuned, formFile, matmulTunings, planTuned, supportsTuned, TUNED, tunedForms } from './tuned.ts';

export const matmul: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [
    {
      id: 'tiled',
      title: 'Tiled',
      kernels: [{ file: KERNEL, wgsl }],
      supports: (config, limits) => supports(config as MatmulConfig, limits),
    },
    {
      id: TUNED,
      title: 'Tuned',
      kernels: Object.entries(tunedForms).map(([form, text]) => ({ file: formFile(form as KernelForm), wgsl: text })),
      supports: (config, limits) => supportsTuned(config as MatmulConfig, limits),
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
  plan: (variant, config, limits) =>
    variant === TUNED ? planTuned(config as MatmulConfig, limits) : plan(config as MatmulConfig, limits),
  tunings: (variant, config, limits) => (variant === TUNED ? matmulTunings(config as MatmulConfig, limits) : []),
  reference: (config, inputs) => reference(config as MatmulConfig, inputs),
  cost: (variant, config, limits) =>
    variant === TUNED ? costTuned(config as MatmulConfig, limits) : cost(config as MatmulConfig),
};

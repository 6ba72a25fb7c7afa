// The primitive `sequential-scan`: the fused selective scan that the mechanism `selective-scan` compares with other ways, and that
// a Mamba block runs.

import type { Kernel, Mechanism, Variant } from '../../mechanisms/mechanism.ts';
import { card } from './card.ts';
import { resolve, type ScanConfig, schema } from './config.ts';
import { sequentialCost } from './cost.ts';
import holdMeanWgsl from './hold-mean.wgsl?raw';
import { makeInputs } from './inputs.ts';
import { HOLD_MEAN, SEQUENTIAL, SEQUENTIAL_X4, sequentialPlan } from './plan.ts';
import { reference } from './reference.ts';
import sequentialWgsl from './sequential.wgsl?raw';
import sequentialX4Wgsl from './sequential-x4.wgsl?raw';
import { steps } from './steps.ts';

export const holdMean: Kernel = { file: HOLD_MEAN, wgsl: holdMeanWgsl };
export const sequentialKernel: Kernel = { file: SEQUENTIAL, wgsl: sequentialWgsl };

export const sequentialVariants: Variant[] = [
  {
    id: 'sequential',
    title: 'Fused, one channel per invocation',
    kernels: [holdMean, sequentialKernel],
    supports: () => true,
  },
  {
    id: 'sequential-x4',
    title: 'Fused, four channels per invocation',
    kernels: [holdMean, { file: SEQUENTIAL_X4, wgsl: sequentialX4Wgsl }, sequentialKernel],
    supports: () => true,
  },
];

export const sequentialScan: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: sequentialVariants,
  resolve,
  makeInputs: (config, seed) => makeInputs(config as ScanConfig, seed),
  plan: (variant, config) => sequentialPlan(config as ScanConfig, variant as 'sequential' | 'sequential-x4'),
  reference: (config, inputs) => reference(config as ScanConfig, inputs),
  cost: (variant, config) => sequentialCost(config as ScanConfig, variant as 'sequential' | 'sequential-x4'),
};

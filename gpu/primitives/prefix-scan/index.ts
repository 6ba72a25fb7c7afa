// The primitive `prefix-scan`.

import { normalTensor } from '../../core/random.ts';
import type { Mechanism, Variant } from '../../mechanisms/mechanism.ts';
import { card } from './card.ts';
import { type PrefixScanConfig, resolve, schema } from './config.ts';
import { cost } from './cost.ts';
import { kernelFile, kernels, plan, type ScanKernel, supports, tuningsFor } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';

function variant(id: string, title: string, used: ScanKernel[]): Variant {
  return {
    id,
    title,
    kernels: used.map((kernel) => ({ file: kernelFile(kernel), wgsl: kernels[kernel] })),
    supports: (config, limits) => supports(id, config as PrefixScanConfig, limits),
  };
}

export const prefixScan: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [
    variant('sequential', 'Sequential', ['sequential']),
    variant('chunked', 'Chunked', ['chunked']),
    variant('tuned', 'Tuned', ['sequential', 'chunked']),
  ],
  resolve,
  makeInputs(config, seed) {
    const { length, channels } = config as PrefixScanConfig;
    return { x: normalTensor(seed, 'x', [length, channels]) };
  },
  plan: (id, config, limits) => plan(id, config as PrefixScanConfig, limits),
  tunings: (id, config, limits) => tuningsFor(id, config as PrefixScanConfig, limits),
  reference: (config, inputs) => reference(config as PrefixScanConfig, inputs),
  cost: (id, config, limits) => cost(id, config as PrefixScanConfig, limits),
};

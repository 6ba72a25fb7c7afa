// The primitive `layernorm`.

import { normalTensor } from '../../core/random.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { card } from './card.ts';
import { type LayernormConfig, resolve, schema } from './config.ts';
import { cost } from './cost.ts';
import wgsl from './layernorm.wgsl?raw';
import { costPerRow, isPerRow, PER_ROW, planPerRow, supportsPerRow } from './per-row.ts';
import { KERNEL, plan, supports } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';

export const layernorm: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [
    {
      id: 'two-pass',
      title: 'Two-pass',
      kernels: [{ file: KERNEL, wgsl }],
      supports: (config, limits) => supports(config as LayernormConfig, limits),
    },
    {
      id: 'per-row',
      title: 'A lane per row',
      kernels: [PER_ROW],
      supports: (config) => supportsPerRow(config as LayernormConfig),
    },
    {
      id: 'tuned',
      title: 'Tuned',
      kernels: [{ file: KERNEL, wgsl }, PER_ROW],
      supports: (config, limits) =>
        isPerRow('tuned', config as LayernormConfig, limits)
          ? supportsPerRow(config as LayernormConfig)
          : supports(config as LayernormConfig, limits),
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
  plan: (variant, config, limits) =>
    isPerRow(variant, config as LayernormConfig, limits)
      ? planPerRow(config as LayernormConfig)
      : plan(config as LayernormConfig, limits),
  reference: (config, inputs) => reference(config as LayernormConfig, inputs),
  cost: (variant, config, limits = {}) =>
    isPerRow(variant, config as LayernormConfig, limits)
      ? costPerRow(config as LayernormConfig)
      : cost(config as LayernormConfig),
};

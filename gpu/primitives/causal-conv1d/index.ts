// The primitive `causal-conv1d`: the short filter in front of Mamba's scan.

import { integerTensor, normalTensor } from '../../core/random.ts';
import type { Kernel, Mechanism } from '../../mechanisms/mechanism.ts';
import { card } from './card.ts';
import directWgsl from './causal-conv1d.wgsl?raw';
import { type ConvConfig, resolve, schema } from './config.ts';
import { cost } from './cost.ts';
import { DIRECT, plan, supports, UPDATE } from './plan.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';
import updateWgsl from './update.wgsl?raw';

export const directKernel: Kernel = { file: DIRECT, wgsl: directWgsl };
export const updateKernel: Kernel = { file: UPDATE, wgsl: updateWgsl };

export const causalConv1d: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [
    {
      id: 'direct',
      title: 'Whole sequence',
      kernels: [directKernel],
      supports: (config) => supports('direct', config as ConvConfig),
    },
    {
      id: 'update',
      title: 'Decode step',
      kernels: [updateKernel],
      supports: (config) => supports('update', config as ConvConfig),
    },
  ],
  resolve,
  makeInputs(raw, seed) {
    const { batch, dim, seqlen, width, stateLen, hasBias, hasInitialStates, step, circular } = raw as ConvConfig;
    return {
      x: normalTensor(seed, 'x', [batch, dim, seqlen]),
      weight: normalTensor(seed, 'weight', [dim, width]),
      ...(hasBias && { bias: normalTensor(seed, 'bias', [dim]) }),
      ...(hasInitialStates && { initial_states: normalTensor(seed, 'initial_states', [batch, dim, width - 1]) }),
      ...(step && { conv_state: normalTensor(seed, 'conv_state', [batch, dim, stateLen]) }),
      ...(circular && { cache_seqlens: integerTensor(seed, 'cache_seqlens', [batch], 0, 4 * Math.max(1, stateLen)) }),
    };
  },
  plan: (variant, config) => plan(variant, config as ConvConfig),
  reference: (config, inputs) => reference(config as ConvConfig, inputs),
  cost: (variant, config) => cost(variant, config as ConvConfig),
};

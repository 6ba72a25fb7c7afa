// The primitive `selective-state-update`: the selective scan's decode step.

import { normalTensor, uniformStream } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import type { Kernel, Mechanism } from '../../mechanisms/mechanism.ts';
import { card } from './card.ts';
import { axesOf, resolve, schema, type UpdateConfig } from './config.ts';
import { cost } from './cost.ts';
import { KERNEL, plan } from './plan.ts';
import { reference } from './reference.ts';
import wgsl from './selective-state-update.wgsl?raw';
import { steps } from './steps.ts';

export const updateKernel: Kernel = { file: KERNEL, wgsl };

/** Standard normal tensors; A negative, as in Mamba's initialisation; dt positive where no softplus makes it so. */
function makeInputs(config: UpdateConfig, seed: number): Record<string, Tensor> {
  const axes = axesOf(config.heads > 0, config.groups > 0);
  const present = { D: config.hasD, z: config.hasZ, dt_bias: config.hasDtBias };
  const inputs: Record<string, Tensor> = {};
  for (const [name, names] of Object.entries(axes)) {
    if (present[name as keyof typeof present] === false) continue;
    inputs[name] = normalTensor(
      seed,
      name,
      names.map((axis) => config[axis]),
    );
  }
  const spread = uniformStream(seed, 'A');
  const { shape, data } = inputs.A!;
  const A = Float32Array.from(data, (_, i) => -((i % config.dstate) + 1) * (0.5 + spread()));
  if (!config.dtSoftplus) inputs.dt = tensor('f32', inputs.dt!.shape, Float32Array.from(inputs.dt!.data, Math.abs));
  return { ...inputs, A: tensor('f32', shape, A) };
}

export const selectiveStateUpdate: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [{ id: 'direct', title: 'In place', kernels: [updateKernel], supports: () => true }],
  resolve,
  makeInputs: (config, seed) => makeInputs(config as UpdateConfig, seed),
  plan: (_variant, config) => plan(config as UpdateConfig),
  reference: (config, inputs) => reference(config as UpdateConfig, inputs),
  cost: (_variant, config) => cost(config as UpdateConfig),
};

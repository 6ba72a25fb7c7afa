// The whole Mamba-1 mixer as one run of several kernels, with a decode step.

import { normalTensor, uniformStream } from '../../core/random.ts';
import { type Tensor, tensor } from '../../core/tensor.ts';
import { causalConv1d } from '../../primitives/causal-conv1d/causal-conv1d.ts';
import { updateKernel } from '../../primitives/selective-state-update/index.ts';
import { holdMean, sequentialKernel } from '../../primitives/sequential-scan/index.ts';
import type { Mechanism } from '../mechanism.ts';
import { card } from './card.ts';
import { type BlockConfig, resolve, schema, shapeOf, tensorsOf } from './config.ts';
import { cost } from './cost.ts';
import { randomInductionInputs, sentenceInduction } from './induction.ts';
import { PROJECT, plan } from './plan.ts';
import projectWgsl from './project.wgsl?raw';
import { reference } from './reference.ts';
import { mambaBlockSteps } from './steps.ts';

/** Normal tensors scaled by the fan-in, A[d, n] = −(n + 1) as Mamba starts it, Δ between 0.02 and 0.2 by its bias. */
function makeInputs(config: BlockConfig, seed: number): Record<string, Tensor> {
  if (config.task === 'induction') return randomInductionInputs(config, seed);
  const inputs: Record<string, Tensor> = {};
  for (const [name, axes] of Object.entries(tensorsOf(config))) {
    const shape = shapeOf(axes, config);
    const scale = name.endsWith('_weight') ? 1 / Math.sqrt(shape.at(-1)!) : 1;
    inputs[name] = normalTensor(seed, name, shape, scale);
  }
  const { shape, data } = inputs.A!;
  inputs.A = tensor(
    'f32',
    shape,
    Float32Array.from(data, (_, i) => -((i % config.dstate) + 1)),
  );
  if (inputs.delta_bias) {
    const next = uniformStream(seed, 'delta_bias');
    const bias = Float32Array.from({ length: config.dim }, () => Math.log(Math.expm1(0.02 * 10 ** next())));
    inputs.delta_bias = tensor('f32', [config.dim], bias);
  }
  return inputs;
}

export const mambaBlock: Mechanism = {
  ...card,
  config: schema,
  steps: mambaBlockSteps,
  variants: [
    {
      id: 'fused',
      title: 'Filter, maps, fused scan with gate, output map',
      kernels: [
        { file: PROJECT, wgsl: projectWgsl },
        ...causalConv1d.variants.flatMap(({ kernels }) => kernels),
        holdMean,
        sequentialKernel,
        updateKernel,
      ],
      supports: () => true,
    },
  ],
  resolve,
  readText: sentenceInduction,
  makeInputs: (config, seed) => makeInputs(config as BlockConfig, seed),
  plan: (variant, config) => plan(variant, config as BlockConfig),
  reference: (config, inputs) => reference(config as BlockConfig, inputs),
  cost: (_variant, config) => cost(config as BlockConfig),
  decoding: async () => (await import('./decoding.ts')).decoding,
};

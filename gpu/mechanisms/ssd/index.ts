// State space duality (Mamba-2): one scan as chunks of masked attention with a carried state.

import { normalTensor, uniformStream } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Mechanism } from '../mechanism.ts';
import { card } from './card.ts';
import chunkDecayWgsl from './chunk-decay.wgsl?raw';
import chunkStatesWgsl from './chunk-states.wgsl?raw';
import { resolve, type SsdConfig, schema, tensorsOf } from './config.ts';
import { cost } from './cost.ts';
import diagonalWgsl from './diagonal.wgsl?raw';
import passStatesWgsl from './pass-states.wgsl?raw';
import { KERNELS, plan } from './plan.ts';
import { reference } from './reference.ts';
import stateOutputWgsl from './state-output.wgsl?raw';
import { steps } from './steps.ts';

const kernels = [
  { file: KERNELS.decay, wgsl: chunkDecayWgsl },
  { file: KERNELS.diagonal, wgsl: diagonalWgsl },
  { file: KERNELS.states, wgsl: chunkStatesWgsl },
  { file: KERNELS.pass, wgsl: passStatesWgsl },
  { file: KERNELS.output, wgsl: stateOutputWgsl },
];

/** One step in so many wipes the state out. */
const RESET_EVERY = 8;

/**
 * Standard normal tensors, but A negative: log decays in (−0.5, 0), rates in (−2, −0.5); dt around Δ = 0.2. With resets, log decays in
 * (−0.02, 0) between resets of −100 to −200 (combined: Δ from 100 to 200), at which nothing of the state is left.
 */
function makeInputs(config: SsdConfig, seed: number): Record<string, Tensor> {
  const inputs: Record<string, Tensor> = {};
  for (const [name, axes] of Object.entries(tensorsOf(config))) {
    inputs[name] = normalTensor(
      seed,
      name,
      axes.map((axis) => config[axis]),
      name === 'dt' ? 0.5 : 1,
    );
  }
  const next = uniformStream(seed, 'A');
  inputs.A!.data.forEach((_, i) => {
    inputs.A!.data[i] = config.form === 'minimal' ? -0.5 * next() : -0.5 - 1.5 * next();
  });
  if (inputs.dt) {
    const { data } = inputs.dt;
    for (let i = 0; i < data.length; i++) data[i] = config.dtSoftplus ? data[i]! - 1.5 : Math.abs(data[i]!) * 0.4;
  }
  if (config.task === 'resets') addResets(config, inputs, seed);
  return inputs;
}

function addResets({ form, dtSoftplus, heads }: SsdConfig, inputs: Record<string, Tensor>, seed: number): void {
  const next = uniformStream(seed, 'resets');
  const { data } = form === 'minimal' ? inputs.A! : inputs.dt!;
  const gentle = form === 'minimal' ? (value: number) => value / 25 : () => (dtSoftplus ? -5 : 0.01);
  const sign = form === 'minimal' ? -1 : 1;
  for (let i = 0; i < data.length; i++) {
    const isReset = Math.floor(i / heads) % RESET_EVERY === RESET_EVERY - 1;
    data[i] = isReset ? sign * (100 + 100 * next()) : gentle(data[i]!);
  }
}

export const ssd: Mechanism = {
  ...card,
  config: schema,
  steps,
  variants: [
    { id: 'chunked', title: 'Chunked, four steps', kernels, supports: () => true },
    { id: 'quadratic', title: 'Quadratic: masked attention', kernels, supports: () => true },
  ],
  resolve,
  makeInputs: (config, seed) => makeInputs(config as SsdConfig, seed),
  plan: (variant, config) => plan(variant, config as SsdConfig),
  reference: (config, inputs) => reference(config as SsdConfig, inputs),
  cost: (variant, config) => cost(variant, config as SsdConfig),
};

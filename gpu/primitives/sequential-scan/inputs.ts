import { normalTensor, uniformStream } from '../../core/random.ts';
import { elementCount, type Tensor, tensor } from '../../core/tensor.ts';
import { FORM_AXES, type Form, type ScanConfig } from './config.ts';
import { randomCopyInputs } from './selective-copy.ts';

/** Seeded inputs of a resolved config. A is Mamba's initial A[d, n] = −(n + 1) with some spread; Δ lies around 0.5. */
export function makeInputs(config: ScanConfig, seed: number): Record<string, Tensor> {
  if (config.task === 'selective-copy') return randomCopyInputs(config, seed);
  const { batch, dim, dstate, seqlen } = config;
  const signal = [batch, dim, seqlen];
  const map = (name: string, form: Form) =>
    normalTensor(
      seed,
      name,
      FORM_AXES[form].map((axis) => config[axis]),
    );
  const spread = uniformStream(seed, 'A');
  const A = Float32Array.from({ length: dim * dstate }, (_, i) => -((i % dstate) + 1) * (0.5 + spread()));
  const delta = normalTensor(seed, 'delta', signal, 0.5);
  if (!config.deltaSoftplus) for (let i = 0; i < elementCount(signal); i++) delta.data[i] = Math.abs(delta.data[i]!);
  return {
    u: normalTensor(seed, 'u', signal),
    delta,
    A: tensor('f32', [dim, dstate], A),
    B: map('B', config.bForm),
    C: map('C', config.cForm),
    ...(config.hasD && { D: normalTensor(seed, 'D', [dim]) }),
    ...(config.hasZ && { z: normalTensor(seed, 'z', signal) }),
    ...(config.hasDeltaBias && { delta_bias: normalTensor(seed, 'delta_bias', [dim], 0.2) }),
  };
}

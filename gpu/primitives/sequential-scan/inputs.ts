import { normalTensor, uniformStream } from '../../core/random.ts';
import { elementCount, type Tensor, tensor } from '../../core/tensor.ts';
import { FORM_AXES, type Form, type ScanConfig } from './config.ts';
import { randomCopyInputs } from './selective-copy.ts';

function ones(config: ScanConfig, form: Form): Tensor {
  const shape = FORM_AXES[form].map((axis) => config[axis]);
  return tensor('f32', shape, new Float32Array(elementCount(shape)).fill(1));
}

/** A [dim, dstate] by task. */
function ratesOf({ task, dim, dstate }: ScanConfig, seed: number): Float32Array {
  const spread = uniformStream(seed, 'A');
  const last = dim * dstate - 1;
  return Float32Array.from({ length: dim * dstate }, (_, i) => {
    const [d, n] = [Math.floor(i / dstate), i % dstate];
    if (task === 'gate') return -1;
    // Two decades from state to state, one over the channels; the very last one is the limit.
    if (task === 'slow-states') return i === last && last > 0 ? 0 : -(10 ** -(1 + 2 * n + d / dim));
    return -(n + 1) * (0.5 + spread());
  });
}

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
  const delta = normalTensor(seed, 'delta', signal, 0.5);
  if (!config.deltaSoftplus) for (let i = 0; i < elementCount(signal); i++) delta.data[i] = Math.abs(delta.data[i]!);
  return {
    u: normalTensor(seed, 'u', signal),
    delta,
    A: tensor('f32', [dim, dstate], ratesOf(config, seed)),
    B: config.task === 'gate' ? ones(config, config.bForm) : map('B', config.bForm),
    C: config.task === 'gate' ? ones(config, config.cForm) : map('C', config.cForm),
    ...(config.hasD && { D: normalTensor(seed, 'D', [dim]) }),
    ...(config.hasZ && { z: normalTensor(seed, 'z', signal) }),
    ...(config.hasDeltaBias && { delta_bias: normalTensor(seed, 'delta_bias', [dim], 0.2) }),
  };
}

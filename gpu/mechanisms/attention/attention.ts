// Softmax attention, standard and as FlashAttention computes it.

import { normalTensor } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { KernelForm } from '../../plan/kernel-form.ts';
import type { Kernel, Mechanism, Variant } from '../mechanism.ts';
import { card } from './card.ts';
import { type AttentionConfig, attentionSchema, maskShape, resolveConfig } from './config.ts';
import { attentionCost } from './cost.ts';
import flashV1 from './flash-v1.wgsl?raw';
import flashV2 from './flash-v2.wgsl?raw';
import flashV2BlockSparse from './flash-v2-block-sparse.wgsl?raw';
import padColumns from './pad-columns.wgsl?raw';
import { planAttention, rowTotals, unsupported, type VariantId } from './plan.ts';
import { attentionReference } from './reference.ts';
import standardOutput from './standard-output.wgsl?raw';
import standardScores from './standard-scores.wgsl?raw';
import standardSoftmax from './standard-softmax.wgsl?raw';
import { attentionSteps } from './steps.ts';
import { tunedCandidates, tunedForms } from './tuned-forms.ts';
import { planTuned, tunedCost, tunedUnsupported } from './tuned-plan.ts';
import { formFile, TUNED } from './tuned-tiles.ts';

function variant(id: VariantId, title: string, kernels: Kernel[]): Variant {
  return {
    id,
    title,
    kernels,
    supports: (config, limits) => unsupported(id, resolveConfig(config), limits) ?? true,
  };
}

/** Its three forms compute the same; `planTuned` runs the one that suits the device. */
const tuned: Variant = {
  id: TUNED,
  title: 'FlashAttention-2, tuned',
  kernels: [
    ...Object.entries(tunedForms).map(([form, wgsl]) => ({ file: formFile(form as KernelForm), wgsl })),
    { file: 'pad-columns.wgsl', wgsl: padColumns },
  ],
  supports: (config, limits) => tunedUnsupported(resolveConfig(config), limits) ?? true,
};

/** Standard normal q, k, v; with the lengths of packed sequences and the block mask that the config names. */
function makeInputs(config: AttentionConfig, seed: number): Record<string, Tensor> {
  const { packed, batch, nq, nk, heads, kvHeads, headDim, seqlensQ, seqlensK, blockmask } = config;
  const [queryRows, keyRows] = rowTotals(config);
  const rows = (total: number, room: number) => (packed ? [total] : [batch, room]);
  const inputs: Record<string, Tensor> = {
    q: normalTensor(seed, 'q', [...rows(queryRows, nq), heads, headDim]),
    k: normalTensor(seed, 'k', [...rows(keyRows, nk), kvHeads, headDim]),
    v: normalTensor(seed, 'v', [...rows(keyRows, nk), kvHeads, headDim]),
  };
  if (packed) {
    inputs.cu_seqlens_q = cumulative(seqlensQ);
    inputs.cu_seqlens_k = cumulative(seqlensK);
  }
  if (blockmask) inputs.blockmask = { dtype: 'i32', shape: maskShape(config), data: Int32Array.from(blockmask) };
  return inputs;
}

function cumulative(lengths: number[]): Tensor {
  const data = new Int32Array(lengths.length + 1);
  lengths.forEach((length, index) => {
    data[index + 1] = data[index]! + length;
  });
  return { dtype: 'i32', shape: [data.length], data };
}

export const attention: Mechanism = {
  ...card,
  config: attentionSchema,
  steps: attentionSteps,
  variants: [
    variant('standard', 'Standard attention', [
      { file: 'standard-scores.wgsl', wgsl: standardScores },
      { file: 'standard-softmax.wgsl', wgsl: standardSoftmax },
      { file: 'standard-output.wgsl', wgsl: standardOutput },
    ]),
    variant('flash-v1', 'FlashAttention', [{ file: 'flash-v1.wgsl', wgsl: flashV1 }]),
    variant('flash-v2', 'FlashAttention-2', [{ file: 'flash-v2.wgsl', wgsl: flashV2 }]),
    variant('flash-v2-block-sparse', 'FlashAttention-2, block-sparse', [
      { file: 'flash-v2-block-sparse.wgsl', wgsl: flashV2BlockSparse },
    ]),
    tuned,
  ],
  sizeInputs: ['cu_seqlens_q', 'cu_seqlens_k'],
  resolve: resolveConfig,
  makeInputs: (config, seed) => makeInputs(resolveConfig(config), seed),
  plan: (id, config, limits) =>
    id === TUNED ? planTuned(resolveConfig(config), limits) : planAttention(id, resolveConfig(config), limits),
  tunings: (id, config, limits) => (id === TUNED ? tunedCandidates(resolveConfig(config), limits) : []),
  reference: (config, inputs) => ({ ...attentionReference(resolveConfig(config, inputs), inputs) }),
  cost: (id, config, limits) =>
    id === TUNED ? tunedCost(resolveConfig(config), limits) : attentionCost(id, resolveConfig(config)),
  // A score and what becomes of it, for every pair.
  details(config) {
    const { batch, heads, seqlensQ, seqlensK } = resolveConfig(config);
    const pairs = Array.from({ length: batch }, (_, i) => seqlensQ[i]! * seqlensK[i]!);
    return 2 * heads * pairs.reduce((sum, each) => sum + each, 0);
  },
  decoding: async () => (await import('./decoding.ts')).decoding,
};

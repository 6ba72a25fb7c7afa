// Every mechanism and primitive, by id: its code is loaded when it is first asked for, so that a page shows its first picture without the
// others. A new one adds one line. What lists show of them is in cards.ts.

import type { Mechanism } from './mechanism.ts';

const loaders: Record<string, () => Promise<Mechanism>> = {
  'add-positions': async () => (await import('../primitives/add-positions/add-positions.ts')).addPositions,
  attention: async () => (await import('./attention/index.ts')).attention,
  block: async () => (await import('../model/block/block.ts')).block,
  'causal-conv1d': async () => (await import('../primitives/causal-conv1d/causal-conv1d.ts')).causalConv1d,
  'cct-head': async () => (await import('../primitives/cct-head/cct-head.ts')).cctHead,
  'cct-tokenizer': async () => (await import('../primitives/cct-tokenizer/cct-tokenizer.ts')).cctTokenizer,
  conv2d: async () => (await import('../primitives/conv2d/conv2d.ts')).conv2d,
  embedding: async () => (await import('../primitives/embedding/embedding.ts')).embedding,
  layernorm: async () => (await import('../primitives/layernorm/layernorm.ts')).layernorm,
  'mamba-block': async () => (await import('./mamba-block/mamba-block.ts')).mambaBlock,
  linear: async () => (await import('../primitives/linear/linear.ts')).linear,
  matmul: async () => (await import('../primitives/matmul/matmul.ts')).matmul,
  'max-pool': async () => (await import('../primitives/max-pool/max-pool.ts')).maxPool,
  moe: async () => (await import('./moe/moe.ts')).moe,
  patches: async () => (await import('../primitives/patches/patches.ts')).patches,
  positions: async () => (await import('../primitives/positions/positions.ts')).positions,
  'prefix-scan': async () => (await import('../primitives/prefix-scan/prefix-scan.ts')).prefixScan,
  rmsnorm: async () => (await import('../primitives/rmsnorm/rmsnorm.ts')).rmsnorm,
  'row-mean': async () => (await import('../primitives/row-mean/row-mean.ts')).rowMean,
  'seq-pool': async () => (await import('../primitives/seq-pool/seq-pool.ts')).seqPool,
  'selective-scan': async () => (await import('./selective-scan/selective-scan.ts')).selectiveScan,
  'short-convolution': async () =>
    (await import('../primitives/short-convolution/short-convolution.ts')).shortConvolution,
  'selective-state-update': async () =>
    (await import('../primitives/selective-state-update/selective-state-update.ts')).selectiveStateUpdate,
  'sequential-scan': async () => (await import('../primitives/sequential-scan/sequential-scan.ts')).sequentialScan,
  softmax: async () => (await import('../primitives/softmax/softmax.ts')).softmax,
  ssd: async () => (await import('./ssd/ssd.ts')).ssd,
  'token-scan': async () => (await import('../primitives/token-scan/token-scan.ts')).tokenScan,
  'token-pruning': async () => (await import('./token-pruning/token-pruning.ts')).tokenPruning,
};

/** In the order of the list above. */
export const ids: readonly string[] = Object.keys(loaders);

const loaded = new Map<string, Mechanism>();

/** Those loaded so far; whole after `loadMechanisms`. For a list that is whole from the start import `all.ts`. */
export const mechanisms: ReadonlyMap<string, Mechanism> = loaded;

/** @returns null for an id that is not listed. @throws what kept its code from loading; the next call tries again */
export async function loadMechanism(id: string): Promise<Mechanism | null> {
  const load = Object.hasOwn(loaders, id) ? loaders[id] : undefined;
  if (load && !loaded.has(id)) loaded.set(id, await load());
  return loaded.get(id) ?? null;
}

/** Loads every mechanism and primitive. @returns them in the order of the list above */
export async function loadMechanisms(): Promise<ReadonlyMap<string, Mechanism>> {
  await Promise.all(ids.map(loadMechanism));
  return new Map(ids.map((id) => [id, loaded.get(id)!]));
}

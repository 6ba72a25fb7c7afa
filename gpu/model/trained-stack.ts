// A trained model's manifest → the stack that it is, and its weights by the stack's names.

import type { Tensor } from '../core/tensor.ts';
import { resolveStack, type StackConfig } from './stack/config.ts';
import type { TrainedManifest } from './trained-manifest.ts';
import type { Trained } from './trained-weights.ts';

/** Names that training has for what stands elsewhere in a stack. */
const RENAMED: Record<string, string> = { 'positions.table': 'tokens.positions' };

/** @throws EngineError bad-config for a part that no stack has */
export function trainedConfig({ model }: TrainedManifest): StackConfig {
  const { tokens, positions, blocks, readout, ...rest } = model;
  const { tied: _, classes, ...way } = readout;
  const symbols = 'vocabulary' in tokens ? tokens.vocabulary : undefined;
  // A convolution of no taps is none.
  const parts = blocks.map((block) => {
    if (!('qkvConv' in block) || block.qkvConv > 0) return block;
    const { qkvConv: __, ...plain } = block;
    return plain;
  });
  return resolveStack({
    ...rest,
    tokens,
    positions,
    blocks: parts,
    readout: { ...way, classes: classes ?? symbols, ...(way.kind !== 'next-token' && { bias: true }) },
  });
}

export function trainedWeights({ weights }: Trained): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [RENAMED[name] ?? name, value]));
}

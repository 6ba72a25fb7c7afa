// A trained model's manifest → the stack that it is, and its weights by the stack's names.

import type { Tensor } from '../core/tensor.ts';
import { resolveStack, type StackConfig } from './stack/config.ts';
import type { TrainedManifest } from './trained-manifest.ts';
import type { Trained } from './trained-weights.ts';

/** The name that a stack has for what training calls otherwise. */
const inStack = (name: string) =>
  name === 'positions.table' ? 'tokens.positions' : name.replace(/^tokens\.convs\./, 'tokens.conv_layers.');

type TrainedTokens = TrainedManifest['model']['tokens'];

/** A stack says with its tokens that there is a class token, and calls what comes out of a convolution planes. */
function tokensOf(tokens: TrainedTokens, hasClassToken: boolean) {
  const withClass = hasClassToken && { classToken: true };
  if (tokens.kind !== 'image') return { ...tokens, ...withClass };
  return { ...tokens, ...withClass, convs: tokens.convs.map(({ channels: planes, ...rest }) => ({ planes, ...rest })) };
}

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
    tokens: tokensOf(tokens, way.kind === 'class-token'),
    positions,
    blocks: parts,
    readout: { ...way, classes: classes ?? symbols, ...(way.kind !== 'next-token' && { bias: true }) },
  });
}

export function trainedWeights({ weights }: Trained): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(weights).map(([name, value]) => [inStack(name), value]));
}

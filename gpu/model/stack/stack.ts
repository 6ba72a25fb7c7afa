// The model `stack`: whatever its config lists, as one plan in one Session.

import { normalTensor } from '../../core/random.ts';
import { elementCount, type Tensor } from '../../core/tensor.ts';
import { attention } from '../../mechanisms/attention/index.ts';
import type { Mechanism } from '../../mechanisms/mechanism.ts';
import { addPositions } from '../../primitives/add-positions/add-positions.ts';
import { conv2d } from '../../primitives/conv2d/conv2d.ts';
import { embedding } from '../../primitives/embedding/embedding.ts';
import { layernorm } from '../../primitives/layernorm/layernorm.ts';
import { linear } from '../../primitives/linear/linear.ts';
import { maxPool } from '../../primitives/max-pool/max-pool.ts';
import { patches } from '../../primitives/patches/patches.ts';
import { positions } from '../../primitives/positions/positions.ts';
import { rmsnorm } from '../../primitives/rmsnorm/rmsnorm.ts';
import { rowMean } from '../../primitives/row-mean/row-mean.ts';
import { seqPool } from '../../primitives/seq-pool/seq-pool.ts';
import { shortConvolution } from '../../primitives/short-convolution/short-convolution.ts';
import { tokenScan } from '../../primitives/token-scan/token-scan.ts';
import type { Model } from '../model.ts';
import { isCausal, partsOf, resolveStack, type StackConfig, schema, stackOf } from './config.ts';
import { planStack, weightsOf } from './plan.ts';
import { reference } from './reference.ts';

const used: Mechanism[] = [
  addPositions,
  attention,
  conv2d,
  embedding,
  layernorm,
  linear,
  maxPool,
  patches,
  positions,
  rmsnorm,
  rowMean,
  seqPool,
  shortConvolution,
  tokenScan,
];
const kernels = new Map(
  used.flatMap(({ variants }) => variants.flatMap((each) => each.kernels)).map((each) => [each.file, each]),
);

const IDS = 'ids';

/** Seeded weights that keep the stream's size: numbers that nobody trained. */
export function untrainedWeights(config: StackConfig, seed: number): Record<string, Tensor> {
  const made = Object.entries(weightsOf(stackOf(config))).map(([name, { shape, fill }]): [string, Tensor] => {
    const data = fill === undefined ? undefined : new Float32Array(elementCount(shape)).fill(fill);
    if (data) return [name, { dtype: 'f32', shape: [...shape], data }];
    return [name, normalTensor(seed, name, [...shape], 1 / Math.sqrt(shape.at(-1)!))];
  });
  return Object.fromEntries(made);
}

export const stack: Model = {
  id: 'stack',
  title: 'A stack of blocks',
  config: schema,
  kernels: [...kernels.values()],
  resolve: (raw) => resolveStack(raw) as unknown as Record<string, unknown>,
  plan: (config, limits) => planStack(stackOf(config as unknown as StackConfig), limits),
  stream(config) {
    const parts = stackOf(config as unknown as StackConfig);
    if (!parts.tokens.kind.inputs?.(parts.tokens.keys, parts.size).ids) return undefined;
    const keeps = partsOf(parts).flatMap(({ kind, keys }) => Object.values(kind.states?.(keys, parts.size) ?? {}));
    return {
      tokens: IDS,
      context: parts.size.context,
      recurrent: !isCausal(parts) || keeps.some((state) => state.keeps === 'whole'),
    };
  },
  makeInputs(config, seed) {
    const resolved = config as unknown as StackConfig;
    const { tokens, size } = stackOf(resolved);
    const inputs = Object.entries(tokens.kind.inputs?.(tokens.keys, size) ?? {}).map(([name, { dtype, shape }]) => {
      if (dtype === 'f32') return [name, normalTensor(seed, name, [...shape])] as const;
      return [name, { dtype, shape: [...shape], data: new Int32Array(elementCount(shape)) } as Tensor] as const;
    });
    return { ...untrainedWeights(resolved, seed), ...Object.fromEntries(inputs) };
  },
  reference(config, inputs) {
    const parts = stackOf(config as unknown as StackConfig);
    const [name = IDS] = Object.keys(parts.tokens.kind.inputs?.(parts.tokens.keys, parts.size) ?? {});
    return reference(parts, inputs, inputs[name]!.data);
  },
};

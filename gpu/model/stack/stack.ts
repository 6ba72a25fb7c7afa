// The model `stack`: whatever its config lists, as one plan in one Session.

import { normalTensor } from '../../core/random.ts';
import { elementCount, type Tensor } from '../../core/tensor.ts';
import { kernels } from '../kernels.ts';
import type { Model } from '../model.ts';
import { isCausal, partsOf, resolveStack, type StackConfig, schema, stackOf } from './config.ts';
import { planStack, weightsOf } from './plan.ts';
import { reference } from './reference.ts';

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
  kernels: [...kernels],
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

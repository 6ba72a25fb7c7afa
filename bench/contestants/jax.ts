// jax-js (@jax-js/jax). An operation consumes its arguments; `ref` keeps them.

import { defaultDevice, init, type Array as JaxArray, jit, nn, numpy as np } from '@jax-js/jax';
import type { Contestant, Entry } from '../contestant.ts';
import { LAYERNORM_EPSILON, type Problem } from '../problem.ts';

type Operation = (inputs: Record<string, JaxArray>) => JaxArray;

/** Its own attention, and the same as separate operations under its compiler. */
const operations = {
  'attention, library call': ({ causal }: Problem): Operation => {
    return ({ q, k, v }) => nn.dotProductAttention(q!.ref, k!.ref, v!.ref, { isCausal: causal });
  },
  gemm: (): Operation => {
    const product = jit((a: JaxArray, b: JaxArray) => np.matmul(a, b));
    return ({ a, b }) => product(a!.ref, b!.ref);
  },
  'prefix-sum': (): Operation => {
    return ({ x }) => np.cumsum(x!.ref, 0);
  },
  softmax: (): Operation => {
    const call = jit((x: JaxArray) => nn.softmax(x, -1));
    return ({ x }) => call(x!.ref);
  },
  layernorm: (): Operation => {
    const call = jit((x: JaxArray, scale: JaxArray, bias: JaxArray) =>
      nn.standardize(x, -1, { epsilon: LAYERNORM_EPSILON }).mul(scale).add(bias),
    );
    return ({ x, scale, bias }) => call(x!.ref, scale!.ref, bias!.ref);
  },
};

function shapesOf({ kind, shape }: Problem): Record<string, number[]> {
  if (kind === 'attention') return { q: [1, ...shape], k: [1, ...shape], v: [1, ...shape] };
  if (kind === 'gemm') return { a: [shape[0]!, shape[1]!], b: [shape[1]!, shape[2]!] };
  return kind === 'layernorm' ? { x: shape, scale: [shape[1]!], bias: [shape[1]!] } : { x: shape };
}

async function enter(problem: Problem): Promise<Entry> {
  const key = problem.kind === 'attention' ? 'attention, library call' : problem.kind;
  const operation = operations[key](problem);
  const inputs = Object.fromEntries(
    Object.entries(shapesOf(problem)).map(([name, shape]) => [name, np.array(problem.inputs[name]!).reshape(shape)]),
  );
  return {
    async run(times) {
      let last: JaxArray | undefined;
      for (let time = 0; time < times; time++) {
        last?.dispose();
        last = operation(inputs);
      }
      await last?.blockUntilReady();
      last?.dispose();
    },
    async read() {
      return (await operation(inputs).data()) as Float32Array;
    },
    dispose() {
      for (const input of Object.values(inputs)) input.dispose();
    },
  };
}

export async function jax(): Promise<Contestant> {
  await init('webgpu');
  defaultDevice('webgpu');
  return { name: 'jax-js', webgpu: true, enter };
}

// What a golden family says of itself, and what all of them need.

import type { Tensor } from '../core/tensor.ts';

export type Params = Readonly<Record<string, unknown>>;
export type Inputs = Readonly<Record<string, Tensor>>;

export interface GoldenRun {
  config: object;
  inputs: Record<string, Tensor>;
}

export interface GoldenFamily {
  mechanism: string;
  variants: string[];
  /** The case as an experiment; null where this variant does not take it. */
  experiment(params: Params, inputs: Inputs, variant: string): GoldenRun | null;
  /** Golden output → output of the run. */
  outputs: Record<string, string>;
}

/** All of `inputs`, under a config of the keys that have a value: another leaves the mechanism its default. */
export function given(keys: Record<string, unknown>, inputs: Inputs): GoldenRun {
  return {
    config: Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined && value !== null)),
    inputs: { ...inputs },
  };
}

export const renamed = (inputs: Inputs, rename: (name: string) => string): Inputs =>
  Object.fromEntries(Object.entries(inputs).map(([name, each]) => [rename(name), each]));

/** Rows of the first axis, in the order given. */
export function rowsOf({ shape, data }: Tensor, rows: number[]): Tensor {
  const width = shape.slice(1).reduce((product, extent) => product * extent, 1);
  const picked = new Float32Array(rows.length * width);
  for (const [to, from] of rows.entries()) picked.set(data.subarray(from * width, (from + 1) * width), to * width);
  return { dtype: 'f32', shape: [rows.length, ...shape.slice(1)], data: picked };
}

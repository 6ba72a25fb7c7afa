// Seeded random tensors: the same (seed, name, shape) gives the same numbers every time (across machines, up to the last bit of
// their Math.log and Math.cos).

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { elementCount, type Tensor } from './tensor.ts';

/** A stream of uniform numbers in [0, 1) of its own per (seed, name). */
export function uniformStream(seed: number, name: string): () => number {
  // FNV-1a over the name, so that q and k of one seed differ.
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  const generator = xoroshiro128plus((hash ^ Math.imul(seed, 0x9e3779b1)) | 0);
  return () => uniformFloat64(generator);
}

/** Standard normal numbers (Box and Muller 1958), times `deviation`, as f32. */
export function normalTensor(seed: number, name: string, shape: number[], deviation = 1): Tensor {
  const next = uniformStream(seed, name);
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    data[i] = radius * Math.cos(angle);
    if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
  }
  return { dtype: 'f32', shape, data };
}

/** Integers in [from, to), as i32. */
export function integerTensor(seed: number, name: string, shape: number[], from: number, to: number): Tensor {
  const next = uniformStream(seed, name);
  const data = Int32Array.from({ length: elementCount(shape) }, () => from + Math.floor(next() * (to - from)));
  return { dtype: 'i32', shape, data };
}

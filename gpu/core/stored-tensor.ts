// A tensor as a file stores it, and its conversion to float32. Nothing is copied or converted before `toFloat32` is called, and
// both readers have by then checked that the bytes are really there: a header alone never makes anything large.

import { EngineError } from './errors.ts';
import type { Tensor } from './tensor.ts';

/** bytes: of one element. */
export const ELEMENT_BYTES = { f16: 2, bf16: 2, f32: 4, f64: 8, i32: 4, i64: 8 } as const;
export type ElementType = keyof typeof ELEMENT_BYTES;

export interface StoredTensor {
  name: string;
  type: ElementType;
  shape: number[];
  /** Exactly the elements, in the order of the file. */
  bytes: Uint8Array;
  /** The first axis is the fastest (Fortran order) instead of the last. */
  firstAxisFastest?: boolean;
  /** The first byte of an element is the most significant. */
  isBigEndian?: boolean;
}

/** What a file's header says of a tensor. */
export type DescribedTensor = Pick<StoredTensor, 'name' | 'type' | 'shape'>;

/**
 * Elements of a shape that a file's header names, for comparison with the bytes that are there.
 *
 * @throws EngineError bad-file for extents that are no whole numbers ≥ 0, more than 8 axes, or a product past 2⁵³
 */
export function checkedElementCount(name: string, shape: readonly unknown[]): number {
  const bad = (what: string, limit: unknown) =>
    new EngineError('bad-file', `${name}: ${what}`, { field: `${name}.shape`, value: shape, limit });
  if (shape.length > 8) throw bad(`${shape.length} axes; at most 8 are read`, 8);
  let count = 1;
  for (const extent of shape) {
    if (!Number.isSafeInteger(extent) || (extent as number) < 0)
      throw bad(`${String(extent)} is no axis length`, 'whole numbers ≥ 0');
    count *= extent as number;
    if (!Number.isSafeInteger(count)) throw bad('more elements than can be counted', Number.MAX_SAFE_INTEGER);
  }
  return count;
}

/** A recording has a word for every element that is touched, 64 MiB of them at most: no larger tensor could be watched. */
export const MOST_ELEMENTS = 2 ** 24;

/** @returns its elements @throws EngineError bad-file for a tensor that is larger than any that can be used here */
export function requireUsable(name: string, shape: readonly number[]): number {
  const count = checkedElementCount(name, shape);
  if (count <= MOST_ELEMENTS) return count;
  const message = `${name}: [${shape.join(', ')}] has ${count} elements; at most ${MOST_ELEMENTS} can be watched`;
  throw new EngineError('bad-file', message, { field: `${name}.shape`, value: shape, limit: MOST_ELEMENTS });
}

/**
 * Converts to a row-major float32 tensor. f16 and bf16 are exact; f64, i32 and i64 are rounded to the nearest float32. NaN and ±∞ of
 * the file stay what they are: what a kernel makes of them is worth seeing, and it is the caller's to say that WGSL promises nothing.
 *
 * @throws EngineError bad-file for a tensor that is too large to be used, or at the first finite value that no float32 holds
 */
export function toFloat32(stored: StoredTensor): Tensor {
  const { name, type, shape, bytes, isBigEndian = false } = stored;
  requireUsable(name, shape);
  const read = READERS[type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float32Array(bytes.byteLength / ELEMENT_BYTES[type]);
  // Every machine with WebGPU is little-endian, as most files are.
  if (type === 'f32' && !isBigEndian) new Uint8Array(data.buffer).set(bytes);
  else for (let i = 0; i < data.length; i++) data[i] = read(view, i, !isBigEndian);
  const bad = data.findIndex((value, i) => !Number.isFinite(value) && Number.isFinite(read(view, i, !isBigEndian)));
  if (bad >= 0) {
    const value = read(view, bad, !isBigEndian);
    const message = `${name}: element ${bad} is ${value}, too large for a float32`;
    throw new EngineError('bad-file', message, { field: `${name}[${bad}]`, value, limit: 3.4028235e38 });
  }
  return { dtype: 'f32', shape, data: stored.firstAxisFastest ? toRowMajor(data, shape) : data };
}

const READERS: Record<ElementType, (view: DataView, i: number, isLittle: boolean) => number> = {
  f16: (view, i, isLittle) => halfToNumber(view.getUint16(2 * i, isLittle)),
  bf16: (view, i, isLittle) => upperBits(view.getUint16(2 * i, isLittle)),
  f32: (view, i, isLittle) => view.getFloat32(4 * i, isLittle),
  f64: (view, i, isLittle) => view.getFloat64(8 * i, isLittle),
  i32: (view, i, isLittle) => view.getInt32(4 * i, isLittle),
  i64: (view, i, isLittle) => Number(view.getBigInt64(8 * i, isLittle)),
};

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function upperBits(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

function toRowMajor(data: Float32Array, shape: readonly number[]): Float32Array {
  const out = new Float32Array(data.length);
  const index = shape.map(() => 0);
  for (let from = 0; from < data.length; from++) {
    let to = 0;
    for (const [axis, at] of index.entries()) to = to * shape[axis]! + at;
    out[to] = data[from]!;
    // Step the index with the first axis fastest.
    for (let axis = 0; axis < index.length; axis++) {
      index[axis] = index[axis]! + 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return out;
}

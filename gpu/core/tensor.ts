// A tensor as the public API passes it: shape, element type, row-major data. Plain data; owns no GPU memory.

export type DType = 'f32' | 'u32' | 'i32';
export type TensorData = Float32Array | Uint32Array | Int32Array;

export interface Tensor {
  /** Row-major; the last axis is the fastest. */
  shape: number[];
  dtype: DType;
  data: TensorData;
}

/** A float64 result of a reference, same axis order as the kernel's tensor of that name. */
export interface ReferenceTensor {
  shape: number[];
  data: Float64Array;
}

const ARRAYS = { f32: Float32Array, u32: Uint32Array, i32: Int32Array } as const;

/** Number of elements of a shape; 1 for the empty shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A zeroed typed array of `length` elements of `dtype`, or a view over `buffer` when given. */
export function arrayOf(dtype: DType, lengthOrBuffer: number | ArrayBuffer): TensorData {
  return new ARRAYS[dtype](lengthOrBuffer as number);
}

/** Makes a tensor; `data` may be any list of numbers and is copied unless it already has the right type. */
export function tensor(dtype: DType, shape: number[], data: ArrayLike<number>): Tensor {
  const Type = ARRAYS[dtype];
  return { dtype, shape, data: data instanceof Type ? data : Type.from(data) };
}

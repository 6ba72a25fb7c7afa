// The golden vectors of fixtures/: problems and the answers that the methods' own reference code gave (see fixtures/README.md).

import { type Tensor, tensor } from '../../../core/tensor.ts';

interface Entry {
  dtype: 'f32' | 'f64' | 'i32';
  shape: number[];
  offset: number;
  bytes: number;
  f32_ref_max_abs_err?: number;
  max_abs?: number;
}

interface ManifestCase {
  id: string;
  params: Record<string, unknown>;
  file: string;
  inputs: Record<string, Entry>;
  outputs: Record<string, Entry>;
}

export interface Expected {
  shape: number[];
  data: Float64Array;
  /** Error of the reference function itself in float32, and largest finite magnitude. */
  f32RefMaxAbsErr: number;
  maxAbs: number;
}

export interface GoldenCase {
  /** `fa_dense/p00` */
  id: string;
  params: Record<string, unknown>;
  inputs: Record<string, Tensor>;
  outputs: Record<string, Expected>;
}

const manifests = import.meta.glob<{ cases: ManifestCase[] }>('../fixtures/*/manifest.json', { import: 'default' });
const files = import.meta.glob<string>('../fixtures/*/*.bin', { query: '?url&inline', import: 'default' });

/** All cases of one family. */
export async function goldenFamily(family: string): Promise<GoldenCase[]> {
  const { cases } = await manifests[`../fixtures/${family}/manifest.json`]!();
  return Promise.all(
    cases.map(async ({ id, params, file, inputs, outputs }) => {
      const bytes = await (await fetch(await files[`../fixtures/${family}/${file}`]!())).arrayBuffer();
      return {
        id: `${family}/${id}`,
        params,
        inputs: mapEntries(inputs, (entry) =>
          tensor(entry.dtype === 'i32' ? 'i32' : 'f32', entry.shape, read(bytes, entry)),
        ),
        outputs: mapEntries(outputs, (entry) => ({
          shape: entry.shape,
          data: Float64Array.from(read(bytes, entry)),
          f32RefMaxAbsErr: entry.f32_ref_max_abs_err ?? 0,
          maxAbs: entry.max_abs ?? 0,
        })),
      };
    }),
  );
}

function mapEntries<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function read(buffer: ArrayBuffer, { dtype, offset, bytes }: Entry): Float32Array | Float64Array | Int32Array {
  const part = buffer.slice(offset, offset + bytes);
  return dtype === 'f32' ? new Float32Array(part) : dtype === 'f64' ? new Float64Array(part) : new Int32Array(part);
}

/** The config and the inputs of a golden case, in this mechanism's terms. */
export function toExperiment({ params, inputs }: GoldenCase): { config: object; inputs: Record<string, Tensor> } {
  const config = {
    causal: Boolean(params.causal),
    windowLeft: (params.window_left as number | undefined) ?? -1,
    windowRight: (params.window_right as number | undefined) ?? -1,
    softcap: (params.softcap as number | undefined) ?? 0,
    scale: params.softmax_scale as number,
  };
  return inputs.qkv ? unpack(params, inputs, config) : { config, inputs };
}

/** fa_blocksparse: qkv [batch, n, 3, heads, D] → q, k, v; attn_mask, a prefix of ones, → lengths. */
function unpack(params: Record<string, unknown>, inputs: Record<string, Tensor>, config: object) {
  const [batch, n, , heads, headDim] = inputs.qkv!.shape as [number, number, number, number, number];
  const width = heads * headDim;
  const part = (index: number): Tensor => {
    const data = new Float32Array(batch * n * width);
    for (let row = 0; row < batch * n; row++) {
      data.set(inputs.qkv!.data.subarray((3 * row + index) * width, (3 * row + index + 1) * width), row * width);
    }
    return { dtype: 'f32', shape: [batch, n, heads, headDim], data };
  };
  const lengths = Array.from({ length: batch }, (_, sequence) => {
    const mask = [...inputs.attn_mask!.data.subarray(sequence * n, (sequence + 1) * n)];
    const length = mask.filter((each) => each === 1).length;
    if (mask.some((each, row) => each !== (row < length ? 1 : 0))) throw new Error('attn_mask is no prefix of ones');
    return length;
  });
  return {
    config: {
      ...config,
      seqlensQ: lengths,
      seqlensK: lengths,
      blockRows: params.block_rows as number,
      blockCols: params.block_cols as number,
    },
    inputs: { q: part(0), k: part(1), v: part(2), blockmask: inputs.blockmask! },
  };
}

/** Absolute error that the golden set's rule allows a float32 kernel. */
export function tolerance({ f32RefMaxAbsErr, maxAbs }: Expected): number {
  return Math.max(4 * f32RefMaxAbsErr, 2e-6 * maxAbs, 1e-7);
}

/** Largest finite error, and the number of places where one is finite and the other is not, or NaN. */
export function difference(candidate: ArrayLike<number>, expected: ArrayLike<number>) {
  let [maxAbs, nonfinite] = [0, candidate.length === expected.length ? 0 : Number.POSITIVE_INFINITY];
  for (let index = 0; index < expected.length; index++) {
    const [value, wanted] = [candidate[index]!, expected[index]!];
    if (!Number.isFinite(wanted) || !Number.isFinite(value)) {
      if (!Object.is(value, wanted)) nonfinite++;
      continue;
    }
    maxAbs = Math.max(maxAbs, Math.abs(value - wanted));
  }
  return { maxAbs, nonfinite };
}

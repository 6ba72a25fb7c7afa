// Test code: golden vectors of a fixtures/ folder — problems, and the answers that the methods' own reference code gave to them.

import { expect } from 'vitest';
import { type Tensor, tensor } from '../core/tensor.ts';
import type { Engine } from '../runtime/api.ts';

interface Entry {
  dtype: 'f32' | 'f64' | 'i32';
  shape: number[];
  offset: number;
  bytes: number;
  f32_ref_max_abs_err?: number;
  max_abs?: number;
}

export interface GoldenManifest {
  family: string;
  cases: {
    id: string;
    params: Record<string, unknown>;
    file: string;
    inputs: Record<string, Entry>;
    outputs: Record<string, Entry>;
  }[];
}

export interface GoldenOutput {
  shape: number[];
  data: Float64Array;
  /** Absolute error that the golden set's rule allows a float32 kernel. */
  tolerance: number;
}

export interface GoldenCase {
  /** `mamba_inner/p00` */
  id: string;
  params: Record<string, unknown>;
  inputs: Record<string, Tensor>;
  outputs: Record<string, GoldenOutput>;
}

/** @param files address → text of the address, as import.meta.glob('…/*.bin', { query: '?url&inline' }) gives them */
export function loadGolden(manifest: GoldenManifest, files: Record<string, string>): Promise<GoldenCase[]> {
  return Promise.all(
    manifest.cases.map(async ({ id, params, file, inputs, outputs }) => {
      const address = Object.keys(files).find((path) => path.endsWith(`/${manifest.family}/${file}`));
      if (!address) throw new Error(`no file ${manifest.family}/${file} among ${Object.keys(files).length}`);
      const bytes = await (await fetch(files[address]!)).arrayBuffer();
      return {
        id: `${manifest.family}/${id}`,
        params,
        inputs: mapValues(inputs, (entry) =>
          tensor(entry.dtype === 'i32' ? 'i32' : 'f32', entry.shape, view(bytes, entry)),
        ),
        outputs: mapValues(outputs, (entry) => ({
          shape: entry.shape,
          data: Float64Array.from(view(bytes, entry)),
          tolerance: Math.max(4 * (entry.f32_ref_max_abs_err ?? 0), 2e-6 * (entry.max_abs ?? 0), 1e-7),
        })),
      };
    }),
  );
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function view(buffer: ArrayBuffer, { dtype, offset, bytes }: Entry): Float32Array | Float64Array | Int32Array {
  const part = buffer.slice(offset, offset + bytes);
  return dtype === 'f32' ? new Float32Array(part) : dtype === 'f64' ? new Float64Array(part) : new Int32Array(part);
}

/** Fails unless every golden output is there, of the golden's shape, and within its tolerance. */
export function expectGolden(
  label: string,
  found: Record<string, { shape: number[]; data: ArrayLike<number> }>,
  expected: Record<string, GoldenOutput>,
): void {
  for (const [name, { shape, data, tolerance }] of Object.entries(expected)) {
    expect(found[name]?.shape, `${label} ${name}`).toEqual(shape);
    let worst = 0;
    for (let i = 0; i < data.length; i++) {
      const error = Math.abs(found[name]!.data[i]! - data[i]!);
      if (Number.isNaN(error)) expect.fail(`${label} ${name}[${i}] is not a number`);
      worst = Math.max(worst, error);
    }
    expect(worst, `${label} ${name}`).toBeLessThanOrEqual(tolerance);
  }
}

/** Runs one golden case and compares every output of it. */
export async function runGolden(
  engine: Engine,
  mechanism: string,
  variant: string,
  config: object,
  { id, inputs, outputs }: Pick<GoldenCase, 'id' | 'inputs' | 'outputs'>,
): Promise<void> {
  const run = await engine.run({ mechanism, variant, config }, { inputs });
  expectGolden(`${id} ${mechanism}/${variant}`, run.outputs, outputs);
}

// Test code: the golden vectors of the fixtures/ folders — problems, and the answers that the methods' own reference code gave to
// them in float64.

import { expect } from 'vitest';
import { type Tensor, tensor } from '../core/tensor.ts';
import { difference } from './difference.ts';
import { goldenMap } from './golden-map.ts';

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
  /** Largest finite magnitude. */
  maxAbs: number;
  /** Absolute error that the golden set's rule allows a float32 kernel. */
  tolerance: number;
}

export interface GoldenCase {
  /** `mamba_inner/p00` */
  id: string;
  family: string;
  params: Record<string, unknown>;
  inputs: Record<string, Tensor>;
  outputs: Record<string, GoldenOutput>;
}

const manifests = import.meta.glob<GoldenManifest>('../*/*/fixtures/*/manifest.json', { import: 'default' });
const files = import.meta.glob<string>('../*/*/fixtures/*/*.bin', { query: '?url&inline', import: 'default' });

/** All cases of a family, from whichever folder keeps them. */
export async function goldenCases(family: string): Promise<GoldenCase[]> {
  const end = `/fixtures/${family}/manifest.json`;
  const path = Object.keys(manifests).find((each) => each.endsWith(end));
  if (!path) throw new Error(`no folder keeps the golden family ${family}, among ${Object.keys(manifests).length}`);
  const folder = path.slice(0, -'manifest.json'.length);
  return readCases(await manifests[path]!(), async (file) => {
    const address = await files[`${folder}${file}`]!();
    return (await fetch(address)).arrayBuffer();
  });
}

/** @param load contents of a file of the manifest's folder */
export function readCases(
  { family, cases }: GoldenManifest,
  load: (file: string) => Promise<ArrayBuffer>,
): Promise<GoldenCase[]> {
  return Promise.all(
    cases.map(async ({ id, params, file, inputs, outputs }) => {
      const bytes = await load(file);
      return {
        id: `${family}/${id}`,
        family,
        params,
        inputs: mapValues(inputs, (entry) =>
          tensor(entry.dtype === 'i32' ? 'i32' : 'f32', entry.shape, view(bytes, entry)),
        ),
        outputs: mapValues(outputs, (entry) => ({
          shape: entry.shape,
          data: Float64Array.from(view(bytes, entry)),
          maxAbs: entry.max_abs ?? 0,
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

/**
 * Fails unless every output of the case is among `found`, by the names of the map, of the golden's shape and within its tolerance.
 *
 * @param allowed in place of the tolerance for a float32 kernel
 */
export function expectGolden(
  label: string,
  { family, outputs }: Pick<GoldenCase, 'family' | 'outputs'>,
  found: Record<string, { shape: number[]; data: ArrayLike<number> }>,
  allowed = ({ tolerance }: GoldenOutput) => tolerance,
): void {
  for (const [name, output] of Object.entries(outputs)) {
    const actual = found[goldenMap[family]!.outputs[name]!];
    expect(actual?.shape, `${label} ${name}`).toEqual(output.shape);
    const { maxAbs, nonfinite } = difference(actual!.data, output.data);
    expect(nonfinite, `${label} ${name}: non-finite mismatches`).toBe(0);
    expect(maxAbs, `${label} ${name}`).toBeLessThanOrEqual(allowed(output));
  }
}

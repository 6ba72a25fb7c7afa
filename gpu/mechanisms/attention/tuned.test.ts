import { describe, expect, test } from 'vitest';
import { workgroupBytes } from '../../plan/check-kernel.ts';
import { chooseForm } from '../../plan/choose-form.ts';
import type { KernelForm } from '../../plan/kernel-form.ts';
import { countRaces, withoutEachBarrier } from '../../testing/races.ts';
import { bake, tunables } from '../../wgsl/text/bake.ts';
import { resolveConfig } from './config.ts';
import { attention } from './index.ts';
import { attentionTuning, tunedArrays, tunedCandidates, tunedForms } from './tuned-forms.ts';
import { planTuned } from './tuned-plan.ts';
import { TUNED } from './tuned-tiles.ts';

const FORMS = Object.keys(tunedForms) as KernelForm[];
const QUADS = { subgroupMinSize: 4, subgroupMaxSize: 4 };
const kernelsOf = (raw: object, limits: Record<string, number>) =>
  attention.plan(TUNED, attention.resolve(raw), limits).passes.map(({ kernel }) => kernel);

describe('which kernel', () => {
  test.each([
    [{}, 'gpu'],
    [{ isSoftware: 0, ...QUADS }, 'gpu'],
    [{ isSoftware: 0, subgroupMinSize: 32, subgroupMaxSize: 32 }, 'gpu'],
    [{ isSoftware: 1 }, 'software'],
    [{ isSoftware: 1, subgroupMinSize: 0, subgroupMaxSize: 0 }, 'software'],
    [{ isSoftware: 1, ...QUADS }, 'software-quad'],
    [{ isSoftware: 1, subgroupMinSize: 8, subgroupMaxSize: 8 }, 'software-quad'],
  ])('%j runs %s', (limits, form) => {
    expect(kernelsOf({}, limits)).toEqual([`flash-v2-tuned-${form}.wgsl`]);
    expect(kernelsOf({ form: 'auto' }, limits)).toEqual([`flash-v2-tuned-${form}.wgsl`]);
  });

  test('the config decides where it says so, and a device without subgroups refuses quads', () => {
    for (const form of FORMS) expect(chooseForm(form, { isSoftware: 1, ...QUADS })).toBe(form);
    const refusal = { code: 'unsupported', field: 'form', value: 'software-quad' };
    expect(() => kernelsOf({ form: 'software-quad' }, {})).toThrow(expect.objectContaining(refusal));
  });

  test('head dimensions that are no multiple of four are copied to wider rows first', () => {
    expect(kernelsOf({ headDim: 30 }, {})).toEqual([
      ...Array.from({ length: 3 }, () => 'pad-columns.wgsl'),
      'flash-v2-tuned-gpu.wgsl',
    ]);
  });

  test('a software kernel checks its rows only where a tile is not full', () => {
    const ragged = (raw: object) =>
      planTuned(resolveConfig({ headDim: 8, form: 'software', ...raw }), {}).passes.at(-1)!.constants.RAGGED;
    expect(ragged({ nq: 128, nk: 32 })).toBe(false);
    expect(ragged({ nq: 127, nk: 32 })).toBe(true);
    expect(ragged({ nq: 128, nk: 31 })).toBe(true);
    expect(ragged({ nq: 128, nk: 32, seqlensK: [16] })).toBe(true);
    expect(ragged({ nq: 32, nk: 32, tuning: { LANES: 8 } })).toBe(false);
  });
});

describe('constants', () => {
  test('the default tiles of the form for graphics processors fit 16 KiB and have 32 to 256 invocations', () => {
    for (let headDim = 1; headDim <= 128; headDim++) {
      const config = resolveConfig({ headDim, form: 'gpu' });
      const { constants } = planTuned(config, { maxComputeWorkgroupStorageSize: 16384 }).passes.at(-1)!;
      const invocations = (Number(constants.BR) / 4) * Number(constants.LANES);
      expect(invocations).toBeGreaterThanOrEqual(32);
      expect(invocations).toBeLessThanOrEqual(256);
    }
  });

  test('workgroup bytes are those of the kernels’ own text', () => {
    for (const form of FORMS) {
      for (const headDim of [4, 20, 64, 128]) {
        const { constants } = planTuned(resolveConfig({ headDim, form }), QUADS).passes.at(-1)!;
        const declared = workgroupBytes(bake(tunedForms[form], constants));
        const { BR, BC, LANES } = constants as Record<string, number>;
        const arrays = Object.values(tunedArrays(form, headDim, { BR: BR!, BC: BC!, LANES: LANES! }));
        expect(declared, `${form} ${headDim}`).toBe(arrays.reduce((sum, each) => sum + each, 0));
        expect(attention.cost(TUNED, attention.resolve({ headDim, form })).workgroupBytes).toBe(declared);
      }
    }
  });

  test('a tuning that the kernel does not have is named', () => {
    const config = (tuning: Record<string, number>) => resolveConfig({ form: 'gpu', tuning });
    const field = (name: string) => expect.objectContaining({ code: 'bad-config', field: `tuning.${name}` });
    expect(() => attentionTuning('gpu', config({ BR: 31 }))).toThrow(field('BR'));
    expect(() => attentionTuning('gpu', config({ ROWS: 4 }))).toThrow(field('ROWS'));
    expect(() => attentionTuning('gpu', config({ BC: 8, LANES: 16 }))).toThrow(field('LANES'));
    expect(attentionTuning('gpu', config({ BR: 16 }))).toMatchObject({ BR: 16, LANES: 8 });
    expect(attention.variants.find(({ id }) => id === TUNED)!.supports(config({ BR: 31 }), {})).not.toBe(true);
  });

  test('autotune’s candidates are all that fit, and the defaults are among them', () => {
    for (const form of FORMS) {
      const config = resolveConfig({ headDim: 64, form });
      const candidates = tunedCandidates(config, QUADS);
      expect(candidates).toContainEqual(attentionTuning(form, config));
      expect(tunedCandidates(config, { ...QUADS, maxComputeInvocationsPerWorkgroup: 8 }).length).toBeLessThan(
        candidates.length,
      );
      for (const tuning of candidates) {
        expect(() => planTuned(resolveConfig({ headDim: 64, form, tuning }), QUADS)).not.toThrow();
        for (const { name, choices } of tunables(tunedForms[form]).filter(({ kind }) => kind === 'tune')) {
          expect(choices).toContain(tuning[name]);
        }
      }
    }
  });
});

describe('closed forms', () => {
  const of = (raw: object) => {
    const { buffers } = attention.cost(TUNED, attention.resolve(raw));
    return Object.fromEntries(buffers.map(({ buffer, loads }) => [buffer, loads]));
  };

  test('q once and keys once per tile of rows; by the software forms once per tile, per quad or per invocation', () => {
    // 128 rows and keys of 64: 16 vec4s a row. gpu: tiles of 32 × 16. software: 64 × 16, so 2 row tiles with 8 key tiles each.
    const sizes = { heads: 1, nq: 128, nk: 128, headDim: 64 };
    expect(of({ ...sizes, form: 'gpu' })).toMatchObject({ q: 128 * 16, k: 4 * 128 * 16, v: 4 * 128 * 16 });
    expect(of({ ...sizes, form: 'software' })).toMatchObject({ q: 8 * 128 * 16, k: 16 * 2 * 128 * 16 });
    expect(of({ ...sizes, form: 'software-quad' })).toMatchObject({ q: 8 * 128 * 16, k: 4 * 2 * 128 * 16 });
  });

  test('memory beyond inputs and outputs is nothing, or the widened inputs', () => {
    for (const form of FORMS) {
      expect(attention.cost(TUNED, attention.resolve({ headDim: 64, form })).extraBytes).toBe(0);
      const { extraBytes } = attention.cost(TUNED, attention.resolve({ nq: 10, nk: 10, headDim: 6, form }));
      expect(extraBytes).toBe(3 * 10 * 8 * 4);
    }
  });
});

test('the form for graphics processors has no race, and some without any of its barriers in the loop', () => {
  const run = (wgsl: string) =>
    countRaces({
      // The interpreter knows no += on matrices.
      wgsl: wgsl.replace('acc[x] += ', 'acc[x] = acc[x] + '),
      constants: { BR: 16, BC: 8, LANES: 4, D: 4, VARLEN: false, SOFTCAP: false },
      bindings: {
        0: Float32Array.from({ length: 40 }, (_, i) => (i % 7) / 4),
        1: Float32Array.from({ length: 48 }, (_, i) => (i % 5) / 4),
        2: Float32Array.from({ length: 48 }, (_, i) => i % 3),
        3: new Float32Array(4),
        4: new Float32Array(40),
        5: new Float32Array(10),
        6: { uniform: paramsOf([1, 1, 10, 12, -1, -1], [0.5, 0], [10, 0]) },
      },
      workgroups: [1, 1, 1],
    });
  expect(run(tunedForms.gpu)).toBe(0);
  const mutants = withoutEachBarrier(tunedForms.gpu);
  expect(mutants.length).toBe(5);
  for (const mutant of mutants) expect(run(mutant)).toBeGreaterThan(0);
});

function paramsOf(before: number[], floats: number[], after: number[]): Uint32Array {
  const words = new Uint32Array(before.length + floats.length + after.length);
  words.set(before);
  new Float32Array(words.buffer).set(floats, before.length);
  words.set(after, before.length + floats.length);
  return words;
}

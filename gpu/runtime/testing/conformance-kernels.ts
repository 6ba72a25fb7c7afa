// Anyone's WGSL, its loops, and timing: the part of the conformance suite that is about kernels.

import { describe, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import type { Engine, Experiment, KernelSpec } from '../api.ts';
import type { ExpectCode } from './expect-code.ts';

const spin = (rounds: number): Experiment => ({ mechanism: 'affine', variant: 'spin', config: { rounds } });

const ADD_ONE = `
override STEP: u32 = 1u;
@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read_write> target_: array<u32>;
@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&source)) {
    target_[id.x] = source[id.x] + STEP;
  }
}`;

export function describeKernels(opened: () => Engine, expectCode: ExpectCode): void {
  describe('runKernel', () => {
    test('gives every writable binding by name, with the type its WGSL has', async () => {
      const { outputs } = await opened().runKernel({ ...addOne([5, 6, 7]), constants: { STEP: 10 } });
      expect(outputs).toEqual({ target_: tensor('u32', [3], [15, 16, 17]) });
    });

    test('takes its workgroups from a buffer', async () => {
      const spec = addOne([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const counts = { binding: 2, kind: 'read-only-storage', data: Uint32Array.of(99, 2, 1, 1) } as const;
      const wgsl = `${ADD_ONE}\n@group(0) @binding(2) var<storage, read> counts: array<u32>;`;
      const run = await opened().runKernel({
        ...spec,
        wgsl,
        bindings: [...spec.bindings, counts],
        workgroups: { indirect: 2, offset: 4 },
      });
      // Two workgroups of four: the ninth element keeps its first contents.
      expect([...run.outputs.target_!.data]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 0]);
    });

    test('an indirect dispatch over the limit does nothing, and says so', async () => {
      const counts = { binding: 2, kind: 'read-only-storage', data: Uint32Array.of(1_000_000, 1, 1) } as const;
      const spec = addOne([1, 2]);
      const run = await opened().runKernel(
        {
          ...spec,
          wgsl: `${ADD_ONE}\n@group(0) @binding(2) var<storage, read> counts: array<u32>;`,
          bindings: [...spec.bindings, counts],
          workgroups: { indirect: 2, offset: 0 },
        },
        { trace: true },
      );
      expect([...run.outputs.target_!.data]).toEqual([0, 0]);
      expect(run.warnings.join()).toMatch(/counts asks for 1000000 × 1 × 1 .*maxComputeWorkgroupsPerDimension/);
      expect(run.trace!.dispatches).toMatchObject([{ workgroups: [0, 0, 0] }]);
      expect(run.trace!.totals.every(({ loads, stores }) => loads + stores === 0)).toBe(true);
    });

    test('a binding that the entry point does not use keeps its name and type', async () => {
      const spec = addOne([1]);
      const wgsl = `${ADD_ONE}\n@group(0) @binding(2) var<storage, read_write> idle: array<i32>;`;
      const idle = { binding: 2, kind: 'storage', data: Int32Array.of(-5) } as const;
      const { outputs } = await opened().runKernel({ ...spec, wgsl, bindings: [...spec.bindings, idle] });
      expect(outputs.idle).toEqual(tensor('i32', [1], [-5]));
    });

    test('constants are reached by name, with or without an id', async () => {
      const wgsl = ADD_ONE.replace('override STEP', '@id(7) override STEP');
      for (const name of ['STEP', '7']) {
        const { outputs } = await opened().runKernel({ ...addOne([1]), wgsl, constants: { [name]: 10 } });
        expect([...outputs.target_!.data]).toEqual([11]);
      }
      const { trace } = await opened().runKernel({ ...addOne([1]), wgsl, constants: { STEP: 10 } }, { trace: true });
      expect(trace!.matchesPlain).toBe(true);
    });

    test('extensions whose feature this device lacks are refused by the feature’s name', async () => {
      for (const [extension, feature] of [
        ['f16', 'shader-f16'],
        ['subgroups', 'subgroups'],
      ]) {
        const running = opened().runKernel({ ...addOne([1]), wgsl: `enable ${extension};\n${ADD_ONE}` });
        if (opened().adapter.features.includes(feature!)) expect((await running).outputs.target_!.data[0]).toBe(2);
        else expect(await expectCode('unsupported', running)).toMatchObject({ field: feature });
      }
    });

    test('reads views at their offset and leaves them whole', async () => {
      const whole = Uint32Array.of(1, 2, 3, 4);
      const spec = addOne([0, 0]);
      spec.bindings[0]!.data = whole.subarray(1, 3);
      const { outputs } = await opened().runKernel(spec);
      expect([...outputs.target_!.data]).toEqual([3, 4]);
      expect([...whole]).toEqual([1, 2, 3, 4]);
    });

    test('refuses bindings that do not fit the kernel', async () => {
      const spec = addOne([1]);
      const [source, target] = spec.bindings;
      await expectCode('bad-input', opened().runKernel({ ...spec, bindings: [source!] }));
      await expectCode('bad-input', opened().runKernel({ ...spec, bindings: [source!, source!, target!] }));
      await expectCode(
        'bad-input',
        opened().runKernel({ ...spec, bindings: [{ ...source!, kind: 'storage' }, target!] }),
      );
      await expectCode('bad-input', opened().runKernel({ ...spec, entryPoint: 'nope' }));
      const unknown = await expectCode('unknown-constant', opened().runKernel({ ...spec, constants: { NOPE: 1 } }));
      expect(unknown).toMatchObject({ field: 'NOPE', limit: ['STEP'] });
      expect(
        await expectCode(
          'bad-input',
          opened().runKernel({ ...spec, bindings: [source!, { ...target!, byteLength: 0 }] }),
        ),
      ).toMatchObject({ field: '@group(0) @binding(1)' });
      const odd = { ...source!, data: new Uint8Array(6) };
      expect(await expectCode('bad-input', opened().runKernel({ ...spec, bindings: [odd, target!] }))).toMatchObject({
        value: 6,
        limit: 8,
      });
      const byteLength = opened().adapter.limits.maxStorageBufferBindingSize! + 4;
      await expectCode(
        'limit-exceeded',
        opened().runKernel({ ...spec, bindings: [source!, { ...target!, byteLength }] }),
      );
      await expectCode('limit-exceeded', opened().runKernel({ ...spec, workgroups: [1, 1_000_000, 1] }));
    });

    test('source that does not compile, with the position in the kernel’s own text', async () => {
      const wgsl = ADD_ONE.replace('source[id.x] + STEP', 'source[id.x] + 1.5');
      const error = await expectCode('compile-failed', opened().runKernel({ ...addOne([1]), wgsl, constants: {} }));
      expect(error).toMatchObject({ field: 'kernel.wgsl', line: 8 });
      expect(error.column).toBeGreaterThan(1);
      const broken = await expectCode('compile-failed', opened().runKernel({ ...addOne([1]), wgsl: 'fn main( {' }));
      expect(broken).toMatchObject({ line: 1 });
    });
  });

  describe('loops that do not end', () => {
    const kernel = (body: string): KernelSpec => ({
      wgsl: `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
var<workgroup> shared_: array<u32, 4>;
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
${body}
}`,
      workgroups: [3, 1, 1],
      bindings: [{ binding: 0, kind: 'storage', data: new Uint32Array(4) }],
    });

    test.each([
      [
        'a loop without an end',
        'var i = 0u; loop { i += 1u; if (i == 0xffffffffu) { break; } out[lane] = i; i -= out[lane] / 7u; }',
      ],
      ['a while around a barrier', 'while (true) { shared_[lane] += 1u; workgroupBarrier(); }'],
      [
        'an endless loop in a later workgroup only',
        'var i = 1u; while (group.x == 2u && i > 0u) { i = i % 3u + 1u; out[lane] = i; }',
      ],
      [
        'nested loops',
        'for (var i = 0u; i < 4000000000u; i++) { for (var j = 0u; j < 4000000000u; j++) { out[lane] += j; } }',
      ],
    ])('%s is ended and refused', async (_, body) => {
      const error = await expectCode('loop-budget', opened().runKernel(kernel(body)));
      expect(error.field).toBe('kernel.wgsl');
    });

    test('a long loop that ends is run to its end, and from the first contents of its buffers', async () => {
      const body = 'for (var i = 0u; i < 200000u; i++) { if (group.x == 0u) { out[lane] += 1u; } }';
      const { outputs } = await opened().runKernel(kernel(body));
      expect([...outputs.out!.data]).toEqual([200_000, 200_000, 200_000, 200_000]);
    });

    test('foreign kernels are timed with the guard in them, and the measurement says so', async () => {
      const [measured] = await opened().measure([kernel('for (var i = 0u; i < 99u; i++) { out[lane] += group.x; }')], {
        rounds: 3,
      });
      expect(measured).toMatchObject({ guarded: true, rounds: 3 });
      expect(measured!.medianMs).toBeGreaterThan(0);
    });
  });

  describe('measure', () => {
    test('twice the work takes about twice as long, the same work shows no difference', async () => {
      const shares: number[] = [];
      const contestants = [spin(40_000), spin(40_000), spin(120_000)];
      const onProgress = (share: number) => shares.push(share);
      const [first, second, threefold] = await opened().measure(contestants, { rounds: 9, onProgress });
      expect(first!.samplesMs).toHaveLength(9);
      expect(shares.at(-1)).toBe(1);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      expect(first!.ci95Ms[0]).toBeLessThanOrEqual(first!.medianMs);
      expect(first!.medianMs).toBeLessThanOrEqual(first!.ci95Ms[1]);
      expect(first!.medianMs / second!.medianMs).toBeGreaterThan(0.5);
      expect(first!.medianMs / second!.medianMs).toBeLessThan(2);
      expect(threefold!.medianMs / Math.min(first!.medianMs, second!.medianMs)).toBeGreaterThan(1.5);
    });

    test('a plan that changes its state is reset in every repeat, and the copy is stated', async () => {
      const [measured] = await opened().measure(
        [{ mechanism: 'affine', variant: 'running-total', config: { n: 1000 } }],
        { rounds: 3 },
      );
      expect(measured!.resetMs).toBeGreaterThanOrEqual(0);
      expect(measured!.medianMs).toBeGreaterThan(0);
    });

    test('refuses rounds that are none', async () => {
      await expectCode('bad-input', opened().measure([spin(1)], { rounds: 0 }));
    });
  });
}

function addOne(values: number[]): KernelSpec {
  return {
    wgsl: ADD_ONE,
    workgroups: [Math.ceil(values.length / 4), 1, 1],
    bindings: [
      { binding: 0, kind: 'read-only-storage', data: Uint32Array.from(values) },
      { binding: 1, kind: 'storage', byteLength: values.length * 4 },
    ],
  };
}

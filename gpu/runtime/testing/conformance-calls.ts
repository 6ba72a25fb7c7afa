// Calls that no typed caller would make, through every way to the engine: each is refused by name, and the engine works on.

import { describe, expect, test } from 'vitest';
import { tensor } from '../../core/tensor.ts';
import type { Engine, Experiment, KernelSpec, MeasureOptions, RunOptions } from '../api.ts';
import type { ExpectCode } from './expect-code.ts';

const experiment: Experiment = { mechanism: 'affine', variant: 'direct', config: { n: 3 } };
const kernel: KernelSpec = {
  wgsl: '@compute @workgroup_size(1) fn main() {}',
  workgroups: [1, 1, 1],
  bindings: [],
};
/** What a console or a file can hand over, whatever the types say. */
const untyped = <T>(value: unknown) => value as T;

export function describeCalls(opened: () => Engine, expectCode: ExpectCode): void {
  const refuses = async (field: string, call: Promise<unknown>) =>
    expect(await expectCode('bad-input', call)).toMatchObject({ field });

  describe('calls of the wrong kind', () => {
    test.each<[string, RunOptions | null]>([
      ['options', null],
      ['inputs', untyped({ inputs: null })],
      ['x', { inputs: { x: untyped(null) } }],
      ['trace.maxBytes', { trace: { maxBytes: Number.NaN } }],
      ['trace.probes[1]', { trace: { probes: [0, -1] } }],
      ['trace.step', { trace: untyped({ step: true }) }],
    ])('run: %s', async (field, options) => {
      await refuses(field, opened().run(experiment, untyped(options)));
    });

    test('the experiment and its seed', async () => {
      await refuses('experiment', opened().run(untyped(null)));
      await refuses('experiment', opened().open(untyped(undefined)));
      await refuses('seed', opened().run({ ...experiment, seed: -1 }));
      await refuses('seed', opened().run({ ...experiment, seed: 0.5 }));
    });

    test.each<[string, object]>([
      ['bindings', { bindings: undefined }],
      ['workgroups', { workgroups: undefined }],
      ['bindings[0]', { bindings: [null] }],
      ['wgsl', { wgsl: null }],
    ])('runKernel: %s', async (field, part) => {
      await refuses(field, opened().runKernel(untyped({ ...kernel, ...part })));
    });

    test('a session’s tensors and parameters', async () => {
      const session = await opened().open(experiment);
      await refuses('options', session.run('run', untyped(null)));
      await refuses('params.factor', session.run('run', { params: { factor: untyped('2') } }));
      await refuses('x', session.write('x', untyped(null)));
      session.dispose();
    });

    test.each<[string, MeasureOptions | null]>([
      ['options', null],
      ['minSampleMs', { minSampleMs: Number.NaN }],
      ['rounds', { rounds: Number.NaN }],
    ])('measure: %s', async (field, options) => {
      await refuses(field, opened().measure([experiment], untyped(options)));
    });

    test('a cancelled call keeps the caller’s reason', async () => {
      const reason = new Error('a newer run took its place');
      const error = await expectCode('aborted', opened().run(experiment, { signal: AbortSignal.abort(reason) }));
      expect(error.cause).toBe(reason);
    });
  });

  describe('what an error says', () => {
    test('a call that is wrong is told as such, also beside a kernel that does not compile', async () => {
      const broken = (sources: object, config: object = { n: 3 }) =>
        opened().run({ ...experiment, config, sources: untyped(sources) });
      expect(await expectCode('unknown-kernel', broken({ 'nope.wgsl': 'x' }))).toMatchObject({
        field: 'nope.wgsl',
        limit: expect.arrayContaining(['scale.wgsl']),
      });
      expect(await expectCode('bad-config', broken({ 'scale.wgsl': 'fn x( {' }, { n: -4 }))).toMatchObject({
        field: 'n',
        value: -4,
      });
      await expectCode('compile-failed', broken({ 'scale.wgsl': 'fn x( {' }));
    });

    test('a place that the device does not have, with the limit', async () => {
      const wgsl = `@group(9) @binding(0) var<storage, read_write> o: array<f32>;
@compute @workgroup_size(1) fn main() { o[0] = 1.0; }`;
      const bindings = [{ group: 9, binding: 0, kind: 'storage', byteLength: 4 }] as const;
      const limit = opened().adapter.limits.maxBindGroups;
      const facts = { field: 'maxBindGroups', value: 10, limit };
      for (const given of [bindings, []]) {
        const running = opened().runKernel({ ...kernel, wgsl, bindings: [...given] });
        expect(await expectCode('limit-exceeded', running)).toMatchObject(facts);
      }
    });

    test('an override that is no finite number, by its own name', async () => {
      const wgsl = 'override X: u32 = 1u; @compute @workgroup_size(X) fn main() {}';
      const running = opened().runKernel({ ...kernel, wgsl, constants: { X: Number.NaN } });
      expect(await expectCode('bad-input', running)).toMatchObject({ field: 'X', value: Number.NaN });
    });

    test('a part that does not exist, and every part once', async () => {
      const session = await opened().open({ mechanism: 'affine', variant: 'running-total', config: { n: 3 } });
      const error = await expectCode('unknown-part', session.run('nope'));
      expect(error).toMatchObject({ field: 'part', value: 'nope' });
      expect((error.limit as string[]).toSorted()).toEqual(['accumulate', 'add', 'add-twice', 'run', 'scale']);
      session.dispose();
    });
  });

  describe('what is handed over is taken when the call is made', () => {
    const ones = () => tensor('f32', [3], [1, 1, 1]);

    test('by run and open', async () => {
      const [first, second] = [ones(), ones()];
      const config = { factor: 2 };
      const running = opened().run({ ...experiment, config }, { inputs: { x: first } });
      const opening = opened().open({ ...experiment, config }, { inputs: { x: second } });
      for (const { data } of [first, second]) data.fill(9);
      config.factor = 5;
      const session = await opening;
      for (const run of [await running, await session.run('run')]) expect([...run.outputs.y!.data]).toEqual([2, 2, 2]);
      const third = ones();
      const again = session.run('run', { inputs: { x: third } });
      third.data.fill(9);
      expect([...(await again).outputs.y!.data]).toEqual([2, 2, 2]);
      session.dispose();
    });

    test('by runKernel', async () => {
      const data = Uint32Array.of(3);
      const running = opened().runKernel({
        wgsl: '@group(0) @binding(0) var<storage, read_write> o: array<u32>; @compute @workgroup_size(1) fn main() { o[0] *= 2u; }',
        workgroups: [1, 1, 1],
        bindings: [{ binding: 0, kind: 'storage', data }],
      });
      data[0] = 50;
      expect([...(await running).outputs.o!.data]).toEqual([6]);
    });
  });

  describe('a kernel on every bind group', () => {
    const onAll = (body: string): KernelSpec => {
      const groups = [0, 1, 2, 3];
      const declared = groups.map((g) => `@group(${g}) @binding(1) var<storage, read_write> o${g}: array<u32>;`);
      return {
        wgsl: `${declared.join('\n')}\n@compute @workgroup_size(1) fn main() { ${body} }`,
        workgroups: [1, 1, 1],
        bindings: groups.map((group) => ({ group, binding: 1, kind: 'storage', byteLength: 4 })),
      };
    };

    test('runs, with loops and without; only a recording is refused', async () => {
      const plain = await opened().runKernel(onAll('o0[0] = 1u; o3[0] = o1[0] + o2[0] + 4u;'));
      expect([...plain.outputs.o3!.data]).toEqual([4]);
      const loop = onAll('for (var i = 0u; i < 5u; i++) { o3[0] += i + o0[0] + o1[0] + o2[0]; }');
      expect([...(await opened().runKernel(loop)).outputs.o3!.data]).toEqual([10]);
      const recorded = opened().runKernel(loop, { trace: true });
      expect(await expectCode('limit-exceeded', recorded)).toMatchObject({ field: 'maxBindGroups' });
    });
  });
}

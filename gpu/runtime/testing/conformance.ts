// What every Engine must do, whichever way it was opened. Run against the direct engine and the worker's facade alike.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError, type EngineErrorCode } from '../../core/errors.ts';
import { tensor } from '../../core/tensor.ts';
import type { Engine, Experiment, KernelSpec } from '../api.ts';
import scaleWgsl from './scale.wgsl?raw';

export interface EngineUnderTest {
  engine: Engine;
  /** Loses the device as a driver reset would. */
  loseDevice(): Promise<void>;
  /** Buffers handed out and not given back, and all ever made. */
  counts(): Promise<{ live: number; created: number }>;
}

const direct = (config: object = {}): Experiment => ({ mechanism: 'affine', variant: 'direct', config });
const spin = (rounds: number, passes = 1): Experiment => ({
  mechanism: 'affine',
  variant: 'spin',
  config: { rounds, passes },
});

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

export function describeEngine(title: string, open: () => Promise<EngineUnderTest>): void {
  describe(title, () => {
    let under: EngineUnderTest;
    let engine: Engine;

    beforeAll(async () => {
      under = await open();
      engine = under.engine;
    });
    afterAll(() => engine.dispose());

    /** The error of a call that must fail; and the engine works after it. */
    async function refusal(call: Promise<unknown>): Promise<EngineError> {
      const error = await call.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(EngineError);
      const { outputs } = await engine.run(direct({ n: 3, factor: 2 }));
      expect([...outputs.y!.data]).toEqual([2, 4, 6]);
      return error as EngineError;
    }

    async function expectCode(code: EngineErrorCode, call: Promise<unknown>): Promise<EngineError> {
      const error = await refusal(call);
      expect(`${error.code}: ${error.message}`).toMatch(new RegExp(`^${code}: `));
      return error;
    }

    describe('adapter', () => {
      test('there is one, with its limits and features', () => {
        const { adapter } = engine;
        expect(adapter.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
        expect(adapter.limits.maxComputeInvocationsPerWorkgroup).toBeGreaterThanOrEqual(256);
        expect(adapter.features).toEqual([...adapter.features].sort());
        expect(adapter.timestampQuantumNs === null).toBe(!adapter.features.includes('timestamp-query'));
      });

      test('SwiftShader is recognised as software', () => {
        expect(engine.adapter.isSoftware).toBe(/swiftshader/i.test(JSON.stringify(engine.adapter)));
      });
    });

    describe('run', () => {
      test('given inputs define the sizes and stay the caller’s own', async () => {
        const whole = Float32Array.of(9, 1, -2, 0.5, 9);
        const x = tensor('f32', [3], whole.subarray(1, 4));
        const { outputs, warnings } = await engine.run(direct({ factor: -4 }), { inputs: { x } });
        expect(outputs).toEqual({ y: tensor('f32', [3], [-4, 8, -2]) });
        expect(warnings).toEqual([]);
        expect([...whole]).toEqual([9, 1, -2, 0.5, 9]);
      });

      test('inputs that are not given come from the seed', async () => {
        const { outputs } = await engine.run({ ...direct({ n: 4, factor: 1 }), seed: 7 });
        expect([...outputs.y!.data]).toEqual([7, 8, 9, 10]);
      });

      test('a word the kernel left unwritten is still the poison', async () => {
        const { outputs } = await engine.run({ ...direct({ n: 65 }), variant: 'unwritten' });
        const { data } = outputs.y!;
        expect(data[64]).toBeNaN();
        expect(new Uint32Array(data.buffer, data.byteOffset)[64]).toBe(0x7fc0dead);
        expect(data.subarray(0, 64).every(Number.isFinite)).toBe(true);
      });

      test('the sentinel is read back as −∞, and only the sentinel', async () => {
        const x = tensor('f32', [3], [-1e30, -1e29, 0]);
        const { outputs } = await engine.run(direct({ factor: 1 }), { inputs: { x } });
        expect([...outputs.y!.data]).toEqual([-Infinity, Math.fround(-1e29), 0]);
      });

      test('a zero extent runs and gives an empty output', async () => {
        const { outputs } = await engine.run(direct({ n: 0 }));
        expect(outputs.y).toEqual(tensor('f32', [0], []));
      });

      test('another baked constant gives the same result', async () => {
        const wide = await engine.run(direct({ n: 131 }));
        expect(await engine.run(direct({ n: 131, lanes: 32 }))).toEqual(wide);
      });

      test('edited source runs in place of the file', async () => {
        const wgsl = scaleWgsl.replace('params.factor * x[i]', 'params.factor * x[i] + 100.0');
        const { outputs } = await engine.run({ ...direct({ n: 3, factor: 2 }), sources: { 'scale.wgsl': wgsl } });
        expect([...outputs.y!.data]).toEqual([102, 104, 106]);
        const other = engine.run({ ...direct({ n: 1 }), sources: { 'other.wgsl': wgsl } });
        expect(await expectCode('unknown-kernel', other)).toMatchObject({ field: 'other.wgsl' });
      });

      test('runs at the same time do not mix', async () => {
        const factors = [1, 2, 3, 4, 5, 6];
        const runs = await Promise.all(factors.map((factor) => engine.run(direct({ n: 2, factor }))));
        expect(runs.map((run) => run.outputs.y!.data[1])).toEqual([2, 4, 6, 8, 10, 12]);
      });
    });

    describe('refusals name the field, the value and the limit', () => {
      test('unknown names', async () => {
        expect(await expectCode('unknown-mechanism', engine.run({ ...direct(), mechanism: 'nope' }))).toMatchObject({
          value: 'nope',
        });
        expect(await expectCode('unknown-variant', engine.run({ ...direct(), variant: 'nope' }))).toMatchObject({
          value: 'nope',
        });
        expect(await expectCode('unknown-mechanism', engine.open({ model: 'nope', config: {} }))).toMatchObject({
          value: 'nope',
        });
      });

      test('bad configs and inputs', async () => {
        expect(await expectCode('bad-config', engine.run(direct({ n: -1 })))).toMatchObject({ field: 'n' });
        const x = tensor('f32', [2], [1, 2]);
        await expectCode('shape-mismatch', engine.run(direct({ n: 3 }), { inputs: { x } }));
        const lying = { ...x, shape: [3] };
        expect(await expectCode('shape-mismatch', engine.run(direct(), { inputs: { x: lying } }))).toMatchObject({
          value: 2,
          limit: 3,
        });
        const integers = tensor('i32', [2], [1, 2]);
        expect(await expectCode('bad-input', engine.run(direct(), { inputs: { x: integers } }))).toMatchObject({
          value: 'i32',
          limit: 'f32',
        });
        const misspelt = engine.run(direct({ n: 2 }), { inputs: { X: x } });
        expect(await expectCode('bad-input', misspelt)).toMatchObject({ field: 'X' });
      });

      test('what is too large for the device, before it is allocated', async () => {
        const { maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = engine.adapter.limits;
        const before = await under.counts();
        const n = maxStorageBufferBindingSize! / 4 + 1;
        expect(await expectCode('limit-exceeded', engine.run(direct({ n })))).toMatchObject({
          field: 'x bytes',
          value: n * 4,
          limit: maxStorageBufferBindingSize,
        });
        const many = (maxComputeWorkgroupsPerDimension! + 1) * 32;
        expect(await expectCode('limit-exceeded', engine.run(direct({ n: many, lanes: 32 })))).toMatchObject({
          field: 'scale.wgsl workgroups.x',
          value: maxComputeWorkgroupsPerDimension! + 1,
          limit: maxComputeWorkgroupsPerDimension,
        });
        const lanes = engine.adapter.limits.maxComputeInvocationsPerWorkgroup! * 2;
        expect(await expectCode('limit-exceeded', engine.run(direct({ n: 1, lanes })))).toMatchObject({ value: lanes });
        expect((await under.counts()).live).toBe(before.live);
      });

      test('source that does not compile, with the position in the kernel’s own text', async () => {
        const wgsl = ADD_ONE.replace('source[id.x] + STEP', 'source[id.x] + 1.5');
        const error = await expectCode('compile-failed', engine.runKernel({ ...addOne([1]), wgsl, constants: {} }));
        expect(error).toMatchObject({ field: 'kernel.wgsl', line: 8 });
        expect(error.column).toBeGreaterThan(1);
        const broken = await expectCode('compile-failed', engine.runKernel({ ...addOne([1]), wgsl: 'fn main( {' }));
        expect(broken).toMatchObject({ line: 1 });
      });
    });

    describe('runKernel', () => {
      test('gives every writable binding by name, with the type its WGSL has', async () => {
        const { outputs } = await engine.runKernel({ ...addOne([5, 6, 7]), constants: { STEP: 10 } });
        expect(outputs).toEqual({ target_: tensor('u32', [3], [15, 16, 17]) });
      });

      test('takes its workgroups from a buffer', async () => {
        const spec = addOne([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        const counts = { binding: 2, kind: 'read-only-storage', data: Uint32Array.of(99, 2, 1, 1) } as const;
        const wgsl = `${ADD_ONE}\n@group(0) @binding(2) var<storage, read> counts: array<u32>;`;
        const run = await engine.runKernel({
          ...spec,
          wgsl,
          bindings: [...spec.bindings, counts],
          workgroups: { indirect: 2, offset: 4 },
        });
        // Two workgroups of four: the ninth element keeps its first contents.
        expect([...run.outputs.target_!.data]).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 0]);
      });

      test('reads views at their offset and leaves them whole', async () => {
        const whole = Uint32Array.of(1, 2, 3, 4);
        const spec = addOne([0, 0]);
        spec.bindings[0]!.data = whole.subarray(1, 3);
        const { outputs } = await engine.runKernel(spec);
        expect([...outputs.target_!.data]).toEqual([3, 4]);
        expect([...whole]).toEqual([1, 2, 3, 4]);
      });

      test('refuses bindings that do not fit the kernel', async () => {
        const spec = addOne([1]);
        const [source, target] = spec.bindings;
        await expectCode('bad-input', engine.runKernel({ ...spec, bindings: [source!] }));
        await expectCode('bad-input', engine.runKernel({ ...spec, bindings: [source!, source!, target!] }));
        await expectCode(
          'bad-input',
          engine.runKernel({ ...spec, bindings: [{ ...source!, kind: 'storage' }, target!] }),
        );
        await expectCode('bad-input', engine.runKernel({ ...spec, entryPoint: 'nope' }));
        await expectCode('validation-failed', engine.runKernel({ ...spec, constants: { NOPE: 1 } }));
        const byteLength = engine.adapter.limits.maxStorageBufferBindingSize! + 4;
        await expectCode(
          'limit-exceeded',
          engine.runKernel({ ...spec, bindings: [source!, { ...target!, byteLength }] }),
        );
        await expectCode('limit-exceeded', engine.runKernel({ ...spec, workgroups: [1, 1_000_000, 1] }));
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
        const error = await expectCode('loop-budget', engine.runKernel(kernel(body)));
        expect(error.field).toBe('kernel.wgsl');
      });

      test('a long loop that ends is run to its end, and from the first contents of its buffers', async () => {
        const body = 'for (var i = 0u; i < 200000u; i++) { if (group.x == 0u) { out[lane] += 1u; } }';
        const { outputs } = await engine.runKernel(kernel(body));
        expect([...outputs.out!.data]).toEqual([200_000, 200_000, 200_000, 200_000]);
      });

      test('foreign kernels are timed with the guard in them, and the measurement says so', async () => {
        const [measured] = await engine.measure([kernel('for (var i = 0u; i < 99u; i++) { out[lane] += group.x; }')], {
          rounds: 3,
        });
        expect(measured).toMatchObject({ guarded: true, rounds: 3 });
        expect(measured!.medianMs).toBeGreaterThan(0);
      });
    });

    describe('Session', () => {
      const total = { mechanism: 'affine', variant: 'running-total', config: { n: 3, factor: 2 } };

      test('keeps state between runs of its parts', async () => {
        const session = await engine.open(total);
        await session.run('add');
        await session.run('add-twice', { inputs: { x: tensor('f32', [3], [10, 20, 30]) } });
        expect(await session.read('total')).toEqual(tensor('f32', [3], [42, 84, 126]));
        await session.run('add', { params: { factor: 0.5 } });
        expect([...(await session.read('total')).data]).toEqual([47, 94, 141]);
        session.dispose();
      });

      test('reads, writes at an offset, and knows its bytes', async () => {
        const session = await engine.open(total);
        expect(session.bytes).toEqual({ x: 12, y: 12, total: 12 });
        await session.write('total', tensor('f32', [2], [100, 200]), 1);
        await session.run('run');
        expect([...(await session.read('total')).data]).toEqual([2, 104, 206]);
        session.dispose();
      });

      test('refuses what it does not have', async () => {
        const session = await engine.open(total);
        await expectCode('unknown-part', session.run('nope'));
        await expectCode('unknown-buffer', session.read('nope'));
        await expectCode('shape-mismatch', session.write('total', tensor('f32', [2], [1, 2]), 2));
        await expectCode('bad-input', session.write('total', tensor('u32', [1], [1])));
        await expectCode('unknown-constant', session.run('add', { params: { nope: 1 } }));
        session.dispose();
        await expectCode('disposed', session.run('add'));
        await expectCode('disposed', session.read('total'));
      });
    });

    describe('cancelling', () => {
      test('a signal already fired stops a call before it starts', async () => {
        await expectCode('aborted', engine.run(direct({ n: 1 }), { signal: AbortSignal.abort() }));
      });

      test('a long plan stops within a slice', async () => {
        const started = performance.now();
        const signal = AbortSignal.timeout(150);
        // Some ten seconds of work on a processor core.
        await expectCode('aborted', engine.run(spin(100_000, 1_000), { signal }));
        expect(performance.now() - started).toBeLessThan(3_000);
      });

      test('so does a measurement', async () => {
        const signal = AbortSignal.timeout(150);
        await expectCode('aborted', engine.measure([spin(50_000, 100)], { rounds: 1_000, signal }));
      });
    });

    test('fifty runs leave no buffer behind and make hardly any', async () => {
      await engine.run(direct({ n: 500 }));
      const before = await under.counts();
      for (let run = 0; run < 50; run++) await engine.run(direct({ n: 500 + run }));
      const after = await under.counts();
      expect(after.live).toBe(before.live);
      expect(after.created - before.created).toBeLessThanOrEqual(6);
    });

    describe('measure', () => {
      test('twice the work takes about twice as long, the same work shows no difference', async () => {
        const shares: number[] = [];
        const contestants = [spin(40_000), spin(40_000), spin(120_000)];
        const onProgress = (share: number) => shares.push(share);
        const [first, second, threefold] = await engine.measure(contestants, { rounds: 9, onProgress });
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
        const [measured] = await engine.measure(
          [{ mechanism: 'affine', variant: 'running-total', config: { n: 1000 } }],
          { rounds: 3 },
        );
        expect(measured!.resetMs).toBeGreaterThanOrEqual(0);
        expect(measured!.medianMs).toBeGreaterThan(0);
      });

      test('refuses rounds that are none', async () => {
        await expectCode('bad-input', engine.measure([spin(1)], { rounds: 0 }));
      });
    });

    describe('device loss', () => {
      test('is survived: the next run says so, sessions say what they lost', async () => {
        const session = await engine.open(direct({ n: 1 }));
        await under.loseDevice();
        const run = await engine.run(direct({ n: 3, factor: 3 }));
        expect([...run.outputs.y!.data]).toEqual([3, 6, 9]);
        expect(run.warnings.join()).toMatch(/was lost .* has been reopened/);
        await expectCode('device-lost', session.run('run'));
        session.dispose();
        expect((await engine.run(direct({ n: 1 }))).warnings).toEqual([]);
      });

      test('fails what was running', async () => {
        const running = engine.run(spin(100_000, 1_000));
        const failed = running.then(
          () => undefined,
          (error: unknown) => error,
        );
        await new Promise((resolve) => setTimeout(resolve, 100));
        await under.loseDevice();
        expect(await failed).toMatchObject({ code: 'device-lost' });
        expect([...(await engine.run(direct({ n: 1 }))).outputs.y!.data]).toEqual([2]);
      });
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

// What every Engine must do, whichever way it was opened. Run against the direct engine and the worker's facade alike.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../core/errors.ts';
import { tensor } from '../../core/tensor.ts';
import type { Engine, Experiment } from '../api.ts';
import { describeCalls } from './conformance-calls.ts';
import { describeKernels } from './conformance-kernels.ts';
import { describeTraces } from './conformance-traces.ts';
import type { ExpectCode } from './expect-code.ts';
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

    const expectCode: ExpectCode = async (code, call) => {
      const error = await refusal(call);
      expect(`${error.code}: ${error.message}`).toMatch(new RegExp(`^${code}: `));
      return error;
    };

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

      test('says what ran: config, plan, kernels as they compiled, and the inputs that were made for it', async () => {
        const { outputs, ran } = await engine.run({ ...direct({ n: 3, lanes: 32 }), seed: 5 });
        expect(ran!.config).toEqual({ n: 3, factor: 2, lanes: 32, passes: 1, rounds: 1 });
        expect(ran!.plan.buffers).toMatchObject([
          { name: 'x', role: 'input', shape: [3] },
          { name: 'y', role: 'output', shape: [3], sentinel: { from: -1e30, to: -Infinity } },
        ]);
        expect(ran!.plan.passes).toMatchObject([{ kernel: 'scale.wgsl', constants: { LANES: 32, SKIP: false } }]);
        expect(ran!.kernels).toEqual([{ file: 'scale.wgsl', wgsl: scaleWgsl.replace('= 64u', '= 32u') }]);
        expect(ran!.inputs).toEqual({ x: tensor('f32', [3], [5, 6, 7]) });
        expect([...outputs.y!.data]).toEqual([...ran!.inputs.x!.data].map((value) => 2 * value));
        const again = await engine.run({ ...direct({ n: 3, lanes: 32 }), seed: 5 }, { trace: true });
        expect(again.ran).toEqual(ran);
      });

      test('says of an edited kernel the text that was given, and makes no inputs that were', async () => {
        const wgsl = scaleWgsl.replace('params.factor * x[i]', 'params.factor * x[i] + 1.0');
        const x = tensor('f32', [2], [1, 2]);
        const edited = { ...direct({ lanes: 32 }), sources: { 'scale.wgsl': wgsl } };
        const { outputs, ran } = await engine.run(edited, { inputs: { x } });
        expect(ran!.kernels).toEqual([{ file: 'scale.wgsl', wgsl: wgsl.replace('= 64u', '= 32u') }]);
        expect(ran).toMatchObject({ config: { n: 2 }, inputs: {} });
        expect([...outputs.y!.data]).toEqual([3, 5]);
      });

      test('a part of a Session says nothing of it: it is what was opened', async () => {
        const session = await engine.open(direct({ n: 3 }));
        expect((await session.run('run')).ran).toBeUndefined();
        session.dispose();
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

      test('numbers that are not finite are computed with, and said', async () => {
        const x = tensor('f32', [3], [1, Infinity, Number.NaN]);
        const { warnings } = await engine.run(direct({ factor: 1 }), { inputs: { x } });
        expect(warnings).toEqual([expect.stringMatching(/^x holds Infinity at index 1:/)]);
        const session = await engine.open(direct({ n: 3 }));
        expect((await session.run('run', { inputs: { x } })).warnings).toHaveLength(1);
        expect((await session.run('run')).warnings).toEqual([]);
        session.dispose();
      });

      test('a zero extent runs and gives an empty output', async () => {
        const { outputs } = await engine.run(direct({ n: 0 }));
        expect(outputs.y).toEqual(tensor('f32', [0], []));
      });

      test('another baked constant gives the same result', async () => {
        const { outputs } = await engine.run(direct({ n: 131 }));
        expect((await engine.run(direct({ n: 131, lanes: 32 }))).outputs).toEqual(outputs);
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
    });

    describeCalls(() => engine, expectCode);
    describeKernels(() => engine, expectCode);
    describeTraces(() => engine, expectCode);

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

      test('a part finds what an earlier part wrote', async () => {
        const session = await engine.open(total);
        expect((await session.run('scale')).outputs).toEqual({});
        await session.run('accumulate', { trace: true });
        await session.run('accumulate');
        expect([...(await session.read('total')).data]).toEqual([4, 8, 12]);
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

      test.each([true, false])(
        'a run in whose midst its session is disposed (%s) is rejected or right, and so is the next, unrelated one',
        async (isDisposed) => {
          let rejected = 0;
          for (let round = 0; round < 24; round++) {
            const session = await engine.open(direct({ n: 512, factor: 2 }));
            const ones = tensor('f32', [512], new Array(512).fill(1));
            const running = session.run('run', { inputs: { x: ones }, trace: round % 2 === 0 }).then(
              ({ outputs }) => outputs.y!.data.every((value) => value === 2),
              (error: unknown) => {
                expect(error).toMatchObject({ code: 'disposed' });
                rejected++;
                return true;
              },
            );
            for (let turn = 0; turn < round; turn++) await Promise.resolve();
            if (round % 3 === 2) await new Promise((resolve) => setTimeout(resolve, round / 4));
            if (isDisposed) session.dispose();
            const next = engine.run(direct({ n: 512, factor: 3 }), {
              inputs: { x: tensor('f32', [512], new Array(512).fill(5)) },
            });
            expect(await running).toBe(true);
            expect((await next).outputs.y!.data.every((value) => value === 15)).toBe(true);
            session.dispose();
          }
          if (isDisposed) expect(rejected).toBeGreaterThan(0);
          else expect(rejected).toBe(0);
        },
      );

      test('refuses what it does not have', async () => {
        const session = await engine.open(total);
        await expectCode('unknown-part', session.run('nope'));
        await expectCode('unknown-buffer', session.read('nope'));
        await expectCode('shape-mismatch', session.write('total', tensor('f32', [2], [1, 2]), 2));
        await expectCode('bad-input', session.write('total', tensor('u32', [1], [1])));
        await expectCode('unknown-constant', session.run('add', { params: { nope: 1 } }));
        await expectCode('bad-input', session.run('add', { inputs: { y: tensor('f32', [3], [1, 2, 3]) } }));
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

      test('is said by the next run that ends, where one was cancelled before', async () => {
        await under.loseDevice();
        const cancelled = engine.run(spin(100_000, 1_000), { signal: AbortSignal.timeout(300) });
        await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
        expect((await engine.run(direct({ n: 1 }))).warnings.join()).toMatch(/was lost .* has been reopened/);
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

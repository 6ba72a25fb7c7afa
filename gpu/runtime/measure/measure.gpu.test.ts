import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelSpec } from '../api.ts';
import { type DeviceContext, openDevice } from '../device/device.ts';
import { planKernel } from '../foreign/kernel-run.ts';
import { measurePlanned } from './measure-planned.ts';

let context: DeviceContext;

beforeAll(async () => {
  context = await openDevice();
});

afterAll(() => context.destroy());

/** A few microseconds of work, or `rounds` times that. */
function tiny(rounds = 1): KernelSpec {
  return {
    wgsl: `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  for (var i = 0u; i < ${rounds}u; i++) { out[id.x] += i; }
}`,
    workgroups: [1, 1, 1],
    bindings: [{ binding: 0, kind: 'storage', byteLength: 256 }],
  };
}

const plan = (kernel: KernelSpec) => planKernel(kernel, context.facts.limits);

/** The same device, believed to have another clock. */
function withQuantum(timestampQuantumNs: number | null): DeviceContext {
  return new Proxy(context, {
    get(target, key) {
      if (key === 'facts') return { ...target.facts, timestampQuantumNs };
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('a short kernel is repeated until a sample is long enough for the clock', async () => {
  const { timestampQuantumNs } = context.facts;
  expect(timestampQuantumNs).toBeGreaterThan(0);
  const [measured] = await measurePlanned(context, [plan(tiny())], { rounds: 3, minSampleMs: 5 });
  expect(measured).toMatchObject({ clock: 'timestamp-query', quantumNs: timestampQuantumNs, rounds: 3 });
  expect(measured!.repeatsPerSample).toBeGreaterThan(4);
});

test('a coarse clock asks for ten of its quanta', async () => {
  const coarse = withQuantum(2_000_000);
  const [measured] = await measurePlanned(coarse, [plan(tiny(2_000))], { rounds: 2, minSampleMs: 1 });
  expect(measured!.quantumNs).toBe(2_000_000);
  // 20 ms a sample, less what the resets took of it.
  const sampleMs = measured!.repeatsPerSample * (measured!.medianMs + measured!.resetMs!);
  expect(sampleMs).toBeGreaterThan(10);
});

test('without timestamps the wall clock around the queue is used, and named', async () => {
  const [measured] = await measurePlanned(withQuantum(null), [plan(tiny(1_000))], { rounds: 2 });
  expect(measured).toMatchObject({ clock: 'queue-wall', quantumNs: null });
  expect(measured!.medianMs).toBeGreaterThan(0);
  expect(measured!.repeatsPerSample).toBeGreaterThan(1);
});

test('a kernel that costs less than its re-initialisation is never said to take no time', async () => {
  const wide = { ...tiny(), bindings: [{ binding: 0, kind: 'storage', byteLength: 1 << 20 }] } satisfies KernelSpec;
  for (const each of [context, withQuantum(1_000_000)]) {
    const [measured] = await measurePlanned(each, [plan(wide)], { rounds: 3, minSampleMs: 1 });
    expect(Math.min(...measured!.samplesMs)).toBeGreaterThan(0);
    const leftMs = measured!.medianMs * measured!.repeatsPerSample;
    expect(measured!.belowResolution === true).toBe(leftMs <= measured!.quantumNs! * 1e-6);
  }
});

test('measuring gives back every buffer', async () => {
  const { live } = context.buffers.counts;
  await measurePlanned(context, [plan(tiny()), plan(tiny())], { rounds: 1 });
  const signal = AbortSignal.timeout(20);
  await expect(measurePlanned(context, [plan(tiny(5_000))], { rounds: 1000, signal })).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(context.buffers.counts.live).toBe(live);
});

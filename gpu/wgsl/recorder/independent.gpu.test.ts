// The recorder's totals against an independent count, by an interpreter that shares no code with it: foreign kernels, and every
// pass of attention at a tiny shape.

import { beforeAll, describe, expect, test } from 'vitest';
import { attention } from '../../mechanisms/attention/index.ts';
import { type IndependentCounts, independentCounts } from '../testing/independent-counts.ts';
import { openDevice, type TestKernel, traceKernel } from '../testing/trace-kernel.ts';
import { bake } from '../text/bake.ts';
import { reflectBindings, reflectStruct } from '../text/reflect.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 5) % 11) / 4 - 1);

/**
 * @param blind buffers the interpreter is known to miscount
 * @returns the number of accesses that were compared
 */
async function expectAgreement(kernel: TestKernel, blind: readonly string[] = []): Promise<number> {
  const { trace } = await traceKernel(device, kernel);
  const recorded: IndependentCounts = {};
  for (const { buffer, loads, stores, loadBytes, storeBytes } of trace.totals)
    if (loads + stores > 0 && !blind.includes(buffer)) recorded[buffer] = { loads, stores, loadBytes, storeBytes };
  const counted = Object.entries(independentCounts(kernel)).filter(([buffer]) => !blind.includes(buffer));
  expect(recorded).toEqual(Object.fromEntries(counted));
  return Object.values(recorded).reduce((sum, { loads, stores }) => sum + loads + stores, 0);
}

test('a tree reduction', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;
var<workgroup> scratch: array<f32, 16>;
@compute @workgroup_size(16)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) wg: vec3<u32>) {
  scratch[lane] = input[wg.x * 16u + lane];
  workgroupBarrier();
  for (var stride = 8u; stride > 0u; stride = stride / 2u) {
    if (lane < stride) { scratch[lane] = scratch[lane] + scratch[lane + stride]; }
    workgroupBarrier();
  }
  if (lane == 0u) { output[wg.x] = scratch[0]; }
}`;
  const data = { input: ramp(48), output: new Float32Array(3) };
  expect(await expectAgreement({ wgsl, workgroups: [3, 1, 1], data })).toBe(48 + 93 + 93 + 3);
});

test('a prefix sum whose lanes branch, with a helper', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
var<workgroup> ping: array<f32, 8>;
var<workgroup> pong: array<f32, 8>;
fn pick(i: u32) -> f32 { return ping[i]; }
@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) i: u32) {
  ping[i] = data[i];
  workgroupBarrier();
  var d = 1u;
  for (var round = 0u; round < 3u; round++) {
    if (i >= d) { pong[i] = pick(i) + pick(i - d); } else { pong[i] = pick(i); }
    workgroupBarrier();
    ping[i] = pong[i];
    d = d * 2u;
    workgroupBarrier();
  }
  data[i] = ping[i];
}`;
  expect(await expectAgreement({ wgsl, workgroups: [1, 1, 1], data: { data: ramp(8) } })).toBeGreaterThan(80);
});

/** The passes of a plan as test kernels; contents do not matter, only their sizes and the params. */
function passesOf(variant: string, config: object): TestKernel[] {
  const resolved = attention.resolve(config);
  const plan = attention.plan(variant, resolved, {});
  const kernels = attention.variants.find(({ id }) => id === variant)!.kernels;
  return plan.passes.map((pass) => {
    const wgsl = bake(kernels.find(({ file }) => file === pass.kernel)!.wgsl, pass.constants);
    const data: TestKernel['data'] = {};
    for (const { name, space, type } of reflectBindings(wgsl)) {
      if (space === 'uniform') {
        const members = reflectStruct(wgsl, type)!;
        const bytes = new DataView(new ArrayBuffer(4 * members.length));
        members.forEach((member, i) => {
          const value = pass.params[member.name]!;
          if (member.type === 'f32') bytes.setFloat32(4 * i, value, true);
          else if (member.type === 'i32') bytes.setInt32(4 * i, value, true);
          else bytes.setUint32(4 * i, value, true);
        });
        data[name] = new Uint32Array(bytes.buffer);
        continue;
      }
      const buffer = plan.buffers.find((each) => each.name === pass.bindings[name])!;
      const length = Math.max(
        4,
        buffer.shape.reduce((product, n) => product * n, 1),
      );
      data[name] = buffer.dtype === 'f32' ? ramp(length) : new Uint32Array(length).fill(1);
      if (Array.isArray(buffer.init)) data[name] = Uint32Array.from(buffer.init);
    }
    if (!Array.isArray(pass.workgroups)) throw new Error('this test has no indirect dispatch');
    return { wgsl, workgroups: pass.workgroups, data };
  });
}

// What the interpreter counts otherwise: the right side of && (it evaluates it always; the causal mask stands on a left one), and
// `workgroupUniformLoad`.
const MASKED = ['q_tile', 'k_tile'];
const BLIND: Record<string, { always: string[]; causal: string[] }> = {
  standard: { always: [], causal: [] },
  'flash-v1': { always: [], causal: MASKED },
  'flash-v2': { always: [], causal: MASKED },
  'flash-v2-block-sparse': { always: ['cells', 'needed'], causal: MASKED },
};

describe.each(Object.keys(BLIND))('%s', (variant) => {
  test.each([{ causal: false }, { causal: true }])('%o', async ({ causal }) => {
    const config = { batch: 1, heads: 2, kvHeads: 1, nq: 5, nk: 6, headDim: 8, causal };
    const passes = passesOf(variant, config);
    expect(passes.length).toBe(variant === 'standard' ? 3 : 1);
    const { always, causal: masked } = BLIND[variant]!;
    const blind = causal ? [...always, ...masked] : always;
    for (const kernel of passes) expect(await expectAgreement(kernel, blind)).toBeGreaterThan(100);
  });
});

// Whether timing tells the truth: two copies of one kernel show no difference, and a kernel that does twice the work is called slower,
// each nearly always, on whatever machine this is and whatever else it does.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelSpec } from '../api.ts';
import { type DeviceContext, openDevice } from '../device/device.ts';
import { planKernel } from '../foreign/kernel-run.ts';
import { measurePlanned } from './measure-planned.ts';
import { verdict } from './statistics.ts';

const COMPARISONS = 40;
const LEAST = 0.95 * COMPARISONS;
// Some milliseconds even on a fast device: far more than starting a dispatch takes, which is not doubled with the work.
const ROUNDS_OF_WORK = 30_000;

let context: DeviceContext;

beforeAll(async () => {
  context = await openDevice();
});

afterAll(() => context.destroy());

function working(rounds: number): KernelSpec {
  return {
    wgsl: `@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var sum = id.x;
  for (var i = 0u; i < ${rounds}u; i++) { sum = sum * 1664525u + 1013904223u; }
  out[id.x] = sum;
}`,
    workgroups: [1, 1, 1],
    bindings: [{ binding: 0, kind: 'storage', byteLength: 256 }],
  };
}

async function verdicts(first: number, second: number): Promise<ReturnType<typeof verdict>[]> {
  const { limits } = context.facts;
  const found: ReturnType<typeof verdict>[] = [];
  for (let comparison = 0; comparison < COMPARISONS; comparison++) {
    const plans = [planKernel(working(first), limits), planKernel(working(second), limits)];
    const [a, b] = await measurePlanned(context, plans, {});
    found.push(verdict(a!, b!));
  }
  return found;
}

test('two copies of one kernel: no difference shown, nearly always', async () => {
  const found = await verdicts(ROUNDS_OF_WORK, ROUNDS_OF_WORK);
  const none = found.filter(({ faster }) => faster === 'none').length;
  console.log(`A/A: no difference shown in ${none} of ${COMPARISONS}`);
  expect(none).toBeGreaterThanOrEqual(LEAST);
});

test('twice the work is called slower, nearly always', async () => {
  const found = await verdicts(2 * ROUNDS_OF_WORK, ROUNDS_OF_WORK);
  const slower = found.filter(({ faster }) => faster === 'second').length;
  const ratios = found.map(({ ratio }) => ratio).sort((a, b) => a - b);
  console.log(
    `doubled work: called slower in ${slower} of ${COMPARISONS}, median ratio ${ratios[COMPARISONS / 2]!.toFixed(2)}`,
  );
  expect(slower).toBeGreaterThanOrEqual(LEAST);
});

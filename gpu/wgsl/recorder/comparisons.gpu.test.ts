// Valid WGSL that the parser package alone misreads: recorded and guarded as it stands.

import { beforeAll, expect, test } from 'vitest';
import { expectCounts } from '../testing/expect-counts.ts';
import { openDevice } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

test.each([
  [
    'comparisons in the arguments of a call',
    'select(1.0, select(2.0, 3.0, x < low), high > 0.0)',
    '',
    [3, 2],
    { compare: 8 },
  ],
  ['a comparison of a comparison', 'f32(u32(x < low) > 0u)', '', [1, 0], { compare: 2 }],
  ['minus minus', '3.0 --high * x', '', [3, 5], { add: 2, multiply: 2 }],
  ['an attribute on the body', 'low + high', '@diagnostic(off, derivative_uniformity)', [3, 3], { add: 2 }],
] as const)('%s', async (_what, value, attribute, output, operations) => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> result: array<f32>;
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) i: u32) ${attribute} {
  let x = f32(i);
  let low = 1.0;
  let high = 2.0;
  for (var turn = 0; turn < 1; turn++) { result[i] = ${value}; }
}`;
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { result: new Float32Array(2) } },
    { totals: { result: [0, 2] }, operations },
    { loopBudget: 10 },
  );
  expect([...new Float32Array(plain.result!.buffer)]).toEqual(output);
});

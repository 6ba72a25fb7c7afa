// `v.zy = …`, a language feature of WGSL. A variable of the function is not counted; a vector in counted memory is read and written whole,
// as the language says.

import { beforeAll, expect, test } from 'vitest';
import { expectCounts } from '../testing/expect-counts.ts';
import { openDevice } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

test('on a local it touches no counted memory', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) i: u32) {
  var v = vec4f(1.0);
  let p = &v;
  v.zy = vec2f(f32(i), 3.0);
  (*p).wx += vec2f(1.0, 0.0);
  result[i] = v;
}`;
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { result: new Float32Array(8) } },
    { totals: { result: [0, 2, 0, 0, 32] }, operations: { add: 4 }, unique: { result: [0, 8] } },
  );
  expect([...new Float32Array(plain.result!.buffer)]).toEqual([1, 3, 0, 2, 1, 3, 1, 2]);
});

test('in counted memory the vector is loaded and stored', async () => {
  const wgsl = `
struct Particle { mass: f32, place: vec3f }
var<workgroup> w: vec2u;
@group(0) @binding(0) var<storage, read_write> particles: array<Particle>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) g: vec3u) {
  particles[g.x].place.zx = vec2f(1.0, 2.0);
  let p = &particles[g.x + 1u];
  (*p).place.xy *= vec2f(3.0);
  w.yx = vec2u(4u);
}`;
  // A plain one: a load for the components it keeps and a store. A compound one: a load more, of what it multiplies.
  const data = Float32Array.of(9, 0, 0, 0, 5, 6, 7, 0, 9, 0, 0, 0, 5, 6, 7, 0);
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { particles: data } },
    {
      totals: { particles: [3, 2, 0, 36, 24], w: [1, 1, 0, 8, 8] },
      operations: { multiply: 2 },
      unique: { particles: [6, 6] },
    },
  );
  expect([...new Float32Array(plain.particles!.buffer)]).toEqual([9, 0, 0, 0, 2, 6, 1, 0, 9, 0, 0, 0, 15, 18, 7, 0]);
});

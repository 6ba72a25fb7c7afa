// Foreign kernels I, the usual numeric ones, counted exactly. Every total is derived by hand beside it, never copied from a run.

import { beforeAll, expect, test } from 'vitest';
import { expectCounts, POISON, poisoned } from '../testing/expect-counts.ts';
import { openDevice } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i % 7);

test('tiled matrix multiplication', async () => {
  // 8×8 · 8×8 in 4×4 tiles: 4 workgroups of 16, each sweeping 2 tiles.
  const wgsl = `
const T = 4u;
const N = 8u;
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> c: array<f32>;
var<workgroup> ta: array<array<f32, T>, T>;
var<workgroup> tb: array<array<f32, T>, T>;
@compute @workgroup_size(T, T)
fn main(@builtin(global_invocation_id) g: vec3u, @builtin(local_invocation_id) l: vec3u) {
  var sum = 0.0;
  for (var t = 0u; t < N / T; t++) {
    ta[l.y][l.x] = a[g.y * N + t * T + l.x];
    tb[l.y][l.x] = b[(t * T + l.y) * N + g.x];
    workgroupBarrier();
    for (var k = 0u; k < T; k++) { sum += ta[l.y][k] * tb[k][l.x]; }
    workgroupBarrier();
  }
  c[g.y * N + g.x] = sum;
}`;
  // 64 invocations × 2 tiles = 128 loads of a and of b, as many tile stores; × 4 products = 512 loads of each tile.
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [2, 2, 1], data: { a: ramp(64), b: ramp(64), c: poisoned(64) } },
    {
      totals: { a: [128], b: [128], ta: [512, 128], tb: [512, 128], c: [0, 64] },
      operations: { multiply: 512, add: 512 },
      unique: { a: [64, 0], b: [64, 0], c: [0, 64] },
    },
  );
  expect(trace.dispatches[0]!.stepSource).toBe('barriers');
  // Each workgroup: entry step (tile 0), then per tile a compute step after each first barrier; the step after the second barrier
  // holds the next tile's loads or the store of c. 1 + 2·2 = 5.
  expect(trace.steps.length).toBe(4 * 5);
});

test('tree reduction with halving strides', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;
var<workgroup> scratch: array<f32, 32>;
@compute @workgroup_size(32)
fn reduce(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) wg: vec3<u32>) {
  scratch[lane] = input[wg.x * 32u + lane];
  workgroupBarrier();
  for (var stride = 16u; stride > 0u; stride >>= 1u) {
    if (lane < stride) { scratch[lane] += scratch[lane + stride]; }
    workgroupBarrier();
  }
  if (lane == 0u) { output[wg.x] = scratch[0]; }
}`;
  // Per workgroup: 32 loads in; 16 + 8 + 4 + 2 + 1 = 31 additions of 2 loads and 1 store; 1 load and 1 store at the end.
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [3, 1, 1], data: { input: ramp(96), output: poisoned(3) } },
    {
      totals: { input: [96], scratch: [3 * (62 + 1), 3 * (32 + 31)], output: [0, 3] },
      operations: { add: 93 },
    },
  );
  expect(new Float32Array(plain.output!.buffer)[0]).toBe(ramp(32).reduce((a, b) => a + b));
});

test('inclusive prefix sum, Hillis and Steele, in two buffers', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> data: array<u32>;
var<workgroup> ping: array<u32, 16>;
var<workgroup> pong: array<u32, 16>;
@compute @workgroup_size(16)
fn scan(@builtin(local_invocation_id) id: vec3<u32>) {
  let i = id.x;
  ping[i] = data[i];
  workgroupBarrier();
  for (var d = 1u; d < 16u; d *= 2u) {
    if (i >= d) { pong[i] = ping[i] + ping[i - d]; } else { pong[i] = ping[i]; }
    workgroupBarrier();
    ping[i] = pong[i];
    workgroupBarrier();
  }
  data[i] = ping[i];
}`;
  // Rounds d = 1, 2, 4, 8: 16 − d lanes load twice, d lanes once: 32 − d loads; sum 4·32 − 15 = 113, and 16 at the end.
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { data: Uint32Array.from({ length: 16 }, (_, i) => i) } },
    {
      totals: { data: [16, 16], ping: [113 + 16, 16 + 64], pong: [64, 64] },
      operations: {}, // integers cost nothing
    },
  );
  expect([...plain.data!]).toEqual(Array.from({ length: 16 }, (_, i) => (i * (i + 1)) / 2));
});

test('histogram with atomics in workgroup and storage memory', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> values: array<u32>;
@group(0) @binding(1) var<storage, read_write> bins: array<atomic<u32>, 4>;
var<workgroup> local: array<atomic<u32>, 4>;
@compute @workgroup_size(8)
fn histogram(@builtin(global_invocation_id) g: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (lane < 4u) { atomicStore(&local[lane], 0u); }
  workgroupBarrier();
  atomicAdd(&local[values[g.x] % 4u], 1u);
  workgroupBarrier();
  if (lane < 4u) {
    let n = atomicLoad(&local[lane]);
    if (n > 0u) { atomicAdd(&bins[lane], n); }
  }
}`;
  // values i·i mod 4 is 0 or 1: of 4 bins in each of 2 workgroups 2 are non-empty, so 4 atomics on bins.
  // local: 2 · (4 stores + 8 adds + 4 loads) = 32 atomics. An atomic is no load and no store.
  const values = Uint32Array.from({ length: 16 }, (_, i) => i * i);
  const { plain, trace } = await expectCounts(
    device,
    { wgsl, workgroups: [2, 1, 1], data: { values, bins: new Uint32Array(4) } },
    { totals: { values: [16], local: [0, 0, 32], bins: [0, 0, 4] } },
  );
  expect([...plain.bins!]).toEqual([8, 8, 0, 0]);
  expect(trace.touches!.find(({ buffer }) => buffer === 'bins')).toBeUndefined();
});

test('transpose through a padded tile', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> target_: array<f32>;
var<workgroup> tile: array<array<f32, 5>, 4>;
@compute @workgroup_size(4, 4)
fn transpose_tile(@builtin(workgroup_id) w: vec3u, @builtin(local_invocation_id) l: vec3u, @builtin(num_workgroups) n: vec3u) {
  let width = n.x * 4u;
  let height = n.y * 4u;
  tile[l.y][l.x] = source[(w.y * 4u + l.y) * width + w.x * 4u + l.x];
  workgroupBarrier();
  target_[(w.x * 4u + l.y) * height + w.y * 4u + l.x] = tile[l.x][l.y];
}`;
  // 12×8: 6 workgroups of 16, one load and one store everywhere. Workgroup memory: 4 × 5 elements.
  const { instrumented, trace } = await expectCounts(
    device,
    { wgsl, workgroups: [3, 2, 1], data: { source: ramp(96), target_: poisoned(96) } },
    { totals: { source: [96], tile: [96, 96], target_: [0, 96] }, unique: { source: [96, 0], target_: [0, 96] } },
  );
  expect(instrumented.buffers.find(({ variable }) => variable === 'tile')).toMatchObject({
    elementBytes: 4,
    length: 20,
  });
  expect(trace.steps.map(({ workgroup }) => workgroup).sort((a, b) => a - b)).toEqual([
    0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5,
  ]);
});

test('vectors and matrices: whole loads, components, swizzles', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> m: array<mat4x4f>;
@group(0) @binding(1) var<storage, read> v: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> w: array<vec3f>;
@compute @workgroup_size(2)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  o[i] = m[i] * v[i];          // 64 + 16 bytes in, 16 out; 16 multiply, 12 add
  o[i].x += dot(v[i], v[i]);   // o: 4 in, 4 out; v twice 16; dot: 4 multiply, 3 add; += 1 add
  o[i].y = m[i][2].w;          // 4 bytes
  o[i][3] = m[i][1][i];        // 4 bytes, dynamic in the last index
  w[i] = v[i].xyz * 2.0;       // a swizzle loads the vector whole: 16; stores 12; 3 multiply
  w[i].z = length(w[i].xy);    // loads 12; 2 multiply, 1 add, 1 special
}`;
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [2, 1, 1], data: { m: ramp(64), v: ramp(16), o: poisoned(16), w: poisoned(16) } },
    {
      // Times 4 invocations. m: 1 whole + 2 components; v: 1 + 2 + 1; o: 1 load, 4 stores; w: 1 load, 2 stores.
      totals: {
        m: [12, 0, 0, 4 * (64 + 4 + 4)],
        v: [16, 0, 0, 4 * 64],
        o: [4, 16, 0, 4 * 4, 4 * (16 + 4 + 4 + 4)],
        w: [4, 8, 0, 4 * 12, 4 * (12 + 4)],
      },
      operations: { multiply: 4 * (16 + 4 + 3 + 2), add: 4 * (12 + 3 + 1 + 1), special: 4 },
      unique: { m: [64, 0], v: [16, 0], o: [4, 16], w: [12, 12] },
    },
  );
  // vec3f has a stride of 16 bytes: the fourth word of each is never touched.
  expect([...trace.touches!.find(({ buffer }) => buffer === 'w')!.stores].map(Boolean)).toEqual(
    Array.from({ length: 16 }, (_, word) => word % 4 !== 3),
  );
});

test('mixed integer and float arithmetic, built-ins, select', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> xs: array<f32>;
@group(0) @binding(1) var<storage, read> ks: array<i32>;
@group(0) @binding(2) var<storage, read_write> ys: array<f32>;
@group(0) @binding(3) var<storage, read_write> us: array<u32>;
const HALF = 1.0 / 2.0;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) id: vec3u) {
  let i = id.x;
  let k = ks[i] * 3 - 1;                                  // integers: free
  let x = xs[i] * HALF + f32(k);                          // 1 multiply, 1 add; HALF is a const-expression
  let y = fma(x, 2.0, -x);                                // 1 multiply, 1 add
  let z = select(exp(y), sqrt(abs(y)), y < 0.0);          // both arms: 2 special; 1 compare < and 1 select
  let c = clamp(z, 0.0, 1.0) + min(x, y) / max(1.0, x);   // 3 compare, 1 add, 1 divide
  ys[i] = mix(c, x, 0.25) - pow(2.0, f32(i));             // mix 2 multiply 2 add; 1 special; 1 add
  us[i] = u32(k) + select(0u, 1u, x == y);                // 1 compare; a selected integer costs nothing
}`;
  await expectCounts(
    device,
    {
      wgsl,
      workgroups: [5, 1, 1],
      data: { xs: ramp(5), ks: Int32Array.of(1, 2, 3, 4, 5), ys: poisoned(5), us: poisoned(5) },
    },
    {
      totals: { xs: [5], ks: [5], ys: [0, 5], us: [0, 5] },
      operations: {
        multiply: 5 * (1 + 1 + 2),
        add: 5 * (1 + 1 + 1 + 2 + 1),
        divide: 5,
        compare: 5 * (2 + 3 + 1),
        special: 5 * 3,
      },
    },
  );
});

test('a kernel without barrier, marker or loop has one step per workgroup', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(4) fn double(@builtin(global_invocation_id) g: vec3u) { x[g.x] = 2.0 * x[g.x]; }`;
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [3, 1, 1], data: { x: ramp(12) } },
    { totals: { x: [12, 12] }, operations: { multiply: 12 }, unique: { x: [12, 12] } },
  );
  expect(trace.dispatches[0]!.stepSource).toBe('workgroup');
  expect(
    trace.steps
      .map(({ workgroup, phase, accesses }) => [workgroup, phase, accesses[0]!.first, accesses[0]!.last])
      .sort(),
  ).toEqual([
    [0, 0, 0, 3],
    [1, 0, 4, 7],
    [2, 0, 8, 11],
  ]);
});

test('an output the kernel leaves unwritten keeps its poison in the traced run too', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> x: array<u32>;
@compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) { if (i != 2u) { x[i] = i; } }`;
  const { traced } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { x: poisoned(4) } },
    { totals: { x: [0, 3] }, unique: { x: [0, 3] } },
  );
  expect([...traced.x!]).toEqual([0, 1, POISON, 3]);
});

test('variables named as built-ins are the kernel’s own business', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> c: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
fn larger(bool: f32, array: f32) -> f32 { return max(bool, array); }
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) vec3: vec3u) {
  var max = c[0];
  for (var select = 1; select < 5; select++) {
    let atomic = c[select];
    //: probe max
    max = larger(max, atomic);
  }
  let min = c[vec3.x] - max;
  o[vec3.x] = min;
}`;
  // c: 1 + 4 loads in the loop + 1 in each of 8 invocations; one max (a compare) a turn, one subtraction an invocation.
  await expectCounts(
    device,
    { wgsl, workgroups: [2, 1, 1], data: { c: ramp(8), o: poisoned(8) } },
    { totals: { c: [8 * 6], o: [0, 8] }, operations: { compare: 8 * 4, add: 8 }, unique: { c: [8, 0], o: [0, 8] } },
    { log: true },
  );
});

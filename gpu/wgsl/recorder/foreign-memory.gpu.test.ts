// Foreign kernels II: structs, nested arrays, pointers, helper functions, shadowing. Totals by hand.

import { beforeAll, expect, test } from 'vitest';
import { expectCounts, poisoned } from '../testing/expect-counts.ts';
import { openDevice } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i % 7);
const count = (length: number) => Uint32Array.from({ length }, (_, i) => i);

test('struct buffers: whole structs, members, padding', async () => {
  const wgsl = `
struct Particle { position: vec3f, mass: f32, velocity: vec3f, @align(8) tag: u32, half: array<vec2f, 2> }
struct World { gravity: vec3f, count: u32, particles: array<Particle> }
@group(0) @binding(0) var<storage, read> before: World;
@group(0) @binding(1) var<storage, read_write> after: World;
@compute @workgroup_size(2)
fn step_world(@builtin(global_invocation_id) g: vec3u) {
  if (g.x >= before.count) { return; }                            // 4 bytes
  var p = before.particles[g.x];                                  // 12 + 4 + 12 + 4 + 16 = 48 bytes of a stride of 64
  p.velocity += before.gravity * 0.5;                             // 12; 3 multiply, 3 add
  p.position = p.position + p.velocity;                           // p is a local: 3 add
  after.particles[g.x] = p;                                       // 48
  after.particles[g.x].half[1].y = before.particles[g.x].mass;    // 4 in, 4 out
  if (g.x == 0u) { after.count = before.count; }                  // 4 in, 4 out, once
}`;
  // The layout by hand: position 0, mass 12, velocity 16, tag (align 8) 32, half 40, size 56 → stride 64; particles start at 16.
  const words = 4 + 3 * 16;
  const world = count(words);
  world[3] = 3;
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [2, 1, 1], data: { before: world, after: poisoned(words) } },
    {
      // 4 invocations, of which 3 pass: before: 4 + 3·3 + 1; after: 3·2 + 1.
      totals: {
        before: [14, 0, 0, 4 * 4 + 3 * (48 + 12 + 4) + 4],
        after: [0, 7, 0, 0, 3 * (48 + 4) + 4],
      },
      operations: { multiply: 9, add: 18 },
      // gravity 3 + count 1 + 12 words of each particle; after: 12 of each and count.
      unique: { before: [4 + 36, 0], after: [0, 37] },
    },
  );
  const stores = trace.touches!.find(({ buffer }) => buffer === 'after')!.stores;
  // Within a particle: words 0–6 and 8, 10–13; 7, 9, 14, 15 are padding; half[1].y is word 13, stored twice.
  expect([...stores.subarray(4, 20)]).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 2, 0, 0]);
});

test('nested arrays and an index inside an index', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> grid: array<array<array<f32, 3>, 2>>;
@group(0) @binding(1) var<storage, read> order: array<u32>;
@group(0) @binding(2) var<storage, read_write> out: array<f32>;
var<workgroup> tile: array<array<vec2f, 2>, 4>;
@compute @workgroup_size(4)
fn gather(@builtin(local_invocation_index) i: u32) {
  tile[i][i % 2u] = vec2f(grid[order[i]][i % 2u][order[order[i]] % 3u]);
  workgroupBarrier();
  out[order[i]] = tile[i][i & 1u].y;
}`;
  // order: 1 + 2 + 1 loads each; grid 1; tile stores 8 bytes, loads 4.
  const order = Uint32Array.of(2, 0, 3, 1);
  const { trace, plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { grid: ramp(24), order, out: poisoned(4) } },
    {
      totals: { grid: [4], order: [16], tile: [4, 4, 0, 16, 32], out: [0, 4] },
      unique: { grid: [4, 0], order: [4, 0], out: [0, 4] },
    },
  );
  // Element [a][b][c] is word 6a + 3b + c.
  const touched = new Set(Array.from(order, (a, i) => 6 * a + 3 * (i % 2) + (order[a]! % 3)));
  const loads = trace.touches!.find(({ buffer }) => buffer === 'grid')!.loads;
  expect(new Set([...loads.keys()].filter((word) => loads[word]! > 0))).toEqual(touched);
  const values = new Float32Array(plain.out!.buffer);
  for (const [i, a] of order.entries()) expect(values[a]).toBe(ramp(24)[6 * a + 3 * (i % 2) + (order[a]! % 3)]);
});

test('helpers with pointer parameters, each caller its own buffer', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> a: array<f32, 8>;
@group(0) @binding(1) var<storage, read_write> b: array<array<f32, 4>, 2>;
var<workgroup> left: array<f32, 4>;
var<workgroup> right: array<f32, 4>;
fn add_up(values: ptr<workgroup, array<f32, 4>>, n: u32) -> f32 {
  var sum = 0.0;
  for (var i = 0u; i < n; i++) { sum += (*values)[i]; }
  return sum;
}
fn bump(cell: ptr<storage, f32, read_write>, by: f32) { *cell += by; }
fn row_end(row: ptr<storage, array<f32, 4>, read_write>, i: u32) -> f32 { let p = &row[3]; bump(p, 1.0); return row[i] + *p; }
fn twice(values: ptr<workgroup, array<f32, 4>>, local: ptr<function, f32>) { *local = add_up(values, 2u) + add_up(values, 1u); }
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) i: u32) {
  left[i] = 1.0;
  right[i] = f32(i);
  workgroupBarrier();
  if (i == 0u) {
    var t = 0.0;
    twice(&left, &t);            // left: 2 + 1 loads
    bump(&a[1], add_up(&right, 4u) + t); // right: 4 loads; a[1]: 1 load, 1 store
    bump(&a[i + 4u], 1.0);       // a[4]: 1 load, 1 store
    a[0] = row_end(&b[i + 1u], 2u); // b[1][3]: load, store, load; b[1][2]: load; a[0]: store
  }
}`;
  const { plain, instrumented } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { a: ramp(8), b: ramp(8) } },
    {
      totals: { left: [3, 4], right: [4, 4], a: [2, 3], b: [3, 1] },
      // add_up: 2 + 1 + 4; the sum of both 1; + t 1; bump thrice; row_end 1.
      operations: { add: 7 + 1 + 1 + 3 + 1 },
      unique: { a: [2, 3], b: [2, 1] },
    },
  );
  const a = new Float32Array(plain.a!.buffer);
  expect([a[1], a[4], a[0]]).toEqual([1 + 6 + 3, 5, 0 + 6 + 1]);
  // The second caller of add_up gets a copy of the function; the source stays as it is.
  expect(instrumented.wgsl).toMatch(/fn add_up_t_1\(/);
});

test('pointers held in let, address taken of an element with a dynamic index', async () => {
  const wgsl = `
struct Row { cells: array<vec4f, 2>, total: f32 }
@group(0) @binding(0) var<storage, read_write> rows: array<Row>;
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) i: u32) {
  for (var k = 0u; k < 2u; k++) {
    let row = &rows[2u * k + i];
    let cell = &(*row).cells[k];
    (*cell).x = 1.0 + row.cells[1 - k].y;  // 4 in, 4 out; 1 add
    *cell *= 2.0;                           // 16 in, 16 out; 4 multiply
    row.total += (*cell)[k];                // 4 + 4 in, 4 out; 1 add
  }
}`;
  // Row: cells 0…31, total 32, size 48: 12 words a row.
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { rows: ramp(48) } },
    {
      totals: { rows: [16, 12, 0, 4 * (4 + 16 + 8), 4 * (4 + 16 + 4)] },
      operations: { multiply: 16, add: 8 },
      // Row k·2+i: loads cells[k] whole, one word of cells[1−k], total.
      unique: { rows: [4 * 6, 4 * 5] },
    },
  );
  const { loads, stores } = trace.touches!.find(({ buffer }) => buffer === 'rows')!;
  expect([...loads.subarray(0, 12)]).toEqual([2, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0]);
  expect([...stores.subarray(0, 12)]).toEqual([2, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
});

test('a local that shadows a buffer, from the end of its declaration on', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
var<private> w: array<f32, 2>;
fn first(o: f32) -> f32 { let q = o + 1.0; return q; }
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) i: u32) {
  let q = q[i];                     // the buffer, once
  w[i] = q * q;                     // locals
  { var o = array<f32, 2>(); o[i] = w[i]; w[i] = o[i] + 1.0; }
  o[i] = first(w[i]) + q;
}`;
  await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { q: ramp(2), o: poisoned(2) } },
    { totals: { q: [2], o: [0, 2] }, operations: { multiply: 2, add: 6 } },
  );
});

test('uniform, private and function memory is not counted; whole arrays and scalars are', async () => {
  const wgsl = `
struct Params { scale: f32, offsets: array<vec4u, 2> }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> data: array<f32, 6>;
@group(0) @binding(2) var<storage, read_write> total: f32;
var<workgroup> copy: array<f32, 6>;
var<workgroup> flag: u32;
var<private> mine: array<f32, 6>;
@compute @workgroup_size(1)
fn main() {
  copy = data;                                 // 24 in, 24 out
  mine = copy;                                 // 24 in
  mine[params.offsets[1].y] *= params.scale;   // 1 multiply
  flag = 7u;
  total = mine[2] + f32(flag);                 // 4 in; 4 out; 1 add
  data = mine;                                 // 24 out
  let unused = &data[3];
  _ = data[4];                                 // a phony assignment evaluates: 4 in
  _ = arrayLength_like(&data);
}
fn arrayLength_like(p: ptr<storage, array<f32, 6>, read_write>) -> u32 { return 6u; }`;
  await expectCounts(
    device,
    {
      wgsl,
      workgroups: [1, 1, 1],
      data: {
        params: new Uint32Array([0x40000000, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]),
        data: ramp(6),
        total: poisoned(1),
      },
    },
    {
      totals: { data: [2, 1, 0, 28, 24], copy: [1, 1, 0, 24, 24], flag: [1, 1], total: [0, 1] },
      operations: { multiply: 1, add: 1 },
      unique: { data: [6, 6], total: [0, 1] },
    },
  );
});

test('compound assignment, increment and decrement are one load and one store', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> a: array<i32>;
var<workgroup> n: i32;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) w: vec3u) {
  n = 3;
  n++;
  a[w.x]++;
  a[0] -= n;
  a[w.x + 1]--;
  a[a[w.x]] |= 8;
  a[1] <<= 1u;
}`;
  await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { a: Int32Array.of(5, 1, 2) } },
    // a: increment, −=, decrement, |= and its index, <<=: 6 loads, 5 stores. n: ++ and the read.
    { totals: { n: [2, 2], a: [6, 5] }, operations: {} },
  );
});

test('override constants size workgroup memory and loops', async () => {
  const wgsl = `
override SIZE: u32 = 4u;
override LENGTH = SIZE * 2u;
@group(0) @binding(0) var<storage, read_write> a: array<f32>;
var<workgroup> t: array<f32, SIZE * 2>;
@compute @workgroup_size(SIZE)
fn main(@builtin(local_invocation_index) i: u32) {
  for (var k = i; k < LENGTH; k += SIZE) { t[k] = a[k]; }
  workgroupBarrier();
  a[i] = t[LENGTH - 1u - i];
}`;
  const { instrumented } = await expectCounts(
    device,
    { wgsl, constants: { SIZE: 8 }, workgroups: [1, 1, 1], data: { a: ramp(16) } },
    { totals: { a: [16, 8], t: [8, 16] } },
  );
  expect(instrumented.workgroupSize).toEqual([8, 1, 1]);
  expect(instrumented.buffers.find(({ variable }) => variable === 't')).toMatchObject({ length: 16 });
});

test('a line of a helper that is called for two buffers ran as often as both calls together', async () => {
  const wgsl = `@group(0) @binding(0) var<storage, read_write> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> b: array<u32>;
fn grow(p: ptr<storage, u32, read_write>) {
  let by = 2u;
  *p += by; if (by == 3u) { return; }
  for (var turn = 0u; turn < 2u; turn++) {
    *p += turn;
  }
}
@compute @workgroup_size(1) fn main() {
  for (var k = 0u; k < 3u; k++) { grow(&a[k]); }
  grow(&b[0]);
}`;
  const data = { a: count(4), b: count(4) };
  const totals = { a: [9, 9, 0, 36, 36], b: [3, 3, 0, 12, 12] } as const;
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data },
    { totals: { a: [...totals.a], b: [...totals.b] } },
  );
  // grow runs 3 times for a and once for b; its loop turns twice in each, and looks at its bound three times.
  const executions = new Map(trace.lines.map(({ line, executions }) => [line, executions]));
  expect([4, 5, 6, 7, 11, 12].map((line) => executions.get(line))).toEqual([4, 4, 12, 8, 4, 1]);
});

// Foreign kernels III: control flow. Early exits, loops of every kind, switch, short circuits, several entry points, barriers that
// load, subtle steps. Totals by hand.

import { beforeAll, expect, test } from 'vitest';
import { expectCounts, poisoned } from '../testing/expect-counts.ts';
import { openDevice } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i % 7);

test('early return, also out of a nested loop', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> o: array<u32>;
fn find(from_: u32) -> u32 {
  for (var i = from_; i < 8u; i++) {
    for (var j = 0u; j < 2u; j++) {
      if (a[2u * i + j] == 5u) { return 2u * i + j; }
    }
  }
  return 99u;
}
@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) g: vec3u) {
  if (g.x >= 6u) { return; }
  o[g.x] = find(g.x);
}`;
  // a = 0 … 15. From i, element 5 is the second of row 2: rows i … 2 cost 2(2 − i) + 2 loads for i ≤ 2, the rest sweeps 2(8 − i).
  const loads = [6, 4, 2, 10, 8, 6].reduce((sum, n) => sum + n);
  await expectCounts(
    device,
    { wgsl, workgroups: [2, 1, 1], data: { a: Uint32Array.from({ length: 16 }, (_, i) => i), o: poisoned(6) } },
    { totals: { a: [loads], o: [0, 6] } },
  );
});

test('break, continue, while, loop with continuing and break-if', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> o: array<u32>;
@compute @workgroup_size(1)
fn main() {
  var sum = 0u;
  for (var i = 0u; ; i++) {            // i = 0 … 9: 10 loads in the first line of the body
    if (a[i] == 9u) { break; }         // a[i] = i: ends at 9
    if (i % 3u == 0u) { continue; }    // 0, 3, 6 skip
    sum += a[i];                       // 1 2 4 5 7 8: 6 loads
  }
  var k = 0u;
  while (a[k] < 4u) { k++; }           // k = 0 … 4: 5 loads
  var n = 0u;
  loop {
    if (a[n] == 2u) { n += 2u; continue; } // n = 0 1 2 4 5: 5 loads
    o[n] = sum;                        // n = 0 1 4 5: 4 stores
    continuing {
      n += 1u;
      break if a[n] >= 6u;             // n = 1, 2, then after 2 → 4 → 5, 5, 6: n = 1 2 5 6 …
    }
  }
  o[15] = k + n;
}`;
  // The last loop: n=0 → store, n=1; n=1 → store, n=2; n=2 → n=4, continuing n=5; n=5 → store, n=6, ends.
  // Its first line runs for n = 0, 1, 2, 5 (4 loads), stores for 0, 1, 5 (3), break-if four times (4 loads).
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { a: Uint32Array.from({ length: 16 }, (_, i) => i), o: poisoned(16) } },
    { totals: { a: [10 + 6 + 5 + 4 + 4], o: [0, 3 + 1] } },
  );
  expect(plain.o![15]).toBe(4 + 6);
});

test('switch: several selectors, default, break, continue of the loop around it', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> code: array<i32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
@compute @workgroup_size(1)
fn main() {
  for (var i = 0; i < 8; i++) {
    switch (code[i]) {
      case 0, 1: { o[i] = 1.0; }
      case 2: {
        if (i > 4) { break; }
        o[i] = o[i] * 2.0;
      }
      default { continue; }
      case 7: { return; }
    }
    o[i] += 0.5;
  }
}`;
  // code: 0 2 5 1 2 2 7 0. i=0 store; 1 load+store; 2 continue; 3 store; 4 load+store; 5 break; 6 return. += at 0 1 3 4 5.
  await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { code: Int32Array.of(0, 2, 5, 1, 2, 2, 7, 0), o: ramp(8) } },
    { totals: { code: [7], o: [2 + 5, 4 + 5] }, operations: { multiply: 2, add: 5 } },
  );
});

test('&& and || evaluate their right side only when they must', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> o: array<u32>;
fn check(i: u32) -> bool { return b[i] > 4.0 || a[0] < 0.0; }
@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) i: u32) {
  var hits = 0u;
  if (a[i] > 2.0 && b[7u - i] > 2.0) { hits = 1u; }
  let both = (i < 4u && check(i)) || b[2] == 2.0;
  if (both) { hits += 2u; } else if (a[i] > 100.0 || b[i] * 2.0 > 1.0 && false) { hits += 4u; }
  o[i] = hits;
}`.replace(' && false', '');
  // a = b = 0 … 7. First line: a 8 loads; right side for a > 2: 5 loads of b; compares 8 + 5.
  // both: check runs for i < 4 (4×): b[i] > 4 never, so a[0] 4×; false, so b[2] is loaded by all 8 and equals 2: both is true.
  // compares: check 4 + 4, == 8. The else-if never runs.
  await expectCounts(
    device,
    {
      wgsl,
      workgroups: [1, 1, 1],
      data: {
        a: Float32Array.from({ length: 8 }, (_, i) => i),
        b: Float32Array.from({ length: 8 }, (_, i) => i),
        o: poisoned(8),
      },
    },
    { totals: { a: [8 + 4], b: [5 + 4 + 8], o: [0, 8] }, operations: { compare: 13 + 8 + 8 } },
  );
});

test('else-if chains count each condition as often as it is reached', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> o: array<u32>;
var<workgroup> limit: u32;
@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) i: u32) {
  if (i == 0u) { limit = 4u; }
  workgroupBarrier();
  if (a[i] == 0u) { o[i] = 0u; }
  else if (a[i] == 1u) { o[i] = 1u; }
  else if (i < limit) { o[i] = a[7]; }
  else { o[i] = limit; }
}`;
  // a[i] = i: conditions 8, 7; limit in the third 6; i = 2, 3 load a[7]; i = 4 … 7 load limit.
  await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { a: Uint32Array.from({ length: 8 }, (_, i) => i), o: poisoned(8) } },
    { totals: { a: [8 + 7 + 2], limit: [6 + 4, 1], o: [0, 8] }, unique: { a: [8, 0], o: [0, 8] } },
  );
});

test('a linked list walked in the header of a for loop', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> next: array<u32>;
@group(0) @binding(1) var<storage, read_write> o: array<u32>;
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) lane: u32) {
  var hops = 0u;
  for (var at = next[lane]; at != 0u; at = next[at]) { hops++; }
  o[lane] = hops;
}`;
  // 0 → 3 → 2 → 1 → 4 → 0: lane 0 starts at 3: hops 3 2 1 4 = 4, loads 1 + 4; lane 1 starts at 4: hops 1, loads 1 + 1.
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { next: Uint32Array.of(3, 4, 1, 2, 0), o: poisoned(2) } },
    { totals: { next: [7], o: [0, 2] }, unique: { next: [5, 0], o: [0, 2] } },
  );
  expect([...plain.o!]).toEqual([4, 1]);
});

test('two entry points over one helper are recorded one at a time', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
fn scaled(i: u32, by: f32) -> f32 { return y[i] * by; }
@compute @workgroup_size(4) fn first(@builtin(global_invocation_id) g: vec3u) { x[g.x] = scaled(g.x, 2.0); }
@compute @workgroup_size(2) fn second(@builtin(global_invocation_id) g: vec3u) {
  x[g.x] += scaled(g.x, 2.0) + scaled(0u, 3.0);
}`;
  const data = () => ({ x: ramp(4), y: ramp(4) });
  await expectCounts(
    device,
    { wgsl, entryPoint: 'first', workgroups: [1, 1, 1], data: data() },
    { totals: { x: [0, 4], y: [4] }, operations: { multiply: 4 } },
  );
  await expectCounts(
    device,
    { wgsl, entryPoint: 'second', workgroups: [1, 1, 1], data: data() },
    { totals: { x: [2, 2], y: [4] }, operations: { multiply: 4, add: 4 } },
  );
});

test('workgroupUniformLoad is a load and a barrier', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> o: array<u32>;
var<workgroup> rounds: u32;
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) i: u32) {
  if (i == 0u) { rounds = 3u; }
  let n = workgroupUniformLoad(&rounds);
  for (var r = 0u; r < n; r++) {
    o[i] = r;
    workgroupBarrier();
  }
  while (workgroupUniformLoad(&rounds) > 0u) {
    if (i == 0u) { rounds -= 1u; }
    workgroupBarrier();
  }
}`;
  // rounds: 1 store; 4 uniform loads; in the while 4 evaluations × 4 lanes; 3 decrements of one load and one store.
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { o: poisoned(4) } },
    { totals: { rounds: [4 + 16 + 3, 1 + 3], o: [0, 12] }, unique: { o: [0, 4] } },
  );
  expect(trace.dispatches[0]!.stepSource).toBe('barriers');
  // Entry (the store), after the uniform load (its loads and o[i] = 0), o[i] = 1, o[i] = 2, then each of 4 evaluations a step.
  expect(trace.steps.length).toBe(4 + 4);
});

test('a foreign kernel without barrier or marker gets one step per iteration of its outermost loop', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
@compute @workgroup_size(2)
fn main(@builtin(global_invocation_id) g: vec3u) {
  var sum = 0.0;
  for (var i = 0u; i < 3u; i++) {
    for (var j = 0u; j < 2u; j++) { sum += a[2u * i + j]; }
  }
  o[g.x] = sum;
}`;
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [2, 1, 1], data: { a: ramp(6), o: poisoned(4) } },
    { totals: { a: [24], o: [0, 4] }, operations: { add: 24 } },
  );
  expect(trace.dispatches[0]!.stepSource).toBe('loop');
  const first = trace.steps.filter(({ workgroup }) => workgroup === 0);
  expect(
    first.map(({ phase, visit, lines, accesses }) => [phase, visit, lines, accesses[0]!.first, accesses[0]!.last]),
  ).toEqual([
    [0, 0, [[7, 8]], 0, 1],
    [1, 1, [[7, 8]], 2, 3],
    [2, 2, [[7, 8]], 4, 5],
    [3, 0, [[10, 10]], 0, 1],
  ]);
});

test('built-ins in a struct parameter, three-dimensional groups, invocations that diverge', async () => {
  const wgsl = `
struct Ids { @builtin(workgroup_id) group_: vec3<u32>, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) n: vec3<u32> }
@group(2) @binding(3) var<storage, read_write> o: array<u32>;
@compute @workgroup_size(2, 2, 2)
fn main(ids: Ids) {
  let wg = (ids.group_.z * ids.n.y + ids.group_.y) * ids.n.x + ids.group_.x;
  for (var i = 0u; i <= ids.lane; i++) {
    //: turn
    o[8u * wg + ids.lane] += 1u;
  }
}`;
  // 2·3·2 = 12 workgroups; lane l makes l + 1 turns: 36 a workgroup.
  const { trace, instrumented } = await expectCounts(
    device,
    { wgsl, workgroups: [2, 3, 2], data: { o: new Uint32Array(96) } },
    { totals: { o: [12 * 36, 12 * 36] }, unique: { o: [96, 96] } },
  );
  expect(instrumented.recorder.group).toBe(0);
  // Turn v is taken by the lanes v … 7, so a step (visit v) holds 8 − v loads, whichever lane came when.
  const sizes = trace.steps
    .filter(({ workgroup }) => workgroup === 11)
    .map(({ visit, accesses }) => [visit, accesses[0]!.loads]);
  expect(sizes.sort((a, b) => a[0]! - b[0]!)).toEqual(Array.from({ length: 8 }, (_, v) => [v, 8 - v]));
  expect(trace.steps.every(({ name }) => name === 'turn')).toBe(true);
});

test('operators keep their precedence around comparisons', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> o: array<f32>;
@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) i: u32) {
  let n = 2u;
  if (i < n * 2u + 1u && 1.0 + o[i] * 2.0 > o[0] - 3.0 * o[1] + 4.0) { o[i] = -1.0; }
}`;
  // i < 5 evaluates the right side: 3 loads, 2 multiply, 3 add, 1 compare each. o = 0 … 6, 0: 1 + 2·o[i] > 0 − 3 + 4 ⇔ i > 0 …
  // but o[0] and o[1] are read while others write: so the data make it true for nobody.
  const o = new Float32Array(8).fill(-1);
  await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { o } },
    { totals: { o: [15] }, operations: { multiply: 10, add: 15, compare: 5 } },
  );
});

// A kernel that compiles must compile under the loop guard too: a loop that all invocations walk together is still walked together, and
// what it computes is still the same for all of them.

import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../testing/expect-counts.ts';
import { runGuarded } from '../testing/run-guarded.ts';
import { openDevice, runDispatch, type TestKernel } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

/** `a` is 0 … 7, `t` is shared, `lane` is 0 … 7. */
function kernel(body: string, rest = ''): TestKernel {
  const wgsl = `@group(0) @binding(0) var<storage, read> a: array<u32>;
@group(0) @binding(1) var<storage, read_write> o: array<u32>;
var<workgroup> t: array<u32, 8>;
${rest}
@compute @workgroup_size(8) fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  t[lane] = a[lane];
${body}
  o[lane] = t[lane];
}`;
  return { wgsl, workgroups: [1, 1, 1], data: { a: Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7), o: poisoned(8) } };
}

const POW2 = 'fn pow2(n: u32) -> u32 { var p = 1u; while (p < n) { p <<= 1u; } return p; }';
const ALL = [0, 1, 2, 3, 4, 5, 6, 7];

describe('barriers that depend on a loop', () => {
  test.each([
    [
      'the rounds of a loop with a barrier are counted by one without',
      kernel(`var levels = 0u; for (var n = 8u; n > 1u; n >>= 1u) { levels++; }
for (var k = 0u; k < levels; k++) { workgroupBarrier(); t[lane] += 1u; }`),
      ALL.map((n) => n + 3),
    ],
    [
      'they are counted beside a loop in which invocations part',
      kernel(`var levels = 0u; for (var n = 8u; n > 1u; n >>= 1u) { levels++; for (var j = 0u; j < lane; j++) { t[lane]++; } }
for (var k = 0u; k < levels; k++) { workgroupBarrier(); t[lane] += 1u; }`),
      ALL.map((n) => 4 * n + 3),
    ],
    [
      'a stride found by a while loop drives a reduction',
      kernel(`var s = 1u; while (s * 2u < 8u) { s *= 2u; } workgroupBarrier();
while (s > 0u) { if (lane < s) { t[lane] += t[lane + s]; } workgroupBarrier(); s /= 2u; }
if (lane > 0u) { t[lane] = 0u; }`),
      [28, 0, 0, 0, 0, 0, 0, 0],
    ],
    [
      'a function with a loop, also called where invocations part, gives the bound of a loop with a barrier',
      kernel(
        `if (lane > 6u) { t[lane] = pow2(lane) - 1u; }
for (var s = pow2(5u) / 2u; s > 0u; s >>= 1u) { workgroupBarrier(); if (lane < s) { t[lane] += t[lane + s]; } }
if (lane > 0u) { t[lane] = 0u; }`,
        POW2,
      ),
      [28, 0, 0, 0, 0, 0, 0, 0],
    ],
    [
      'a flag that a loop turns over stands before a barrier',
      kernel(`var even = true; for (var k = 0u; k < 3u; k++) { even = !even; }
if (!even) { workgroupBarrier(); t[lane] += 1u; }`),
      ALL.map((n) => n + 1),
    ],
    [
      'a return in a loop that all would take stands before a barrier',
      kernel(`for (var n = 0u; n < 3u; n++) { if (group.x == 7u + n) { return; } }
workgroupBarrier(); let other = t[7u - lane]; workgroupBarrier(); t[lane] = other;`),
      ALL.toReversed(),
    ],
  ])('%s', async (_title, each, wanted) => {
    expect([...(await runDispatch(device, each, each.wgsl)).outputs.o!]).toEqual(wanted);
    expect(await runGuarded(device, each, 1000)).toEqual({ exceeded: false, o: wanted });
  });
});

describe('functions that are left from within an endless loop', () => {
  test.each([
    ['loop', 'fn find(x: u32) -> u32 { var i = x; loop { if (a[i] == 3u) { return i; } i++; } }'],
    ['for', 'fn find(x: u32) -> u32 { var i = x; for (;;) { if (a[i] == 3u) { return i; } else { i++; } } }'],
    [
      'a switch all of whose arms return',
      'fn find(x: u32) -> u32 { for (;;) { switch x { case 0u: { return 3u; } default: { return 3u; } } } }',
    ],
    [
      'a vector, with a parameter that has the name of its type',
      'alias U = vec2<u32>; fn pair(U: u32) -> U { var i = U; loop { if (a[i] == 3u) { return vec2u(i); } i++; } }\nfn find(x: u32) -> u32 { return pair(x).y; }',
    ],
    [
      'a structure, in an endless loop inside another',
      'struct S { a: u32, b: array<f32, 2> }; fn deep(x: u32) -> S { loop { loop { return S(3u, array<f32, 2>()); } } }\nfn find(x: u32) -> u32 { return deep(x).a; }',
    ],
  ])('%s', async (_title, rest) => {
    const each = kernel('t[lane] = find(lane & 3u);', rest);
    expect(await runGuarded(device, each, 1000)).toEqual({ exceeded: false, o: new Array(8).fill(3) });
  });

  test('one that never finds what it looks for gives zero, and says so', async () => {
    const rest = 'fn find(x: u32) -> u32 { var i = x; loop { if (a[i & 7u] == 9u) { return i; } i++; } }';
    const { exceeded, o } = await runGuarded(device, kernel('t[lane] = 5u + find(lane);', rest), 1000);
    expect({ exceeded, o }).toEqual({ exceeded: true, o: new Array(8).fill(5) });
  });
});

// The loop guard: endless loops end, are flagged, and a kernel whose loops end by themselves computes what it computed before.

import { beforeAll, describe, expect, test } from 'vitest';
import { poisoned } from '../testing/expect-counts.ts';
import { runGuarded } from '../testing/run-guarded.ts';
import { openDevice, runDispatch, type TestKernel } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const BUDGET = 1000;

function kernel(body: string, rest = ''): TestKernel {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> o: array<u32>;
var<workgroup> turn: u32;
${rest}
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) lane: u32) {
  var n = 0u;
  ${body}
  o[lane] = n;
}`;
  return { wgsl, workgroups: [2, 1, 1], data: { o: poisoned(4) } };
}

const run = (each: TestKernel) => runGuarded(device, each, BUDGET);

describe('loops that end by themselves run as before', () => {
  test.each([
    ['for', kernel('for (var i = 0u; i < 999u; i++) { n += 2u; }')],
    ['while with a barrier', kernel('while (n < 50u) { n++; workgroupBarrier(); }')],
    ['loop with continuing', kernel('loop { n++; continuing { break if n == 7u; } }')],
    [
      'nested, within the budget together',
      kernel('for (var i = 0u; i < 20u; i++) { for (var j = 0u; j < 20u; j++) { n++; } }'),
    ],
    [
      'a helper with a barrier loop',
      kernel(
        'n = rounds(3u) + rounds(4u);',
        'fn rounds(k: u32) -> u32 { var r = 0u; for (var i = 0u; i < k; i++) { r++; workgroupBarrier(); } return r; }',
      ),
    ],
    [
      'helpers that call helpers, in two places, one where invocations part',
      kernel(
        'if (lane > 1u) { n = twice(lane); } for (var k = 0u; k < twice(2u); k++) { n += pair(); workgroupBarrier(); }',
        `fn pow2(limit: u32) -> u32 { var p = 1u; while (p < limit) { p <<= 1u; } return p; }
fn twice(limit: u32) -> u32 { var s = 0u; for (var i = 0u; i < 2u; i++) { s += pow2(limit + i); } return s; }
fn pair() -> u32 { return pow2(3u) + pow2(5u); }`,
      ),
    ],
  ])('%s', async (_name, each) => {
    const plain = await runDispatch(device, each, each.wgsl);
    const { exceeded, o } = await run(each);
    expect(exceeded).toBe(false);
    expect(o).toEqual([...plain.outputs.o!]);
  });
});

describe('endless loops end and are flagged', () => {
  // `lane < 9u` is true for everyone, but the compiler cannot know: a loop it can prove endless is an error already.
  test('without a barrier: every invocation stops after its budget', async () => {
    const { exceeded, o } = await run(kernel('loop { n++; if (n == 0u) { break; } }'));
    expect(exceeded).toBe(true);
    expect(o).toEqual([BUDGET, BUDGET, BUDGET, BUDGET]);
  });

  test('with a barrier: all invocations leave together, and the code behind the loop runs', async () => {
    const endless = kernel(
      'while (n < 1000000000u) { n++; if (lane == 0u) { turn = n; } workgroupBarrier(); }\n  n = turn;',
    );
    const { exceeded, o } = await run(endless);
    expect(exceeded).toBe(true);
    expect(o).toEqual([BUDGET, BUDGET, BUDGET, BUDGET]);
  });

  test('nested: the budgets add up and do not multiply', async () => {
    const { exceeded, o } = await run(
      kernel('while (n < 1000000000u) { for (var j = 0u; j < 1000000u; j++) { n++; } }'),
    );
    expect(exceeded).toBe(true);
    expect(o[0]).toBeLessThanOrEqual(BUDGET);
  });

  test('in a function called in a loop: the budget is for all calls together', async () => {
    const endless = 'fn count() -> u32 { var r = 0u; while (r < 1000000u) { r++; } return r; }';
    const { exceeded, o } = await run(kernel('for (var i = 0u; i < 100u; i++) { n += count(); }', endless));
    expect(exceeded).toBe(true);
    expect(o).toEqual([BUDGET, BUDGET, BUDGET, BUDGET]);
  });

  test('an endless loop inside a loop with a barrier, and the other way round through a helper', async () => {
    const inner =
      'fn wait(k: u32) -> u32 { var r = k; while (r < 1000000000u) { r++; workgroupBarrier(); } return r; }';
    for (const each of [
      kernel('for (var i = 0u; i < 1000000000u; i++) { loop { n++; if (n == 0u) { break; } } workgroupBarrier(); }'),
      kernel('for (var i = 0u; i < 1000000000u; i++) { n += wait(i); }', inner),
    ]) {
      const { exceeded, o } = await run(each);
      expect(exceeded).toBe(true);
      expect(o.every((value) => value !== poisoned(1)[0])).toBe(true);
    }
  });

  test('only one invocation loops for ever', async () => {
    const { exceeded, o } = await run(kernel('if (lane == 2u) { loop { n++; if (n == 0u) { break; } } }'));
    expect(exceeded).toBe(true);
    expect(o).toEqual([0, 0, BUDGET, 0]);
  });
});

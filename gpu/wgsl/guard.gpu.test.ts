// The loop guard: endless loops end, are flagged, and a kernel whose loops end by themselves computes what it computed before.

import { beforeAll, describe, expect, test } from 'vitest';
import { readRecording } from '../trace/decode.ts';
import { planRecording } from '../trace/recording-layout.ts';
import { guard } from './guard.ts';
import { instrument } from './instrument.ts';
import { poisoned } from './testing/expect-counts.ts';
import { openDevice, runDispatch, type TestKernel } from './testing/trace-kernel.ts';

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

/** Runs guarded alone, and guarded and recorded at once; both must agree. */
async function run(test_: TestKernel) {
  const guarded = guard(test_.wgsl, BUDGET);
  const alone = await runDispatch(device, test_, guarded.wgsl, {
    ...guarded.recorder,
    byteLength: 16,
    header: new Uint32Array(4),
  });
  const options = { steps: true, touches: true, log: false, probes: true, loopBudget: BUDGET };
  const instrumented = instrument(test_.wgsl, options);
  const layout = planRecording(instrumented, {
    workgroups: test_.workgroups,
    bindingBytes: { o: 16 },
    maxBytes: 1 << 20,
  });
  const both = await runDispatch(device, test_, instrumented.wgsl, { ...instrumented.recorder, ...layout });
  const recording = readRecording(instrumented, layout, both.recorder!);
  const exceeded = alone.recorder![0] !== 0;
  expect(recording.loopBudgetExceeded).toBe(exceeded);
  expect(both.outputs).toEqual(alone.outputs);
  return { exceeded, o: [...alone.outputs.o!] };
}

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

  test('nested: the budget is for all loops together, not for each', async () => {
    const { exceeded, o } = await run(
      kernel('while (n < 1000000000u) { for (var j = 0u; j < 1000000u; j++) { n++; } }'),
    );
    expect(exceeded).toBe(true);
    expect(o[0]).toBeLessThanOrEqual(BUDGET);
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

// Kernels that give WGSL's own names another meaning, as translators do (`fn function`): recorded and guarded, and the user's names stay.

import { beforeAll, expect, test } from 'vitest';
import { readRecording } from '../../trace/decode.ts';
import { planRecording } from '../../trace/recording-layout.ts';
import { guard } from '../guard/guard.ts';
import { expectCounts } from '../testing/expect-counts.ts';
import { openDevice, runDispatch } from '../testing/trace-kernel.ts';
import { instrument } from './instrument.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const HEAD = '@group(0) @binding(0) var<storage, read_write> result: array<u32>;';
const MAIN = '@compute @workgroup_size(2)\nfn main(@builtin(local_invocation_index) i: u32)';

test.each([
  [
    'a function',
    `fn function(i: u32) -> u32 { return i * 2u; }\n${MAIN} { for (var k = 0u; k < 1u; k++) { result[i] = function(i); } }`,
    [0, 2],
  ],
  [
    'built-in functions',
    `fn min(a: u32) -> u32 { return a + 3u; }\nconst select = 4u;\nvar<private> max = 1u;\n${MAIN} { max += select; result[i] = min(i) + max * 0u; }`,
    [3, 4],
  ],
  [
    'types',
    `struct atomic { a: u32 }\nfn ptr(bool: atomic) -> atomic { var array = bool; array.a += 1u; return array; }\n${MAIN} { result[i] = ptr(atomic(i)).a; }`,
    [1, 2],
  ],
  [
    'a local',
    `${MAIN} { var min = i; let max = &min; *max += 5u; let f32 = 1u; result[min - 5u] = min + f32; }`,
    [6, 7],
  ],
  [
    'a parameter',
    `fn add(u32: u32, select: u32) -> u32 { return u32 + select; }\n${MAIN} { result[i32(i)] = add(i, 7u); }`,
    [7, 8],
  ],
] as const)('%s', async (_what, text, output) => {
  const wgsl = `${HEAD}\n${text}`;
  const { plain } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { result: new Uint32Array(2) } },
    { totals: { result: [0, 2] } },
    { loopBudget: 10, log: true },
  );
  expect([...plain.result!]).toEqual(output);
});

test('a buffer, which keeps its name in the counts and in what is recorded', async () => {
  const wgsl = `
@group(0) @binding(0) var<storage, read_write> max: array<vec2u>;
@compute @workgroup_size(1)
fn main() {
  let select = max[1];
  let f32 = select.y + 1u;
  //: probe select f32 max[0]
  max[0] = vec2u(f32);
}`;
  const { trace } = await expectCounts(
    device,
    { wgsl, workgroups: [1, 1, 1], data: { max: Uint32Array.of(8, 9, 3, 4) } },
    { totals: { max: [1, 1, 0, 8, 8] } },
  );
  expect(trace.records).toMatchObject([{ values: ['select.x', 'select.y', 'f32', 'max[0].x', 'max[0].y'] }]);
});

test('an entry point and a constant: the pipeline asks for them by their new names', async () => {
  const wgsl = `${HEAD}
override ptr: u32 = 1u;
@compute @workgroup_size(2)
fn function(@builtin(local_invocation_index) u32: u32) { for (var i = 0; i < 2; i++) { result[u32] += ptr; } }`;
  const data = { result: new Uint32Array(2) };
  const options = { steps: true, touches: true, log: false, probes: true, constants: { ptr: 4 } };
  const traced = instrument(wgsl, options);
  const guarded = guard(wgsl, 100, { constants: { ptr: 4 } });
  expect(traced.entryPoint).toBe('function');
  const layout = planRecording(traced, { workgroups: [1, 1, 1], bindingBytes: { result: 8 }, maxBytes: 1 << 20 });
  for (const [{ wgsl: text, renamed }, recorder] of [
    [traced, { ...traced.recorder, ...layout }],
    [guarded, { ...guarded.recorder!, byteLength: 16, header: new Uint32Array(4) }],
  ] as const) {
    const kernel = {
      wgsl,
      entryPoint: renamed!.function!,
      constants: { [renamed!.ptr!]: 4 },
      workgroups: [1, 1, 1] as [number, number, number],
      data,
    };
    const run = await runDispatch(device, { ...kernel, wgsl: text.replace(/@group\(1\)[^;]*;/, '') }, text, recorder);
    expect([...run.outputs.result!]).toEqual([8, 8]);
    if (text === traced.wgsl) expect(readRecording(traced, layout, run.recorder!).loopBudgetExceeded).toBe(false);
  }
});

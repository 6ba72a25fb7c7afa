// A text that the device compiles and our parser does not follow still runs: without the guard, which says so, and without a recording.
// All such texts that are known are made readable first (gpu/wgsl/parse/readable.ts); here that is switched off.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Engine, KernelSpec } from '../api.ts';
import { openEngine } from '../engine.ts';

vi.mock('../../wgsl/parse/readable.ts', () => ({ readable: (code: string) => code, restoreOperators: () => {} }));

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.dispose());

const kernel = (statement: string): KernelSpec => ({
  wgsl: `@group(0) @binding(0) var<storage, read_write> result: array<f32>;
@compute @workgroup_size(2)
fn main(@builtin(local_invocation_index) i: u32) {
  let x = f32(i);
  ${statement}
}`,
  workgroups: [1, 1, 1],
  bindings: [{ binding: 0, kind: 'storage', byteLength: 8 }],
});
const MISREAD = 'result[i] = select(1.0, select(2.0, 3.0, x < 1.0), x > -1.0);';

test('it runs untraced, and says that its loops were not guarded', async () => {
  const { outputs, warnings } = await engine.runKernel(kernel(MISREAD));
  expect([...outputs.result!.data]).toEqual([3, 2]);
  expect(warnings.join()).toMatch(
    /without a guard against endless loops\. line 5: syntax: the recorder cannot read this/,
  );
});

test('its recording is refused, with the line and a way round', async () => {
  await expect(engine.runKernel(kernel(MISREAD), { trace: true })).rejects.toMatchObject({
    code: 'unsupported-construct',
    line: 5,
    message: expect.stringMatching(/the recorder cannot read this.*put this part differently/),
  });
});

test('what the device does not compile is its compiler’s to say', async () => {
  await expect(engine.runKernel(kernel('result[i] = ;'), { trace: true })).rejects.toMatchObject({
    code: 'compile-failed',
    line: 5,
  });
});

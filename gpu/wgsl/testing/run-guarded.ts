// Runs a kernel under the loop guard alone, and guarded and recorded at once. Test code only.

import { expect } from 'vitest';
import { readRecording } from '../../trace/decode.ts';
import { planRecording } from '../../trace/recording-layout.ts';
import { guard } from '../guard/guard.ts';
import { instrument } from '../recorder/instrument.ts';
import { runDispatch, type TestKernel } from './trace-kernel.ts';

/**
 * Both ways; they must agree.
 *
 * @param kernel one that has loops and writes to `o`
 * @param budget iterations of a loop
 */
export async function runGuarded(device: GPUDevice, kernel: TestKernel, budget: number) {
  const { wgsl, recorder } = guard(kernel.wgsl, budget);
  if (!recorder) throw new Error('a kernel without loops was not guarded');
  const flag = { ...recorder, byteLength: 16, header: new Uint32Array(4) };
  const alone = await runDispatch(device, kernel, wgsl, flag);
  const options = { steps: true, touches: true, log: false, probes: true, loopBudget: budget };
  const instrumented = instrument(kernel.wgsl, options);
  const bindingBytes = Object.fromEntries(Object.entries(kernel.data).map(([name, data]) => [name, data.byteLength]));
  const layout = planRecording(instrumented, { workgroups: kernel.workgroups, bindingBytes, maxBytes: 1 << 20 });
  const both = await runDispatch(device, kernel, instrumented.wgsl, { ...instrumented.recorder, ...layout });
  const recording = readRecording(instrumented, layout, both.recorder!);
  const exceeded = alone.recorder![0] !== 0;
  expect(recording.loopBudgetExceeded).toBe(exceeded);
  expect(both.outputs).toEqual(alone.outputs);
  return { exceeded, o: [...alone.outputs.o!] };
}

// Running a Runnable once: plain, and after that traced when asked to.

import type { Tensor } from '../../core/tensor.ts';
import type { TraceOptions } from '../../trace/trace.ts';
import type { Run } from '../api.ts';
import type { DeviceContext } from '../device/device.ts';
import { loadPart } from '../device/load-part.ts';
import { readBytes, readTensors } from '../device/readback.ts';
import { Snapshot } from '../device/snapshot.ts';
import { compareOutputs, sameWords } from './compare.ts';
import { executeWatched, type Watched } from './guard-run.ts';
import type { Runnable } from './runnable.ts';

export interface RunOnceOptions {
  trace?: boolean | TraceOptions;
  signal?: AbortSignal;
}

/** @throws EngineError compile-failed, validation-failed, out-of-memory, loop-budget, unsupported-construct, device-lost, aborted */
export async function runOnce(
  context: DeviceContext,
  runnable: Runnable,
  { trace, signal }: RunOnceOptions,
): Promise<Run> {
  if (!trace) {
    const { outputs, warnings } = await runPlain(context, runnable, signal);
    return { outputs, warnings };
  }
  const { jobs, state } = runnable;
  const loading = loadPart('the recorder', () => import('./record.ts'));
  // Beside the plain run; that it failed is told where it is awaited.
  loading.then(({ compileAhead, recordOptions }) => compileAhead(context, jobs, recordOptions(trace))).catch(() => {});
  const before = await Snapshot.take(context, state);
  let after: Snapshot | undefined;
  try {
    const plain = await runPlain(context, runnable, signal);
    after = await Snapshot.take(context, state);
    const plainState = await readBytes(context, state, signal);
    before.restore();
    runnable.initialise();
    const { record, recordOptions } = await loading;
    const recorded = await record(context, jobs, plain.budgets, recordOptions(trace), signal);
    const outputs = await readTensors(context, runnable.outputs, signal);
    const tracedState = await readBytes(context, state, signal);
    const { matches, largestDifference } = compareOutputs(plain.outputs, outputs);
    const sameState = plainState.every((bytes, index) =>
      sameWords(new Uint32Array(bytes), new Uint32Array(tracedState[index]!)),
    );
    recorded.matchesPlain = matches && sameState;
    if (!recorded.matchesPlain) recorded.largestDifference = largestDifference;
    return { outputs: plain.outputs, trace: recorded, warnings: plain.warnings };
  } finally {
    // Also when recording failed: the plain run has been, and its state is the one that counts.
    after?.restore();
    after?.release();
    before.release();
  }
}

async function runPlain(
  context: DeviceContext,
  runnable: Runnable,
  signal?: AbortSignal,
): Promise<Watched & { outputs: Record<string, Tensor> }> {
  runnable.initialise();
  const watched = await executeWatched(context, runnable.jobs, signal);
  return { ...watched, outputs: await readTensors(context, runnable.outputs, signal) };
}

// Running a Runnable once: plain, and after that traced when asked to.

import type { Tensor } from '../core/tensor.ts';
import type { TraceOptions } from '../trace/trace.ts';
import type { Run } from './api.ts';
import type { DeviceContext } from './device.ts';
import { type Budgets, executeWatched } from './guard-run.ts';
import { readTensors } from './readback.ts';
import type { Runnable } from './runnable.ts';

export interface PlayOptions {
  trace?: boolean | TraceOptions;
  signal?: AbortSignal;
}

/** @throws EngineError compile-failed, validation-failed, out-of-memory, loop-budget, device-lost, aborted */
export async function play(context: DeviceContext, runnable: Runnable, { signal }: PlayOptions): Promise<Run> {
  const { outputs } = await playPlain(context, runnable, signal);
  return { outputs, warnings: [] };
}

async function playPlain(
  context: DeviceContext,
  runnable: Runnable,
  signal?: AbortSignal,
): Promise<{ outputs: Record<string, Tensor>; budgets: Budgets }> {
  runnable.initialise();
  const budgets = await executeWatched(context, runnable.jobs, signal);
  return { outputs: await readTensors(context, runnable.outputs, signal), budgets };
}

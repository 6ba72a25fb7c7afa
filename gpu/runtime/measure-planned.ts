// Contestants of a measurement, allocated side by side, timed, and given back.

import type { Measurement, MeasureOptions } from './api.ts';
import type { DeviceContext } from './device.ts';
import { prepare } from './execute.ts';
import type { Resolved } from './experiment.ts';
import { allocateScoped, type KernelPlan } from './kernel-run.ts';
import { Lane } from './lane.ts';
import { type Contestant, measureAll } from './measure.ts';
import type { Runnable } from './runnable.ts';
import { PlanSession, partPasses, WHOLE } from './session.ts';

/** The caller holds the engine's lane. @throws EngineError as a run does, and bad-input */
export async function measurePlanned(
  context: DeviceContext,
  planned: readonly (Resolved | KernelPlan)[],
  options: MeasureOptions,
): Promise<Measurement[]> {
  const contestants: Contestant[] = [];
  // Each contestant lends its Runnable to the rest of the list, so that all are given back in turn however this ends.
  const withRest = async (index: number): Promise<Measurement[]> => {
    const next = planned[index];
    if (!next) return measureAll(context, contestants, options);
    return lend(context, next, options.signal, async (runnable) => {
      const ready = await prepare(context, runnable.jobs, options.signal);
      runnable.initialise();
      contestants.push({ runnable, ready, guarded: runnable.jobs.some((job) => job.guarded) });
      return withRest(index + 1);
    });
  };
  return withRest(0);
}

async function lend<T>(
  context: DeviceContext,
  planned: Resolved | KernelPlan,
  signal: AbortSignal | undefined,
  job: (runnable: Runnable) => Promise<T>,
): Promise<T> {
  if ('plan' in planned) {
    const session = await PlanSession.open(context, planned, new Lane(), signal);
    try {
      const { plan } = planned;
      return await session.using(partPasses(WHOLE, plan.parts, plan.passes.length), undefined, job);
    } finally {
      session.dispose();
    }
  }
  const memory = await allocateScoped(context, planned);
  try {
    return await job(memory.runnable);
  } finally {
    for (const buffer of memory.buffers) context.buffers.release(buffer);
  }
}

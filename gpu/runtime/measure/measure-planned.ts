// Contestants of a measurement, allocated side by side, timed, and given back.

import type { Measurement, MeasureOptions } from '../api.ts';
import type { DeviceContext } from '../device/device.ts';
import { prepare } from '../device/execute.ts';
import { JobQueue } from '../device/job-queue.ts';
import { loadPart } from '../device/load-part.ts';
import { Snapshot } from '../device/snapshot.ts';
import { allocateScoped, type KernelPlan } from '../foreign/kernel-run.ts';
import type { Resolved } from '../run/experiment.ts';
import { executeWatched } from '../run/guard-run.ts';
import type { Runnable } from '../run/runnable.ts';
import { PlanSession, partPasses, WHOLE } from '../run/session.ts';
import { type Contestant, measureAll } from './measure.ts';

/** The caller holds the engine's queue. @throws EngineError as a run does, and bad-input */
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
      const timed = await withGuards(context, runnable, options.signal);
      try {
        const ready = await prepare(context, timed.runnable.jobs, options.signal);
        runnable.initialise();
        contestants.push({ runnable: timed.runnable, ready, guarded: timed.flag !== undefined });
        return await withRest(index + 1);
      } finally {
        if (timed.flag) context.buffers.release(timed.flag);
      }
    });
  };
  return withRest(0);
}

/** Edited and foreign kernels are run once to find their loop budgets, and timed with the guard's counters in them. */
async function withGuards(context: DeviceContext, runnable: Runnable, signal?: AbortSignal) {
  if (!runnable.jobs.some((job) => job.guarded)) return { runnable };
  const { guardedJob, guardFlag } = await loadPart('the loop guard', () => import('../run/guarded-job.ts'));
  const before = await Snapshot.take(context, runnable.state);
  const flag = guardFlag(context);
  try {
    runnable.initialise();
    const { budgets } = await executeWatched(context, runnable.jobs, signal);
    const guarded = runnable.jobs.map((job) => {
      const budget = budgets.get(job);
      return budget === undefined ? job : guardedJob(context, job, budget, flag);
    });
    before.restore();
    return { runnable: { ...runnable, jobs: guarded }, flag };
  } catch (error) {
    context.buffers.release(flag);
    throw error;
  } finally {
    before.release();
  }
}

async function lend<T>(
  context: DeviceContext,
  planned: Resolved | KernelPlan,
  signal: AbortSignal | undefined,
  job: (runnable: Runnable) => Promise<T>,
): Promise<T> {
  if ('plan' in planned) {
    const session = await PlanSession.open(context, planned, new JobQueue(), signal);
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

// Running jobs in order, also kernels that nobody has vouched for: edited and foreign ones. A submitted dispatch cannot be stopped, so
// every loop of those gets a budget of iterations. One workgroup is tried first, with budgets that grow while they cost well under a
// second; then the grid.

import type { DeviceContext } from '../device/device.ts';
import { execute, prepare } from '../device/execute.ts';
import type { Job } from '../device/job.ts';
import { loadPart } from '../device/load-part.ts';

/** Iterations that a guarded job's invocations may spend, found by running it; none for one whose text the guard cannot read. */
export type Budgets = Map<Job, number>;

export interface Watched {
  budgets: Budgets;
  /** Of jobs that ran without a guard. */
  warnings: string[];
}

const loadGuard = () => loadPart('the loop guard', () => import('./guarded-job.ts'));

/**
 * Runs jobs in order; those that are guarded one at a time, under the loop guard.
 *
 * @throws EngineError loop-budget, limit-exceeded, and what prepare and execute throw
 */
export async function executeWatched(
  context: DeviceContext,
  jobs: readonly Job[],
  signal?: AbortSignal,
): Promise<Watched> {
  const budgets: Budgets = new Map();
  const warnings: string[] = [];
  // Everything is compiled once as it stands, so that errors come before anything has run, with positions in the kernels' own text.
  const guardedJobs = jobs.filter((job) => job.guarded);
  if (guardedJobs.length > 0) {
    const { requireBounded } = await loadGuard();
    for (const job of guardedJobs) await requireBounded(context, job, signal);
    await prepare(context, jobs, signal);
  }
  let trusted: Job[] = [];
  const flush = async () => {
    if (trusted.length === 0) return;
    await execute(context, await prepare(context, trusted, signal), signal);
    trusted = [];
  };
  for (const job of jobs) {
    if (!job.guarded) {
      trusted.push(job);
      continue;
    }
    await flush();
    const { executeGuarded } = await loadGuard();
    const { budget, warning } = await executeGuarded(context, job, signal);
    if (budget !== undefined) budgets.set(job, budget);
    if (warning !== undefined) warnings.push(warning);
  }
  await flush();
  return { budgets, warnings };
}

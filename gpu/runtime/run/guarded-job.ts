// One kernel that nobody has vouched for, under the loop guard. Comes with the guard's parser, so it is loaded when first needed.

import { EngineError } from '../../core/errors.ts';
import type { Workgroups } from '../../plan/plan.ts';
import { guard } from '../../wgsl/guard/guard.ts';
import { requireBoundedWork } from '../../wgsl/guard/static-work.ts';
import { parseModule, UNREADABLE, withinDepth } from '../../wgsl/parse/parse.ts';
import type { DeviceBuffer } from '../device/buffers.ts';
import type { DeviceContext } from '../device/device.ts';
import { execute, prepare } from '../device/execute.ts';
import { gridOf } from '../device/grid.ts';
import { inserted, type Job } from '../device/job.ts';
import { readBytes } from '../device/readback.ts';
import { Snapshot } from '../device/snapshot.ts';
import { writableBuffers } from './runnable.ts';

/** Iterations an invocation may spend in a loop, by rung. */
const BUDGETS = [2 ** 16, 2 ** 19, 2 ** 22, 2 ** 25] as const;
/** A budget that took longer than this and still ran out was enough, ms. */
const ENOUGH_MS = { workgroup: 400, grid: 2000 } as const;
/** The guard's flag is the first word of a storage buffer; Params-sized for every driver. */
const FLAG_BYTES = 16;

/** The job with the loop guard's counters in its text and its flag behind an extra binding, if it has loops; runs like any other. */
export function guardedJob(context: DeviceContext, job: Job, budget: number, flag: DeviceBuffer): Job {
  const { maxBindGroups } = context.facts.limits;
  const options = { entryPoint: job.entryPoint, constants: job.overrides, maxBindGroups };
  const { recorder, ...text } = withinDepth(() => guard(job.wgsl, budget, options));
  if (!recorder) return { ...job, guarded: false };
  requireFreeBinding(context, job);
  const binding = { variable: 'loop guard', name: 'loop guard', ...recorder, type: 'storage', buffer: flag } as const;
  return inserted(job, text, binding);
}

/** Recorder and guard take one storage buffer more than the kernel has, the guard only where there is a loop. @throws EngineError limit-exceeded */
export function requireFreeBinding(context: DeviceContext, { file, bindings }: Job): void {
  const limit = context.facts.limits.maxStorageBuffersPerShaderStage ?? 8;
  const value = bindings.filter(({ type }) => type !== 'uniform').length + 1;
  if (value <= limit) return;
  const message = `${file} uses all ${limit} storage buffers of this device; watching it needs one more`;
  throw new EngineError('limit-exceeded', message, { field: 'maxStorageBuffersPerShaderStage', value, limit });
}

export function guardFlag(context: DeviceContext): DeviceBuffer {
  return context.buffers.storage(FLAG_BYTES);
}

/** Why the guard cannot read a text that compiles; undefined where it can. @throws EngineError what else the guard refuses */
function unreadable(context: DeviceContext, job: Job, flag: DeviceBuffer): string | undefined {
  try {
    guardedJob(context, job, BUDGETS[0], flag);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'unsupported-construct' && error.field === UNREADABLE)
      return error.message;
    throw error;
  }
}

/**
 * Before it is compiled: a compiler unfolds calls.
 *
 * @throws EngineError limit-exceeded for more work than can be waited for
 */
export async function requireBounded(context: DeviceContext, job: Job, signal?: AbortSignal): Promise<void> {
  const { file, wgsl, overrides, entryPoint, workgroups } = job;
  const most = 'max' in workgroups ? workgroups.max : undefined;
  const grid = most ?? (await gridOf(context, job, signal));
  try {
    requireBoundedWork(parseModule(wgsl, overrides), entryPoint, file, grid);
  } catch (error) {
    // What else is wrong with the text is the compiler's to say, or the guard's.
    if (error instanceof EngineError && error.code === 'limit-exceeded') throw error;
  }
}

/**
 * Runs the job under the guard; without it, and with a warning, where the guard cannot read its text.
 *
 * @returns the budget it took
 * @throws EngineError loop-budget, and what prepare and execute throw
 */
export async function executeGuarded(
  context: DeviceContext,
  job: Job,
  signal?: AbortSignal,
): Promise<{ budget?: number; warning?: string }> {
  const flag = guardFlag(context);
  let before: Snapshot | undefined;
  try {
    const why = unreadable(context, job, flag);
    if (why !== undefined) {
      await execute(context, await prepare(context, [job], signal), signal);
      return { warning: `${job.file} ran without a guard against endless loops. ${why}` };
    }
    before = await Snapshot.take(context, writableBuffers([job]));
    const one: Workgroups = [1, 1, 1];
    const isOne = Array.isArray(job.workgroups) && job.workgroups.every((count) => count === 1);
    const tried = await climb(context, job, flag, before, 0, {
      workgroups: one,
      enoughMs: ENOUGH_MS.workgroup,
      signal,
    });
    if (isOne) return { budget: BUDGETS[tried] };
    before.restore();
    const { workgroups } = job;
    const rung = await climb(context, job, flag, before, tried, { workgroups, enoughMs: ENOUGH_MS.grid, signal });
    return { budget: BUDGETS[rung] };
  } finally {
    before?.release();
    context.buffers.release(flag);
  }
}

interface Attempt {
  workgroups: Job['workgroups'];
  enoughMs: number;
  signal?: AbortSignal;
}

/** Runs with the budget of `rung` and higher ones, from the same start each time, until no loop runs out. */
async function climb(
  context: DeviceContext,
  job: Job,
  flag: DeviceBuffer,
  before: Snapshot,
  rung: number,
  { workgroups, enoughMs, signal }: Attempt,
): Promise<number> {
  for (;;) {
    const budget = BUDGETS[rung]!;
    const guarded = guardedJob(context, { ...job, workgroups }, budget, flag);
    const ready = await prepare(context, [guarded], signal);
    context.buffers.upload(flag, new Uint32Array(FLAG_BYTES / 4));
    const elapsedMs = await execute(context, ready, signal);
    const [words] = await readBytes(context, [flag], signal);
    if (new Uint32Array(words!)[0] === 0) return rung;
    if (elapsedMs > enoughMs || rung + 1 === BUDGETS.length) {
      throw new EngineError('loop-budget', `${job.file}: a loop did not end within ${budget} iterations`, {
        field: job.file,
        value: budget,
        limit: BUDGETS.at(-1),
      });
    }
    rung++;
    before.restore();
  }
}

// Jobs → command buffers. Long sequences are submitted in slices that take well under 250 ms, so that cancelling works.

import { abortable, throwIfAborted } from './cancel.ts';
import { type DeviceContext, scoped } from './device.ts';
import type { Job, JobBinding } from './job.ts';
import type { CompiledKernel } from './pipelines.ts';

/** A job with its GPU objects. */
export interface ReadyJob {
  job: Job;
  kernel: CompiledKernel;
  groups: GPUBindGroup[];
}

const SLICE_MS = 100;
const FIRST_SLICE = 4;
const LARGEST_SLICE = 256;

/** Compiles and binds. @throws EngineError compile-failed, validation-failed, out-of-memory, device-lost, aborted */
export async function prepare(context: DeviceContext, jobs: readonly Job[], signal?: AbortSignal): Promise<ReadyJob[]> {
  throwIfAborted(signal);
  const kernels = await abortable(context.alive(Promise.all(jobs.map((job) => compileJob(context, job)))), signal);
  return scoped(context.device, 'bind groups', () =>
    jobs.map((job, index) => ({
      job,
      kernel: kernels[index]!,
      groups: bind(context, kernels[index]!, job.bindings, job.file),
    })),
  );
}

/** A job as far as compiling needs it. */
export type UnboundJob = Omit<Job, 'bindings'> & { bindings: Omit<JobBinding, 'buffer'>[] };

export function compileJob(context: DeviceContext, job: UnboundJob): Promise<CompiledKernel> {
  return context.pipelines.get({
    file: job.file,
    wgsl: job.wgsl,
    entryPoint: job.entryPoint,
    overrides: job.overrides,
    baked: job.baked,
    slots: job.bindings.map(({ group, binding, type }) => ({ group, binding, type })),
  });
}

function bind(
  context: DeviceContext,
  kernel: CompiledKernel,
  bindings: readonly JobBinding[],
  label: string,
): GPUBindGroup[] {
  return kernel.layouts.map((layout, group) =>
    context.device.createBindGroup({
      label,
      layout,
      entries: bindings
        .filter((each) => each.group === group)
        .map(({ binding, buffer }) => ({ binding, resource: { buffer: buffer.gpu, size: buffer.size } })),
    }),
  );
}

/** Puts one dispatch into an open pass. */
export function encode(pass: GPUComputePassEncoder, { job, kernel, groups }: ReadyJob): void {
  pass.setPipeline(kernel.pipeline);
  for (const [index, group] of groups.entries()) pass.setBindGroup(index, group);
  if (Array.isArray(job.workgroups)) pass.dispatchWorkgroups(...job.workgroups);
  else pass.dispatchWorkgroupsIndirect(job.workgroups.indirect.gpu, job.workgroups.offset);
}

/**
 * Runs the jobs in order and returns when they are done.
 *
 * @returns roughly how long that took, by the wall clock, ms
 * @throws EngineError aborted, device-lost, validation-failed
 */
export async function execute(
  context: DeviceContext,
  ready: readonly ReadyJob[],
  signal?: AbortSignal,
): Promise<number> {
  const { device } = context;
  let totalMs = 0;
  let slice = FIRST_SLICE;
  for (let next = 0; next < ready.length; ) {
    throwIfAborted(signal);
    const jobs = ready.slice(next, next + slice);
    const started = performance.now();
    await scoped(device, jobs.map(({ job }) => job.file).join(', '), () => submit(device, jobs));
    await abortable(context.alive(device.queue.onSubmittedWorkDone()), signal);
    next += jobs.length;
    const elapsedMs = performance.now() - started;
    totalMs += elapsedMs;
    const perJobMs = Math.max(0.05, elapsedMs / jobs.length);
    slice = Math.max(1, Math.min(LARGEST_SLICE, slice * 4, Math.floor(SLICE_MS / perJobMs)));
  }
  if (context.lostBecause !== undefined) throw context.lostError();
  return totalMs;
}

/** One command buffer; each dispatch in a pass of its own, which orders their memory accesses. */
function submit(device: GPUDevice, jobs: readonly ReadyJob[]): void {
  const encoder = device.createCommandEncoder({ label: 'slice' });
  for (const ready of jobs) {
    const pass = encoder.beginComputePass({ label: ready.job.file });
    encode(pass, ready);
    pass.end();
  }
  device.queue.submit([encoder.finish()]);
}

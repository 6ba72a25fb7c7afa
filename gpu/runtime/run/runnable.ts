// What running, recording and timing have in common: jobs over allocated buffers, and how to put the buffers back to the start.

import type { DeviceBuffer } from '../device/buffers.ts';
import type { Job } from '../device/job.ts';
import type { ReadRequest } from '../device/readback.ts';

export interface Runnable {
  /** For errors: `mechanism/variant` or the foreign kernel's file. */
  label: string;
  jobs: Job[];
  /** Gives the buffers that live for one run their first contents. Only enqueues work. */
  initialise(): void;
  /** Buffers that the jobs may change and `initialise` does not restore. */
  state: DeviceBuffer[];
  outputs: Record<string, ReadRequest>;
  idempotent: boolean;
}

/** Buffers that some job may write, each once. */
export function writableBuffers(jobs: readonly Job[]): DeviceBuffer[] {
  const found = new Set<DeviceBuffer>();
  for (const { bindings } of jobs) for (const { type, buffer } of bindings) if (type === 'storage') found.add(buffer);
  return [...found];
}

/** Buffers that some job reads and none may write: what an earlier run of another part left there is their input. */
export function onlyRead(jobs: readonly Job[]): ReadonlySet<DeviceBuffer> {
  const read = new Set(jobs.flatMap(({ bindings }) => bindings.map(({ buffer }) => buffer)));
  for (const buffer of writableBuffers(jobs)) read.delete(buffer);
  return read;
}

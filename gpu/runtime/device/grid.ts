// The workgroups of a dispatch, also where they stand in a buffer.

import type { Workgroups } from '../../plan/plan.ts';
import type { DeviceContext } from './device.ts';
import type { Job } from './job.ts';
import { readBytes } from './readback.ts';

export async function gridOf(context: DeviceContext, { workgroups }: Job, signal?: AbortSignal): Promise<Workgroups> {
  if (Array.isArray(workgroups)) return workgroups;
  const [bytes] = await readBytes(context, [workgroups.indirect], signal);
  const [x = 0, y = 0, z = 0] = new Uint32Array(bytes!, workgroups.offset, 3);
  // An indirect dispatch over the limit does nothing.
  const most = context.facts.limits.maxComputeWorkgroupsPerDimension ?? 65_535;
  return Math.max(x, y, z) > most ? [0, 0, 0] : [x, y, z];
}

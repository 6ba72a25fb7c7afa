// What kernels, as baked, ask of a device.

import { EngineError } from '../core/errors.ts';
import type { Limits } from '../mechanisms/mechanism.ts';
import { declaredBytes } from '../plan/check-kernel.ts';
import { requireEntryPoint } from '../wgsl/text/reflect.ts';
import type { Need } from './spec.ts';

const AMOUNTS: Record<Need, { unit: string; of(wgsl: string): number }> = {
  maxComputeWorkgroupStorageSize: {
    unit: 'bytes of workgroup memory',
    of: (wgsl) => declaredBytes(wgsl) ?? 0,
  },
  maxComputeInvocationsPerWorkgroup: {
    unit: 'invocations in a workgroup',
    of: (wgsl) => requireEntryPoint(wgsl).workgroupSize.reduce((product, extent) => product * extent, 1),
  },
};

/**
 * @param needs limit → the key of the config that decides how much of it is asked for
 * @throws EngineError limit-exceeded naming that key
 */
export function requireOfDevice(
  file: string,
  wgsl: string,
  needs: Partial<Record<Need, string>>,
  limits: Limits,
): void {
  for (const [name, field] of Object.entries(needs) as [Need, string][]) {
    const limit = limits[name];
    if (limit === undefined) continue;
    const value = AMOUNTS[name].of(wgsl);
    if (value <= limit) continue;
    const message = `${file} needs ${value} ${AMOUNTS[name].unit}; this device allows ${limit} (see ${field})`;
    // Bytes of which kind is not plain from the key; invocations are.
    const bound = name === 'maxComputeWorkgroupStorageSize' ? { [name]: limit } : limit;
    throw new EngineError('limit-exceeded', message, { field, value, limit: bound });
  }
}

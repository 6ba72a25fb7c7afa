// What the adapter says of itself, plus the two things it does not say: whether it is a CPU, and how coarse its clock is. Facts that
// plans choose kernels by stand among the limits, since those are what a plan is given.

import type { AdapterFacts } from '../api.ts';
import { timestampQuantum } from './timestamps.ts';

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b|software|\bcpu\b/i;

/** True for adapters that compute on the CPU: right numbers, times that say nothing about graphics cards. */
export function isSoftwareAdapter(info: {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter?: boolean;
}): boolean {
  const words = [info.vendor, info.architecture, info.device, info.description].join(' ');
  return info.isFallbackAdapter === true || SOFTWARE.test(words);
}

function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  const facts: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') facts[name] = value;
  }
  return facts;
}

/** Subgroup sizes, 0 where the device has no subgroups; a size the browser does not tell is the smallest or largest there is. */
export function subgroupFacts(
  features: ReadonlySet<string>,
  { subgroupMinSize, subgroupMaxSize }: { subgroupMinSize?: number; subgroupMaxSize?: number },
): Record<'subgroupMinSize' | 'subgroupMaxSize', number> {
  const has = features.has('subgroups');
  return {
    subgroupMinSize: has ? (subgroupMinSize ?? 4) : 0,
    subgroupMaxSize: has ? (subgroupMaxSize ?? 128) : 0,
  };
}

export async function adapterFacts(adapter: GPUAdapter, device: GPUDevice): Promise<AdapterFacts> {
  const { vendor, architecture, device: model, description } = adapter.info;
  const isSoftware = isSoftwareAdapter(adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean });
  return {
    vendor,
    architecture,
    description: description || model,
    isSoftware,
    features: [...device.features].sort(),
    limits: {
      ...limitsOf(device.limits),
      ...subgroupFacts(device.features, adapter.info),
      isSoftware: isSoftware ? 1 : 0,
    },
    timestampQuantumNs: await timestampQuantum(device),
  };
}

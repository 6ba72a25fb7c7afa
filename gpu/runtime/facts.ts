// What the adapter says of itself, plus the two things it does not say: whether it is a CPU, and how coarse its clock is.

import type { AdapterFacts } from './api.ts';
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

export async function adapterFacts(adapter: GPUAdapter, device: GPUDevice): Promise<AdapterFacts> {
  const { vendor, architecture, device: model, description } = adapter.info;
  return {
    vendor,
    architecture,
    description: description || model,
    isSoftware: isSoftwareAdapter(adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean }),
    features: [...device.features].sort(),
    limits: limitsOf(device.limits),
    timestampQuantumNs: await timestampQuantum(device),
  };
}

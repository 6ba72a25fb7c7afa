// Closed-form counts: x once, or twice where the rows are cut into chunks; a lane of chunk i reads the i totals above it.

import type { Limits, Totals } from '../../mechanisms/mechanism.ts';
import type { PrefixScanConfig } from './config.ts';
import { chooseKernel, tuningFor } from './plan.ts';

export function cost(variant: string, config: PrefixScanConfig, limits: Limits = {}): Totals {
  const { length, channels } = config;
  const kernel = chooseKernel(variant, limits);
  const { LANES = 1, CHUNKS = 1 } = tuningFor(kernel, config);
  const elements = length * channels;
  const row = (buffer: string, loads: number, stores: number) => ({
    buffer,
    loads,
    stores,
    loadBytes: loads * 4,
    storeBytes: stores * 4,
  });
  if (kernel === 'sequential') {
    return { buffers: [row('x', elements, 0), row('y', 0, elements)], workgroupBytes: 0, extraBytes: 0 };
  }
  const lanes = Math.ceil(channels / LANES) * LANES;
  return {
    buffers: [
      row('x', 2 * elements, 0),
      row('y', 0, elements),
      row('totals', (lanes * CHUNKS * (CHUNKS - 1)) / 2, lanes * CHUNKS),
    ],
    workgroupBytes: 4 * LANES * CHUNKS,
    extraBytes: 0,
  };
}

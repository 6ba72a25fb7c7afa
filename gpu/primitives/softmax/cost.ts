// Closed-form counts. shared: the row is read from storage once; each halving over L lanes reads 2 (L − 1) partials and writes L − 1,
// and every lane reads the result. per-row: two passes, in vec4s.

import type { Limits, Totals } from '../../mechanisms/mechanism.ts';
import type { SoftmaxConfig } from './config.ts';
import { chooseKernel, tuningFor, workgroupBytes } from './plan.ts';

export function cost(variant: string, config: SoftmaxConfig, limits: Limits = {}): Totals {
  const { rows, width } = config;
  const kernel = chooseKernel(variant, config, limits);
  const elements = rows * width;
  const row = (buffer: string, loads: number, stores: number, bytes = 4) => ({
    buffer,
    loads,
    stores,
    loadBytes: loads * bytes,
    storeBytes: stores * bytes,
  });
  if (kernel === 'per-row') {
    return {
      buffers: [row('x', elements / 2, 0, 16), row('out', 0, elements / 4, 16)],
      workgroupBytes: 0,
      extraBytes: 0,
    };
  }
  const lanes = tuningFor(kernel, config).LANES!;
  return {
    buffers: [
      row('x', elements, 0),
      row('out', 0, elements),
      row('row', 2 * elements, 2 * elements),
      row('partial', 2 * rows * (2 * (lanes - 1) + lanes), 2 * rows * (lanes + lanes - 1)),
    ],
    workgroupBytes: workgroupBytes(kernel, config),
    extraBytes: 0,
  };
}

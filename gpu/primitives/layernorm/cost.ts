// Closed-form counts: the row is read from storage once; the halving sum over L lanes reads 2 (L − 1) partials and writes L − 1,
// twice per row, and every lane reads the total.

import type { Totals } from '../../mechanisms/mechanism.ts';
import type { LayernormConfig } from './config.ts';
import { workgroupBytes } from './plan.ts';

export function cost(config: LayernormConfig): Totals {
  const { rows, width, lanes } = config;
  const elements = rows * width;
  const row = (buffer: string, loads: number, stores: number) => ({
    buffer,
    loads,
    stores,
    loadBytes: loads * 4,
    storeBytes: stores * 4,
  });
  const sums = 2 * rows;
  return {
    buffers: [
      row('x', elements, 0),
      row('scale', elements, 0),
      row('bias', elements, 0),
      row('out', 0, elements),
      row('row', 2 * elements, elements),
      row('partial', sums * (2 * (lanes - 1) + lanes), sums * (lanes + lanes - 1)),
    ],
    workgroupBytes: workgroupBytes(config),
    extraBytes: 0,
  };
}

// Closed-form counts of a decode step: the state is read and written once, whatever came before.

import type { Totals } from '../../mechanisms/mechanism.ts';
import type { UpdateConfig } from './config.ts';
import { flatten } from './plan.ts';

export function cost(config: UpdateConfig): Totals {
  const { batch, dstate, hasD, hasZ, hasDtBias } = config;
  const rows = batch * flatten(config).channels;
  const row = (buffer: string, loads: number, stores: number) => ({
    buffer,
    loads,
    stores,
    loadBytes: 4 * loads,
    storeBytes: 4 * stores,
  });
  return {
    buffers: [
      row('state', rows * dstate, rows * dstate),
      row('x', rows, 0),
      row('dt', rows, 0),
      ...(hasZ ? [row('z', rows, 0)] : []),
      row('bc', 2 * rows * dstate, 0),
      row('weights', rows * (dstate + Number(hasD) + Number(hasDtBias)), 0),
      row('out', 0, rows),
    ],
    workgroupBytes: 0,
    extraBytes: 0,
  };
}

// Closed-form counts of the tiled product. Ragged tiles bring in exact rows and columns; the tiles in workgroup memory are always
// filled and read whole.

import type { Totals } from '../../mechanisms/mechanism.ts';
import type { MatmulConfig } from './config.ts';
import { tileGrid, workgroupBytes } from './plan.ts';

export function cost(config: MatmulConfig): Totals {
  const { m, k, n, bias, tile, rowsPerLane } = config;
  const { across, down } = tileGrid(config);
  const steps = across * down * Math.ceil(k / tile);
  const lanes = tile * tile;
  const row = (buffer: string, loads: number, stores: number) => ({
    buffer,
    loads,
    stores,
    loadBytes: loads * 4,
    storeBytes: stores * 4,
  });
  return {
    buffers: [
      row('a', across * m * k, 0),
      row('b', down * k * n, 0),
      ...(bias ? [row('bias', m * n, 0)] : []),
      row('c', 0, m * n),
      row('a_tile', steps * lanes * tile * rowsPerLane, steps * lanes * rowsPerLane),
      row('b_tile', steps * lanes * tile, steps * lanes),
    ],
    workgroupBytes: workgroupBytes(config),
    extraBytes: bias ? 0 : 4,
  };
}

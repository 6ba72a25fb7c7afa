// Closed-form counts: every element of the output is made from one element of the table and one rate; every lane that has a
// column reads the token's id once.

import type { Totals } from '../../mechanisms/mechanism.ts';
import type { EmbeddingConfig } from './config.ts';

export function cost({ n, width, timing, lanes }: EmbeddingConfig): Totals {
  const row = (buffer: string, loads: number, stores: number) => ({
    buffer,
    loads,
    stores,
    loadBytes: loads * 4,
    storeBytes: stores * 4,
  });
  return {
    buffers: [
      row('ids', n * Math.min(lanes, width), 0),
      row('table', n * width, 0),
      ...(timing ? [row('rates', n * width, 0)] : []),
      row('out', 0, n * width),
    ],
    workgroupBytes: 0,
    extraBytes: timing ? 0 : 4,
  };
}

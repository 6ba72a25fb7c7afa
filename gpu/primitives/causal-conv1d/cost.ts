// Closed-form counts: every output reads its W weights and those of its W inputs that exist.

import type { BufferCount, Totals } from '../../mechanisms/mechanism.ts';
import type { ConvConfig } from './config.ts';

export function cost(variant: string, config: ConvConfig): Totals {
  const { batch, dim, seqlen, width, stateLen, hasBias, hasInitialStates, circular } = config;
  const rows = batch * dim;
  const kept = width - 1;
  const outputs = rows * seqlen;
  // Inputs before the first: output t lacks the first max(0, W − 1 − t).
  const missing = (steps: number) => {
    const short = Math.min(steps, kept);
    return short * kept - (short * (short - 1)) / 2;
  };
  const row = (buffer: string, loads: number, stores: number): BufferCount => ({
    buffer,
    loads,
    stores,
    loadBytes: 4 * loads,
    storeBytes: 4 * stores,
  });
  const early = rows * missing(seqlen);
  const shared = [row('weight', outputs * width, 0), row('bias', hasBias ? outputs : 0, 0), row('out', 0, outputs)];
  let buffers: BufferCount[];
  if (variant === 'update') {
    const fresh = Math.min(seqlen, stateLen);
    buffers = [
      ...shared,
      row('x', outputs * width - early + rows * (circular ? seqlen : fresh), 0),
      row('cache_seqlens', circular ? rows : 0, 0),
      row('conv_state', early + (circular ? 0 : rows * (stateLen - fresh)), rows * (circular ? seqlen : stateLen)),
    ];
  } else {
    const fresh = Math.min(seqlen, kept);
    const initial = hasInitialStates ? early + rows * (kept - fresh) : 0;
    buffers = [
      ...shared,
      row('x', outputs * width - early + rows * fresh, 0),
      row('initial_states', initial, 0),
      row('final_states', 0, rows * kept),
    ];
  }
  return {
    buffers: buffers.filter(({ loads, stores }) => loads + stores > 0),
    workgroupBytes: 0,
    extraBytes: 0,
  };
}

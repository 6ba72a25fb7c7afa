// Closed-form counts of the chunked algorithm. Step 1 grows with the chunk, steps 2 to 4 with the number of chunks. A decay summed
// directly takes one load, a difference of running sums two.

import type { BufferCount, Totals } from '../mechanism.ts';
import type { SsdConfig } from './config.ts';
import { COLS, chunking, needsOutputPass, plan, ROWS } from './plan.ts';

/** Pairs (l, s) with s ≤ l in the same chunk, of one head of one sequence. */
export function pairs(seqlen: number, chunk: number): number {
  const triangle = (n: number) => (n * (n + 1)) / 2;
  return Math.floor(seqlen / chunk) * triangle(chunk) + triangle(seqlen % chunk);
}

/** Tiles of ROWS × COLS that step 1 visits, of one head of one sequence. */
function tiles(seqlen: number, chunk: number): number {
  let count = 0;
  for (let first = 0; first < seqlen; first += chunk) {
    const length = Math.min(chunk, seqlen - first);
    for (let row = 0; row < length; row += ROWS) count += Math.ceil(Math.min(row + ROWS, length) / COLS);
  }
  return count;
}

export function cost(variant: string, config: SsdConfig): Totals {
  const { batch, seqlen, heads, headDim, dstate, form, hasD, hasZ, hasDtBias, hasInitialStates } = config;
  const { chunk, chunks } = chunking(variant, config);
  const all = batch * heads;
  const scalars = all * seqlen;
  const signal = scalars * headDim;
  const states = all * chunks * headDim * dstate;
  const visible = all * pairs(seqlen, chunk);
  const gathered = scalars * headDim * dstate;
  const minimal = form === 'minimal';
  const last = needsOutputPass(config, chunks);
  const row = (buffer: string, loads: number, stores = 0): BufferCount => ({
    buffer,
    loads,
    stores,
    loadBytes: 4 * loads,
    storeBytes: 4 * stores,
  });
  const differences = config.decaySum === 'running';
  // Every pair off the diagonal takes in one step more, and so does every token of a chunk before its last.
  const summed = visible - scalars + gathered - states;
  const weights = all * chunks * (1 + Number(hasDtBias)) + (hasD ? signal : 0);
  const buffers = [
    row(minimal ? 'A' : 'dt', scalars),
    ...(minimal ? [] : [row('weights', weights), row('delta', visible + gathered, scalars)]),
    row('log_decay', differences ? 0 : summed, scalars),
    row('cs', (differences ? 2 * visible + states + gathered : 0) + states + (last ? signal : 0), scalars),
    row(minimal ? 'X' : 'x', visible * headDim + gathered + (hasD ? signal : 0)),
    row('B', visible * dstate + gathered),
    row('C', visible * dstate + (last ? signal * dstate : 0)),
    ...(hasZ ? [row('z', signal)] : []),
    ...(hasInitialStates ? [row('initial_states', all * headDim * dstate)] : []),
    row('states', states + (last ? signal * dstate : 0), 2 * states),
    row('final_state', 0, all * headDim * dstate),
    row(minimal ? 'Y' : 'out', last ? signal : 0, signal * (last ? 2 : 1)),
    row('scores', visible * (headDim + 1), visible + all * tiles(seqlen, chunk) * ROWS * COLS),
  ];
  const scratch = plan(variant, config).buffers.filter(
    ({ role, name }) => role === 'scratch' && !name.startsWith('unused'),
  );
  return {
    buffers,
    workgroupBytes: 4 * ROWS * COLS,
    extraBytes: scratch.reduce((bytes, { shape }) => bytes + 4 * shape.reduce((a, b) => a * b, 1), 0),
    events: { pair: visible, carry: states },
  };
}

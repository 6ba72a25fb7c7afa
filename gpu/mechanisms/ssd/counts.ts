// Closed-form counts of the chunked algorithm. Step 1 grows with the chunk, steps 2 to 4 with the number of chunks. A decay summed
// directly takes one load, a difference of running sums two.

import type { Counts } from '../../define/spec.ts';
import type { SsdConfig } from './reference.ts';

/** Time steps of a chunk as the variant runs it, and how many chunks there are. */
export function chunking({ seqlen, chunk }: SsdConfig, variant: string): { chunk: number; chunks: number } {
  const steps = variant === 'quadratic' ? seqlen : Math.min(chunk, seqlen);
  return { chunk: steps, chunks: Math.ceil(seqlen / steps) };
}

/** Whether step 4 has anything to add: with one chunk, no initial state, skip or gate, it has not. */
export function needsOutputPass(config: SsdConfig, variant: string): boolean {
  return chunking(config, variant).chunks > 1 || config.hasInitialStates || config.hasD || config.hasZ;
}

/** Pairs (l, s) with s ≤ l in the same chunk, of one head of one sequence. */
export function pairs(seqlen: number, chunk: number): number {
  const triangle = (n: number) => (n * (n + 1)) / 2;
  return Math.floor(seqlen / chunk) * triangle(chunk) + triangle(seqlen % chunk);
}

/** Rows and columns of a tile of step 1. */
interface Tile {
  rows: number;
  columns: number;
}

/** Tiles that step 1 visits, of one head of one sequence. */
export function tiles(seqlen: number, chunk: number, tile: Tile): number {
  return Math.floor(seqlen / chunk) * chunkTiles(chunk, tile) + chunkTiles(seqlen % chunk, tile);
}

/** Tiles on and below the diagonal of a chunk. Rows of tiles repeat, one step wider every `columns` of them: sizes may be huge. */
function chunkTiles(length: number, { rows, columns }: Tile): number {
  const whole = Math.floor(length / rows);
  const upTo = (count: number) => {
    let sum = 0;
    for (let row = 1; row <= count; row++) sum += Math.ceil((row * rows) / columns);
    return sum;
  };
  const turns = Math.floor(whole / columns);
  const wider = rows * columns * ((turns * (turns - 1)) / 2);
  const rest = upTo(whole % columns) + (whole % columns) * rows * turns;
  const last = length % rows > 0 ? Math.ceil(length / columns) : 0;
  return turns * upTo(columns) + wider + rest + last;
}

export function counts(config: SsdConfig, variant: string, tile: Tile): Counts {
  const { batch, seqlen, heads, headDim, dstate, form, hasD, hasZ, hasDtBias, hasInitialStates } = config;
  const { chunk, chunks } = chunking(config, variant);
  const all = batch * heads;
  const scalars = all * seqlen;
  const signal = scalars * headDim;
  const states = all * chunks * headDim * dstate;
  const visible = all * pairs(seqlen, chunk);
  const gathered = scalars * headDim * dstate;
  const combined = form === 'combined';
  const running = config.decaySum === 'running';
  const last = needsOutputPass(config, variant);
  // Every pair off the diagonal takes in one step more, and so does every token of a chunk before its last.
  const summed = visible - scalars + gathered - states;
  const [x, dt, y] = combined ? (['x', 'dt', 'out'] as const) : (['X', 'A', 'Y'] as const);
  const weights = combined ? all * chunks * (1 + Number(hasDtBias)) + (hasD ? signal : 0) : 0;
  return {
    buffers: {
      [dt]: { loads: scalars },
      weights: { loads: weights },
      delta: combined ? { loads: visible + gathered, stores: scalars } : {},
      log_decay: { loads: running ? 0 : summed, stores: scalars },
      cs: { loads: (running ? 2 * visible + states + gathered : 0) + states + (last ? signal : 0), stores: scalars },
      [x]: { loads: visible * headDim + gathered + (hasD ? signal : 0) },
      B: { loads: visible * dstate + gathered },
      C: { loads: visible * dstate + (last ? signal * dstate : 0) },
      z: { loads: hasZ ? signal : 0 },
      initial_states: { loads: hasInitialStates ? all * headDim * dstate : 0 },
      states: { loads: states + (last ? signal * dstate : 0), stores: 2 * states },
      final_state: { stores: all * headDim * dstate },
      [y]: { loads: last ? signal : 0, stores: signal * (last ? 2 : 1) },
      scores: {
        loads: visible * (headDim + 1),
        stores: visible + all * tiles(seqlen, chunk, tile) * tile.rows * tile.columns,
      },
    },
    events: { pair: visible, carry: states },
  };
}

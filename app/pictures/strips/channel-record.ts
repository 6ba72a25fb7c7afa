// What a recording holds of one channel: its states and its Δ at every time step, with the playback step each was recorded in.
// Everything was recorded; what was not stays NaN.

import { type Extents, type Held, held } from '#gpu/trace/held.ts';
import type { Recording } from '../../exhibit/recording.ts';

export interface ChannelRecord {
  states: number;
  length: number;
  /** Row-major [states, length]; NaN where nothing was recorded. */
  h: Float32Array;
  /** Step in which each was recorded; NEVER where it was not. */
  step: Uint32Array;
  /** Running product of Ā, like h, where a kernel keeps one (a numerical trap); NaN elsewhere. */
  product: Float32Array;
  delta: Float32Array;
  deltaStep: Uint32Array;
}

export interface Sizes {
  batch: number;
  dim: number;
  dstate: number;
  seqlen: number;
}

export function sizesOf({ config }: Recording): Sizes {
  const { batch, dim, dstate, seqlen } = config as unknown as Sizes;
  return { batch, dim, dstate, seqlen };
}

/** The record of a channel of a sequence: its part of what the run holds of all of them. */
export function channelRecord(recording: Recording, batch: number, channel: number): ChannelRecord {
  const { batch: sequences, dim, dstate, seqlen } = sizesOf(recording);
  const rows = { batch: sequences, channel: dim };
  const [h, product] = ['h', 'product'].map((value) =>
    heldOf(recording, value, { ...rows, state: dstate, time: seqlen }),
  );
  const delta = held(recording.trace, 'step', { ...rows, time: seqlen });
  const row = batch * dim + channel;
  const part = <A extends Float32Array | Uint32Array>(all: A, length: number) =>
    all.subarray(row * length, (row + 1) * length) as A;
  return {
    ...{ states: dstate, length: seqlen },
    ...{ h: part(h!.values, dstate * seqlen), step: part(h!.step, dstate * seqlen) },
    product: part(product!.values, dstate * seqlen),
    ...{ delta: part(delta.values, seqlen), deltaStep: part(delta.step, seqlen) },
  };
}

/** Kernels of before counted channels of all sequences as rows. */
function heldOf({ trace }: Recording, value: string, extents: Extents): Held {
  const found = held(trace, value, extents);
  if (found.count > 0) return found;
  const { batch, channel, ...rest } = extents as Record<'batch' | 'channel', number>;
  return held(trace, value, { row: batch * channel, ...rest });
}

/** Largest finite magnitude; 0 without one. */
export function mostOf(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

/** Values whose step lies before `tick`, ∞ for what was recorded as NaN or ±∞; NaN for the rest, which is not there yet. */
export function upTo(values: Float32Array, step: Uint32Array, tick: number): Float32Array {
  return values.map((value, i) => {
    if (step[i]! >= tick) return Number.NaN;
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  });
}

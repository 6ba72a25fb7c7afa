// What the blocks with a state share: the short filter before a scan, and the scan, on the device and by their definitions.

import { shortConvolution } from '../../primitives/short-convolution/short-convolution.ts';
import { tokenScan } from '../../primitives/token-scan/token-scan.ts';
import type { Composition, Place, Stretch } from '../composition.ts';
import type { StackSize, State } from '../part.ts';
import { growing } from './growing.ts';

interface Filter {
  x: Place | Stretch;
  out: Place;
  channels: number;
  taps: number;
  weight: string;
  state: string;
  /** As in Mamba: a bias, SiLU after it, and the present row's tap last. */
  mamba: boolean;
  /** Rows go behind those of the tokens before. */
  toCache?: boolean;
}

/** Adds a filter over the last rows, which go on from run to run. */
export function callFilter(
  to: Composition,
  name: string,
  { batch, context }: StackSize,
  { x, out, channels, taps, weight, state, mamba, toCache }: Filter,
): void {
  to.call(name, {
    mechanism: shortConvolution,
    variant: 'direct',
    config: {
      batch,
      tokens: context,
      channels,
      width: taps,
      newestLast: mamba,
      activation: mamba ? 'silu' : 'none',
      hasBias: mamba,
    },
    tensors: {
      x,
      out,
      weight: { own: weight },
      past: { own: state },
      ...(mamba && { bias: { own: weight.replace(/weight$/, 'bias') } }),
    },
    runtime: growing({ 'short-convolution.wgsl': channels }, toCache),
  });
}

export const filterState = ({ batch }: StackSize, channels: number, taps: number): State => ({
  axes: ['batch', 'kept', 'filtered'],
  shape: [batch, taps - 1, channels],
  title: 'last rows, for the filter of the next',
  keeps: 'whole',
});

interface Scan {
  x: Place | Stretch;
  dt: Place | Stretch;
  b: Stretch;
  c: Stretch;
  z: Stretch;
  out: Place;
  heads: number;
  headDim: number;
  states: number;
  groups: number;
  form: 's6' | 'ssd';
}

/** Adds the scan: A_log, D and ssm_state are the block's own; dt_bias of SSD, too. */
export function callScan(to: Composition, { batch, context }: StackSize, scan: Scan): void {
  const { x, dt, b, c, z, out, heads, headDim, states, groups, form } = scan;
  const hasBias = form === 'ssd';
  to.call('scan', {
    mechanism: tokenScan,
    variant: 'direct',
    config: { batch, tokens: context, heads, headDim, states, groups, form, hasBias, hasD: true, hasZ: true },
    tensors: {
      x,
      dt,
      B: b,
      C: c,
      z,
      out,
      A: { own: 'A_log' },
      D: { own: 'D' },
      state: { own: 'ssm_state' },
      ...(hasBias && { dt_bias: { own: 'dt_bias' } }),
    },
    runtime: growing({ 'skip-and-gate.wgsl': heads * headDim }),
  });
}

export const scanState = ({ batch }: StackSize, channels: number, states: number): State => ({
  axes: ['batch', 'inner', 'state'],
  shape: [batch, channels, states],
  title: 'state of the scan',
  keeps: 'whole',
});

/** Float64: every channel's rows, each with those before it; what is before the first is 0. @param tap weight of what is `back` rows back */
export function filterRows(
  x: Float64Array,
  channels: number,
  taps: number,
  tap: (channel: number, back: number) => number,
): Float64Array {
  return x.map((_, i) => {
    let sum = 0;
    for (let back = 0; back < taps && i - back * channels >= 0; back++)
      sum += tap(i % channels, back) * x[i - back * channels]!;
    return sum;
  });
}

/**
 * Float64: the recurrence of one channel. @returns its outputs
 *
 * @param token what the channel meets at a token: Δ, its signal, and the maps of its group
 */
export function scanChannel(
  tokens: number,
  rates: readonly number[],
  token: (t: number) => { step: number; x: number; b: ArrayLike<number>; c: ArrayLike<number> },
): number[] {
  const h = rates.map(() => 0);
  return Array.from({ length: tokens }, (_, t) => {
    const { step, x, b, c } = token(t);
    let y = 0;
    for (const [n, rate] of rates.entries()) {
      h[n] = Math.exp(step * rate) * h[n]! + step * b[n]! * x;
      y += c[n]! * h[n];
    }
    return y;
  });
}

export const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
export const silu = (x: number) => x / (1 + Math.exp(-x));

// The block `mamba`: tokens change a state of fixed size, which says how much of each to take in. Source: Gu and Dao 2023
// (arXiv:2312.00752); with norms on Δ, B and C as in Jamba (Lieber et al. 2024, arXiv:2403.19887).

import { z } from '../../core/schema.ts';
import type { PartKind, StackSize, Weight } from '../part.ts';
import {
  aroundBlock,
  callInnerNorm,
  columnsOf,
  mapRows,
  type NormKeys,
  normKeys,
  normWeights,
  referenceAround,
  rmsRows,
} from './norm.ts';
import { callFilter, callScan, filterRows, filterState, scanChannel, scanState, silu, softplus } from './recurrence.ts';

interface MambaKeys extends NormKeys {
  /** Channels of the scan. */
  inner: number;
  /** States of a channel. */
  states: number;
  /** Taps of the filter before the scan. */
  conv: number;
  /** Numbers that Δ is made of. */
  dtRank: number;
  /** RMS norms on what Δ, B and C are made of. */
  innerNorms: boolean;
}

const mapsOf = ({ dtRank, states }: MambaKeys) => dtRank + 2 * states;

/** Where Δ, B and C stand in a row of maps, and the norm of each. */
const mapParts = ({ dtRank, states }: MambaKeys) =>
  [
    { name: 'dt', at: 0, width: dtRank },
    { name: 'b', at: dtRank, width: states },
    { name: 'c', at: dtRank + states, width: states },
  ] as const;

function weights(keys: MambaKeys, size: StackSize): Record<string, Weight> {
  const { inner, states, conv, dtRank, innerNorms } = keys;
  const { width } = size;
  const norms = mapParts(keys).map(({ name, width: columns }): [string, Weight] => [
    `${name}_layernorm.weight`,
    { axes: [name === 'dt' ? 'rank' : 'state'], shape: [columns], title: `scale of the norm of ${name}`, fill: 1 },
  ]);
  return {
    ...normWeights(keys, size),
    'in_proj.weight': { axes: ['both', 'channel'], shape: [2 * inner, width], title: 'map to signal and gate' },
    'conv1d.weight': { axes: ['inner', 'one', 'tap'], shape: [inner, 1, conv], title: 'filters' },
    'conv1d.bias': { axes: ['inner'], shape: [inner], title: 'bias of the filters', fill: 0 },
    'x_proj.weight': { axes: ['map', 'inner'], shape: [mapsOf(keys), inner], title: 'map to Δ, B and C' },
    'dt_proj.weight': { axes: ['inner', 'rank'], shape: [inner, dtRank], title: 'map to the steps' },
    'dt_proj.bias': { axes: ['inner'], shape: [inner], title: 'bias of the steps', fill: -2 },
    A_log: { axes: ['inner', 'state'], shape: [inner, states], title: 'ln of the rates', fill: 0.5 },
    D: { axes: ['inner'], shape: [inner], title: 'way past the scan', fill: 1 },
    'out_proj.weight': { axes: ['channel', 'inner'], shape: [width, inner], title: 'map back' },
    ...(innerNorms && Object.fromEntries(norms)),
  };
}

/** Float64. */
function mix(keys: MambaKeys, { width, epsilon }: StackSize, own: Record<string, ArrayLike<number>>, x: Float64Array) {
  const { inner, states, conv, innerNorms, dtRank } = keys;
  const both = mapRows(x, own['in_proj.weight']!, { k: width, n: 2 * inner });
  const [raw, gate] = [columnsOf(both, 2 * inner, 0, inner), columnsOf(both, 2 * inner, inner, inner)];
  const tap = (channel: number, back: number) => own['conv1d.weight']![channel * conv + conv - 1 - back]!;
  const signal = filterRows(raw, inner, conv, tap).map((sum, i) => silu(sum + own['conv1d.bias']![i % inner]!));
  const maps = mapRows(signal, own['x_proj.weight']!, { k: inner, n: mapsOf(keys) });
  const [dt, b, c] = mapParts(keys).map(({ name, at, width: columns }) => {
    const part = columnsOf(maps, mapsOf(keys), at, columns);
    return innerNorms ? rmsRows(part, own[`${name}_layernorm.weight`]!, epsilon) : part;
  }) as [Float64Array, Float64Array, Float64Array];
  const steps = mapRows(dt, own['dt_proj.weight']!, { k: dtRank, n: inner, bias: own['dt_proj.bias'] }).map(softplus);
  const tokens = x.length / width;
  const y = new Float64Array(tokens * inner);
  for (let channel = 0; channel < inner; channel++) {
    const rates = Array.from({ length: states }, (_, n) => -Math.exp(own.A_log![channel * states + n]!));
    const made = scanChannel(tokens, rates, (t) => ({
      step: steps[t * inner + channel]!,
      x: signal[t * inner + channel]!,
      b: b.subarray(t * states, (t + 1) * states),
      c: c.subarray(t * states, (t + 1) * states),
    }));
    for (const [t, value] of made.entries()) {
      const at = t * inner + channel;
      y[at] = (value + own.D![channel]! * signal[at]!) * silu(gate[at]!);
    }
  }
  return mapRows(y, own['out_proj.weight']!, { k: inner, n: width });
}

export const mamba: PartKind<MambaKeys> = {
  kind: 'mamba',
  title: 'Mamba',
  summary: 'Takes tokens in one after the other into a state of fixed size, and lets each decide how much is kept.',
  keys: z.strictObject({
    ...normKeys,
    inner: z.int().check(z.gte(1), z.lte(2048)),
    states: z._default(z.int().check(z.gte(1), z.lte(32)), 16),
    conv: z._default(z.int().check(z.gte(2), z.lte(8)), 4),
    dtRank: z.int().check(z.gte(1), z.lte(256)),
    innerNorms: z._default(z.boolean(), true),
  }),
  isCausal: () => true,
  weights,
  states: ({ inner, conv, states }, size) => ({
    conv_state: filterState(size, inner, conv),
    ssm_state: scanState(size, inner, states),
  }),
  compile(keys, size, to) {
    const { inner, states, conv, dtRank, innerNorms } = keys;
    const { width } = size;
    const [both, maps] = [{ between: 'signal-and-gate' }, { between: 'maps' }];
    const signal = { between: 'filtered' };
    aroundBlock(to, keys, size, (x, y, residual) => {
      to.linear('in', { x, weight: 'in_proj.weight', y: both, k: width, n: 2 * inner });
      callFilter(to, 'filter', size, {
        x: { of: both, at: 0, columns: 2 * inner },
        out: signal,
        channels: inner,
        taps: conv,
        weight: 'conv1d.weight',
        state: 'conv_state',
        mamba: true,
      });
      to.linear('maps', { x: signal, weight: 'x_proj.weight', y: maps, k: inner, n: mapsOf(keys) });
      const rows = innerNorms ? { between: 'normed-maps' } : maps;
      const columns = mapsOf(keys);
      const parts = mapParts(keys);
      if (innerNorms) {
        for (const { name, at, width: count } of parts)
          callInnerNorm(to, `norm-${name}`, size, {
            x: { of: maps, at, columns },
            out: { of: rows, at, columns },
            weight: `${name}_layernorm.weight`,
            width: count,
          });
      }
      const [dt, b, c] = parts.map(({ at }) => ({ of: rows, at, columns }));
      const steps = { between: 'steps' };
      to.linear('steps', { x: dt!, weight: 'dt_proj.weight', hasBias: true, y: steps, k: dtRank, n: inner });
      const scanned = { between: 'scanned' };
      callScan(to, size, {
        x: signal,
        dt: steps,
        b: b!,
        c: c!,
        z: { of: both, at: inner, columns: 2 * inner },
        out: scanned,
        heads: inner,
        headDim: 1,
        states,
        groups: 1,
        form: 's6',
      });
      to.linear('out', { x: scanned, weight: 'out_proj.weight', y, k: inner, n: width, ...(residual && { residual }) });
    });
  },
  reference: (keys, size, own, x) => referenceAround(keys, size, own, x, (rows) => mix(keys, size, own, rows)),
  cost(keys, { width }) {
    const { inner, states, conv, dtRank } = keys;
    const maps = inner * (3 * width + mapsOf(keys) + dtRank);
    return { multiplies: (tokens) => tokens * (maps + inner * (conv + 3 * states + 1)) };
  },
};

// The block `mamba2`: as Mamba, with one rate for a whole head, and everything that a scan needs from one map. Source: Dao and Gu 2024
// (arXiv:2405.21060), state-spaces/mamba's Mamba2 with norm_before_gate false.

import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { PartKind, StackSize } from '../part.ts';
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

interface Mamba2Keys extends NormKeys {
  /** Channels of the scan. */
  inner: number;
  heads: number;
  /** Channels of a head. */
  headDim: number;
  /** States of a channel. */
  states: number;
  /** Taps of the filter before the scan. */
  conv: number;
  /** Groups of heads, each with B and C of its own. */
  groups: number;
}

/** Columns of B, or of C. */
const mapOf = ({ groups, states }: Mamba2Keys) => groups * states;
/** Columns that are filtered: signal, B, C. */
const filteredOf = (keys: Mamba2Keys) => keys.inner + 2 * mapOf(keys);
/** Gate, what is filtered, steps. */
const rowOf = (keys: Mamba2Keys) => keys.inner + filteredOf(keys) + keys.heads;

/** Float64. */
function mix(keys: Mamba2Keys, { width, epsilon }: StackSize, own: Record<string, ArrayLike<number>>, x: Float64Array) {
  const { inner, heads, headDim, states, conv, groups } = keys;
  const [row, filtered, map] = [rowOf(keys), filteredOf(keys), mapOf(keys)];
  const all = mapRows(x, own['in_proj.weight']!, { k: width, n: row });
  const gate = columnsOf(all, row, 0, inner);
  const tap = (channel: number, back: number) => own['conv1d.weight']![channel * conv + conv - 1 - back]!;
  const mixed = filterRows(columnsOf(all, row, inner, filtered), filtered, conv, tap).map((sum, i) =>
    silu(sum + own['conv1d.bias']![i % filtered]!),
  );
  const steps = columnsOf(all, row, inner + filtered, heads).map((dt, i) => softplus(dt + own.dt_bias![i % heads]!));
  const tokens = x.length / width;
  const y = new Float64Array(tokens * inner);
  for (let channel = 0; channel < inner; channel++) {
    const head = Math.floor(channel / headDim);
    const rate = -Math.exp(own.A_log![head]!);
    const group = Math.floor(head / (heads / groups)) * states;
    const signal = (t: number) => mixed[t * filtered + channel]!;
    const made = scanChannel(tokens, new Array<number>(states).fill(rate), (t) => {
      const [b, c] = [t * filtered + inner + group, t * filtered + inner + map + group];
      return {
        step: steps[t * heads + head]!,
        x: signal(t),
        b: mixed.subarray(b, b + states),
        c: mixed.subarray(c, c + states),
      };
    });
    for (const [t, value] of made.entries()) {
      const at = t * inner + channel;
      y[at] = (value + own.D![head]! * signal(t)) * silu(gate[at]!);
    }
  }
  return mapRows(rmsRows(y, own['gate_norm.weight']!, epsilon), own['out_proj.weight']!, { k: inner, n: width });
}

export const mamba2: PartKind<Mamba2Keys> = {
  kind: 'mamba2',
  title: 'Mamba-2',
  summary:
    'Takes tokens in one after the other into the states of its heads, each of which forgets at a pace of its own.',
  keys: z.strictObject({
    ...normKeys,
    inner: z.int().check(z.gte(1), z.lte(2048)),
    heads: z.int().check(z.gte(1), z.lte(64)),
    headDim: z.int().check(z.gte(1), z.lte(128)),
    states: z._default(z.int().check(z.gte(1), z.lte(32)), 16),
    conv: z._default(z.int().check(z.gte(2), z.lte(8)), 4),
    groups: z._default(z.int().check(z.gte(1), z.lte(8)), 1),
  }),
  isCausal: () => true,
  accept({ inner, heads, headDim, groups }) {
    if (heads * headDim !== inner) {
      const message = `${heads} heads of ${headDim} channels have ${heads * headDim}, not ${inner}`;
      throw new EngineError('bad-config', message, { field: 'inner', value: inner, limit: heads * headDim });
    }
    if (heads % groups !== 0) {
      const message = `${heads} heads cannot share ${groups} groups evenly`;
      throw new EngineError('bad-config', message, { field: 'groups', value: groups, limit: heads });
    }
  },
  weights(keys, size) {
    const { inner, heads, conv } = keys;
    const { width } = size;
    const filtered = filteredOf(keys);
    const ofHeads = (title: string, fill: number) => ({ axes: ['head'], shape: [heads], title, fill });
    return {
      ...normWeights(keys, size),
      'in_proj.weight': {
        axes: ['all', 'channel'],
        shape: [rowOf(keys), width],
        title: 'map to gate, signal, B, C and steps',
      },
      'conv1d.weight': { axes: ['filtered', 'one', 'tap'], shape: [filtered, 1, conv], title: 'filters' },
      'conv1d.bias': { axes: ['filtered'], shape: [filtered], title: 'bias of the filters', fill: 0 },
      dt_bias: ofHeads('bias of the steps', -2),
      A_log: ofHeads('ln of the rates', 0.5),
      D: ofHeads('way past the scan', 1),
      'gate_norm.weight': { axes: ['inner'], shape: [inner], title: 'scale of the norm after the gate', fill: 1 },
      'out_proj.weight': { axes: ['channel', 'inner'], shape: [width, inner], title: 'map back' },
    };
  },
  states: (keys, size) => ({
    conv_state: filterState(size, filteredOf(keys), keys.conv),
    ssm_state: scanState(size, keys.inner, keys.states),
  }),
  compile(keys, size, to) {
    const { inner, heads, headDim, states, conv, groups } = keys;
    const { width } = size;
    const [row, filtered] = [rowOf(keys), filteredOf(keys)];
    const [all, mixed] = [{ between: 'gate-signal-maps-steps' }, { between: 'filtered' }];
    const [scanned, normed] = [{ between: 'scanned' }, { between: 'normed-scan' }];
    aroundBlock(to, keys, size, (x, y, residual) => {
      to.linear('in', { x, weight: 'in_proj.weight', y: all, k: width, n: row });
      callFilter(to, 'filter', size, {
        x: { of: all, at: inner, columns: row },
        out: mixed,
        channels: filtered,
        taps: conv,
        weight: 'conv1d.weight',
        state: 'conv_state',
        mamba: true,
      });
      callScan(to, size, {
        x: { of: mixed, at: 0, columns: filtered },
        dt: { of: all, at: inner + filtered, columns: row },
        b: { of: mixed, at: inner, columns: filtered },
        c: { of: mixed, at: inner + mapOf(keys), columns: filtered },
        z: { of: all, at: 0, columns: row },
        out: scanned,
        heads,
        headDim,
        states,
        groups,
        form: 'ssd',
      });
      callInnerNorm(to, 'gate-norm', size, { x: scanned, out: normed, weight: 'gate_norm.weight', width: inner });
      to.linear('out', { x: normed, weight: 'out_proj.weight', y, k: inner, n: width, ...(residual && { residual }) });
    });
  },
  reference: (keys, size, own, x) => referenceAround(keys, size, own, x, (rows) => mix(keys, size, own, rows)),
  cost(keys, { width }) {
    const { inner, states, conv } = keys;
    const maps = width * (rowOf(keys) + inner) + filteredOf(keys) * conv;
    return { multiplies: (tokens) => tokens * (maps + inner * (3 * states + 1)) };
  },
};

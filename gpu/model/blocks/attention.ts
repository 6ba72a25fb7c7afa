// The block `attention`: every token gathers from those that it sees. Keys and values are kept, so that a token more costs one row.

import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { attention as mechanism } from '../../mechanisms/attention/attention.ts';
import type { PassSpec, Runtime } from '../../plan/plan.ts';
import type { Composition, Place } from '../composition.ts';
import type { Output, PartKind, StackSize, State, Weight, Weights64 } from '../part.ts';
import { aroundBlock, mapRows, type NormKeys, normKeys, normRows, normWeights, referenceAround } from './norm.ts';
import { callFilter, filterRows, filterState } from './recurrence.ts';
import { callRotary, rotateRows } from './rotary.ts';

interface AttentionKeys extends NormKeys {
  heads: number;
  /** Heads of keys and values, each shared by as many query heads; as many as `heads` where absent. */
  kvHeads?: number | undefined;
  /** Channels of a head; the width shared out among the heads where absent. */
  headDim?: number | undefined;
  causal: boolean;
  /** Tokens before its own that a token sees; −1 for all. */
  window: number;
  bias: boolean;
  /** Factor of the scores; 1/√headDim where absent. */
  scale?: number | undefined;
  variant: 'standard' | 'flash-v1' | 'flash-v2';
  /** Taps of a causal filter over the rows of q, k and v each; 0 is none. Source: So et al. 2021 (arXiv:2109.08668). */
  qkvConv: 0 | 3;
}

/** With everything known. */
interface Heads {
  heads: number;
  kvHeads: number;
  headDim: number;
}

export function headsOf({ heads, kvHeads = heads, headDim }: AttentionKeys, { width }: StackSize): Heads {
  return { heads, kvHeads, headDim: headDim ?? Math.max(1, Math.floor(width / heads)) };
}

/** Rows of a tile of queries: few for a token, more for a text. */
export const TILES = { step: 8, prefill: 16 };
export const KEYS_PER_TILE = 16;

/** Rows of queries and keys, and workgroups, as a run says. */
export function runtimeOf({ kernel, constants, params }: PassSpec): Runtime {
  const members = { nq: 'tokens', nk: 'keys' };
  const known = Object.entries(members).filter(([member]) => Object.hasOwn(params, member));
  const per = kernel === 'standard-softmax.wgsl' ? 1 : (constants.BR as number);
  const tiles = kernel === 'flash-v1.wgsl' ? null : { of: 'tokens', per };
  return { params: Object.fromEntries(known), workgroups: [tiles, null, null] };
}

/** Projects to q, k or v, in heads, filters and turns them where that is asked for; the last of these writes to `y`. */
function compileRows(
  name: 'q' | 'k' | 'v',
  { x, y, heads, headDim }: { x: Place; y: Place; heads: number; headDim: number },
  { bias: hasBias, qkvConv }: AttentionKeys,
  size: StackSize,
  to: Composition,
): void {
  const n = heads * headDim;
  const isTurned = size.positions.kind === 'rope' && name !== 'v';
  const isCached = name !== 'q';
  const [projected, filtered] = [{ between: `${name}-projected` }, { between: `${name}-filtered` }];
  const isMore = qkvConv > 0 || isTurned;
  const first = isMore ? projected : y;
  const toCache = isCached && !isMore;
  to.linear(name, { x, weight: `${name}_proj.weight`, hasBias, k: size.width, n, y: first, toCache });
  if (qkvConv > 0)
    callFilter(to, `${name}-filter`, size, {
      x: projected,
      out: isTurned ? filtered : y,
      channels: n,
      taps: qkvConv,
      weight: `${name}_conv`,
      state: `${name}_conv_state`,
      mamba: false,
      toCache: isCached && !isTurned,
    });
  const last = qkvConv > 0 ? filtered : projected;
  if (isTurned) callRotary(to, `${name}-turn`, size, { x: last, y, heads, headDim, toCache: isCached });
}

function compileHeads(keys: AttentionKeys, size: StackSize, to: Composition): void {
  const { heads, kvHeads, headDim } = headsOf(keys, size);
  const { batch, context, width } = size;
  const { causal, window, scale, variant, bias: hasBias } = keys;
  aroundBlock(to, keys, size, (x, y, residual) => {
    compileRows('q', { x, y: { between: 'q' }, heads, headDim }, keys, size, to);
    compileRows('k', { x, y: { own: 'k_cache' }, heads: kvHeads, headDim }, keys, size, to);
    compileRows('v', { x, y: { own: 'v_cache' }, heads: kvHeads, headDim }, keys, size, to);
    const br = to.isStep ? TILES.step : TILES.prefill;
    const sizes = { batch, heads, kvHeads, headDim, nq: context, nk: context, br, bc: KEYS_PER_TILE };
    to.call('attend', {
      mechanism,
      variant,
      config: { ...sizes, causal, windowLeft: window, ...(scale !== undefined && { scale }) },
      tensors: { q: { between: 'q' }, k: { own: 'k_cache' }, v: { own: 'v_cache' }, out: { between: 'attended' } },
      runtime: runtimeOf,
    });
    to.linear('o', {
      x: { between: 'attended' },
      weight: 'o_proj.weight',
      hasBias,
      y,
      k: heads * headDim,
      n: width,
      ...(residual && { residual }),
    });
  });
}

/** Float64, with q [tokens, heads, headDim] and k, v [tokens, kvHeads, headDim]: out[i] = Σ_j softmax_j(scale · q_i · k_j) v_j over the keys that token i sees. */
export function gather(
  { causal, window, scale }: Pick<AttentionKeys, 'causal' | 'window' | 'scale'>,
  { heads, kvHeads, headDim }: Heads,
  { q, k, v }: Record<'q' | 'k' | 'v', Float64Array>,
): Float64Array {
  const tokens = q.length / (heads * headDim);
  const out = new Float64Array(q.length);
  const factor = scale ?? 1 / Math.sqrt(headDim);
  for (let i = 0; i < tokens; i++) {
    for (let head = 0; head < heads; head++) {
      const kvHead = Math.floor(head / (heads / kvHeads));
      const first = window < 0 ? 0 : Math.max(0, i - window);
      const end = causal ? i + 1 : tokens;
      const at = (i * heads + head) * headDim;
      const keyAt = (j: number) => (j * kvHeads + kvHead) * headDim;
      const scores = Array.from({ length: end - first }, (_, index) => {
        let product = 0;
        for (let c = 0; c < headDim; c++) product += q[at + c]! * k[keyAt(first + index) + c]!;
        return factor * product;
      });
      const largest = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - largest));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      for (const [index, weight] of weights.entries())
        for (let c = 0; c < headDim; c++) out[at + c]! += (weight / sum) * v[keyAt(first + index) + c]!;
    }
  }
  return out;
}

/** Float64: queries, keys or values of all heads, as they meet. @param x rows after the norm */
function rowsOf(
  name: 'q' | 'k' | 'v',
  keys: AttentionKeys,
  size: StackSize,
  weights: Weights64,
  x: Float64Array,
): Float64Array {
  const { heads, kvHeads, headDim } = headsOf(keys, size);
  const own = name === 'q' ? heads : kvHeads;
  const n = own * headDim;
  const bias = weights[`${name}_proj.bias`];
  const projected = mapRows(x, weights[`${name}_proj.weight`]!, { k: size.width, n, bias });
  const tap = (channel: number, back: number) => weights[`${name}_conv`]![back * n + channel]!;
  const filtered = keys.qkvConv > 0 ? filterRows(projected, n, keys.qkvConv, tap) : projected;
  return size.positions.kind === 'rope' && name !== 'v' ? rotateRows(filtered, own, headDim, size) : filtered;
}

const filters = (taps: number, projected: number): Weight => ({
  axes: ['tap', 'projected'],
  shape: [taps, projected],
  title: 'filters: tap s is for s tokens back',
});

export const attention: PartKind<AttentionKeys> = {
  kind: 'attention',
  title: 'Attention',
  summary: 'Lets every token look at the others and gather what they hold, by how well its query meets their keys.',
  keys: z.strictObject({
    ...normKeys,
    heads: z.int().check(z.gte(1), z.lte(64)),
    kvHeads: z.optional(z.int().check(z.gte(1), z.lte(64))),
    headDim: z.optional(z.int().check(z.gte(1), z.lte(128))),
    causal: z._default(z.boolean(), true),
    window: z._default(z.int().check(z.gte(-1)), -1),
    bias: z._default(z.boolean(), false),
    scale: z.optional(z.number()),
    variant: z._default(z.enum(['standard', 'flash-v1', 'flash-v2']), 'flash-v2'),
    qkvConv: z._default(z.union([z.literal(0), z.literal(3)]), 0),
  }),
  isCausal: ({ causal }) => causal,
  accept(keys, size) {
    const { heads, kvHeads, headDim } = headsOf(keys, size);
    const { kind } = size.positions;
    if (kind === 'alibi') {
      const message = 'positions are alibi, whose slopes attention’s kernels do not take yet';
      throw new EngineError('unsupported', message, {
        field: 'positions.kind',
        value: kind,
        limit: ['rope', 'learned'],
      });
    }
    if (kind === 'rope' && headDim % 2 !== 0) {
      const message = `rope turns pairs of channels; a head has ${headDim}`;
      throw new EngineError('bad-config', message, { field: 'headDim', value: headDim, limit: 'an even number' });
    }
    if (keys.headDim === undefined && size.width % heads !== 0) {
      const message = `${heads} heads cannot share a width of ${size.width} evenly: give headDim`;
      throw new EngineError('bad-config', message, { field: 'heads', value: heads, limit: size.width });
    }
    if (heads % kvHeads !== 0) {
      const message = `${heads} query heads cannot share ${kvHeads} heads of keys evenly`;
      throw new EngineError('bad-config', message, { field: 'kvHeads', value: kvHeads, limit: heads });
    }
  },
  weights(keys, size) {
    const { heads, kvHeads, headDim } = headsOf(keys, size);
    const { width } = size;
    const map = (name: string, rows: number, title: string): [string, Weight][] => [
      [`${name}.weight`, { axes: ['projected', 'channel'], shape: [rows, width], title }],
      ...(keys.bias
        ? [
            [`${name}.bias`, { axes: ['projected'], shape: [rows], title: `bias: ${title}`, fill: 0 }] as [
              string,
              Weight,
            ],
          ]
        : []),
    ];
    return {
      ...normWeights(keys, size),
      ...Object.fromEntries([
        ...map('q_proj', heads * headDim, 'map to queries'),
        ...map('k_proj', kvHeads * headDim, 'map to keys'),
        ...map('v_proj', kvHeads * headDim, 'map to values'),
      ]),
      'o_proj.weight': { axes: ['channel', 'projected'], shape: [width, heads * headDim], title: 'map back' },
      ...(keys.qkvConv > 0 && {
        q_conv: filters(keys.qkvConv, heads * headDim),
        k_conv: filters(keys.qkvConv, kvHeads * headDim),
        v_conv: filters(keys.qkvConv, kvHeads * headDim),
      }),
      ...(keys.bias && { 'o_proj.bias': { axes: ['channel'], shape: [width], title: 'bias: map back', fill: 0 } }),
    };
  },
  states(keys, size) {
    const { heads, kvHeads, headDim } = headsOf(keys, size);
    const { qkvConv } = keys;
    const rows = (title: string): State => ({
      axes: ['batch', 'key', 'group', 'column'],
      shape: [size.batch, size.context, kvHeads, headDim],
      title,
      keeps: 'rows',
    });
    return {
      k_cache: rows('keys of all tokens'),
      v_cache: rows('values of all tokens'),
      ...(qkvConv > 0 && {
        q_conv_state: filterState(size, heads * headDim, qkvConv),
        k_conv_state: filterState(size, kvHeads * headDim, qkvConv),
        v_conv_state: filterState(size, kvHeads * headDim, qkvConv),
      }),
    };
  },
  outputs(keys, size) {
    const { heads, kvHeads, headDim } = headsOf(keys, size);
    const rows = (name: 'q' | 'k' | 'v', own: number, title: string): Output => ({
      axes: ['batch', 'token', name === 'q' ? 'projected' : 'shared'],
      shape: [size.batch, size.context, own * headDim],
      title,
      ...(name === 'q' && { passing: true }),
      reference(weights, x) {
        const input = keys.place === 'pre' ? normRows(keys, size, weights, x) : Float64Array.from(x);
        return rowsOf(name, keys, size, weights, input);
      },
    });
    return {
      q: rows('q', heads, 'queries as they meet the keys'),
      k_cache: rows('k', kvHeads, 'keys as they are kept'),
      v_cache: rows('v', kvHeads, 'values as they are kept'),
    };
  },
  compile: (keys, size, to) => compileHeads(keys, size, to),
  reference(keys, size, weights, x) {
    const sizes = headsOf(keys, size);
    const { heads, headDim } = sizes;
    const { width } = size;
    return referenceAround(keys, size, weights, x, (rows) => {
      const [q, k, v] = (['q', 'k', 'v'] as const).map((name) => rowsOf(name, keys, size, weights, rows)) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const attended = gather(keys, sizes, { q, k, v });
      const back = { k: heads * headDim, n: width, bias: weights['o_proj.bias'] };
      return mapRows(attended, weights['o_proj.weight']!, back);
    });
  },
  cost(keys, size) {
    const { heads, kvHeads, headDim } = headsOf(keys, size);
    const taps = keys.qkvConv * headDim * (heads + 2 * kvHeads);
    const projections = size.width * headDim * (2 * heads + 2 * kvHeads) + taps;
    return {
      multiplies(tokens, position) {
        const seen = (token: number) => {
          const all = keys.causal ? position + token + 1 : position + tokens;
          return keys.window < 0 ? all : Math.min(all, keys.window + 1);
        };
        const pairs = Array.from({ length: tokens }, (_, token) => seen(token)).reduce((sum, each) => sum + each, 0);
        return tokens * projections + 2 * heads * headDim * pairs;
      },
    };
  },
};

// The block `attention`: every token gathers from those that it sees. Keys and values are kept, so that a token more costs one row.

import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { attention as mechanism } from '../../mechanisms/attention/index.ts';
import type { PassSpec, Runtime } from '../../plan/plan.ts';
import type { Composition } from '../composition.ts';
import type { PartKind, StackSize, State, Weight } from '../part.ts';
import { aroundBlock, mapRows, type NormKeys, normKeys, normWeights, referenceAround } from './norm.ts';

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

function compileHeads(keys: AttentionKeys, size: StackSize, to: Composition): void {
  const { heads, kvHeads, headDim } = headsOf(keys, size);
  const { batch, context, width } = size;
  const { causal, window, scale, variant, bias: hasBias } = keys;
  aroundBlock(to, keys, size, (x, y, residual) => {
    const project = { x, hasBias, k: width };
    to.linear('q', { ...project, weight: 'q_proj.weight', n: heads * headDim, y: { between: 'q' } });
    const cached = { ...project, n: kvHeads * headDim, toCache: true };
    to.linear('k', { ...cached, weight: 'k_proj.weight', y: { own: 'k_cache' } });
    to.linear('v', { ...cached, weight: 'v_proj.weight', y: { own: 'v_cache' } });
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
  }),
  isCausal: ({ causal }) => causal,
  accept(keys, size) {
    const { heads, kvHeads } = headsOf(keys, size);
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
      ...(keys.bias && { 'o_proj.bias': { axes: ['channel'], shape: [width], title: 'bias: map back', fill: 0 } }),
    };
  },
  states(keys, size) {
    const { kvHeads, headDim } = headsOf(keys, size);
    const rows = (title: string): State => ({
      axes: ['batch', 'key', 'group', 'column'],
      shape: [size.batch, size.context, kvHeads, headDim],
      title,
      keeps: 'rows',
    });
    return { k_cache: rows('keys of all tokens'), v_cache: rows('values of all tokens') };
  },
  compile: (keys, size, to) => compileHeads(keys, size, to),
  reference(keys, size, weights, x) {
    const sizes = headsOf(keys, size);
    const { heads, kvHeads, headDim } = sizes;
    const { width } = size;
    return referenceAround(keys, size, weights, x, (rows) => {
      const map = (name: string, n: number) =>
        mapRows(rows, weights[`${name}.weight`]!, { k: width, n, bias: weights[`${name}.bias`] });
      const [q, k, v] = [
        map('q_proj', heads * headDim),
        map('k_proj', kvHeads * headDim),
        map('v_proj', kvHeads * headDim),
      ];
      const attended = gather(keys, sizes, { q, k, v });
      const back = { k: heads * headDim, n: width, bias: weights['o_proj.bias'] };
      return mapRows(attended, weights['o_proj.weight']!, back);
    });
  },
  cost(keys, size) {
    const { heads, kvHeads, headDim } = headsOf(keys, size);
    const projections = size.width * headDim * (2 * heads + 2 * kvHeads);
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

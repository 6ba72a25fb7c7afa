// The block `cct`: attention and feed-forward of Compact Transformers, whose second way past starts from the normalised stream. Source:
// Hassani et al. 2021 (arXiv:2104.05704); `TransformerEncoderLayer` of Compact Transformers, as its code has it.

import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { attention as mechanism } from '../../mechanisms/attention/attention.ts';
import { addPositions } from '../../primitives/add-positions/add-positions.ts';
import { activations } from '../../primitives/linear/reference.ts';
import type { Composition } from '../composition.ts';
import type { PartKind, StackSize, Weight, Weights64 } from '../part.ts';
import { gather, KEYS_PER_TILE, runtimeOf, TILES } from './attention.ts';
import { callNorm, mapRows, normRows } from './norm.ts';

interface CctKeys {
  heads: number;
  /** Units of the wide layer. */
  hidden: number;
}

const NORM = { norm: 'layer' } as const;

function attend({ heads }: CctKeys, { batch, context, width }: StackSize, to: Composition): void {
  // Rows of the one weight: those of the queries, then of the keys, then of the values.
  for (const [i, name] of ['q', 'k', 'v'].entries()) {
    const weightRows = { first: i * width, of: 3 * width };
    const y = { between: name };
    to.linear(name, { x: { between: 'normed' }, weight: 'self_attn.qkv.weight', weightRows, y, k: width, n: width });
  }
  const sizes = { batch, heads, kvHeads: heads, headDim: width / heads, nq: context, nk: context };
  to.call('attend', {
    mechanism,
    variant: 'flash-v2',
    config: { ...sizes, br: TILES.prefill, bc: KEYS_PER_TILE },
    tensors: { q: { between: 'q' }, k: { between: 'k' }, v: { between: 'v' }, out: { between: 'attended' } },
    runtime: runtimeOf,
  });
  to.linear('proj', {
    x: { between: 'attended' },
    weight: 'self_attn.proj.weight',
    hasBias: true,
    y: { between: 'attn' },
    k: width,
    n: width,
  });
}

/** What attention gives is kept by itself, beside the sum. */
function add({ batch, context, width }: StackSize, to: Composition): void {
  to.call('add', {
    mechanism: addPositions,
    variant: 'direct',
    config: { batch: 1, tokens: batch * context, width, hasPositions: true },
    tensors: { x: 'x', positions: { between: 'attn' }, out: { between: 'sum' } },
    runtime: () => ({ workgroups: [null, { of: 'tokens', per: 1 }, null] }),
  });
}

/** Float64: the norm that is called `name`. */
const normed = (name: string, size: StackSize, weights: Weights64, x: ArrayLike<number>) =>
  normRows(NORM, size, { 'norm.weight': weights[`${name}.weight`]!, 'norm.bias': weights[`${name}.bias`]! }, x);

/** Float64: what attention gives, the normalised stream, and what comes out. */
function forward(
  { heads, hidden }: CctKeys,
  size: StackSize,
  weights: Weights64,
  x: ArrayLike<number>,
): Record<'attn' | 'mid' | 'out', Float64Array> {
  const { width } = size;
  const rows = normed('pre_norm', size, weights, x);
  const qkv = mapRows(rows, weights['self_attn.qkv.weight']!, { k: width, n: 3 * width });
  const part = (which: number) =>
    Float64Array.from(rows, (_, i) => qkv[Math.floor(i / width) * 3 * width + which * width + (i % width)]!);
  const all = { causal: false, window: -1, scale: undefined };
  const sizes = { heads, kvHeads: heads, headDim: width / heads };
  const attended = gather(all, sizes, { q: part(0), k: part(1), v: part(2) });
  const back = { k: width, n: width, bias: weights['self_attn.proj.bias'] };
  const attn = mapRows(attended, weights['self_attn.proj.weight']!, back);
  const sum = attn.map((value, i) => value + x[i]!);
  const mid = normed('norm1', size, weights, sum);
  const wide = { k: width, n: hidden, bias: weights['linear1.bias'] };
  const units = mapRows(mid, weights['linear1.weight']!, wide).map(activations.gelu);
  const narrow = { k: hidden, n: width, bias: weights['linear2.bias'] };
  const out = mapRows(units, weights['linear2.weight']!, narrow).map((value, i) => value + mid[i]!);
  return { attn, mid, out };
}

function weightsOf({ hidden }: CctKeys, { width }: StackSize): Record<string, Weight> {
  const vector = (axis: string, extent: number, title: string, fill: number) => ({
    axes: [axis],
    shape: [extent],
    title,
    fill,
  });
  const norm = (name: string): Record<string, Weight> => ({
    [`${name}.weight`]: vector('channel', width, 'scale of the norm', 1),
    [`${name}.bias`]: vector('channel', width, 'shift of the norm', 0),
  });
  return {
    ...norm('pre_norm'),
    'self_attn.qkv.weight': {
      axes: ['projected', 'channel'],
      shape: [3 * width, width],
      title: 'map to queries, keys and values',
    },
    'self_attn.proj.weight': { axes: ['channel', 'inner'], shape: [width, width], title: 'map back' },
    'self_attn.proj.bias': vector('channel', width, 'bias: map back', 0),
    ...norm('norm1'),
    'linear1.weight': { axes: ['unit', 'channel'], shape: [hidden, width], title: 'map to the units' },
    'linear1.bias': vector('unit', hidden, 'bias of the units', 0),
    'linear2.weight': { axes: ['channel', 'unit'], shape: [width, hidden], title: 'map of the units back' },
    'linear2.bias': vector('channel', width, 'bias of the result', 0),
  };
}

export const cct: PartKind<CctKeys> = {
  kind: 'cct',
  title: 'Compact transformer layer',
  summary: 'Lets every token look at all others, then looks at each by itself; the normalised sum goes on.',
  keys: z.strictObject({
    heads: z.int().check(z.gte(1), z.lte(64)),
    hidden: z.int().check(z.gte(1), z.lte(4096)),
  }),
  accept({ heads }, { width }) {
    if (width % heads === 0) return;
    const message = `${heads} heads cannot share a width of ${width} evenly`;
    throw new EngineError('bad-config', message, { field: 'heads', value: heads, limit: width });
  },
  weights: weightsOf,
  outputs: (keys, size) => {
    const rows = {
      axes: ['batch', 'token', 'channel'],
      shape: [size.batch, size.context, size.width],
      passing: true as const,
    };
    const of = (name: 'attn' | 'mid') => (weights: Weights64, x: ArrayLike<number>) =>
      forward(keys, size, weights, x)[name];
    return {
      attn: { ...rows, title: 'what attention gives', reference: of('attn') },
      mid: { ...rows, title: 'normalised sum', reference: of('mid') },
    };
  },
  compile(keys, size, to) {
    const { width } = size;
    callNorm(to, NORM, size, 'x', { between: 'normed' }, 'pre_norm');
    attend(keys, size, to);
    add(size, to);
    const mid = { between: 'mid' };
    callNorm(to, NORM, size, { between: 'sum' }, mid, 'norm1');
    const [k, n] = [width, keys.hidden];
    const units = { between: 'units' };
    to.linear('linear1', { x: mid, weight: 'linear1.weight', hasBias: true, activation: 'gelu', y: units, k, n });
    to.linear('linear2', { x: units, weight: 'linear2.weight', hasBias: true, y: 'y', residual: mid, k: n, n: k });
  },
  reference: (keys, size, weights, x) => forward(keys, size, weights, x).out,
  cost: ({ hidden }, { width }) => ({
    multiplies: (tokens, position) =>
      tokens * width * (4 * width + 2 * hidden) + 2 * width * tokens * (position + tokens),
  }),
};

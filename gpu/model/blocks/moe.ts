// The block `moe`: a router sends every token to a few of many small feed-forward networks. Source: Lieber et al. 2024 (arXiv:2403.19887);
// with `renormalise` Jiang et al. 2024 (arXiv:2401.04088).

import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import { moe as mechanism } from '../../mechanisms/moe/moe.ts';
import type { PassSpec, Runtime } from '../../plan/plan.ts';
import { addPositions } from '../../primitives/add-positions/add-positions.ts';
import type { Composition, Place } from '../composition.ts';
import type { PartKind, StackSize, Weights64 } from '../part.ts';
import { aroundBlock, mapRows, type NormKeys, normKeys, normRows, normWeights, referenceAround } from './norm.ts';
import { silu } from './recurrence.ts';

interface MoeKeys extends NormKeys {
  experts: number;
  /** Experts that a token goes to. */
  topK: number;
  /** Units of an expert. */
  hidden: number;
  /** Whether the weights of a token's experts add up to 1. */
  renormalise: boolean;
}

/** Tokens make more workgroups for the router and the sum; experts are as many as they are. */
const runtimeOf =
  (width: number) =>
  ({ kernel, constants, params }: PassSpec): Runtime => {
    const per: Record<string, number> = { 'route.wgsl': 1, 'combine.wgsl': (constants.LANES as number) / width };
    const share = per[kernel] === undefined ? null : { of: 'tokens', per: per[kernel] };
    return {
      ...(Object.hasOwn(params, 'tokens') && { params: { tokens: 'tokens' } }),
      workgroups: [share, null, null],
    };
  };

function compileExperts(keys: MoeKeys, size: StackSize, to: Composition, x: Place, out: Place): void {
  const { experts, topK, hidden: ffn, renormalise } = keys;
  const { batch, context, width: dim } = size;
  to.call('experts', {
    mechanism,
    variant: 'top-k',
    config: { batch, seqlen: context, dim, ffn, experts, topK, renormalise },
    tensors: {
      hidden_states: x,
      router_weight: { own: 'router.weight' },
      gate_proj: { own: 'gate_proj' },
      up_proj: { own: 'up_proj' },
      down_proj: { own: 'down_proj' },
      router_logits: { own: 'router_logits' },
      selected_experts: { own: 'selected_experts' },
      out,
    },
    runtime: runtimeOf(dim),
  });
}

/** Float64: logits of the router, and of every token the experts that it goes to, the largest first; of equals the lower index. */
function routed({ experts, topK, renormalise }: MoeKeys, width: number, own: Weights64, x: Float64Array) {
  const logits = mapRows(x, own['router.weight']!, { k: width, n: experts });
  const choices = Array.from({ length: x.length / width }, (_, token) => {
    const row = Array.from(logits.subarray(token * experts, (token + 1) * experts));
    const largest = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - largest));
    const order = [...row.keys()].sort((a, b) => row[b]! - row[a]! || a - b).slice(0, topK);
    const all = (renormalise ? order : [...row.keys()]).reduce((sum, expert) => sum + powers[expert]!, 0);
    return order.map((expert) => ({ expert, share: powers[expert]! / all }));
  });
  return { logits, choices };
}

/** Float64. */
function mix(keys: MoeKeys, { width }: StackSize, own: Weights64, x: Float64Array): Float64Array {
  const { hidden } = keys;
  const size = hidden * width;
  const map = (name: string, expert: number, row: ArrayLike<number>, k: number, n: number) =>
    mapRows(row, Array.prototype.slice.call(own[name], expert * size, (expert + 1) * size), { k, n });
  const out = new Float64Array(x.length);
  for (const [token, chosen] of routed(keys, width, own, x).choices.entries()) {
    const row = x.subarray(token * width, (token + 1) * width);
    for (const { expert, share } of chosen) {
      const up = map('up_proj', expert, row, width, hidden);
      const units = map('gate_proj', expert, row, width, hidden).map((gate, i) => silu(gate) * up[i]!);
      for (const [c, value] of map('down_proj', expert, units, hidden, width).entries())
        out[token * width + c]! += share * value;
    }
  }
  return out;
}

/** Float64: what the router sees. */
const inputOf = (keys: MoeKeys, size: StackSize, own: Weights64, x: ArrayLike<number>) =>
  keys.place === 'pre' ? normRows(keys, size, own, x) : Float64Array.from(x);

export const moe: PartKind<MoeKeys> = {
  kind: 'moe',
  title: 'Mixture of experts',
  summary: 'Sends every token to a few of many small feed-forward networks: much knowledge, little work.',
  keys: z.strictObject({
    ...normKeys,
    experts: z.int().check(z.gte(1), z.lte(64)),
    topK: z.int().check(z.gte(1), z.lte(8)),
    hidden: z.int().check(z.gte(1), z.lte(1024)),
    renormalise: z._default(z.boolean(), false),
  }),
  isCausal: () => true,
  accept({ topK, experts }) {
    if (topK <= experts) return;
    const message = `a token cannot go to ${topK} of ${experts} experts`;
    throw new EngineError('bad-config', message, { field: 'topK', value: topK, limit: experts });
  },
  weights(keys, size) {
    const { experts, hidden } = keys;
    const { width } = size;
    const into = (title: string) => ({ axes: ['expert', 'unit', 'channel'], shape: [experts, hidden, width], title });
    return {
      ...normWeights(keys, size),
      'router.weight': { axes: ['expert', 'channel'], shape: [experts, width], title: 'a row for every expert' },
      gate_proj: into('maps to the gates of the units'),
      up_proj: into('maps to the units'),
      down_proj: { axes: ['expert', 'channel', 'unit'], shape: [experts, width, hidden], title: 'maps back' },
    };
  },
  outputs: (keys, size) => ({
    router_logits: {
      axes: ['batch', 'token', 'expert'],
      shape: [size.batch, size.context, keys.experts],
      title: 'logits of the router',
      reference: (own, x) => routed(keys, size.width, own, inputOf(keys, size, own, x)).logits,
    },
    selected_experts: {
      axes: ['batch', 'token', 'slot'],
      shape: [size.batch, size.context, keys.topK],
      dtype: 'i32',
      title: 'chosen experts',
      reference: (own, x) =>
        Float64Array.from(
          routed(keys, size.width, own, inputOf(keys, size, own, x)).choices.flatMap((chosen) =>
            chosen.map(({ expert }) => expert),
          ),
        ),
    },
  }),
  compile(keys, size, to) {
    const { batch, context, width } = size;
    aroundBlock(to, keys, size, (x, y, residual) => {
      const made = { between: 'made' };
      compileExperts(keys, size, to, x, residual ? made : y);
      if (!residual) return;
      to.call('add', {
        mechanism: addPositions,
        variant: 'direct',
        config: { batch: 1, tokens: batch * context, width, hasPositions: true },
        tensors: { x: residual, positions: made, out: y },
        runtime: () => ({ workgroups: [null, { of: 'tokens', per: 1 }, null] }),
      });
    });
  },
  reference: (keys, size, own, x) => referenceAround(keys, size, own, x, (rows) => mix(keys, size, own, rows)),
  cost: ({ experts, topK, hidden }, { width }) => ({
    multiplies: (tokens) => tokens * width * (experts + 3 * topK * hidden),
  }),
};

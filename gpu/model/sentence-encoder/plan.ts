// The first transformer layer up to its q, k and v, out of three primitives:
// ids → embedding and timing signal (x) → layer norm (h) → three projections (q, k, v).

import type { Tensor } from '../../core/tensor.ts';
import type { Limits, Mechanism } from '../../mechanisms/mechanism.ts';
import { concat, type NamedPlan } from '../../plan/concat.ts';
import type { Plan } from '../../plan/plan.ts';
import { embedding } from '../../primitives/embedding/embedding.ts';
import { layernorm } from '../../primitives/layernorm/layernorm.ts';
import { matmul } from '../../primitives/matmul/matmul.ts';
import type { EncoderConfig } from './config.ts';

/** The package adds the timing signal to the embedding and the embedding to that sum: x = 2 · embedding + timing. */
const EMBEDDING_SCALE = 2;

export const kernels = [embedding, layernorm, matmul].flatMap(({ variants }) =>
  variants.flatMap((each) => each.kernels),
);

/** Refuses ids and rates that the embedding kernel cannot take. @throws EngineError bad-input, shape-mismatch */
export function checkTokens({ n, vocabularySize, width }: EncoderConfig, inputs: Record<string, Tensor>): void {
  const { ids, timing_rates: rates } = inputs;
  embedding.resolve({ n, rows: vocabularySize, width, timing: true }, { ...(ids && { ids }), ...(rates && { rates }) });
}

/** Tiles only as high as the text is long, so that short texts do not keep lanes idle. */
function rowsPerLane(n: number): number {
  return n <= 16 ? 1 : n <= 32 ? 2 : 4;
}

/** @throws EngineError limit-exceeded */
export function plan(config: EncoderConfig, limits: Limits): Plan {
  const { n, vocabularySize, width, heads, headDim, normEpsilon } = config;
  const planOf = (name: string, primitive: Mechanism, raw: object): NamedPlan => ({
    name,
    plan: primitive.plan(primitive.variants[0]!.id, primitive.resolve(raw), limits),
  });
  const projection = { m: n, k: width, n: heads * headDim, bias: true, rowsPerLane: rowsPerLane(n) };
  const asked = [1, n, heads, headDim];
  return concat(
    [
      planOf('embed', embedding, { n, rows: vocabularySize, width, scale: EMBEDDING_SCALE, timing: true }),
      planOf('norm', layernorm, { rows: n, width, epsilon: normEpsilon }),
      ...['q', 'k', 'v'].map((name) => planOf(name, matmul, projection)),
    ],
    {
      names: {
        'embed.ids': 'ids',
        'embed.table': 'embedding',
        'embed.rates': 'timing_rates',
        'embed.out': 'x',
        'norm.x': 'x',
        'norm.scale': 'norm_scale',
        'norm.bias': 'norm_bias',
        'norm.out': 'h',
        ...Object.fromEntries(
          ['q', 'k', 'v'].flatMap((name) => [
            [`${name}.a`, 'h'],
            [`${name}.b`, `w_${name}`],
            [`${name}.bias`, `b_${name}`],
            [`${name}.c`, name],
          ]),
        ),
      },
      outputs: { q: asked, k: asked, v: asked },
      axes: {
        ids: ['token'],
        embedding: ['word', 'column'],
        timing_rates: ['rate'],
        x: ['token', 'column'],
        norm_scale: ['column'],
        norm_bias: ['column'],
        h: ['token', 'column'],
        ...Object.fromEntries(
          ['q', 'k', 'v'].flatMap((name) => [
            [`w_${name}`, ['column', 'projected']],
            [`b_${name}`, ['projected']],
            [name, ['batch', 'token', 'head', 'channel']],
          ]),
        ),
      },
    },
  );
}

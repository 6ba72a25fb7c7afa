// Config of `mamba-block`: the Mamba-1 mixer, from xz (after in_proj) or from the hidden states.

import { parseConfig, resolveSizes } from '../../core/config.ts';
import { EngineError } from '../../core/errors.ts';
import { z } from '../../core/schema.ts';
import type { Tensor } from '../../core/tensor.ts';
import { MAX_STATES } from '../../primitives/sequential-scan/config.ts';

const size = z.optional(z.int().check(z.gte(1)));

export const schema = z.strictObject({
  /** Sequences. */
  batch: size,
  /** Channels inside the block. */
  dim: size,
  /** Time steps. */
  seqlen: size,
  /** States per channel. */
  dstate: z.optional(z.int().check(z.gte(1), z.lte(MAX_STATES))),
  /** Rank of the map that makes Δ. */
  deltaRank: size,
  /** Taps of the convolution. */
  width: size,
  /** Channels of the output. */
  outDim: size,
  /** Channels of the hidden states, with inProj. */
  dModel: size,
  /** Start from hidden_states; by default when they are given, else from xz. */
  inProj: z.optional(z.boolean()),
  /** `conv1d_bias`; by default when it is given. */
  hasConvBias: z.optional(z.boolean()),
  /** Skip connection; by default when D is given. */
  hasD: z.optional(z.boolean()),
  /** `delta_bias`; by default when it is given. */
  hasDeltaBias: z.optional(z.boolean()),
  /** B̄ = Δ B, or the exact zero-order hold. */
  discretization: z._default(z.enum(['euler', 'zoh']), 'euler'),
  /** S4: Δ, B and C are held at their mean over time; no decode. */
  mode: z._default(z.enum(['s6', 's4']), 's6'),
  /** What seeded inputs are: noise, or a block that solves induction, with streams for it (dim = outDim + 2). */
  task: z._default(z.enum(['none', 'induction']), 'none'),
  /** Channels per workgroup of the scan. */
  channels: z._default(z.literal([4, 8, 16, 32, 64]), 32),
  /** Time steps of B and C that the scan stages at once. */
  time: z._default(z.literal([8, 16, 32]), 32),
});

export type BlockConfig = Required<z.infer<typeof schema>>;

/** Sizes that are not an axis of their own: xz has 2 · dim channels, x_proj deltaRank + 2 · dstate rows. */
type Axis = keyof typeof DERIVED | 'batch' | 'dim' | 'seqlen' | 'dstate' | 'deltaRank' | 'width' | 'outDim' | 'dModel';

const DERIVED = {
  two: (config: BlockConfig) => 2 * config.dim,
  rows: (config: BlockConfig) => config.deltaRank + 2 * config.dstate,
  one: () => 1,
};

/** Axes of every input of a config, and of those that a decode step takes instead. */
export function tensorsOf(config: Pick<BlockConfig, 'inProj' | 'hasConvBias' | 'hasD' | 'hasDeltaBias'>) {
  const tensors: Record<string, readonly Axis[]> = {
    ...(config.inProj
      ? { hidden_states: ['batch', 'seqlen', 'dModel'], in_proj_weight: ['two', 'dModel'] }
      : { xz: ['batch', 'two', 'seqlen'] }),
    conv1d_weight: ['dim', 'one', 'width'],
    ...(config.hasConvBias && { conv1d_bias: ['dim'] }),
    x_proj_weight: ['rows', 'dim'],
    delta_proj_weight: ['dim', 'deltaRank'],
    out_proj_weight: ['outDim', 'dim'],
    A: ['dim', 'dstate'],
    ...(config.hasD && { D: ['dim'] }),
    ...(config.hasDeltaBias && { delta_bias: ['dim'] }),
  };
  return tensors;
}

export function shapeOf(axes: readonly Axis[], config: BlockConfig): number[] {
  return axes.map((axis) => (axis in DERIVED ? DERIVED[axis as keyof typeof DERIVED](config) : config[axis as 'dim']));
}

/** @throws EngineError bad-config, shape-mismatch */
export function resolve(raw: object, inputs?: Record<string, Tensor>): BlockConfig {
  const { batch, dim, seqlen, dstate, deltaRank, width, outDim, dModel, ...rest } = parseConfig(schema, raw);
  const optional = (flag: boolean | undefined, name: string) =>
    flag ?? (inputs ? inputs[name] !== undefined : rest.task === 'none' || name === 'delta_bias');
  const flags = {
    inProj: rest.inProj ?? inputs?.hidden_states !== undefined,
    hasConvBias: optional(rest.hasConvBias, 'conv1d_bias'),
    hasD: optional(rest.hasD, 'D'),
    hasDeltaBias: optional(rest.hasDeltaBias, 'delta_bias'),
  };
  const tensors = tensorsOf(flags);
  // `two` and `rows` are sums of sizes: taken as given here, compared with those sums below.
  const given = (axis: Axis) => Object.keys(tensors).some((name) => inputs?.[name] && tensors[name]!.includes(axis));
  const {
    one: _one,
    two: _two,
    rows: _rows,
    ...sizes
  } = resolveSizes<Axis>(
    {
      ...{ batch, dim, seqlen, dstate, deltaRank, width, outDim, dModel: flags.inProj ? dModel : 1 },
      ...{ one: 1, two: given('two') ? undefined : 1, rows: given('rows') ? undefined : 1 },
    },
    inputs,
    tensors,
  );
  const config: BlockConfig = { ...rest, ...flags, ...sizes };
  if (config.dstate > MAX_STATES) {
    const message = `dstate is ${config.dstate}; the scan holds at most ${MAX_STATES} states of a channel in registers`;
    throw new EngineError('bad-config', message, { field: 'dstate', value: config.dstate, limit: MAX_STATES });
  }
  for (const [name, axes] of Object.entries(tensors)) {
    const shape = inputs?.[name]?.shape;
    const wanted = shapeOf(axes, config);
    if (!shape || shape.join() === wanted.join()) continue;
    const message = `${name} has the shape [${shape.join(', ')}], not [${wanted.join(', ')}]`;
    throw new EngineError('shape-mismatch', message, { field: name, value: shape, limit: wanted });
  }
  return config;
}

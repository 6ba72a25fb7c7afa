// Plans of `causal-conv1d`: one dispatch each.

import { EngineError } from '../../core/errors.ts';
import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import type { ConvConfig } from './config.ts';

export const DIRECT = 'causal-conv1d.wgsl';
export const UPDATE = 'update.wgsl';
const LANES = 64;

/** True, or why the config does not fit the variant. */
export function supports(variant: string, { step }: ConvConfig): true | EngineError {
  if ((variant === 'update') === step) return true;
  const message = step
    ? 'the config is of a decode step (conv_state): use the variant update'
    : 'update needs conv_state: give it, or set step';
  return new EngineError('unsupported', message, { field: 'step', value: step, limit: !step });
}

/** Plan buffers behind the kernel's variables. */
export type ConvSources<Name extends string> = Record<Name, string>;

/** The convolution over a sequence. @param at where x starts, and how far apart its batch entries are */
export function directPass(
  config: ConvConfig,
  sources: ConvSources<'x' | 'weight' | 'bias' | 'initial_states' | 'out' | 'final_states'>,
  at = { x_at: 0, x_batch: config.dim * config.seqlen },
  keepState = true,
): PassSpec {
  const { batch, dim, seqlen, width, activation, hasBias, hasInitialStates } = config;
  return {
    kernel: DIRECT,
    constants: {
      LANES,
      W: width,
      SILU: activation === 'silu',
      HAS_BIAS: hasBias,
      HAS_INITIAL: hasInitialStates,
      KEEP_STATE: keepState && width > 1,
    },
    bindings: sources,
    params: { dim, seqlen, ...at },
    workgroups: [Math.ceil(seqlen / LANES), dim, batch],
  };
}

/** The decode step; `conv_state` is updated in place. */
export function updatePass(
  config: ConvConfig,
  sources: ConvSources<'x' | 'weight' | 'bias' | 'cache_seqlens' | 'conv_state' | 'out'>,
  at = { x_at: 0, x_batch: config.dim * config.seqlen },
): PassSpec {
  const { batch, dim, seqlen, width, stateLen, activation, hasBias, circular } = config;
  return {
    kernel: UPDATE,
    constants: { LANES, W: width, SILU: activation === 'silu', HAS_BIAS: hasBias, CIRCULAR: circular },
    bindings: sources,
    params: { dim, seqlen, state_len: stateLen, ...at },
    workgroups: [Math.ceil(dim / LANES), batch, 1],
  };
}

/** @throws EngineError unsupported */
export function plan(variant: string, config: ConvConfig): Plan {
  const supported = supports(variant, config);
  if (supported !== true) throw supported;
  const { batch, dim, seqlen, width, stateLen, hasBias, hasInitialStates, circular } = config;
  const signal = [batch, dim, seqlen];
  const spec = (name: string, shape: number[], role: BufferSpec['role'], more?: Partial<BufferSpec>): BufferSpec => ({
    name,
    dtype: 'f32',
    shape,
    role,
    ...more,
  });
  const buffers = [
    spec('x', signal, 'input'),
    spec('weight', [dim, width], 'input'),
    ...(hasBias ? [spec('bias', [dim], 'input')] : []),
    spec('unused', [1], 'scratch', { init: 'zero' }),
    spec('out', signal, 'output', { init: 'poison' }),
  ];
  const shared = { x: 'x', weight: 'weight', bias: hasBias ? 'bias' : 'unused', out: 'out' };
  if (variant === 'update') {
    const state = [batch, dim, stateLen];
    return {
      buffers: [
        ...buffers,
        ...(circular ? [spec('cache_seqlens', [batch], 'input', { dtype: 'i32' })] : []),
        spec('conv_state', state, 'input'),
        spec('new_conv_state', state, 'output', { within: { buffer: 'conv_state', at: 0 } }),
      ],
      passes: [
        updatePass(config, {
          ...shared,
          cache_seqlens: circular ? 'cache_seqlens' : 'unused',
          conv_state: 'conv_state',
        }),
      ],
      idempotent: false,
    };
  }
  const kept = [batch, dim, width - 1];
  return {
    buffers: [
      ...buffers,
      ...(hasInitialStates ? [spec('initial_states', kept, 'input')] : []),
      spec('final_states', kept, 'output', { init: 'poison' }),
    ],
    passes: [
      directPass(config, {
        ...shared,
        initial_states: hasInitialStates ? 'initial_states' : 'unused',
        final_states: 'final_states',
      }),
    ],
    idempotent: true,
  };
}

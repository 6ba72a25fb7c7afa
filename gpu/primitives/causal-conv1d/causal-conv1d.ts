// The primitive `causal-conv1d`: the short filter in front of Mamba's scan, over a sequence or (`step`) of a decode step against kept
// inputs.

import { EngineError } from '../../core/errors.ts';
import { integerTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts } from '../../define/spec.ts';
import { card } from './card.ts';
import { type ConvConfig, reference } from './reference.ts';

/** Every output reads its W weights and those of its W inputs that exist; the last inputs are kept besides. */
function counts(config: ConvConfig, variant: string): Counts {
  const { batch, dim, seqlen, width, stateLen, hasBias, hasInitialStates } = config;
  const update = variant === 'update';
  const circular = update && config.circular;
  const rows = batch * dim;
  const outputs = rows * seqlen;
  const kept = width - 1;
  // Inputs before the first: output t lacks the first max(0, W − 1 − t).
  const short = Math.min(seqlen, kept);
  const early = rows * (short * kept - (short * (short - 1)) / 2);
  const fresh = Math.min(seqlen, update ? stateLen : kept);
  const shared = {
    weight: { loads: outputs * width },
    bias: { loads: hasBias ? outputs : 0 },
    out: { stores: outputs },
    x: { loads: outputs * width - early + rows * (circular ? seqlen : fresh) },
  };
  if (!update) {
    const initial = hasInitialStates ? early + rows * (kept - fresh) : 0;
    return { buffers: { ...shared, initial_states: { loads: initial }, final_states: { stores: rows * kept } } };
  }
  return {
    buffers: {
      ...shared,
      cache_seqlens: { loads: circular ? rows : 0 },
      conv_state: {
        loads: early + (circular ? 0 : rows * (stateLen - fresh)),
        stores: rows * (circular ? seqlen : stateLen),
      },
    },
  };
}

export const causalConv1d = defineMechanism<ConvConfig>({
  card,
  sizes: {
    batch: { most: 16, usual: 1 },
    dim: { most: 64, usual: 8, axis: 'channel' },
    seqlen: { most: 512, usual: 32, axis: 'time' },
    width: { most: 8, usual: 4, axis: 'tap' },
    stateLen: { most: 16, usual: 3, least: 0, axis: 'kept', follows: ({ width }) => width - 1 },
  },
  options: { activation: { choices: ['silu', 'none'] } },
  axes: { before: ({ width }) => width - 1 },
  tensors: {
    x: { axes: ['batch', 'channel', 'time'], role: 'input', title: 'signal' },
    weight: { axes: ['channel', 'tap'], role: 'input', title: 'filter' },
    bias: { axes: ['channel'], role: 'input', optional: { flag: 'hasBias', usual: true }, title: 'bias' },
    out: { axes: ['batch', 'channel', 'time'], role: 'output', title: 'output' },
    initial_states: {
      axes: ['batch', 'channel', 'before'],
      role: 'input',
      optional: { flag: 'hasInitialStates', usual: false },
      variants: ['direct'],
      title: 'inputs before the start',
    },
    final_states: { axes: ['batch', 'channel', 'before'], role: 'output', variants: ['direct'], title: 'last inputs' },
    cache_seqlens: {
      axes: ['batch'],
      role: 'input',
      dtype: 'i32',
      optional: { flag: 'circular', usual: false },
      variants: ['update'],
      title: 'inputs seen before',
      make: ({ stateLen }, seed, shape) =>
        integerTensor(seed, 'cache_seqlens', shape, 0, 4 * Math.max(1, stateLen)).data,
    },
    conv_state: {
      axes: ['batch', 'channel', 'kept'],
      role: 'input',
      optional: { flag: 'step', usual: false },
      variants: ['update'],
      title: 'kept inputs',
    },
    new_conv_state: {
      axes: ['batch', 'channel', 'kept'],
      role: 'output',
      variants: ['update'],
      within: () => ({ buffer: 'conv_state', at: 0 }),
      title: 'kept inputs after the step',
    },
  },
  accept({ width, stateLen, circular }) {
    const kept = width - 1;
    if (stateLen < kept) {
      const message = `conv_state keeps ${stateLen} inputs; a filter of width ${width} needs ${kept}`;
      throw new EngineError('bad-config', message, { field: 'stateLen', value: stateLen, limit: kept });
    }
    if (circular && stateLen === 0) {
      throw new EngineError('bad-config', 'a ring needs at least one place', { field: 'stateLen', value: 0, limit: 1 });
    }
  },
  misfit({ step }, { variant }) {
    if ((variant === 'update') === step) return undefined;
    const message = step
      ? 'the config is of a decode step (conv_state): use the variant update'
      : 'update needs conv_state: give it, or set step';
    return new EngineError('unsupported', message, { field: 'step', value: step, limit: !step });
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    W: ({ width }) => width,
    SILU: ({ activation }) => activation === 'silu',
    HAS_INITIAL: ({ hasInitialStates }) => hasInitialStates,
    KEEP_STATE: ({ width }) => width > 1,
    x_at: 0,
    x_batch: ({ dim, seqlen }) => dim * seqlen,
  },
  variants: {
    direct: {
      passes: [
        {
          kernel: 'causal-conv1d',
          grid: ({ batch, dim, seqlen }, { constant }) => [Math.ceil(seqlen / constant('LANES')), dim, batch],
        },
      ],
    },
    update: {
      changesState: true,
      passes: [
        { kernel: 'update', grid: ({ batch, dim }, { constant }) => [Math.ceil(dim / constant('LANES')), batch, 1] },
      ],
    },
  },
  reference,
  counts: (config, { variant }) => counts(config, variant),
  steps: {
    'load-bias': ['Load bias', 'The bias of the channel starts the sum.'],
    'find-place': ['Find the place', 'In a ring, the length so far says where the next input goes.'],
    filter: ['Filter', 'One tap of the filter: a weight times the input that many steps back.'],
    'keep-inputs': ['Keep the last inputs', 'The last W − 1 inputs are stored for the step that follows.'],
    'filter-step': ['Filter one step', 'The new input is filtered together with the kept ones.'],
    'overwrite-oldest': ['Overwrite the oldest', 'The new input takes the oldest place of the ring.'],
    'roll-state': ['Roll the state', 'Kept inputs move one place; the new one joins at the end.'],
  },
});

// Plans of `ssd`: the four steps of the chunked algorithm, and the quadratic form, which is the same with one chunk.

import { EngineError } from '../../core/errors.ts';
import type { BufferSpec, PassSpec, Plan } from '../../plan/plan.ts';
import { type SsdConfig, tensorsOf } from './config.ts';

export const KERNELS = {
  decay: 'chunk-decay.wgsl',
  diagonal: 'diagonal.wgsl',
  states: 'chunk-states.wgsl',
  pass: 'pass-states.wgsl',
  output: 'state-output.wgsl',
} as const;

export const ROWS = 8;
export const COLS = 32;
const LANES = 64;
const DECAY_LANES = 32;

/** Time steps of a chunk as the variant runs it, and how many chunks there are. */
export function chunking(variant: string, { seqlen, chunk }: SsdConfig): { chunk: number; chunks: number } {
  if (variant !== 'chunked' && variant !== 'quadratic') {
    const message = `ssd has no variant ${variant}`;
    throw new EngineError('unknown-variant', message, { field: 'variant', value: variant });
  }
  const steps = variant === 'quadratic' ? seqlen : Math.min(chunk, seqlen);
  return { chunk: steps, chunks: Math.ceil(seqlen / steps) };
}

/** Whether step 4 has anything to add: with one chunk, no initial state, skip or gate, it has not. */
export function needsOutputPass(config: SsdConfig, chunks: number): boolean {
  return chunks > 1 || config.hasInitialStates || config.hasD || config.hasZ;
}

const scratch = (name: string, shape: number[]): BufferSpec => ({
  name,
  dtype: 'f32',
  shape,
  role: 'scratch',
  init: 'poison',
});

function buffersOf(config: SsdConfig, chunks: number): BufferSpec[] {
  const { batch, seqlen, heads, headDim, dstate, form } = config;
  const small: Record<string, number> = form === 'combined' ? { A: 0, D: heads, dt_bias: 2 * heads } : {};
  const inputs = Object.entries(tensorsOf(config)).map(([name, axes]): BufferSpec => {
    const at = small[name];
    return {
      name,
      dtype: 'f32',
      shape: axes.map((axis) => config[axis]),
      role: 'input',
      ...(at !== undefined && { within: { buffer: 'weights', at } }),
    };
  });
  const output = (name: string, shape: number[]): BufferSpec => ({ ...scratch(name, shape), role: 'output' });
  return [
    ...(form === 'combined'
      ? [
          { ...scratch('weights', [3 * heads]), role: 'state' } satisfies BufferSpec,
          scratch('delta', [batch, heads, seqlen]),
        ]
      : []),
    ...inputs,
    scratch('log_decay', [batch, heads, seqlen]),
    scratch('cs', [batch, heads, seqlen]),
    scratch('states', [batch, chunks, heads, headDim, dstate]),
    { ...scratch('unused', [1]), init: 'zero' },
    { ...scratch('unused_output', [1]), init: 'zero' },
    output(form === 'minimal' ? 'Y' : 'out', [batch, seqlen, heads, headDim]),
    output('final_state', [batch, heads, headDim, dstate]),
  ];
}

/** @throws EngineError unknown-variant */
export function plan(variant: string, config: SsdConfig): Plan {
  const { batch, seqlen, heads, headDim, groups, dstate, form, dtSoftplus, hasD, hasZ, hasDtBias } = config;
  const differences = config.decaySum === 'running';
  const decays = differences ? 'cs' : 'log_decay';
  const { chunk, chunks } = chunking(variant, config);
  const minimal = form === 'minimal';
  const x = minimal ? 'X' : 'x';
  const y = minimal ? 'Y' : 'out';
  const delta = minimal ? 'unused' : 'delta';
  const weights = minimal ? 'unused' : 'weights';
  const shape = { P: headDim, N: dstate };
  const rowTiles = Math.ceil(chunk / ROWS);
  const stateGroups = Math.ceil((headDim * dstate) / LANES);
  const passes: PassSpec[] = [
    {
      kernel: KERNELS.decay,
      constants: { LANES: DECAY_LANES, GIVEN_DECAY: minimal, HAS_BIAS: hasDtBias, SOFTPLUS: dtSoftplus },
      bindings: {
        dt: minimal ? 'A' : 'dt',
        weights,
        delta: minimal ? 'unused_output' : 'delta',
        log_decay: 'log_decay',
        cs: 'cs',
      },
      params: { seqlen, heads, chunk, chunks },
      workgroups: [Math.ceil(chunks / DECAY_LANES), heads, batch],
    },
    {
      kernel: KERNELS.diagonal,
      constants: { ...shape, ROWS, COLS, LANES, HAS_DELTA: !minimal, DIFFERENCES: differences },
      bindings: { x, b: 'B', c: 'C', delta, decays, y },
      params: { seqlen, heads, groups, chunk, row_tiles: rowTiles },
      workgroups: [chunks * rowTiles, heads, batch],
    },
    {
      kernel: KERNELS.states,
      constants: { ...shape, LANES, HAS_DELTA: !minimal, DIFFERENCES: differences },
      bindings: { x, b: 'B', delta, decays, states: 'states' },
      params: { seqlen, heads, groups, chunk, chunks },
      workgroups: [stateGroups, chunks * heads, batch],
    },
    {
      kernel: KERNELS.pass,
      constants: { ...shape, LANES, HAS_INITIAL: config.hasInitialStates },
      bindings: {
        cs: 'cs',
        initial_states: config.hasInitialStates ? 'initial_states' : 'unused',
        states: 'states',
        final_state: 'final_state',
      },
      params: { seqlen, heads, chunk, chunks },
      workgroups: [stateGroups, heads, batch],
    },
  ];
  if (needsOutputPass(config, chunks)) {
    passes.push({
      kernel: KERNELS.output,
      constants: { ...shape, LANES, HAS_D: hasD, HAS_Z: hasZ },
      bindings: { x, z: hasZ ? 'z' : 'unused', c: 'C', cs: 'cs', states: 'states', weights, y },
      params: { seqlen, heads, groups, chunk, chunks },
      workgroups: [Math.ceil((heads * headDim) / LANES), seqlen, batch],
    });
  }
  return { buffers: buffersOf(config, chunks), passes, idempotent: true };
}

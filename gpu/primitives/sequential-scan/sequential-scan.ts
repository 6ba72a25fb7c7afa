// The primitive `sequential-scan`: the fused selective scan that the mechanism `selective-scan` compares with other ways, and that a
// Mamba block runs. The point of fusing: no buffer of batch · dim · seqlen · dstate elements exists.

import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts, Pass } from '../../define/spec.ts';
import { card } from './card.ts';
import { type Form, reference, type ScanConfig } from './reference.ts';
import {
  channelBlocks,
  heldDelta,
  heldMaps,
  holdPasses,
  mapLoads,
  modeCounts,
  scanAxes,
  scanInputs,
  scanOptions,
  scanOutputs,
  scanSizes,
  scanValues,
  settleGroups,
} from './scan.ts';

type Kernel = 'sequential' | 'sequential-x4';

/**
 * The kernel behind a variant: B or C with values per channel cannot be shared between the four channels of a lane, so
 * `sequential-x4` then runs one channel a lane, as `sequential` does.
 */
function fusedForm({ bForm, cForm }: ScanConfig, variant: string): Kernel {
  return bForm === 'constant' || cForm === 'constant' || variant === 'sequential' ? 'sequential' : 'sequential-x4';
}

const pass = (kernel: Kernel): Pass<ScanConfig> => ({
  kernel,
  when: (config, { variant }) => fusedForm(config, variant) === kernel,
  bindings: { delta: heldDelta, bc: heldMaps },
  grid({ dim, groups, batch }, { constant }) {
    const perWorkgroup = kernel === 'sequential' ? constant('CHANNELS') : 4 * constant('LANES');
    return [Math.ceil(dim / groups / perWorkgroup), groups, batch];
  },
});

/** Of one dispatch over the whole sequence, three more before it in S4 mode. */
export const fusedVariants = {
  sequential: { passes: [...holdPasses, pass('sequential')] },
  'sequential-x4': { passes: [...holdPasses, pass('sequential-x4'), pass('sequential')] },
};

export const fusedKernels = import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true });

/** @param lanes of a workgroup of sequential-x4.wgsl */
export function fusedCounts(config: ScanConfig, variant: string, lanes: number): Counts {
  const { batch, dim, dstate, seqlen, groups, bForm, cForm, hasD, hasZ, hasDeltaBias, lastState, channels } = config;
  const x4 = fusedForm(config, variant) === 'sequential-x4';
  const blocks = channelBlocks(config, x4 ? 4 * lanes : channels);
  const quads = Math.ceil(dstate / 4);
  const signal = batch * dim * seqlen;
  // x4: one lane advances four channels, fewer at the end of a group.
  const advances = x4 ? batch * groups * Math.ceil(dim / groups / 4) * seqlen : signal;
  const tile = (form: Form) => ({
    loads: advances * quads,
    stores: (form === 'constant' ? batch * dim : blocks * seqlen) * quads,
    bytes: 16,
  });
  return {
    buffers: {
      ...modeCounts(config, signal, mapLoads(config, bForm, blocks) + mapLoads(config, cForm, blocks)),
      u: { loads: signal },
      z: { loads: hasZ ? signal : 0 },
      weights: { loads: batch * dim * (dstate + Number(hasD) + Number(hasDeltaBias)) },
      out: { stores: signal },
      last_state: { stores: lastState ? batch * dim * dstate : 0 },
      b_tile: tile(bForm),
      c_tile: tile(cForm),
    },
    events: { advance: advances },
  };
}

export const sequentialScan = defineMechanism<ScanConfig>({
  card,
  sizes: scanSizes,
  options: scanOptions,
  axes: scanAxes,
  tensors: { ...scanInputs<ScanConfig>(true), ...scanOutputs },
  settle: settleGroups,
  kernels: fusedKernels,
  values: scanValues,
  variants: fusedVariants,
  reference,
  counts: (config, { variant, constant }) => fusedCounts(config, variant, constant('sequential-x4', 'LANES')),
  steps: {
    'load-weights': [
      'Load A, D, bias',
      'Every invocation takes the row of A, the skip weight and the bias of its channel into registers.',
    ],
    'stage-b-c': [
      'Stage B, C',
      'The workgroup copies B and C of the next time steps into workgroup memory, once for all its channels.',
    ],
    advance: [
      'Advance the state',
      'Δ opens or closes: the state forgets by Ā = exp(ΔA), takes in B̄u, and C reads the output from it.',
    ],
    'store-state': ['Store last state', 'The state after the last time step is written out.'],
    'sum-over-time': ['Average over time', 'S4 mode: one row of Δ, B or C is summed over time.'],
    hold: ['Hold the mean', 'S4 mode: the mean takes the place of every time step.'],
  },
});

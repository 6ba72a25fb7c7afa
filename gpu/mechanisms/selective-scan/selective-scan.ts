// Mamba's selective scan, five ways. The fused one is the primitive `sequential-scan`.

import { normalTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts, Pass, TensorSpec } from '../../define/spec.ts';
import {
  heldDelta,
  heldMaps,
  holdPasses,
  scanAxes,
  scanInputs,
  scanOptions,
  scanOutputs,
  scanSizes,
  scanValues,
  settleGroups,
} from '../../primitives/sequential-scan/scan.ts';
import {
  fusedCounts,
  fusedKernels,
  fusedVariants,
  sequentialScan,
} from '../../primitives/sequential-scan/sequential-scan.ts';
import { card } from './card.ts';
import { type SelectiveScanConfig, TASKS, TRAPS, trapOf } from './config.ts';
import { chunkedCounts, chunking, parallelCounts, unfusedCounts } from './counts.ts';
import { reference } from './reference.ts';
import { randomCopyInputs, sentenceInputs } from './selective-copy.ts';

type Config = SelectiveScanConfig;

/** Rates of the tasks that need their own: all −1, or two decades from state to state and one over the channels, the last being 0. */
function taskRates({ task, dim, dstate }: Config): Float32Array | undefined {
  if (task !== 'gate' && task !== 'slow-states') return undefined;
  const last = dim * dstate - 1;
  return Float32Array.from({ length: dim * dstate }, (_, i) => {
    const [d, n] = [Math.floor(i / dstate), i % dstate];
    if (task === 'gate') return -1;
    return i === last && last > 0 ? 0 : -(10 ** -(1 + 2 * n + d / dim));
  });
}

/** Noise, or 1 throughout where the scan is a gate. */
const makeMap = (name: 'B' | 'C') => (config: Config, seed: number, shape: number[]) =>
  normalTensor(seed, name, shape).data.map((value) => (config.task === 'gate' ? 1 : value));

const inputs = scanInputs<Config>(({ task }) => task === 'none');
const tensors: Record<string, TensorSpec<Config>> = {
  ...inputs,
  A: { ...inputs.A, make: (config, ...of) => taskRates(config) ?? inputs.A.make(config, ...of) },
  B: { ...inputs.B, make: makeMap('B') },
  C: { ...inputs.C, make: makeMap('C') },
  a_bar: { axes: ['batch', 'channel', 'time', 'state'], role: 'scratch', variants: ['unfused'], title: 'Ā' },
  b_bar_u: { axes: ['batch', 'channel', 'time', 'state'], role: 'scratch', variants: ['unfused'], title: 'B̄u' },
  states: { axes: ['batch', 'channel', 'time', 'state'], role: 'scratch', variants: ['unfused'], title: 'every state' },
  carry: {
    axes: ['batch', 'chunk', 'channel', 'state'],
    role: 'scratch',
    variants: ['chunked'],
    title: 'state of every chunk',
  },
  spans: { axes: ['batch', 'chunk', 'channel'], role: 'scratch', variants: ['chunked'], title: 'Δ over every chunk' },
  ...scanOutputs,
};

/** Blocks of channels of a group, each with its own invocations. */
const blocks: Pass<Config>['grid'] = ({ dim, groups, batch, channels }) => [
  Math.ceil(dim / groups / channels),
  groups,
  batch,
];
/** One invocation per state. */
const perState: Pass<Config>['grid'] = ({ batch, dim, dstate }, { constant }) => [
  Math.ceil((batch * dim * dstate) / constant('LANES')),
  1,
  1,
];

const trapped = (config: Config) => trapOf('unfused', config);
const isQuotient = (config: Config) => trapped(config) === 'quotient' || trapped(config) === 'guarded-quotient';
const isNaive = (config: Config) => trapped(config) === 'naive-hold';

/** Ā and B̄u, the recurrence, and what C reads from it, each through memory; a trap takes the place of one of the first two. */
const unfused: Pass<Config>[] = [
  {
    kernel: 'discretize',
    when: (config) => !isNaive(config),
    bindings: { delta: heldDelta, bc: heldMaps },
    values: { ZOH: (config) => config.discretization === 'zoh' && trapped(config) !== 'first-order' },
    grid: blocks,
  },
  { kernel: 'discretize-naive', when: isNaive, bindings: { delta: heldDelta, bc: heldMaps }, grid: blocks },
  { kernel: 'recur', when: (config) => !isQuotient(config), grid: perState },
  {
    kernel: 'quotient',
    when: isQuotient,
    values: { GUARDED: (config) => trapped(config) === 'guarded-quotient' },
    grid: perState,
  },
  { kernel: 'read-out', bindings: { bc: heldMaps }, grid: blocks },
];

/** One invocation per time step of a tile. */
const parallel = (kernel: string): Pass<Config> => ({
  kernel,
  needs: { maxComputeInvocationsPerWorkgroup: 'scan' },
  bindings: { delta: heldDelta, bc: heldMaps },
  grid: ({ dim, batch }) => [dim, batch, 1],
});

const blocksOfChunks: Pass<Config>['grid'] = (config) => [
  Math.ceil(config.dim / config.groups / config.channels) * chunking(config).chunks,
  config.groups,
  config.batch,
];

const chunked: Pass<Config>[] = [
  { kernel: 'chunk-summary', bindings: { delta: heldDelta, bc: heldMaps }, grid: blocksOfChunks },
  { kernel: 'chunk-carry', grid: perState },
  { kernel: 'chunk-scan', bindings: { delta: heldDelta, bc: heldMaps }, grid: blocksOfChunks },
];

function counts(config: Config, variant: string, lanes: number): Counts {
  switch (variant) {
    case 'unfused':
      return unfusedCounts(config);
    case 'chunked':
      return chunkedCounts(config);
    case 'hillis-steele':
    case 'blelloch':
      return parallelCounts(config, variant);
    default:
      return fusedCounts(config, variant, lanes);
  }
}

const fusedSteps = Object.fromEntries(sequentialScan.steps.map(({ id, title, text }) => [id, [title, text] as const]));

export const selectiveScan = defineMechanism<Config>({
  card,
  sizes: scanSizes,
  options: { ...scanOptions, task: { choices: TASKS }, trap: { choices: TRAPS } },
  axes: { ...scanAxes, chunk: (config) => chunking(config).chunks },
  tensors,
  settle: settleGroups,
  kernels: {
    ...fusedKernels,
    ...import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  },
  values: {
    ...scanValues,
    rows: ({ batch, dim }) => batch * dim,
    chunk: (config) => chunking(config).chunk,
    chunks: (config) => chunking(config).chunks,
  },
  variants: {
    ...fusedVariants,
    unfused: { passes: [...holdPasses, ...unfused] },
    'hillis-steele': { passes: [...holdPasses, parallel('hillis-steele')] },
    blelloch: { passes: [...holdPasses, parallel('blelloch')] },
    chunked: { passes: [...holdPasses, ...chunked] },
  },
  make: (config, seed) => (config.task === 'selective-copy' ? randomCopyInputs(config, seed) : {}),
  readText: sentenceInputs,
  reference,
  counts: (config, { variant, constant }) => counts(config, variant, constant('sequential-x4', 'LANES')),
  steps: {
    ...fusedSteps,
    'load-rates': ['Load A', 'The rates A of the channel, and its weights, are brought in.'],
    'stage-input-map': [
      'Stage B',
      'B of the next time steps is copied into workgroup memory, once for all channels of the workgroup.',
    ],
    discretize: ['Discretise', 'Δ turns A and B into Ā = exp(ΔA) and B̄u: how much is forgotten and what is written.'],
    recur: ['Recur', 'h = Āh + B̄u, with both factors read from memory and h written back to it.'],
    divide: [
      'Divide by the product',
      'h = P Σ B̄u / P with the running product P of all Ā: right on paper, until P underflows.',
    ],
    'load-skip': ['Load D', 'The skip weight of every channel is brought in.'],
    'stage-output-map': [
      'Stage C',
      'C of the next time steps is copied into workgroup memory, once for all channels of the workgroup.',
    ],
    'read-out': ['Read out', 'The state comes back from memory; C, the skip and the gate make the output.'],
    'load-signal': ['Load u, Δ', 'Every lane takes the signal and the step size of its time step.'],
    'combine-left': [
      'Combine with the left',
      'Every lane combines its stretch of time with the one that ends where its own begins; stretches double.',
    ],
    'up-sweep': ['Up-sweep', 'Neighbouring stretches are combined in pairs, up to the whole tile.'],
    'plant-carry': [
      'Plant the carry',
      'The root takes the state that the tile before ended with, in place of the total.',
    ],
    'down-sweep': [
      'Down-sweep',
      'Every node hands its prefix to the left child, and prefix with left total to the right one.',
    ],
    'apply-own': ['Apply own step', 'Every lane applies its own time step to the state before it.'],
    'write-output': ['Write output', 'The gate is applied and the outputs of the tile are written.'],
    'stage-b': ['Stage B', 'B of the next time steps is copied into workgroup memory.'],
    'advance-local': [
      'Advance from zero',
      'The chunk is scanned as if nothing came before it; ΣΔ says how much of what did will be left.',
    ],
    'store-summary': ['Store the summary', 'The final local state and ΣΔ: all that later chunks need of this one.'],
    'pass-carry': ['Pass the carry', 'The state is carried over one chunk: decay by exp(A ΣΔ), add its local state.'],
    'take-carry': ['Take the carry', 'The chunk starts from the state that the chunks before it left.'],
  },
});

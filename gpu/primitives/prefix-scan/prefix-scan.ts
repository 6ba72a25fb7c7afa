// The primitive `prefix-scan`: inclusive running sums of x along its rows.

import { defineMechanism } from '../../define/mechanism.ts';
import type { Pass, Run } from '../../define/spec.ts';
import { card } from './card.ts';
import { type PrefixScanConfig, reference } from './reference.ts';

type Kernel = 'sequential' | 'chunked';

/** `tuned` walks down every channel where barriers are dear (isSoftware 1 among the limits), and cuts the rows into chunks elsewhere. */
function chooseKernel({ variant, limits }: Run): Kernel {
  if (variant === 'tuned') return limits.isSoftware === 1 ? 'sequential' : 'chunked';
  return variant as Kernel;
}

const pass = (kernel: Kernel): Pass<PrefixScanConfig> => ({
  kernel: `prefix-scan-${kernel}`,
  tuned: true,
  needs: { maxComputeInvocationsPerWorkgroup: 'tuning' },
  when: (_config, run) => chooseKernel(run) === kernel,
  grid: ({ channels }, { constant }) => [Math.ceil(channels / constant('LANES')), 1, 1],
});

export const prefixScan = defineMechanism<PrefixScanConfig>({
  card,
  sizes: {
    length: { most: 1024, usual: 64, axis: 'row' },
    channels: { most: 256, usual: 32, axis: 'channel' },
  },
  tensors: {
    x: { axes: ['row', 'channel'], role: 'input', title: 'terms' },
    y: { axes: ['row', 'channel'], role: 'output', title: 'running sums' },
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  variants: {
    sequential: { passes: [pass('sequential')] },
    chunked: { passes: [pass('chunked')] },
    tuned: { passes: [pass('sequential'), pass('chunked')] },
  },
  reference,
  // x once, or twice where the rows are cut into chunks; a lane of chunk i reads the i totals above it.
  counts({ length, channels }, { constant, ...run }) {
    const elements = length * channels;
    if (chooseKernel(run) === 'sequential') return { buffers: { x: { loads: elements }, y: { stores: elements } } };
    const lanes = constant('prefix-scan-chunked', 'LANES');
    const chunks = constant('prefix-scan-chunked', 'CHUNKS');
    const columns = Math.ceil(channels / lanes) * lanes;
    return {
      buffers: {
        x: { loads: 2 * elements },
        y: { stores: elements },
        totals: { loads: (columns * chunks * (chunks - 1)) / 2, stores: columns * chunks },
      },
    };
  },
  steps: {
    'sum-chunk': ['Sum chunk', 'Every lane adds up the rows of its chunk of a channel.'],
    'sum-above': ['Sum above', 'Every lane adds up the totals of the chunks above its own.'],
    'add-row': ['Add row', 'The running sum takes in the next row and is written.'],
  },
});

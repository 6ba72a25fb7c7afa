// What the general terms mean, on whatever page: a sentence each, in the field's own terms. Loaded with the first card that opens.

import type { TermEntry } from '../../exhibit/terms.ts';
import { arrow, type Box, bars, box, ground, levels, line, part, threads, workgroup } from './picture-parts.ts';

const BYTES = { id: 'memory', words: 'Counted in bytes' };
const READS = { id: 'reuse', words: 'Counted per element' };
const STEPS = { id: 'timeline', words: 'Counted step by step' };
const GROWTH = { id: 'growth', words: 'Counted against length' };

export const entries: Readonly<Record<string, TermEntry>> = {
  kernel: {
    title: 'Kernel',
    text: 'A program that the GPU runs many times at once, each time on another part of the data; its source stands on this page.',
    picture: [line('M6 6h14M6 12h10M6 18h12M6 24h8'), arrow(24, 16, 32), part('accent', [35, 6, 8, 8], [35, 18, 8, 8])],
    source: /@compute/,
  },
  token: {
    title: 'Token',
    text: 'A piece of text, a word or a part of one, that the model reads as one.',
    picture: [part('soft', [4, 11, 12, 10], [32, 11, 12, 10]), part('accent', [18, 11, 12, 10])],
  },
  hbm: {
    title: 'HBM',
    text: 'The GPU’s large main memory; here, the bytes the kernel asked for from storage buffers, with no cache modelled.',
    picture: levels(0),
    view: BYTES,
    source: /var<storage/,
  },
  sram: {
    title: 'SRAM',
    text: 'The small fast memory a workgroup shares on chip; here, the kernel’s var<workgroup> arrays.',
    picture: levels(1),
    view: BYTES,
    source: /var<workgroup>/,
  },
  tile: {
    title: 'Tile',
    text: 'A block of a larger grid that is loaded and computed at once on chip.',
    picture: [part('soft', [4, 4, 40, 24]), part('accent', [18, 12, 14, 9])],
  },
  registers: {
    title: 'Registers',
    text: 'The fastest memory, private to one invocation; here, the kernel’s own variables.',
    picture: levels(2),
    view: BYTES,
    source: /^\s+var \w/,
  },
  workgroup: {
    title: 'Workgroup',
    text: 'Invocations that run together, share workgroup memory and wait for each other at barriers.',
    picture: [workgroup, threads(5)],
    view: STEPS,
    source: /@workgroup_size/,
  },
  invocation: {
    title: 'Invocation',
    text: 'One run of the kernel’s main function: what CUDA calls a thread.',
    picture: [workgroup, { tone: 'dash', d: 'M10 6v20M31 6v20M38 6v20' }, part('accent', [16, 6, 3, 20])],
    view: STEPS,
    source: /_invocation_(id|index)\b/,
  },
  dispatch: {
    title: 'Dispatch',
    text: 'One launch of a kernel over a grid of workgroups.',
    picture: [
      part('soft', ...[0, 1, 2].flatMap((r) => [0, 1, 2, 3].map((c): Box => [7 + 9 * c, 3 + 9 * r, 7, 7]))),
      line('M2 16h3'),
    ],
    view: STEPS,
    source: /@compute/,
  },
  barrier: {
    title: 'Barrier',
    text: 'A line where every invocation of a workgroup waits until all have arrived.',
    picture: [
      line('M8 6h14M8 12h8M8 18h14M8 24h11'),
      part('accent', [25, 2, 3, 28]),
      line('M31 6h10M31 12h10M31 18h10M31 24h10'),
    ],
    view: STEPS,
    source: /^\s*workgroupBarrier\(\)/,
  },
  'kv-cache': {
    title: 'KV cache',
    text: 'The key and value rows of all tokens so far, kept so that the next token can attend to them: it grows with every token.',
    picture: [
      part('k', ...[0, 1, 2, 3, 4].map((i): Box => [5 + 7 * i, 5, 5, 9])),
      part('v', ...[0, 1, 2, 3, 4].map((i): Box => [5 + 7 * i, 18, 5, 9])),
      { tone: 'dash', d: box([40, 5, 5, 9]) + box([40, 18, 5, 9]) },
    ],
    view: GROWTH,
  },
  seed: {
    title: 'Seed',
    text: 'The number that random inputs are made from: the same seed gives the same tensors.',
    picture: [
      part('accent', [6, 13, 6, 6]),
      arrow(14, 16, 22),
      part('soft', [26, 4, 7, 7], [35, 4, 7, 7], [26, 13, 7, 7], [35, 13, 7, 7], [26, 22, 7, 7], [35, 22, 7, 7]),
    ],
  },
  parity: {
    title: 'Parity',
    text: 'How far the kernel’s output is from a float64 reference on this very input.',
    picture: [line('M4 20q10-16 20-6t20-8'), { tone: 'dash', d: 'M4 22q10-16 20-6t20-8' }],
  },
  trace: {
    title: 'Recording',
    text: 'Every counted access and step of one real run, made by the very kernel on screen with counters inserted.',
    picture: [line('M4 28H44'), part('accent', [6, 20, 6, 5], [14, 13, 8, 5], [24, 20, 6, 5], [32, 6, 10, 5])],
    view: STEPS,
  },
  step: {
    title: 'Step',
    text: 'What one workgroup did between two barriers or markers of its kernel.',
    picture: [line('M4 16H44M14 10v12M24 10v12M34 10v12'), part('accent', [24, 12, 10, 8])],
    view: STEPS,
    source: /\/\/: [a-z]/,
  },
  reuse: {
    title: 'Reuse',
    text: 'How often the same element is loaded: each extra time costs the same bytes again.',
    picture: [part('k', [20, 12, 8, 8]), line('M24 12C10 0 10 32 24 20M24 12C38 0 38 32 24 20')],
    view: READS,
  },
  measured: {
    title: 'Measured',
    text: 'Taken from this run: a time, or a value the kernel computed.',
    picture: [line('M8 26a16 16 0 1 1 32 0'), line('M24 26 33 14')],
  },
  exact: {
    title: 'Exact',
    text: 'Counted, access by access, in this run: the same run gives the same number.',
    picture: [line('M10 6v20M17 6v20M24 6v20M31 6v20M6 24 36 8')],
    view: BYTES,
  },
  'closed-form': {
    title: 'Closed form',
    text: 'Computed from the sizes by a formula, to stand beside the counted number, never in its place.',
    picture: [line('M8 10H24M8 18H24'), line('M32 6q-5 10 0 20M38 6q5 10 0 20')],
  },
  'confidence-interval': {
    title: '95 % interval',
    text: 'Where the median lies in 95 of 100 resamplings of the timings; kernels take turns, and one is called faster when it was so round after round, even where intervals overlap, but after fewer than eight rounds, only where they lie apart.',
    picture: [line('M6 16H42M6 10v12M42 10v12'), part('accent', [21, 9, 5, 14])],
  },
  quantum: {
    title: 'Clock quantum',
    text: 'The smallest step this device’s timestamps take; shorter times cannot be told apart.',
    picture: [line('M4 24H12V18H20V12H28V6H44')],
  },
  'software-adapter': {
    title: 'Software adapter',
    text: 'WebGPU run on the CPU: numbers and counts are right, times say nothing about GPUs.',
    picture: [
      line('M12 6H36V26H12zM18 6V2M30 6V2M18 30V26M30 30V26M12 12H8M12 20H8M40 12H36M40 20H36'),
      part('soft', [17, 11, 14, 10]),
    ],
  },
  underflow: {
    title: 'Underflow',
    text: 'A float32 below 1.2e-38 loses its digits and then becomes 0: a product of many factors below 1 gets there soon, and dividing by it gives ∞ or NaN.',
    picture: [ground, bars('s', 22, 12, 6, 3, 1), { tone: 'dash', d: 'M4 24H44' }],
  },
  cancellation: {
    title: 'Cancellation',
    text: 'Subtracting two nearly equal numbers leaves only the digits in which they differ, so what was rounded off before becomes large beside the result.',
    picture: [part('soft', [6, 6, 14, 22], [22, 7, 14, 21]), part('accent', [40, 27, 4, 1])],
  },
};

// The primitive `short-convolution`: a filter of few taps over the rows of a text, which may come in one run or in many.

import { normalTensor } from '../../core/random.ts';
import { defineMechanism } from '../../define/mechanism.ts';
import type { Counts } from '../../define/spec.ts';
import { card } from './card.ts';
import { reference, type ShortConvolutionConfig } from './reference.ts';

/** Every output reads its W weights and those of its W rows that exist; of the last rows each is read once more and kept. */
function counts({ batch, tokens, channels, width, position, hasBias }: ShortConvolutionConfig): Counts {
  const columns = batch * channels;
  const outputs = columns * tokens;
  const kept = width - 1;
  // Rows of this run that look at some before it, and how many.
  const looks = Array.from({ length: Math.min(tokens, kept) }, (_, row) => kept - row);
  const sum = (each: number[]) => each.reduce((total, count) => total + count, 0);
  const moved = Math.max(0, Math.min(kept - tokens, position));
  return {
    buffers: {
      x: { loads: outputs * width - columns * sum(looks) + columns * Math.min(tokens, kept) },
      weight: { loads: outputs * width },
      bias: { loads: hasBias ? outputs : 0 },
      past: {
        loads: columns * (sum(looks.map((look) => Math.min(look, position))) + moved),
        stores: columns * kept,
      },
      out: { stores: outputs },
    },
  };
}

export const shortConvolution = defineMechanism<ShortConvolutionConfig>({
  card,
  sizes: {
    batch: { most: 16, usual: 1, follows: () => 1 },
    tokens: { most: 512, usual: 16, axis: 'token' },
    channels: { most: 256, usual: 8, axis: 'channel' },
    width: { most: 8, usual: 4, least: 2, limit: 8, axis: 'tap' },
    position: { most: 4096, usual: 0, least: 0, ofInputs: false },
  },
  options: { activation: { choices: ['none', 'silu'] }, newestLast: { choices: [false, true] } },
  axes: { kept: ({ width }) => width - 1 },
  tensors: {
    x: { axes: ['batch', 'token', 'channel'], role: 'input', title: 'rows' },
    weight: {
      axes: ({ newestLast }) => (newestLast ? ['channel', 'tap'] : ['tap', 'channel']),
      role: 'input',
      title: 'filters',
      make: ({ width }, seed, shape) => normalTensor(seed, 'weight', shape, 1 / Math.sqrt(width)).data,
    },
    bias: { axes: ['channel'], role: 'input', optional: { flag: 'hasBias', usual: false }, title: 'bias' },
    past: { axes: ['batch', 'kept', 'channel'], role: 'input', title: 'rows before this run' },
    new_past: {
      axes: ['batch', 'kept', 'channel'],
      role: 'output',
      within: () => ({ buffer: 'past', at: 0 }),
      title: 'rows kept for the next run',
    },
    out: { axes: ['batch', 'token', 'channel'], role: 'output', title: 'filtered rows' },
  },
  kernels: import.meta.glob<string>('./*.wgsl', { query: '?raw', import: 'default', eager: true }),
  values: {
    W: ({ width }) => width,
    SILU: ({ activation }) => activation === 'silu',
    x_at: 0,
    x_batch: ({ tokens, channels }) => tokens * channels,
    x_token: ({ channels }) => channels,
    out_at: 0,
    out_batch: ({ tokens, channels }) => tokens * channels,
    out_token: ({ channels }) => channels,
    out_row: 0,
  },
  variants: {
    direct: {
      changesState: true,
      passes: [
        {
          kernel: 'short-convolution',
          grid: ({ batch, tokens, channels }, { constant }) => [
            Math.ceil((tokens * channels) / constant('LANES')),
            batch,
            1,
          ],
        },
        {
          kernel: 'keep-rows',
          grid: ({ batch, channels }, { constant }) => [Math.ceil(channels / constant('LANES')), batch, 1],
        },
      ],
    },
  },
  reference,
  counts,
  steps: {
    'load-bias': ['Load bias', 'The bias of the channel starts the sum.'],
    filter: ['Filter', 'One tap of the filter: a weight times the row that many tokens back.'],
    'keep-rows': ['Keep the last rows', 'The last W − 1 rows are kept for the tokens to come.'],
  },
});

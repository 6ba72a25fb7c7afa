// What lists show of `ssd`.

import type { Card } from '../mechanism.ts';

const small = { batch: 1, seqlen: 64, heads: 2, headDim: 8, dstate: 8 };
const resets = { batch: 1, seqlen: 256, heads: 1, headDim: 8, dstate: 4, task: 'resets' };

export const card: Card = {
  id: 'ssd',
  title: 'State space duality (Mamba-2)',
  role: 'mechanism',
  family: 'State space',
  summary: 'The same recurrence computed as attention within chunks, with a state handed from each chunk to the next.',
  variants: [
    { id: 'chunked', title: 'Chunked, four steps' },
    { id: 'quadratic', title: 'Quadratic: masked attention' },
  ],
  presets: [
    { id: 'chunked', title: 'Four steps over chunks of 16', variant: 'chunked', config: { ...small, chunk: 16 } },
    { id: 'quadratic', title: 'The same as masked attention', variant: 'quadratic', config: small },
    {
      id: 'mamba-2',
      title: 'Mamba-2: Δ, skip, gate, shared B and C',
      variant: 'chunked',
      config: { ...small, form: 'combined', heads: 4, groups: 1, chunk: 16 },
    },
    {
      id: 'trap-long-chunk',
      title: 'Trap: in one long chunk differences of running sums lose digits',
      variant: 'quadratic',
      config: { ...resets, chunk: 16, decaySum: 'running' },
    },
    {
      id: 'direct-decays',
      title: 'The same with every decay summed directly',
      variant: 'quadratic',
      config: { ...resets, chunk: 16 },
    },
  ],
};

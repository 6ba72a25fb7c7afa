// What lists show of `mamba-block`.

import type { Card } from '../mechanism.ts';

const induction = {
  batch: 8,
  dim: 10,
  seqlen: 48,
  dstate: 1,
  deltaRank: 1,
  width: 2,
  outDim: 8,
  task: 'induction',
  channels: 8,
  time: 8,
};
const small = { batch: 1, dim: 16, seqlen: 32, dstate: 4, deltaRank: 2, width: 4, outDim: 8 };

export const card: Card = {
  id: 'mamba-block',
  title: 'Mamba block',
  role: 'mechanism',
  family: 'State space',
  summary:
    'A whole Mamba layer: a short filter, a gate and a scan that reads the tokens one after the other into a state of fixed size.',
  variants: [{ id: 'fused', title: 'Filter, maps, fused scan with gate, output map' }],
  decodes: true,
  presets: [
    { id: 'inner', title: 'After in_proj: 16 channels', variant: 'fused', config: small },
    {
      id: 'whole',
      title: 'Whole block from hidden states',
      variant: 'fused',
      config: { ...small, dModel: 8, inProj: true },
    },
    { id: 'induction', title: 'Induction: recall what followed', variant: 'fused', config: induction },
    {
      id: 'induction-s4',
      title: 'Induction without selection (S4): it fails',
      variant: 'fused',
      config: { ...induction, mode: 's4' },
    },
  ],
};

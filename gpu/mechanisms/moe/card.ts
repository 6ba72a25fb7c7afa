// What lists show of `moe`.

import type { Card } from '../mechanism.ts';

const small = { batch: 1, seqlen: 24, dim: 16, ffn: 24, experts: 4 };
const many = { ...small, experts: 8 };

export const card: Card = {
  id: 'moe',
  title: 'Mixture of experts (Jamba)',
  role: 'mechanism',
  family: 'Mixtures of experts',
  summary: 'A router sends every token to a few of many small networks: much knowledge, little work.',
  variants: [{ id: 'top-k', title: 'Top-k' }],
  presets: [
    { id: 'jamba', title: 'Two of four experts, as Jamba weighs them', variant: 'top-k', config: small },
    { id: 'mixtral', title: 'Two of eight, adding up to 1', variant: 'top-k', config: { ...many, renormalise: true } },
    { id: 'switch', title: 'One of eight', variant: 'top-k', config: { ...many, topK: 1 } },
    { id: 'idle', title: 'Five tokens, 16 experts', variant: 'top-k', config: { ...small, seqlen: 5, experts: 16 } },
    { id: 'dense', title: 'All four for every token', variant: 'top-k', config: { ...small, topK: 4 } },
  ],
};

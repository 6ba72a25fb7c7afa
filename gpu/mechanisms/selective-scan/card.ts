// What lists show of `selective-scan`.

import type { Card } from '../mechanism.ts';

const small = { batch: 1, dim: 8, dstate: 4, seqlen: 64, bForm: 'time', cForm: 'time', channels: 4, time: 8 };

export const card: Card = {
  id: 'selective-scan',
  title: 'Selective scan (Mamba)',
  role: 'mechanism',
  family: 'State space',
  summary:
    'Reads a sequence once, with a small state per channel; every token decides what the state keeps, takes in and gives out.',
  variants: [
    { id: 'sequential', title: 'Fused, one channel per invocation' },
    { id: 'sequential-x4', title: 'Fused, four channels per invocation' },
    { id: 'unfused', title: 'Unfused: Ā, B̄u and h in memory' },
    { id: 'hillis-steele', title: 'Parallel scan, Hillis and Steele' },
    { id: 'blelloch', title: 'Parallel scan, Blelloch' },
    { id: 'chunked', title: 'Chunked, with a carry' },
  ],
  presets: [
    { id: 'fused', title: 'Fused: states never leave the registers', variant: 'sequential', config: small },
    { id: 'unfused', title: 'Unfused: every state goes through memory', variant: 'unfused', config: small },
    {
      id: 'hillis-steele',
      title: 'Parallel scan: depth log₂ L',
      variant: 'hillis-steele',
      config: { ...small, dim: 2, scan: 64 },
    },
    { id: 'blelloch', title: 'Parallel scan: least work', variant: 'blelloch', config: { ...small, dim: 2, scan: 64 } },
    { id: 'chunked', title: 'Chunks with a carry', variant: 'chunked', config: { ...small, chunk: 16 } },
    {
      id: 'spec-ratio',
      title: 'Fused against unfused: 32 channels, 16 states, 64 steps',
      variant: 'unfused',
      config: {
        batch: 1,
        dim: 32,
        dstate: 16,
        seqlen: 64,
        hasDeltaBias: false,
        lastState: false,
        // One block of channels: B and C are read once.
        channels: 32,
        time: 32,
      },
    },
    {
      id: 'selective-copy',
      title: 'Selective copying: Δ opens for what is to be remembered',
      variant: 'sequential',
      config: { batch: 16, dim: 8, dstate: 4, seqlen: 48, task: 'selective-copy', channels: 8, time: 8 },
    },
    {
      id: 'selective-copy-s4',
      title: 'Selective copying without selection (S4): it fails',
      variant: 'sequential',
      config: { batch: 16, dim: 8, dstate: 4, seqlen: 48, task: 'selective-copy', mode: 's4', channels: 8, time: 8 },
    },
    {
      id: 'time-invariant',
      title: 'S4: Δ, B and C no longer depend on the token',
      variant: 'sequential',
      config: { ...small, mode: 's4' },
    },
    {
      id: 'trap-quotient',
      title: 'Trap: dividing by a running product',
      variant: 'unfused',
      config: { ...small, dim: 4, seqlen: 128, trap: 'quotient' },
    },
    {
      id: 'trap-guarded-quotient',
      title: 'Trap: the same with 1e-12 added to the divisor',
      variant: 'unfused',
      config: { ...small, dim: 4, seqlen: 128, trap: 'guarded-quotient' },
    },
    {
      id: 'trap-first-order',
      title: 'Trap: theorem 1 with a first-order B̄',
      variant: 'unfused',
      config: { ...small, dim: 4, dstate: 1, task: 'gate', discretization: 'zoh', trap: 'first-order' },
    },
    {
      id: 'trap-naive-hold',
      title: 'Trap: (eˣ − 1) / x where A goes to 0',
      variant: 'unfused',
      config: { ...small, dim: 4, task: 'slow-states', discretization: 'zoh', trap: 'naive-hold' },
    },
  ],
};

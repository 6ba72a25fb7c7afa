// The ids of the glossary's terms; their sentences are in entries.ts.

export const TERMS = [
  'attention',
  'query',
  'key',
  'value',
  'score',
  'probability',
  'query-tile',
  'key-tile',
  'tile',
  'softmax',
  'online-softmax',
  'running-max',
  'running-sum',
  'rescale',
  'logsumexp',
  'hbm',
  'sram',
  'registers',
  'workgroup',
  'invocation',
  'dispatch',
  'barrier',
  'causal-mask',
  'window',
  'gqa',
  'softcap',
  'block-mask',
  'head-dim',
  'head',
  'on-chip-memory',
  'kv-cache',
  'state',
  'seed',
  'parity',
  'trace',
  'step',
  'reuse',
  'measured',
  'exact',
  'closed-form',
  'confidence-interval',
  'quantum',
  'software-adapter',
] as const;

export type TermId = (typeof TERMS)[number];

export function isTerm(id: string | undefined): id is TermId {
  return TERMS.some((term) => term === id);
}

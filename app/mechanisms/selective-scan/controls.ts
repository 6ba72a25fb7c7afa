// What the set-up panel calls the scan's sizes and options, and its numerical traps.

import type { Control } from '../../exhibit/control.ts';
import type { ControlSpec } from '../../exhibit/described-controls.ts';
import { MAPS_SAID, MODES_SAID } from '../../words/scan-options.ts';

const parallel = ['hillis-steele', 'blelloch'];
const blocked = ['sequential', 'unfused', 'chunked'];

export const scanLabels: Record<string, ControlSpec> = {
  seqlen: { label: 'Time steps', most: 1024, reason: 'the picture has a column per time step' },
  dim: { label: 'Channels', most: 128, reason: 'every channel is recorded' },
  dstate: {
    label: 'States per channel',
    constants: ['N'],
    reason: 'the kernels keep a channel’s states in 32 registers',
  },
  batch: { label: 'Sequences', reason: 'every sequence is recorded' },
  mode: { label: 'Δ, B, C', term: 'selection', said: MODES_SAID, constants: ['B_PER_CHANNEL', 'C_PER_CHANNEL'] },
  discretization: { label: 'Input map B̄', term: 'zero-order-hold', said: MAPS_SAID, constants: ['ZOH'] },
  deltaSoftplus: { label: 'softplus on Δ', constants: ['SOFTPLUS'] },
  channels: { label: 'Channels per workgroup', usual: 32, variants: blocked, constants: ['CHANNELS'] },
  time: { label: 'Staged time steps', usual: 32, variants: [...blocked, 'sequential-x4'], constants: ['TIME'] },
  scan: {
    label: 'Time steps per scan',
    usual: 64,
    variants: parallel,
    constants: ['SCAN'],
    range: (_config, limits) => {
      const most = limits.maxComputeInvocationsPerWorkgroup ?? 256;
      const choices = [8, 16, 32, 64, 128, 256].filter((lanes) => lanes <= most);
      const reason = 'a workgroup of this device has no more invocations';
      return { min: 8, max: choices.at(-1)!, step: 1, choices, reason };
    },
  },
  chunk: {
    label: 'Time steps per chunk',
    most: 1024,
    variants: ['chunked'],
    lengthens: false,
    reason: 'longer than the sequence is one chunk',
  },
};

/** A mistake that can be made with one tick and mended with another; one at a time. */
function trap(id: string, label: string, term: string, more: Record<string, unknown> = {}): Control {
  return {
    id: `trap-${id}`,
    label: `Trap: ${label}`,
    term,
    kind: 'toggle',
    range: () => ({ min: 0, max: 1, step: 1 }),
    read: ({ trap: made, discretization }) => made === id && discretization === (more.discretization ?? discretization),
    apply: (_config, value) => (value === true ? { trap: id, ...more } : { trap: 'none' }),
    appliesTo: (variant) => variant === 'unfused',
  };
}

export const traps: Control[] = [
  trap('quotient', 'divide by a running product', 'underflow'),
  trap('guarded-quotient', 'the same, 1e-12 added', 'underflow'),
  trap('first-order', 'ΔB for the exact hold', 'zero-order-hold', { discretization: 'zoh' }),
  trap('naive-hold', '(eˣ − 1)/x without its series', 'cancellation', { discretization: 'zoh' }),
];

// The set-up panel of the scan: sizes, tiles, mode, numerical traps.

import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from '../../exhibit/control.ts';

/** Sizes that a picture stays readable at and a software adapter records in seconds. */
const LARGEST = { batch: 16, dim: 128, dstate: 32, seqlen: 1024, chunk: 1024 } as const;

const numberOf = (config: Config, key: string, fallback: number) => {
  const value = config[key];
  return typeof value === 'number' ? value : fallback;
};

function size(
  id: keyof typeof LARGEST,
  label: string,
  fallback: number,
  reason: string,
  more?: Partial<Control>,
): Control {
  return {
    id,
    label,
    kind: 'number',
    lengthens: true,
    range: () => ({ min: 1, max: LARGEST[id], step: 1, reason }),
    read: (config) => numberOf(config, id, fallback),
    apply: (_config, value) => ({ [id]: Number(value) }),
    // A sentence and a file bring their own sizes.
    appliesTo: (_variant, input) => input === 'random',
    ...more,
  };
}

function choice(id: string, label: string, choices: (number | string)[], more?: Partial<Control>): Control {
  const numbers = choices.filter((each): each is number => typeof each === 'number');
  return {
    id,
    label,
    kind: 'choice',
    range: () => ({ min: Math.min(...numbers, 0), max: Math.max(...numbers, 0), step: 1, choices }),
    read: (config) => (config[id] as number | string | undefined) ?? choices[0]!,
    apply: (_config, value) => ({ [id]: typeof choices[0] === 'number' ? Number(value) : value }),
    ...more,
  };
}

function toggle(id: string, label: string, fallback: boolean): Control {
  return {
    id,
    label,
    kind: 'toggle',
    range: () => ({ min: 0, max: 1, step: 1 }),
    read: (config) => (typeof config[id] === 'boolean' ? config[id] : fallback),
    apply: (_config, value) => ({ [id]: value === true }),
  };
}

/** A mistake that can be made with one tick and mended with another; one at a time. */
function trap(id: string, label: string, term: string, more: Record<string, unknown> = {}): Control {
  return {
    ...toggle(`trap-${id}`, `Trap: ${label}`, false),
    term,
    read: ({ trap: made, discretization }) => made === id && discretization === (more.discretization ?? discretization),
    apply: (_config, value) => (value === true ? { trap: id, ...more } : { trap: 'none' }),
    appliesTo: (variant) => variant === 'unfused',
  };
}

const parallel = (variant: string) => variant === 'hillis-steele' || variant === 'blelloch';
const blocked = (variant: string) => !parallel(variant) && variant !== 'sequential-x4';

export const scanControls: Control[] = [
  size('seqlen', 'Time steps', 64, 'the picture has a column per time step'),
  size('dim', 'Channels', 8, 'every channel is recorded'),
  size('dstate', 'States per channel', 4, 'the kernels keep a channel’s states in 32 registers', { constants: ['N'] }),
  size('batch', 'Sequences', 1, 'every sequence is recorded'),
  choice('mode', 'Δ, B, C', ['s6', 's4'], { constants: ['B_PER_CHANNEL', 'C_PER_CHANNEL'] }),
  choice('discretization', 'Input map B̄', ['euler', 'zoh'], { term: 'zero-order-hold', constants: ['ZOH'] }),
  { ...toggle('deltaSoftplus', 'softplus on Δ', true), constants: ['SOFTPLUS'] },
  trap('quotient', 'divide by a running product', 'underflow'),
  trap('guarded-quotient', 'the same, 1e-12 added', 'underflow'),
  trap('first-order', 'ΔB for the exact hold', 'zero-order-hold', { discretization: 'zoh' }),
  trap('naive-hold', '(eˣ − 1)/x without its series', 'cancellation', { discretization: 'zoh' }),
  choice('channels', 'Channels per workgroup', [32, 4, 8, 16, 64], { appliesTo: blocked, constants: ['CHANNELS'] }),
  choice('time', 'Staged time steps', [32, 8, 16], { appliesTo: (variant) => !parallel(variant), constants: ['TIME'] }),
  choice('scan', 'Time steps per scan', [64, 8, 16, 32, 128, 256], {
    appliesTo: parallel,
    constants: ['SCAN'],
    range: (_config, limits) => {
      const most = limits.maxComputeInvocationsPerWorkgroup ?? 256;
      const choices = [8, 16, 32, 64, 128, 256].filter((lanes) => lanes <= most);
      const reason = 'a workgroup of this device has no more invocations';
      return { min: 8, max: choices.at(-1)!, step: 1, choices, reason };
    },
  }),
  size('chunk', 'Time steps per chunk', 64, 'longer than the sequence is one chunk', {
    lengthens: false,
    appliesTo: (variant) => variant === 'chunked',
  }),
];

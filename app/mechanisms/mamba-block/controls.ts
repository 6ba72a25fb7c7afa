// The set-up panel of the block: sizes and mode.

import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from '../../exhibit/control.ts';

function size(id: string, label: string, max: number, fallback: number, constants?: string[]): Control {
  return {
    id,
    label,
    kind: 'number',
    lengthens: true,
    range: () => ({ min: 1, max, step: 1, reason: 'every channel and time step is recorded' }),
    read: (config: Config) => (typeof config[id] === 'number' ? config[id] : fallback),
    apply: (_config, value) => ({ [id]: Number(value) }),
    appliesTo: (_variant, input) => input === 'random',
    constants,
  };
}

function choice(id: string, label: string, choices: string[], constants: string[]): Control {
  return {
    id,
    label,
    kind: 'choice',
    range: () => ({ min: 0, max: 0, step: 1, choices }),
    read: (config: Config) => (config[id] as string | undefined) ?? choices[0]!,
    apply: (_config, value) => ({ [id]: value }),
    constants,
  };
}

export const blockControls: Control[] = [
  size('seqlen', 'Time steps', 512, 32),
  size('dim', 'Channels', 64, 16),
  size('dstate', 'States per channel', 32, 4, ['N']),
  size('deltaRank', 'Rank of Δ', 16, 2),
  size('width', 'Filter taps', 8, 4),
  size('outDim', 'Output channels', 64, 8),
  size('batch', 'Sequences', 16, 1),
  choice('mode', 'Δ, B, C', ['s6', 's4'], ['B_PER_CHANNEL', 'C_PER_CHANNEL']),
  choice('discretization', 'Input map B̄', ['euler', 'zoh'], ['ZOH']),
];

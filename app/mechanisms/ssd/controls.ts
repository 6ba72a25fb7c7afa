// The set-up panel of SSD: sizes, form, chunk, how decays are summed.

import type { Config } from '#gpu/mechanisms/mechanism.ts';
import type { Control } from '../../exhibit/control.ts';

function size(id: string, label: string, max: number, fallback: number, more?: Partial<Control>): Control {
  return {
    id,
    label,
    kind: 'number',
    lengthens: true,
    range: () => ({ min: 1, max, step: 1, reason: 'every head and chunk is recorded' }),
    read: (config: Config) => (typeof config[id] === 'number' ? config[id] : fallback),
    apply: (_config, value) => ({ [id]: Number(value) }),
    ...more,
  };
}

function toggle(id: string, label: string, [off, on]: [string, string], term?: string): Control {
  return {
    ...{ id, label, term, kind: 'toggle' },
    range: () => ({ min: 0, max: 1, step: 1 }),
    read: (config) => config[id] === on,
    apply: (_config, value) => ({ [id]: value === true ? on : off }),
  };
}

export const ssdControls: Control[] = [
  size('seqlen', 'Time steps', 512, 64),
  size('heads', 'Heads', 8, 2),
  size('headDim', 'Channels per head', 64, 8, { constants: ['P'] }),
  size('dstate', 'States per channel', 64, 8, { constants: ['N'] }),
  size('batch', 'Sequences', 4, 1),
  size('chunk', 'Time steps per chunk', 512, 64, { appliesTo: (variant) => variant === 'chunked' }),
  {
    ...toggle('decaySum', 'Decays as differences of sums', ['direct', 'running'], 'cancellation'),
    constants: ['DIFFERENCES'],
  },
  toggle('task', 'Resets every 8 steps', ['none', 'resets']),
];

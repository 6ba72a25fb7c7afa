// The look of every tensor of the block: letter, colour, pattern and title, the same in each view.

import type { Ink, Pattern } from '../../pens/pen.ts';

export interface TensorLook {
  letter: string;
  colour: Ink;
  pattern: Pattern | 'solid';
  title: string;
}

export const tensorLooks: Record<string, TensorLook> = {
  hidden_states: { letter: 'x', colour: '--tensor-q', pattern: 'dots', title: 'hidden states' },
  xz: { letter: 'xz', colour: '--tensor-q', pattern: 'solid', title: 'signal and gate' },
  xc: { letter: 'u', colour: '--tensor-q', pattern: 'hatch', title: 'filtered signal' },
  x_dbl: { letter: 'BC', colour: '--tensor-k', pattern: 'hatch', title: 'dt, B and C of every token' },
  delta: { letter: 'Δ', colour: '--tensor-stat', pattern: 'hatch', title: 'step size' },
  y: { letter: 'y', colour: '--tensor-o', pattern: 'hatch', title: 'output of the scan' },
  out: { letter: 'O', colour: '--tensor-o', pattern: 'solid', title: 'output of the block' },
  weights: { letter: 'A', colour: '--tensor-mask', pattern: 'solid', title: 'A, D and the bias of Δ' },
  conv_state: { letter: 'c', colour: '--tensor-s', pattern: 'dots', title: 'cache: last inputs of the filter' },
  ssm_state: { letter: 'h', colour: '--tensor-s', pattern: 'cross', title: 'cache: state of the scan' },
  b_tile: { letter: 'B', colour: '--tensor-k', pattern: 'hatch', title: 'B of the staged steps' },
  c_tile: { letter: 'C', colour: '--tensor-v', pattern: 'dots', title: 'C of the staged steps' },
  tile: { letter: 'W', colour: '--tensor-mask', pattern: 'hatch', title: 'staged rows of a weight matrix' },
};

const WEIGHT: TensorLook = { letter: 'W', colour: '--tensor-mask', pattern: 'dots', title: 'weights' };

export function lookOf(buffer: string): TensorLook {
  const name = buffer.slice(buffer.lastIndexOf(':') + 1).replace(/_(held|step)$/, '');
  return tensorLooks[name] ?? { ...WEIGHT, title: name.replaceAll('_', ' ') };
}

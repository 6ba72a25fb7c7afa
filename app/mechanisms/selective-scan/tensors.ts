// The look of every tensor of the scan: letter, colour, pattern and title, the same in each view.

import type { Ink, Pattern } from '../../pens/pen.ts';

export interface TensorLook {
  letter: string;
  colour: Ink;
  pattern: Pattern | 'solid';
  title: string;
}

export const tensorLooks: Record<string, TensorLook> = {
  product: { letter: 'P', colour: '--tensor-mask', pattern: 'cross', title: 'running product of Ā' },
  gain: { letter: 'φ', colour: '--tensor-mask', pattern: 'dots', title: 'factor of the zero-order hold' },
  gate: { letter: 'g', colour: '--tensor-p', pattern: 'dots', title: 'gated mean of theorem 1' },
  u: { letter: 'u', colour: '--tensor-q', pattern: 'solid', title: 'signal' },
  delta: { letter: 'Δ', colour: '--tensor-stat', pattern: 'hatch', title: 'step size' },
  z: { letter: 'z', colour: '--tensor-p', pattern: 'dots', title: 'gate' },
  bc: { letter: 'BC', colour: '--tensor-k', pattern: 'hatch', title: 'input and output maps' },
  B: { letter: 'B', colour: '--tensor-k', pattern: 'hatch', title: 'input map: what is written' },
  C: { letter: 'C', colour: '--tensor-v', pattern: 'dots', title: 'output map: what is read' },
  weights: { letter: 'A', colour: '--tensor-mask', pattern: 'solid', title: 'A, D and the bias of Δ' },
  out: { letter: 'y', colour: '--tensor-o', pattern: 'solid', title: 'output' },
  last_state: { letter: 'h', colour: '--tensor-s', pattern: 'cross', title: 'last state' },
  states: { letter: 'h', colour: '--tensor-s', pattern: 'cross', title: 'every state' },
  a_bar: { letter: 'Ā', colour: '--tensor-stat', pattern: 'dots', title: 'what is kept, Ā' },
  b_bar_u: { letter: 'B̄u', colour: '--tensor-k', pattern: 'cross', title: 'what is written, B̄u' },
  carry: { letter: 'S', colour: '--tensor-s', pattern: 'hatch', title: 'state of a chunk, then carried state' },
  spans: { letter: 'ΣΔ', colour: '--tensor-stat', pattern: 'cross', title: 'sum of Δ over a chunk' },
  pairs: { letter: '∘', colour: '--tensor-s', pattern: 'dots', title: 'pairs (a, b) of the parallel scan' },
  rate: { letter: 'A', colour: '--tensor-mask', pattern: 'hatch', title: 'A of the channel' },
  b_tile: { letter: 'B', colour: '--tensor-k', pattern: 'hatch', title: 'B of the staged steps' },
  c_tile: { letter: 'C', colour: '--tensor-v', pattern: 'dots', title: 'C of the staged steps' },
};

const OTHER: TensorLook = { letter: '?', colour: '--tensor-mask', pattern: 'solid', title: 'other' };

/** A buffer's look; a workgroup array is known by its variable, a held tensor by what it holds. */
export function lookOf(buffer: string): TensorLook {
  const name = buffer.slice(buffer.lastIndexOf(':') + 1).replace(/_held$/, '');
  return tensorLooks[name] ?? { ...OTHER, letter: name.slice(0, 1).toUpperCase(), title: name };
}

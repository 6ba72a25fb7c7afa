// The look of every tensor of SSD: letter, colour, pattern and title, the same in each view.

import type { Ink, Pattern } from '../../pens/pen.ts';

export interface TensorLook {
  letter: string;
  colour: Ink;
  pattern: Pattern | 'solid';
  title: string;
}

const look = (letter: string, colour: Ink, pattern: TensorLook['pattern'], title: string): TensorLook => ({
  letter,
  colour,
  pattern,
  title,
});

export const tensorLooks: Record<string, TensorLook> = {
  X: look('X', '--tensor-q', 'solid', 'signal, already times Δ'),
  x: look('x', '--tensor-q', 'solid', 'signal'),
  A: look('a', '--tensor-stat', 'solid', 'log decay of every step'),
  dt: look('Δ', '--tensor-stat', 'hatch', 'step size before bias and softplus'),
  delta: look('Δ', '--tensor-stat', 'hatch', 'step size'),
  cs: look('Σa', '--tensor-stat', 'cross', 'running log decay of a chunk'),
  log_decay: look('a', '--tensor-stat', 'dots', 'log decay of every step, as made'),
  lost: look('ε', '--tensor-mask', 'cross', 'what a decay over one step loses'),
  B: look('B', '--tensor-k', 'hatch', 'input map'),
  C: look('C', '--tensor-v', 'dots', 'output map'),
  z: look('z', '--tensor-p', 'dots', 'gate'),
  states: look('S', '--tensor-s', 'cross', 'state of every chunk'),
  initial_states: look('h', '--tensor-s', 'dots', 'state before the first token'),
  final_state: look('h', '--tensor-s', 'solid', 'state after the last token'),
  weights: look('A', '--tensor-mask', 'solid', 'A, D and the bias of Δ'),
  Y: look('Y', '--tensor-o', 'solid', 'output'),
  out: look('Y', '--tensor-o', 'solid', 'output'),
  scores: look('P', '--tensor-p', 'cross', 'decayed scores of one tile'),
};

export function lookOf(buffer: string): TensorLook {
  const name = buffer.slice(buffer.lastIndexOf(':') + 1);
  return tensorLooks[name] ?? look(name.slice(0, 1).toUpperCase(), '--tensor-mask', 'dots', name);
}

import { expect, test } from 'vitest';
import { explain } from './explain.ts';

test('a plan reads as its buffers, its dispatches and its parts', () => {
  const text = explain({
    buffers: [
      { name: 'x', dtype: 'f32', shape: [2, 3], role: 'input' },
      { name: 'extents', dtype: 'u32', shape: [2], role: 'input', init: [0, 2] },
      {
        name: 'lse',
        dtype: 'f32',
        shape: [2],
        role: 'output',
        init: 'poison',
        sentinel: { from: -1e30, to: -Infinity },
      },
    ],
    passes: [
      {
        kernel: 'k.wgsl',
        constants: { BR: 16 },
        bindings: { a: 'x', b: 'lse' },
        params: { n: 2 },
        workgroups: [4, 2, 1],
      },
      {
        kernel: 'k.wgsl',
        entryPoint: 'again',
        constants: {},
        bindings: { a: 'x' },
        params: {},
        workgroups: { indirect: 'extents', offset: 4, max: [8, 1, 1] },
      },
    ],
    parts: { step: [1] },
    idempotent: false,
  });
  expect(text.split('\n')).toEqual([
    '3 buffers, 40 bytes',
    '  x: f32 [2, 3], input, 24 bytes',
    '  extents: u32 [2], input, 8 bytes, holds constants of the plan',
    '  lse: f32 [2], output, 8 bytes, starts as NaN, -1e+30 is read back as -Infinity',
    '2 dispatches',
    '  0. k.wgsl; 4 × 2 × 1 workgroups; a ← x, b ← lse; baked BR = 16; params n = 2',
    '  1. k.wgsl (again); workgroups from extents at byte 4, at most 8 × 1 × 1; a ← x',
    'part step: 1',
    'changes its own state: a second run gives another result',
  ]);
});

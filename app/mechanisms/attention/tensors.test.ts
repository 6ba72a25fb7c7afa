import { expect, test } from 'vitest';
import { memoryScene } from './memory-scene.ts';
import { inTensorOrder } from './tensors.ts';
import { reuseScene } from './testing/reuse-at.ts';
import { recordWalk } from './testing/traced-walk.ts';

const ordered = (...names: string[]) => inTensorOrder(names, (name) => name);

test('tensors stand as Q, K, V, S, P, O, then the statistics of rows and the rest, however the kernels bind them', () => {
  expect(ordered('out', 'l', 'lse', 'k', 'v', 'q')).toEqual(['q', 'k', 'v', 'out', 'lse', 'l']);
  expect(ordered('extents', 'out', 'lse', 'k', 'q', 'v')).toEqual(['q', 'k', 'v', 'out', 'lse', 'extents']);
  expect(ordered('p', 's', 'blockmask', 'lse', 'out', 'v', 'k', 'q')).toEqual([
    'q',
    'k',
    'v',
    's',
    'p',
    'out',
    'lse',
    'blockmask',
  ]);
  expect(ordered('lane_part', 'p_tile', 'kv_tile', 'q_tile')).toEqual(['q_tile', 'kv_tile', 'p_tile', 'lane_part']);
  expect(ordered('cells', 'l_tile', 'b.wgsl:s_tile', 'q_tile')).toEqual(['q_tile', 'b.wgsl:s_tile', 'l_tile', 'cells']);
});

test('what is of one tensor, or of none, keeps its order', () => {
  expect(ordered('needed', 'q_padded', 'cells', 'q')).toEqual(['q_padded', 'q', 'needed', 'cells']);
});

test('the memory and the reuse picture have that order', () => {
  const recording = recordWalk({ nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] });
  const { buffers, steps, touches } = recording.trace;
  const bound = buffers.toReversed();
  const turned = steps.map((step) => ({
    ...step,
    accesses: step.accesses.map((access) => ({ ...access, buffer: buffers.length - 1 - access.buffer })),
  }));
  const trace = { ...recording.trace, buffers: bound, steps: turned, touches: touches!.toReversed() };
  const { hbm } = memoryScene({ ...recording, trace }, turned.length, null);
  expect(hbm.map(({ letter }) => letter).join('')).toBe('QKVO');
  // Each bar still is that of its own buffer.
  for (const { buffer, name } of hbm) expect(bound[buffer]!.name).toBe(name);
  const { panels } = reuseScene({ ...recording, trace }, 0, null);
  expect(panels.map(({ letter }) => letter).join('')).toBe('QKVO');
});

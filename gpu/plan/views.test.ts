import { expect, test } from 'vitest';
import { concat, type Wiring } from './concat.ts';
import type { Plan } from './plan.ts';

/** y = f(x, B, C), of which B and C share a buffer; x and both maps can be read by strides. */
const plan: Plan = {
  buffers: [
    { name: 'x', dtype: 'f32', axes: ['batch', 'channel'], shape: [2, 3], role: 'input' },
    { name: 'maps', dtype: 'f32', axes: ['map'], shape: [8], role: 'state', init: 'poison' },
    {
      name: 'B',
      dtype: 'f32',
      axes: ['batch', 'state'],
      shape: [2, 2],
      role: 'input',
      within: { buffer: 'maps', at: 0 },
    },
    {
      name: 'C',
      dtype: 'f32',
      axes: ['batch', 'state'],
      shape: [2, 2],
      role: 'input',
      within: { buffer: 'maps', at: 4 },
    },
    { name: 'y', dtype: 'f32', axes: ['batch', 'channel'], shape: [2, 3], role: 'output', init: 'poison' },
  ],
  passes: [
    {
      kernel: 'f.wgsl',
      constants: {},
      bindings: { x: 'x', bc: 'maps', y: 'y' },
      params: { x_at: 0, x_batch: 3, b_at: 0, b_batch: 2, c_at: 4, c_batch: 2 },
      workgroups: [1, 1, 1],
    },
    {
      kernel: 'g.wgsl',
      constants: {},
      bindings: { bc: 'maps' },
      params: { b_at: 0, b_batch: 2 },
      workgroups: [1, 1, 1],
    },
  ],
  idempotent: true,
};
/** The same with a kernel that takes the shared buffer as it stands. */
const unaware: Plan = {
  ...plan,
  passes: [
    ...plan.passes,
    { kernel: 'h.wgsl', constants: {}, bindings: { all: 'maps' }, params: { at: 0, count: 8 }, workgroups: [1, 1, 1] },
  ],
};
const whole = { name: 'all', dtype: 'f32', axes: ['batch', 'row'], shape: [2, 7], role: 'output' } as const;
const row = (at: number) => ({ of: 'all', at, strides: { batch: 7 } });
const views = { 'p.x': row(0), 'p.B': row(3), 'p.C': row(5) };
const joined = (more: Partial<Wiring>) =>
  concat([{ name: 'p', plan }], { names: { 'p.y': 'y' }, wholes: [{ ...whole, shape: [...whole.shape] }], ...more });

test('tensors that are views vanish, and kernels bind the buffer that they stand in, with their params set', () => {
  const { buffers, passes } = joined({ views });
  expect(buffers.map(({ name, role }) => `${name}: ${role}`)).toEqual(['all: scratch', 'y: output']);
  expect(passes.map(({ bindings }) => bindings)).toEqual([{ x: 'all', bc: 'all', y: 'y' }, { bc: 'all' }]);
  expect(passes.map(({ params }) => params)).toEqual([
    { x_at: 0, x_batch: 7, b_at: 3, b_batch: 7, c_at: 5, c_batch: 7 },
    { b_at: 3, b_batch: 7 },
  ]);
});

test('what stands by itself keeps its params', () => {
  const { passes } = joined({ names: { 'p.x': 'all', 'p.y': 'y' }, wholes: [] });
  expect(passes.map(({ params }) => params)).toEqual(plan.passes.map(({ params }) => params));
});

test.each<[string, Partial<Wiring>, object]>([
  [
    'beyond its buffer',
    { views: { ...views, 'p.C': row(6) } },
    { code: 'shape-mismatch', field: 'C', value: 14, limit: 14 },
  ],
  [
    'with strides along an axis that it has not',
    { views: { ...views, 'p.x': { of: 'all', at: 0, strides: { time: 2 } } } },
    { code: 'unsupported', field: 'x' },
  ],
  [
    'with strides that its kernel does not take',
    { views: { ...views, 'p.x': { of: 'all', at: 0, strides: { channel: 2 } } } },
    { code: 'unsupported', field: 'x' },
  ],
  ['that its kernel cannot read', { views: { 'p.y': row(0) } }, { code: 'unsupported', field: 'y' }],
  ['beside one that is none', { views: { 'p.B': row(3) } }, { code: 'unsupported', field: 'B' }],
  ['of a buffer that does not exist', { views, wholes: [] }, { code: 'unknown-buffer', field: 'all' }],
  ['of a tensor that does not exist', { views: { 'p.w': row(0) } }, { code: 'unknown-buffer', field: 'p.w' }],
])('a view %s is refused', (_title, more, refusal) => {
  expect(() => joined(more)).toThrow(expect.objectContaining(refusal));
});

test('views within a shared buffer are refused where a kernel takes that buffer as it stands', () => {
  const wholes = [{ ...whole, shape: [...whole.shape] }];
  const join = () => concat([{ name: 'p', plan: unaware }], { names: { 'p.y': 'y' }, wholes, views });
  expect(join).toThrow(expect.objectContaining({ code: 'unsupported', field: 'B' }));
  expect(join).toThrow('h.wgsl has no param b_at');
});

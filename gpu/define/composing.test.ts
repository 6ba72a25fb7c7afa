import { expect, test } from 'vitest';
import type { Card } from '../mechanisms/mechanism.ts';
import { checkPlan } from '../plan/check.ts';
import { defineMechanism } from './mechanism.ts';
import type { MechanismSpec, Sub } from './spec.ts';

const cardOf = (id: string): Card => ({
  id,
  title: id,
  role: 'primitive',
  family: 'Building blocks',
  summary: 'For this test.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [],
});

const wgslOf = (step: string) => `// y = x
struct Params { rows: u32, x_at: u32, x_batch: u32 }
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> bias: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;
@compute @workgroup_size(1)
fn main() {
  //: ${step}
}
`;

interface Copy {
  batch: number;
  rows: number;
  hasBias: boolean;
}

const sizes = { batch: { most: 4, usual: 1 }, rows: { most: 9, usual: 2, axis: 'row' } };
const copySpec: MechanismSpec<Copy> = {
  card: cardOf('copy'),
  sizes,
  tensors: {
    x: { axes: ['batch', 'row'], role: 'input', title: 'x' },
    bias: { axes: ['row'], role: 'input', optional: { flag: 'hasBias', usual: false }, title: 'bias' },
    y: { axes: ['batch', 'row'], role: 'output', title: 'y' },
  },
  kernels: { './copy.wgsl': wgslOf('copy') },
  values: { x_at: 0, x_batch: ({ rows }) => rows },
  variants: { direct: { passes: [{ kernel: 'copy', grid: ({ rows }) => [rows, 1, 1] }] } },
  reference: () => ({}),
  counts: ({ batch, rows }) => ({
    buffers: { x: { loads: batch * rows }, y: { stores: batch * rows } },
    events: { row: rows },
  }),
  steps: { copy: ['Copy', 'A row is copied.'] },
};
const copy = defineMechanism(copySpec);

interface Twice {
  batch: number;
  rows: number;
}

const config = ({ batch, rows }: Twice) => ({ batch, rows, hasBias: false });
const first: Sub<Twice> = {
  mechanism: copy,
  variant: 'direct',
  config,
  part: 'all',
  names: { y: 'between', bias: 'nothing' },
  views: ({ rows }) => ({ x: { of: 'pair', at: rows, strides: { batch: 2 * rows } } }),
};
const second: Sub<Twice> = {
  mechanism: copy,
  variant: 'direct',
  config,
  part: 'again',
  names: { x: 'between', y: 'out' },
};
const twiceSpec: MechanismSpec<Twice> = {
  card: cardOf('twice'),
  sizes,
  axes: { both: ({ rows }) => 2 * rows, one: () => 1 },
  tensors: {
    pair: { axes: ['batch', 'both'], role: 'input', title: 'pair' },
    between: { axes: ['batch', 'row'], role: 'scratch', title: 'between' },
    out: { axes: ['batch', 'row'], role: 'output', title: 'out' },
    nothing: { axes: ['one'], role: 'input', title: 'nothing', present: () => false },
  },
  kernels: {},
  variants: { direct: { passes: [first, second] } },
  reference: () => ({}),
  counts: () => ({ buffers: {} }),
  steps: {},
};
const twice = defineMechanism(twiceSpec);

test('mechanisms within become passes on the tensors of the whole, views included, in named parts', () => {
  const plan = twice.plan('direct', twice.resolve({ batch: 2, rows: 3 }), {});
  expect(plan.buffers.map(({ name, role }) => `${name}: ${role}`)).toEqual([
    'pair: input',
    'between: scratch',
    'out: output',
    'unused: scratch',
  ]);
  expect(plan.passes.map(({ bindings, params }) => ({ ...bindings, ...params }))).toEqual([
    { x: 'pair', bias: 'unused', y: 'between', rows: 3, x_at: 3, x_batch: 6 },
    { x: 'between', bias: 'unused', y: 'out', rows: 3, x_at: 0, x_batch: 3 },
  ]);
  expect(plan.parts).toEqual({ run: [0], all: [0], again: [1] });
  expect(() => checkPlan(plan, { 'copy.wgsl': wgslOf('copy') }, {})).not.toThrow();
});

test('their kernels, steps and counts join the whole’s own, by its names', () => {
  expect(twice.variants[0]!.kernels.map(({ file }) => file)).toEqual(['copy.wgsl']);
  expect(twice.steps.map(({ id }) => id)).toEqual(['copy']);
  // Of the part that runs, which is the first.
  expect(twice.cost('direct', twice.resolve({ batch: 2, rows: 3 }))).toEqual({
    buffers: [
      { buffer: 'between', loads: 0, stores: 6, loadBytes: 0, storeBytes: 24 },
      { buffer: 'pair', loads: 6, stores: 0, loadBytes: 24, storeBytes: 0 },
    ].reverse(),
    workgroupBytes: 0,
    extraBytes: 24,
    events: { row: 3 },
  });
});

const withFirst = (change: Partial<Sub<Twice>>) => ({
  variants: { direct: { passes: [{ ...first, ...change }, second] } },
});

test.each<[string, Partial<MechanismSpec<Twice>>, string]>([
  ['a variant that it has not', withFirst({ variant: 'other' }), 'other'],
  ['a tensor that it has not', withFirst({ names: { z: 'out' } }), 'z'],
  ['a tensor that the whole has not', withFirst({ names: { y: 'nowhere' } }), 'nowhere'],
])('%s is an error at definition', (_title, change, field) => {
  expect(() => defineMechanism({ ...twiceSpec, ...change })).toThrow(
    expect.objectContaining({ code: 'internal', field }),
  );
});

test('a tensor within that nothing is wired to is an error of the plan', () => {
  const wrong = defineMechanism({ ...twiceSpec, ...withFirst({ names: { bias: 'nothing' } }) });
  expect(() => wrong.plan('direct', wrong.resolve({ batch: 2, rows: 3 }), {})).toThrow(
    expect.objectContaining({ code: 'internal', field: 'y' }),
  );
});

import { expect, test } from 'vitest';
import { z } from '../core/schema.ts';
import type { Card } from '../mechanisms/mechanism.ts';
import { checkPlan } from '../plan/check.ts';
import { defineMechanism } from './mechanism.ts';
import type { MechanismSpec, Pass } from './spec.ts';

const wgsl = `// y = factor x + bias
const LANES: u32 = 64u; // invocations  @tune 32 64
const HAS_BIAS: bool = true; // bias  @flag
struct Params { row_count: u32, factor: f32 }
@group(0) @binding(0) var<storage, read> x: array<f32>; // [rows]
@group(0) @binding(1) var<storage, read> bias: array<vec4f>; // [rows]
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // [rows]
@group(0) @binding(3) var<uniform> params: Params;
var<workgroup> tile: array<f32, LANES + 1u>;
@compute @workgroup_size(LANES)
fn main() {}
`;

interface Scale {
  rows: number;
  factor: number;
  hasBias: boolean;
  blocks: number;
}

const card: Card = {
  id: 'scale',
  title: 'Scale',
  role: 'primitive',
  family: 'Building blocks',
  summary: 'Scales.',
  variants: [{ id: 'direct', title: 'Direct' }],
  presets: [],
};

const spec: MechanismSpec<Scale> = {
  card,
  sizes: { rows: { most: 512, usual: 8, axis: 'row' }, blocks: { most: 9, usual: 2, least: 0, ofInputs: false } },
  options: { factor: { choices: [1, 2, 3], usual: 2 } },
  axes: { pair: ({ rows }) => 2 * rows },
  tensors: {
    x: { axes: ['row'], role: 'input', title: 'signal' },
    bias: { axes: ['row'], role: 'input', optional: { flag: 'hasBias', usual: false }, title: 'bias' },
    half: { axes: ['pair'], role: 'scratch', title: 'half', present: ({ blocks }) => blocks > 2 },
    y: { axes: ['row'], role: 'output', title: 'result' },
  },
  kernels: { './scale.wgsl': wgsl },
  values: { row_count: ({ rows }) => rows },
  variants: {
    direct: {
      passes: [{ kernel: 'scale', grid: ({ rows }, { constant }) => [Math.ceil(rows / constant('LANES')), 1, 1] }],
    },
  },
  reference: ({ rows }) => ({ y: { shape: [rows], data: new Float64Array(rows) } }),
  counts: ({ rows }, { constant }) => ({
    buffers: { x: { loads: rows }, tile: [{ loads: 1, bytes: 16 }, { stores: constant('scale', 'LANES') }], half: {} },
    events: { row: rows },
  }),
  steps: { load: ['Load', 'A row is loaded.'] },
};

const scale = defineMechanism(spec);
const vector = (length: number) => ({ dtype: 'f32' as const, shape: [length], data: new Float32Array(length) });

test('constants, params and bindings are wired by their names, and what is absent is a dummy of the least size', () => {
  const plan = scale.plan('direct', scale.resolve({ rows: 65 }), {});
  expect(plan).toEqual({
    buffers: [
      { name: 'x', dtype: 'f32', axes: ['row'], shape: [65], role: 'input' },
      { name: 'y', dtype: 'f32', axes: ['row'], shape: [65], role: 'output', init: 'poison' },
      { name: 'unused', dtype: 'f32', axes: ['unused'], shape: [4], role: 'scratch', init: 'zero' },
    ],
    passes: [
      {
        kernel: 'scale.wgsl',
        constants: { LANES: 64, HAS_BIAS: false },
        bindings: { x: 'x', bias: 'unused', y: 'y' },
        params: { row_count: 65, factor: 2 },
        workgroups: [2, 1, 1],
      },
    ],
    idempotent: true,
  });
  expect(() => checkPlan(plan, { 'scale.wgsl': wgsl }, {})).not.toThrow();
});

test('sizes and flags follow from the inputs, settings have their defaults', () => {
  expect(scale.resolve({ factor: 3 }, { x: vector(5), bias: vector(5) })).toEqual({
    rows: 5,
    factor: 3,
    hasBias: true,
    blocks: 2,
  });
  expect(scale.resolve({ rows: 4 })).toMatchObject({ hasBias: false });
  expect(() => scale.resolve({}, { x: vector(5), bias: vector(4) })).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'rows', value: 4, limit: 5 }),
  );
  expect(() => scale.resolve({ rows: 4, factor: 5 })).toThrow(expect.objectContaining({ field: 'factor', value: 5 }));
});

const pass = spec.variants.direct!.passes[0]! as Pass<Scale>;
const withPass = (change: object) => ({ variants: { direct: { passes: [{ ...pass, ...change }] } } });

test('totals are the closed form’s counts, with the kernels’ own workgroup memory and the scratch that they use', () => {
  const scratch = defineMechanism({ ...spec, ...withPass({ bindings: { y: 'half' } }) });
  expect(scratch.cost('direct', scale.resolve({ rows: 3, blocks: 3 }))).toEqual({
    buffers: [
      { buffer: 'x', loads: 3, stores: 0, loadBytes: 12, storeBytes: 0 },
      { buffer: 'tile', loads: 1, stores: 64, loadBytes: 16, storeBytes: 256 },
    ],
    workgroupBytes: 4 * 65,
    extraBytes: 4 * 6,
    events: { row: 3 },
  });
});

test('the description says what the page needs to know', () => {
  expect(scale.description).toEqual({
    sizes: {
      rows: { most: 512, usual: 8, ofInputs: true },
      blocks: { most: 9, usual: 2, least: 0, ofInputs: false },
    },
    numbers: {},
    options: { factor: { choices: [1, 2, 3] } },
    tensors: {
      x: { role: 'input', title: 'signal' },
      bias: { role: 'input', title: 'bias', optional: 'hasBias' },
      half: { role: 'scratch', title: 'half' },
      y: { role: 'output', title: 'result' },
    },
  });
});

test('a number has a default and bounds of its own, goes to the kernels by its name, and the page is told its range', () => {
  const factor = { usual: 0.5, schema: z.number().check(z.gt(0)), least: 0.1, most: 3, step: 0.1 };
  const { resolve, plan, description } = defineMechanism({ ...spec, options: {}, numbers: { factor } });
  expect(plan('direct', resolve({ rows: 4 }), {}).passes[0]!.params).toMatchObject({ factor: 0.5 });
  expect(resolve({ rows: 4, factor: 40 })).toMatchObject({ factor: 40 });
  expect(() => resolve({ rows: 4, factor: 0 })).toThrow(
    expect.objectContaining({ code: 'bad-config', field: 'factor', value: 0, limit: 0 }),
  );
  expect(description!.numbers).toEqual({ factor: { usual: 0.5, least: 0.1, most: 3, step: 0.1 } });
});

test.each<[string, Partial<MechanismSpec<Scale>>, string]>([
  ['a param that nothing is called like', { values: {} }, 'row_count'],
  [
    'a flag that nothing is called like',
    { kernels: { './scale.wgsl': wgsl.replaceAll('BIAS', 'TASTE') } },
    'HAS_TASTE',
  ],
  ['a binding that no tensor is called like', { kernels: { './scale.wgsl': wgsl.replace(' y:', ' z:') } }, 'z'],
  ['a binding to a tensor that does not exist', withPass({ bindings: { y: 'nowhere' } }), 'nowhere'],
  ['a binding of a variable that the kernel does not have', withPass({ bindings: { w: 'x' } }), 'w'],
  ['a value that the kernel does not have', withPass({ values: { SPEED: 1 } }), 'SPEED'],
  ['a value that no kernel has', { values: { ...spec.values, SPEED: 1 } }, 'SPEED'],
  ['a kernel that does not exist', withPass({ kernel: 'nothing' }), 'nothing'],
  ['a kernel that no variant runs', { kernels: { ...spec.kernels, './idle.wgsl': wgsl } }, 'idle'],
  ['a variant that the card does not name', { variants: { ...spec.variants, other: { passes: [] } } }, 'other'],
  ['an axis that nothing has', { axes: {} }, 'pair'],
  ['an axis of two extents', { axes: { ...spec.axes, row: () => 3 } }, 'row'],
])('%s is an error at definition', (_title, change, field) => {
  expect(() => defineMechanism({ ...spec, ...change })).toThrow(expect.objectContaining({ code: 'internal', field }));
});

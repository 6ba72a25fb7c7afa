import { expect, test } from 'vitest';
import { checkPlan } from './check.ts';
import { concat } from './concat.ts';
import type { Plan } from './plan.ts';

/** out = f(in), with a scratch buffer of its own. */
function stage(kernel: string, shape: number[], idempotent = true): Plan {
  return {
    buffers: [
      { name: 'in', dtype: 'f32', shape, role: 'input' },
      { name: 'temporary', dtype: 'f32', shape, role: 'scratch', init: 'poison' },
      { name: 'out', dtype: 'f32', shape, role: 'output', init: 'poison', sentinel: { from: -1, to: 0 } },
    ],
    passes: [
      { kernel, constants: { T: 4 }, bindings: { a: 'in', b: 'temporary' }, params: { n: 1 }, workgroups: [1, 1, 1] },
      {
        kernel,
        constants: { T: 8 },
        bindings: { a: 'temporary', b: 'out' },
        params: { n: 1 },
        workgroups: { indirect: 'in', offset: 0, max: [1, 1, 1] },
      },
    ],
    parts: { half: [1] },
    idempotent,
  };
}

const chain = [
  { name: 'first', plan: stage('f.wgsl', [2, 6]) },
  { name: 'second', plan: stage('g.wgsl', [2, 2, 3], false) },
];

test('an output wired to a later input becomes one scratch buffer; the last output stays', () => {
  const whole = concat(chain, { names: { 'first.in': 'x', 'first.out': 'h', 'second.in': 'h', 'second.out': 'y' } });
  expect(whole.buffers.map(({ name, role }) => `${name}: ${role}`)).toEqual([
    'x: input',
    'first.temporary: scratch',
    'h: scratch',
    'second.temporary: scratch',
    'y: output',
  ]);
  expect(whole.passes.map((pass) => pass.bindings)).toEqual([
    { a: 'x', b: 'first.temporary' },
    { a: 'first.temporary', b: 'h' },
    { a: 'h', b: 'second.temporary' },
    { a: 'second.temporary', b: 'y' },
  ]);
  expect(whole.passes[3]!.workgroups).toEqual({ indirect: 'h', offset: 0, max: [1, 1, 1] });
  expect(whole.parts).toEqual({ first: [0, 1], 'first.half': [1], second: [2, 3], 'second.half': [3] });
  expect(whole.idempotent).toBe(false);
  expect(() => checkPlan(whole, { 'f.wgsl': '', 'g.wgsl': '' }, {})).not.toThrow();
});

test('listed outputs are read back, in the shape asked for, and no others', () => {
  const names = { 'first.out': 'h', 'second.in': 'h', 'second.out': 'y' };
  const whole = concat(chain, { names, outputs: { h: [12] } });
  const roles = Object.fromEntries(whole.buffers.map(({ name, role, shape }) => [name, { role, shape }]));
  expect(roles.h).toEqual({ role: 'output', shape: [12] });
  expect(roles.y).toEqual({ role: 'scratch', shape: [2, 2, 3] });
});

test('an input shared by two plans is one input', () => {
  const whole = concat(chain, { names: { 'first.in': 'x', 'second.in': 'x' } });
  expect(whole.buffers.filter(({ name }) => name === 'x')).toEqual([
    expect.objectContaining({ role: 'input', shape: [2, 6] }),
  ]);
  expect(whole.buffers.filter(({ role }) => role === 'output').map(({ name }) => name)).toEqual([
    'first.out',
    'second.out',
  ]);
});

test('the plans handed in are not changed', () => {
  const before = structuredClone(chain);
  concat(chain, { names: { 'first.out': 'h', 'second.in': 'h' } });
  expect(chain).toEqual(before);
});

test('wires that fit nothing are refused', () => {
  expect(() => concat(chain, { names: { 'first.nope': 'x' } })).toThrow(
    expect.objectContaining({ code: 'unknown-buffer' }),
  );
  expect(() => concat(chain, { names: {}, outputs: { nope: true } })).toThrow(
    expect.objectContaining({ code: 'unknown-buffer' }),
  );
  const odd = [chain[0]!, { name: 'odd', plan: stage('g.wgsl', [5]) }];
  expect(() => concat(odd, { names: { 'first.out': 'h', 'odd.in': 'h' } })).toThrow(
    expect.objectContaining({ code: 'shape-mismatch', field: 'h' }),
  );
  expect(() => concat([chain[0]!, chain[0]!])).toThrow(expect.objectContaining({ code: 'internal', field: 'first' }));
});

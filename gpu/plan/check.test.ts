import { expect, test } from 'vitest';
import type { EngineError } from '../core/errors.ts';
import { bufferBytes, checkPlan } from './check.ts';
import type { Plan } from './plan.ts';

const limits = { maxStorageBufferBindingSize: 1024, maxBufferSize: 2048, maxComputeWorkgroupsPerDimension: 100 };

function plan(change: (plan: Plan) => void = () => {}): Plan {
  const made: Plan = {
    buffers: [
      { name: 'x', dtype: 'f32', shape: [4, 8], role: 'input' },
      { name: 'y', dtype: 'f32', shape: [0], role: 'output' },
    ],
    passes: [{ kernel: 'k.wgsl', constants: {}, bindings: { a: 'x', b: 'y' }, params: {}, workgroups: [1, 2, 3] }],
    parts: { only: [0] },
    idempotent: true,
  };
  change(made);
  return made;
}

function refusal(change: (plan: Plan) => void): EngineError {
  try {
    checkPlan(plan(change), { 'k.wgsl': '' }, limits);
  } catch (error) {
    return error as EngineError;
  }
  throw new Error('the plan was accepted');
}

test('a plan within its limits passes', () => {
  expect(() => checkPlan(plan(), { 'k.wgsl': '' }, limits)).not.toThrow();
  expect(bufferBytes({ shape: [4, 8] })).toBe(128);
  expect(bufferBytes({ shape: [4, 0] })).toBe(4);
});

test('a buffer one word too large is refused, the largest that fits is not', () => {
  const sized = (elements: number) => (made: Plan) => {
    made.buffers[0]!.shape = [elements];
  };
  expect(() => checkPlan(plan(sized(256)), { 'k.wgsl': '' }, limits)).not.toThrow();
  expect(refusal(sized(257))).toMatchObject({ code: 'limit-exceeded', field: 'x bytes', value: 1028, limit: 1024 });
});

test('workgroup counts are checked on every axis, for indirect dispatches at their maximum', () => {
  const direct = refusal((made) => {
    made.passes[0]!.workgroups = [1, 1, 101];
  });
  expect(direct).toMatchObject({ code: 'limit-exceeded', field: 'k.wgsl workgroups.z', value: 101, limit: 100 });
  const indirect = refusal((made) => {
    made.passes[0]!.workgroups = { indirect: 'x', offset: 0, max: [1, 200, 1] };
  });
  expect(indirect).toMatchObject({ field: 'k.wgsl workgroups.y', value: 200 });
});

test('an eighth buffer is refused, since the recorder needs its place', () => {
  const error = refusal((made) => {
    made.passes[0]!.bindings = Object.fromEntries([...'abcdefgh'].map((name) => [name, 'x']));
  });
  expect(error).toMatchObject({ code: 'limit-exceeded', value: 8, limit: 7 });
});

test.each<[string, (made: Plan) => void, string]>([
  ['an unknown kernel', (made) => (made.passes[0]!.kernel = 'other.wgsl'), 'unknown-kernel'],
  ['a binding to no buffer', (made) => (made.passes[0]!.bindings.a = 'z'), 'unknown-buffer'],
  [
    'indirect counts from no buffer',
    (made) => (made.passes[0]!.workgroups = { indirect: 'z', offset: 0, max: [1, 1, 1] }),
    'unknown-buffer',
  ],
  ['two buffers of one name', (made) => (made.buffers[1]!.name = 'x'), 'internal'],
  ['a part with no such pass', (made) => (made.parts = { only: [1] }), 'internal'],
  ['a negative extent', (made) => (made.buffers[0]!.shape = [-1]), 'internal'],
  ['a fraction of a workgroup', (made) => (made.passes[0]!.workgroups = [0.5, 1, 1]), 'internal'],
  ['a constant list of another length', (made) => (made.buffers[0]!.init = [1, 2]), 'internal'],
])('%s is refused', (_, change, code) => {
  expect(refusal(change)).toMatchObject({ code });
});

test('an axis has one extent in a plan, names every dimension, and stands in a tensor once', () => {
  const named = (x: string[], y: string[], shape: number[]) => (made: Plan) => {
    Object.assign(made.buffers[0]!, { axes: x });
    Object.assign(made.buffers[1]!, { axes: y, shape });
  };
  expect(() => checkPlan(plan(named(['row', 'column'], ['row'], [4])), { 'k.wgsl': '' }, limits)).not.toThrow();
  const differ = refusal(named(['row', 'column'], ['column'], [4]));
  expect(differ).toMatchObject({ code: 'internal', field: 'column' });
  expect(differ.message).toMatch(/column is 4 in y and 8 in x/);
  expect(refusal(named(['row'], ['row'], [4])).message).toMatch(/x \[4, 8\] names the axes \[row\]/);
  expect(refusal(named(['row', 'row'], ['column'], [4])).message).toMatch(/x names an axis twice/);
});

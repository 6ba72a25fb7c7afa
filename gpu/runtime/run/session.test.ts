import { expect, test } from 'vitest';
import { partPasses } from './session.ts';

test('a plan may call a part of its own “run”; an error names every part once', () => {
  const parts = { run: [1], step: [0] };
  expect(partPasses('run', parts, 2)).toEqual([1]);
  expect(partPasses('run', undefined, 2)).toEqual([0, 1]);
  const facts = { code: 'unknown-part', field: 'part', value: 'nope', limit: ['run', 'step'] };
  expect(() => partPasses('nope', parts, 2)).toThrow(expect.objectContaining(facts));
});

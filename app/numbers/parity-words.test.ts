import { expect, test } from 'vitest';
import type { ParityOutput } from '../exhibit/results.ts';
import { failedParity } from './parity-words.ts';

const output = (facts: Partial<ParityOutput>): ParityOutput => ({
  name: 'out',
  elements: 4,
  maxAbsError: 1e-7,
  maxAbsIndex: 0,
  maxAbsReference: 1,
  nonFiniteMismatches: 0,
  nonFiniteMatches: 0,
  tolerance: 1e-5,
  passes: true,
  histogram: [],
  ...facts,
});

test('a wrong output is named with how far it is off and what is allowed', () => {
  const wrong = output({ name: 'lse', maxAbsError: 0.5, passes: false });
  expect(failedParity([output({}), wrong])).toEqual({ words: 'lse is off by 0.5000', allowed: '1.00e-5 allowed' });
  expect(failedParity([output({ passes: false, nonFiniteMismatches: 1 })])?.words).toBe(
    'out has 1 number not finite as in the reference',
  );
  expect(failedParity([output({ passes: false, maxAbsError: Number.NaN })])?.words).toContain('off by NaN');
});

test('a right output, and one that was not compared, are no failure', () => {
  expect(failedParity([output({})])).toBeNull();
  expect(failedParity([])).toBeNull();
});

import { expect, test } from 'vitest';
import { knownAt, knownOf } from './known.ts';
import { handMade } from './testing/hand-made.ts';

const given = [1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const shown = [1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

test('a given value that is no number is crossed out from the start, not taken for one to come', () => {
  const run = handMade({ steps: 3, inputs: { x: { axes: ['at'], shape: [4], data: given } } });
  const known = knownOf(run, { tensor: 'x' }, { at: 4 }, {})!;
  for (const tick of [0, 3]) expect([...knownAt(known, tick)]).toEqual(shown);
});

test('a recorded one is so from the step that recorded it', () => {
  const rows = given.map((value, at) => [value, at]);
  const run = handMade({ steps: 3, records: [{ values: ['x'], at: ['at'], rows, step: [0, 1, 1, 2] }] });
  const known = knownOf(run, { record: 'x' }, { at: 4 }, {})!;
  expect([...knownAt(known, 0)]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  expect([...knownAt(known, 2)]).toEqual([...shown.slice(0, 3), Number.NaN]);
  expect([...knownAt(known, 3)]).toEqual(shown);
});

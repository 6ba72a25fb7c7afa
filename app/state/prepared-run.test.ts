import { expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { idsOf } from './prepared-run.ts';

test.each(['', '   ', '\u3000\n'])(
  'the sentence %j has no word, whatever its tokens: it is refused as an empty one',
  (text) => {
    const tokens = [...text].map((_, id) => ({ id }));
    const refused = () => idsOf(tokens, text);
    expect(refused).toThrow(/The sentence is empty/);
    expect(refused).toThrow(EngineError);
  },
);

test('every other sentence becomes its ids', () => {
  expect([...idsOf([{ id: 7 }, { id: 9 }], ' a ').data]).toEqual([7, 9]);
});

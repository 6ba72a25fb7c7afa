import { expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { idsOf } from './prepared-run.ts';
import { variantLabel } from './runs-beside.ts';

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

test('a run is called by its variant, by what was edited and by what it lacks', () => {
  expect(variantLabel('flash-v2', { edited: [] })).toBe('flash-v2');
  expect(variantLabel('flash-v2', { edited: ['flash-v2.wgsl'] })).toBe('flash-v2 (edited)');
  expect(variantLabel('standard', { edited: [], without: ['block mask', 'softcap'] })).toBe(
    'standard without block mask and softcap',
  );
});

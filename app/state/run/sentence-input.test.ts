import { expect, test } from 'vitest';
import { EngineError } from '#gpu/core/errors.ts';
import { tensor } from '#gpu/core/tensor.ts';
import { mechanisms } from '#gpu/mechanisms/all.ts';
import { loadView } from '../../mechanisms/load-view.ts';
import { encodedInputs, idsOf, inputKindOf, readByMechanism } from './sentence-input.ts';
import { inputsOf, planOf } from './wanted-inputs.ts';

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

test('an exhibit that reads no sentences runs on random input; what is asked for stays where it reads them, or is not known yet', () => {
  const asked = { input: 'sentence' as const };
  expect(inputKindOf(asked, {})).toBe('random');
  expect(inputKindOf(asked, { reads: { file: {} } })).toBe('random');
  expect(inputKindOf(asked, { reads: { sentence: { by: 'mechanism' } } })).toBe('sentence');
  expect(inputKindOf(asked, undefined)).toBe('sentence');
  expect(inputKindOf({ input: 'file' }, {})).toBe('file');
});

const all = [...mechanisms.values()].filter(({ role }) => role === 'mechanism');
const exhibits = await Promise.all(
  all.map(async (mechanism) => ({ mechanism, view: (await loadView(mechanism.id))! })),
);

test('whoever says that its mechanism reads a sentence, or takes the encoder’s q, k and v, has what does', () => {
  const ways = new Set<string>();
  for (const { mechanism, view } of exhibits) {
    const by = view.reads?.sentence?.by;
    expect(mechanism.readText !== undefined, mechanism.id).toBe(by === 'mechanism');
    if (by === 'mechanism') {
      const { tensors, tokens } = readByMechanism(mechanism, 'the *cat sat on the *mat by the cat');
      expect(Object.keys(tensors).length, mechanism.id).toBeGreaterThan(0);
      expect(tokens!.query.length).toBeGreaterThan(0);
    } else if (by) {
      const { variant, config } = mechanism.presets[0]!;
      const names = inputsOf(planOf(mechanism, variant, mechanism.resolve(config))!).map(({ name }) => name);
      for (const name of Object.values(by)) expect(names, mechanism.id).toContain(name);
    }
    ways.add(typeof by);
  }
  expect([...ways].sort()).toEqual(['object', 'string', 'undefined']);
});

test('what the encoder gives goes by the exhibit’s names', () => {
  const [q, k, v] = [1, 2, 3].map((value) => tensor('f32', [1], [value]));
  const names = { query: 'Q', key: 'K', value: 'V' };
  expect(encodedInputs(names, { q: q!, k: k!, v: v! })).toEqual({ Q: q, K: k, V: v });
  expect(encodedInputs(names, { q: q!, k: k! })).toBeNull();
});

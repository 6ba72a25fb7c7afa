import { expect, test } from 'vitest';
import { createConfigStore } from '../../state/stores/config-store.ts';
import { stillSaid, takeTyped } from './typed-number.ts';

const range = { min: 1, max: 5184, step: 1, reason: 'there is no more room' };
const same = (value: number) => value;
const take = (draft: string) => takeTyped(draft, 64, range, same, 'powers of two');

test.each(['abc', '', '  ', '12 rows', 'Infinity'])(
  '“%s” is no number: the old one is kept, and that is said',
  (draft) => {
    expect(take(draft)).toEqual({ shown: 64, note: 'not a number; kept 64' });
  },
);

test('a number is taken as it is where it can be', () => {
  expect(take('128')).toEqual({ shown: 128, set: 128, note: null });
  expect(take('64.0')).toEqual({ shown: 64, note: null });
});

test('what a number became is said with the reason', () => {
  expect(take('99999999')).toEqual({
    shown: 5184,
    set: 5184,
    note: '99,999,999 became 5,184: 1 to 5,184, there is no more room',
  });
  expect(take('2.6')).toEqual({ shown: 3, set: 3, note: '2.6 became 3: whole numbers' });
  expect(takeTyped('100', 64, range, () => 96, 'powers of two')).toEqual({
    shown: 96,
    set: 100,
    note: '100 became 96: powers of two',
  });
  expect(takeTyped('65', 64, range, () => 64, 'powers of two')).toEqual({
    shown: 64,
    note: '65 became 64: powers of two',
  });
});

test('a note is said until anything of the experiment is changed, not when a pane is', () => {
  const store = createConfigStore(() => 0);
  store.getState().changeConfig({ nq: 5184 });
  const note = { words: 'it became another', about: store.getState().experiment };
  const now = () => stillSaid(note, store.getState().experiment);
  store.getState().resize({ setup: 20 });
  expect(now()).toBe('it became another');
  store.getState().changeConfig({ heads: 2 });
  expect(now()).toBeNull();
});

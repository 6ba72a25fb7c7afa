import { expect, test } from 'vitest';
import { createModelStore, sampleDefaults } from './model-store.ts';

test('changes can be undone and done again; those of one field in quick succession are one', () => {
  let time = 0;
  const store = createModelStore(sampleDefaults, () => time);
  const { change, undo, redo } = store.getState();
  change({ prompt: 'a' }, 'prompt');
  time = 100;
  change({ prompt: 'ab' }, 'prompt');
  time = 2000;
  change({ seed: 7 }, 'seed');
  expect(store.getState().past.length).toBe(2);
  undo();
  expect(store.getState().build).toMatchObject({ prompt: 'ab', seed: sampleDefaults.seed });
  undo();
  expect(store.getState().build).toEqual(sampleDefaults);
  undo();
  expect(store.getState().build).toEqual(sampleDefaults);
  redo();
  redo();
  redo();
  expect(store.getState().build).toMatchObject({ prompt: 'ab', seed: 7 });
  undo();
  change({ seed: 9 }, 'seed');
  expect(store.getState().future).toEqual([]);
});

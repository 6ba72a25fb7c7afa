import { expect, test, vi } from 'vitest';
import type { LaterView, ViewSpec } from './view.ts';
import { loadedView, loadWholeView } from './whole-view.ts';

const whole: ViewSpec = {
  id: 'reuse',
  title: 'Reuse',
  about: 'A view.',
  Component: () => null,
  summary: () => 'nothing',
  table: () => ({ columns: [], rows: [] }),
};

test('a view that is here already is its own whole', async () => {
  expect(loadedView(whole)).toBe(whole);
  expect(await loadWholeView(whole)).toBe(whole);
});

test('a later view is loaded once, however often it is asked for', async () => {
  const load = vi.fn(async () => whole);
  const later: LaterView = { id: 'reuse', title: 'Reuse', load };
  expect(loadedView(later)).toBeUndefined();
  expect(await Promise.all([loadWholeView(later), loadWholeView(later)])).toEqual([whole, whole]);
  expect(loadedView(later)).toBe(whole);
  expect(load).toHaveBeenCalledTimes(1);
});

test('a load that failed is told, and tried again when it is next asked for', async () => {
  const load = vi.fn(async () => whole).mockRejectedValueOnce(new Error('no network'));
  const later: LaterView = { id: 'reuse', title: 'Reuse', load };
  await expect(loadWholeView(later)).rejects.toThrow(/The view “Reuse” could not be loaded/);
  expect(loadedView(later)).toBeUndefined();
  expect(await loadWholeView(later)).toBe(whole);
});

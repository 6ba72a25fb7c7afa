import { expect, test } from 'vitest';
import { variantLabel } from './runs-beside.ts';

test('a run is called by its variant, by what was edited and by what it lacks', () => {
  expect(variantLabel('flash-v2', { edited: [] })).toBe('flash-v2');
  expect(variantLabel('flash-v2', { edited: ['flash-v2.wgsl'] })).toBe('flash-v2 (edited)');
  expect(variantLabel('standard', { edited: [], without: ['block mask', 'softcap'] })).toBe(
    'standard without block mask and softcap',
  );
});

import { expect, test } from 'vitest';
import { along, IN_ORDER } from './walk-keys.ts';

test('a walk begins at the end it comes from, and stops at both', () => {
  expect(along(IN_ORDER.ArrowRight, null, 3)).toBe(0);
  expect(along(IN_ORDER.ArrowUp, null, 3)).toBe(2);
  expect(along(IN_ORDER.ArrowDown, 1, 3)).toBe(2);
  expect(along(IN_ORDER.ArrowDown, 2, 3)).toBe(2);
  expect(along(IN_ORDER.ArrowLeft, 0, 3)).toBe(0);
  expect(along(-10, 4, 30)).toBe(0);
});

test('other keys mean nothing, and nothing is walked where there is nothing', () => {
  expect(along(IN_ORDER.Enter, 1, 3)).toBeNull();
  expect(along(IN_ORDER.ArrowRight, null, 0)).toBeNull();
});

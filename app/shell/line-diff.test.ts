import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

test('equal texts differ by nothing; an inserted, removed or changed line is counted', () => {
  expect(lineDiff('a\nb\nc', 'a\nb\nc')).toEqual({ added: 0, removed: 0 });
  expect(lineDiff('a\nc', 'a\nb\nc')).toEqual({ added: 1, removed: 0 });
  expect(lineDiff('a\nb\nc', 'a\nc')).toEqual({ added: 0, removed: 1 });
  expect(lineDiff('a\nb\nc', 'a\nx\nc')).toEqual({ added: 1, removed: 1 });
  expect(lineDiff('a\nb\nc\nd', 'b\nx\nd')).toEqual({ added: 1, removed: 2 });
});

test('added − removed is the difference in length, and swapping the texts swaps the counts', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 30 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { added, removed } = lineDiff(before, after);
      expect(added - removed).toBe(after.split('\n').length - before.split('\n').length);
      expect(lineDiff(after, before)).toEqual({ added: removed, removed: added });
    }),
  );
});

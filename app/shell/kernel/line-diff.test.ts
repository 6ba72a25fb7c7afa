import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedParts, diffLines, lineDiff, shownText } from './line-diff.ts';

test('equal texts differ by nothing; an inserted, removed or changed line is counted', () => {
  expect(lineDiff('a\nb\nc', 'a\nb\nc')).toEqual({ added: 0, removed: 0 });
  expect(lineDiff('a\nc', 'a\nb\nc')).toEqual({ added: 1, removed: 0 });
  expect(lineDiff('a\nb\nc', 'a\nc')).toEqual({ added: 0, removed: 1 });
  expect(lineDiff('a\nb\nc', 'a\nx\nc')).toEqual({ added: 1, removed: 1 });
  expect(lineDiff('a\nb\nc\nd', 'b\nx\nd')).toEqual({ added: 1, removed: 2 });
});

test('the lines of a difference hold both texts, what was removed before what stands in its place', () => {
  expect(diffLines('a\nb\nc', 'a\nx\nc').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'same a',
    'removed b',
    'added x',
    'same c',
  ]);
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const without = (kind: string) =>
        lines
          .filter((line) => line.kind !== kind)
          .map((line) => line.text)
          .join('\n');
      expect([without('added'), without('removed')]).toEqual([before, after]);
    }),
  );
});

test('a text too long to compare counts as replaced as a whole', () => {
  const many = (letter: string) => Array.from({ length: 2100 }, (_, i) => `${letter}${i}`).join('\n');
  expect(lineDiff(many('a'), many('b'))).toEqual({ added: 2100, removed: 2100 });
});

test('only what is near a change is shown, with a mark for what was left out', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const after = [...before];
  after[1] = 'two';
  const shown = changedParts(diffLines(before.join('\n'), after.join('\n')), 1);
  expect(shown.map(({ line }) => line?.text ?? '⋮')).toEqual(['1', '2', 'two', '3', '⋮']);
});

test('a line of any length is shown as far as somebody reads it, and the rest is said', () => {
  expect(shownText('a'.repeat(400))).toBe('a'.repeat(400));
  expect(shownText('a'.repeat(72_000))).toBe(`${'a'.repeat(400)} … (71600 more characters)`);
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

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenizeWgsl } from './wgsl-tokens.ts';

const textOf = (source: string) =>
  tokenizeWgsl(source)
    .map((tokens) => tokens.map(({ text }) => text).join(''))
    .join('\n');

test('joining the tokens gives the text back, whatever it is', () => {
  const pieces = fc.constantFrom(
    'fn',
    ' ',
    '\n',
    '/*',
    '*/',
    '//',
    '//: fold',
    '0x1fu',
    '1.5e-3',
    '@',
    'é',
    '"',
    '{',
    'a_1',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((list) => list.join('')),
      ),
      (source) => {
        expect(textOf(source)).toBe(source.replace(/\n$/, ''));
      },
    ),
  );
});

test('names what it colours', () => {
  const [line, marker] = tokenizeWgsl('const BR: u32 = 16u; // rows\n//: load-q');
  const kinds = Object.fromEntries(line!.filter(({ kind }) => kind !== 'plain').map(({ text, kind }) => [text, kind]));
  expect(kinds).toEqual({ const: 'keyword', u32: 'type', '16u': 'number', '// rows': 'comment' });
  expect(marker).toEqual([{ text: '//: load-q', kind: 'marker' }]);
});

test('a block comment colours every line it covers', () => {
  const lines = tokenizeWgsl('/* one\ntwo */ fn f() {}');
  expect(lines[0]).toEqual([{ text: '/* one', kind: 'comment' }]);
  expect(lines[1]![0]).toEqual({ text: 'two */', kind: 'comment' });
});

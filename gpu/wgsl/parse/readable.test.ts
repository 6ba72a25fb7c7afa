import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExpressionElem } from 'wesl/core';
import { blankComments } from '../text/comments.ts';
import { parseModule } from './parse.ts';
import { readable } from './readable.ts';
import { templateStarts } from './template-lists.ts';

const kernels = import.meta.glob<string>(['../../**/*.wgsl', '!../parts/*.wgsl'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** An expression with all its brackets. */
function bracketed(expression: ExpressionElem, source: string): string {
  const inside = (each: ExpressionElem) => bracketed(each, source);
  switch (expression.kind) {
    case 'binary-expression':
      return `(${inside(expression.left)} ${expression.operator.value} ${inside(expression.right)})`;
    case 'unary-expression':
      return `(${expression.operator.value} ${inside(expression.expression)})`;
    case 'parenthesized-expression':
      return inside(expression.expression);
    case 'call-expression':
      return `${source.slice(expression.function.start, expression.function.end).replace(/\s+/g, '')}(${expression.arguments.map(inside).join(', ')})`;
    case 'component-expression':
      return `${inside(expression.base)}[${inside(expression.access)}]`;
    default:
      return source.slice(expression.start, expression.end);
  }
}

/** What the parser makes of `text` as an initializer, all brackets written. */
function read(text: string): string {
  const source = `fn main() {\n  let value = ${text};\n}`;
  const module = parseModule(source);
  const [statement] = module.functions.get('main')!.body.body;
  if (statement?.kind !== 'let') throw new Error('no let');
  return bracketed(statement.init!, source);
}

describe('the parser is given text that it reads', () => {
  test.each([
    ['select(1.0, select(2.0, 3.0, x < low), high > 0.0)', 'select(1.0, select(2.0, 3.0, (x < low)), (high > 0.0))'],
    ['f(a < b), c > d', undefined],
    ['f(a < b, c > (d))', 'f(a<b,c>(d))'],
    ['f((a < b), c > d)', 'f((a < b), (c > d))'],
    ['u32((a<b))>c', '(u32((a < b)) > c)'],
    ['array<u32, (4)>(1, 2)[a < b]', 'array<u32,(4)>(1, 2)[(a < b)]'],
    ['a<b&&c>d', '((a < b) && (c > d))'],
    ['1u<<k<n', '((1u << k) < n)'],
    ['b--b', '(b - (- b))'],
    ['b---b', '(b - (- (- b)))'],
    ['--b', '(- (- b))'],
    ['f(--b, 1.--b) - --b', '(f((- (- b)), (1. - (- b))) - (- (- b)))'],
    ['a[0]--b', '(a[0] - (- b))'],
  ])('%s', (text, wanted) => {
    if (wanted === undefined) expect(() => read(text)).toThrow(/line 2: syntax: the recorder cannot read this/);
    else expect(read(text)).toBe(wanted);
  });

  test('decrements stay decrements, in statements and in updates', () => {
    const source = 'fn main() { var i = 3; i--; for (var k = 3; k > 0; k --) { i -- ; } return; }';
    expect(readable(source)).toBe(source);
    expect(() => parseModule(source)).not.toThrow();
  });

  test('an attribute on a body is left out, wherever it stands', () => {
    const attribute = '@diagnostic(off, derivative_uniformity)';
    const source = `fn main() ${attribute} {
  if true ${attribute} { } else ${attribute} { }
  ${attribute} for (;;) ${attribute}
  { break; }
  loop ${attribute} { break; }
  switch 1 ${attribute} { default ${attribute} { } }
}`;
    const { functions, lineOf } = parseModule(source);
    const { body } = functions.get('main')!;
    expect(body.body.map(({ kind }) => kind)).toEqual(['if', 'for', 'loop', 'switch']);
    expect(lineOf(body.body.at(-1)!.start)).toBe(6);
  });

  test('what is no WGSL is refused with its line and a way round', () => {
    expect(() => parseModule('fn main() {\n  let x = ;\n}')).toThrow(
      /line 2: .*recorder cannot read.*put this part differently/,
    );
  });
});

test('template lists are found by the rule of the language', () => {
  const found = (code: string) =>
    [...templateStarts(code)].sort((a, b) => a - b).map((at) => /\w*$/.exec(code.slice(0, at).trimEnd())![0]);
  expect(found('A(B < C, D > (E))')).toEqual(['B']);
  expect(found('A(B < (C), D > E)')).toEqual(['B']);
  expect(found('if (i < n && j > m) { array<vec2<f32>, 4>= }')).toEqual(['array', 'vec2']);
  expect(found('f(i < n), j > m')).toEqual([]);
  expect(found('var<storage,read_write> a: array<u32>; a[i < 1] >>= 1u << b; x <= y > z')).toEqual(['var', 'array']);
  expect(found('a[b<d]>()')).toEqual([]);
  expect(found('a<b[c<d]>()')).toEqual(['a']);
  expect(found('a < b == c, d > e')).toEqual(['a']);
  expect(found('x < y; z > w')).toEqual([]);
});

describe('whatever is made readable says the same', () => {
  const LETTERS = ['a', 'b', 'c', 'd'];
  const expression = fc.letrec<{ any: [string, string]; simple: [string, string] }>((tie) => ({
    // [as written, with all brackets]
    simple: fc.oneof(
      fc.constantFrom(...LETTERS, '1', '2u', '.5').map((each): [string, string] => [each, each]),
      fc
        .tuple(fc.constantFrom('f', 'select', 'vec2<u32>', 'array<f32,(2)>'), fc.array(tie('any'), { maxLength: 3 }))
        .map(([name, all]): [string, string] => [
          `${name}(${all.map(([text]) => text).join(',')})`,
          `${name}(${all.map(([, full]) => full).join(', ')})`,
        ]),
      fc
        .tuple(fc.constantFrom(...LETTERS), tie('any'))
        .map(([name, [text, full]]): [string, string] => [`${name}[${text}]`, `${name}[${full}]`]),
      tie('any').map(([text, full]): [string, string] => [`(${text})`, full]),
      tie('simple').map(([text, full]): [string, string] => [`-${text}`, `(- ${full})`]),
    ),
    any: fc.oneof(
      { maxDepth: 4 },
      tie('simple'),
      fc
        .tuple(
          tie('simple'),
          fc.constantFrom('+', '-', '*', '/', '<', '>', '<=', '>=', '==', '!='),
          tie('simple'),
          fc.constantFrom('', ' '),
        )
        .map(([[a, fullA], operator, [b, fullB], gap]): [string, string] => [
          `${a}${gap}${operator}${gap}${b}`,
          `(${fullA} ${operator} ${fullB})`,
        ]),
    ),
  })).any;

  /** WGSL itself reads `a<b,c>(d)` as a template: then the two would differ, and neither is wrong. */
  const hasTemplate = (text: string) => {
    const code = `{${text}}`;
    return [...templateStarts(code)].some((at) =>
      LETTERS.includes(code[at - 1]!.trim() || code.slice(0, at).trimEnd().at(-1)!),
    );
  };

  test('an expression keeps its operators and their order', () => {
    let compared = 0;
    fc.assert(
      fc.property(expression, ([text, full]) => {
        if (hasTemplate(text)) return;
        compared++;
        expect(read(text)).toBe(full);
      }),
      { numRuns: 600 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  const PIECES = [
    'a',
    'b1',
    ' ',
    '\n',
    '<',
    '<',
    '>',
    '>',
    '<=',
    '<<',
    '>>=',
    '(',
    ')',
    '[',
    ']',
    ',',
    ';',
    '-',
    '--',
    '=',
    '==',
    '&&',
    '@diagnostic(off, x)',
    '{',
    '}',
    '1.0',
    'return',
    ':',
  ];

  test('length, lines and every other token stay', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) => {
        const code = pieces.join('');
        const made = readable(code);
        expect(made.length).toBe(code.length);
        const without = code.replace(/@\s*diagnostic\s*\([^)]*\)?/g, (text) => text.replace(/\S/g, ' '));
        [...without].forEach((character, at) => {
          if (made[at] === character) return;
          expect([character, made[at]]).toEqual(character === '<' ? ['<', '>'] : ['-', expect.stringMatching(/[+~]/)]);
        });
      }),
      { numRuns: 500 },
    );
  });

  test.each(Object.keys(kernels))('%s', (file) => {
    const code = blankComments(kernels[file]!);
    const differing = [...readable(code)].flatMap((character, at) => (character === code[at] ? [] : [code[at]]));
    expect(new Set(differing).size).toBeLessThanOrEqual(1);
    expect(differing.every((character) => character === '<')).toBe(true);
  });
});

// What the `wesl` parser (0.7) misreads in valid WGSL, written so that it does read it, character for character at the same offsets:
// `f(a < b), c > d`, where it takes the `<` for the start of a template; `b--b`, two minuses that it takes for a decrement; attributes on
// the body of a function or statement. Operators that were replaced get their own text back in the tree.

import { type BinaryOperator, visitAst, type WeslAST } from 'wesl/core';
import { templateStarts } from './template-lists.ts';

/** For each operator another of its own precedence and rules, which is read as what it is wherever it stands. */
const STAND_IN = { less: '>', minus: '+', negation: '~' } as const;

/** A word after which an expression begins; after any other a minus subtracts. */
const BEFORE_EXPRESSION = /(?:^|[^\p{XID_Continue}])(?:return|if|while|switch|case|const_assert)$/u;
const LONGEST_KEYWORD = 'const_assert'.length;

/**
 * @param code WGSL with comments blanked
 * @returns text of the same length and the same lines, for the parser alone
 */
export function readable(code: string): string {
  const characters = code.split('');
  const templates = templateStarts(code);
  for (const { index } of code.matchAll(/(?<!<)<(?![<=])/g))
    if (!templates.has(index)) characters[index] = STAND_IN.less;
  for (const { 0: run, index } of code.matchAll(/--+(?!\s*[;)])/g)) {
    let end = index;
    while (end > 0 && /\s/.test(code[end - 1]!)) end--;
    const before = code.slice(Math.max(0, end - LONGEST_KEYWORD - 1), end);
    const isBinary = /[\p{XID_Continue})\].]$/u.test(before) && !BEFORE_EXPRESSION.test(before);
    // The last minus stays: no other stands beside it any more.
    for (let i = 0; i < run.length - 1; i++)
      characters[index + i] = i === 0 && isBinary ? STAND_IN.minus : STAND_IN.negation;
  }
  // Such an attribute only sets what the compiler warns of.
  for (const { index } of code.matchAll(/@\s*diagnostic\s*\(/g)) {
    const end = code.indexOf(')', index) + 1;
    for (let at = index; at < end; at++) if (!/\s/.test(characters[at]!)) characters[at] = ' ';
  }
  return characters.join('');
}

/** Gives every operator of `ast`, parsed from `readable(code)`, its own text back. */
export function restoreOperators(ast: WeslAST, code: string): void {
  visitAst(ast.moduleElem, (elem) => {
    if (elem.kind === 'binary-expression') {
      const { operator } = elem;
      const [start, end] = operator.span;
      operator.value = code.slice(start, end) as BinaryOperator['value'];
    }
    if (elem.kind === 'unary-expression' && code[elem.operator.start] === '-') elem.operator.value = '-';
  });
}

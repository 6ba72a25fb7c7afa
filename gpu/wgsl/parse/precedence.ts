// Repairs operator precedence in trees made by the `wesl` parser (0.7): it reads `a < b * c + d` as `(a < b * c) + d`, because
// after a tighter operator it does not look again at what follows. Parentheses are nodes of their own, so the flat operand list
// of a chain is reliable and the tree can be rebuilt from it.

import type { BinaryExpression, ExpressionElem } from 'wesl/core';

const RANK: Record<string, number> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 6,
  '<=': 6,
  '>': 6,
  '>=': 6,
  '<<': 7,
  '>>': 7,
  '+': 8,
  '-': 8,
  '*': 9,
  '/': 9,
  '%': 9,
};

/**
 * Rebuilds the chain of binary operators at `top` in place (the node keeps its identity).
 *
 * @returns the operands of the chain, none of them a binary expression
 */
export function repairPrecedence(top: BinaryExpression): ExpressionElem[] {
  const operands: ExpressionElem[] = [];
  const operators: BinaryExpression['operator'][] = [];
  const flatten = (expression: ExpressionElem) => {
    if (expression.kind !== 'binary-expression') {
      operands.push(expression);
      return;
    }
    flatten(expression.left);
    operators.push(expression.operator);
    flatten(expression.right);
  };
  flatten(top);
  let at = 0;
  const climb = (lowest: number): ExpressionElem => {
    let left = operands[at]!;
    for (;;) {
      const operator = operators[at];
      if (!operator || RANK[operator.value]! < lowest) return left;
      at++;
      const right = climb(RANK[operator.value]! + 1);
      left = { kind: 'binary-expression', operator, left, right, start: left.start, end: right.end };
    }
  };
  Object.assign(top, climb(1));
  return operands;
}

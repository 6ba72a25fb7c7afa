// Between which bounds an integer expression stays, as far as its text says: constants, the place within a workgroup, `let`s of these, and
// counters of loops that stop below a bound. What is said here holds for every run; what is not known may be anything of its type.

import { type DeclIdent, type ExpressionElem, type ForElem, type FunctionCallExpression, visitAst } from 'wesl/core';
import { calledBuiltin } from '../parse/call-graph.ts';
import type { Module } from '../parse/parse.ts';
import { builtinOf } from './entry-builtins.ts';

type Range = readonly [least: number, most: number];

const TYPES: Readonly<Record<string, Range>> = { u32: [0, 2 ** 32 - 1], i32: [-(2 ** 31), 2 ** 31 - 1] };
const AXES: Readonly<Record<string, number>> = { x: 0, y: 1, z: 2, r: 0, g: 1, b: 2 };

export class IndexRanges {
  private readonly loops = new Map<DeclIdent, ForElem>();
  private readonly known = new Map<DeclIdent, Range | undefined>();

  constructor(
    private readonly module: Module,
    private readonly workgroupSize: readonly number[],
  ) {
    for (const { body } of module.functions.values())
      visitAst(body, (each) => {
        if (each.kind === 'for' && each.init?.kind === 'var') this.loops.set(each.init.name.decl.ident, each);
      });
  }

  /** Whether the index certainly is one of `count` elements. */
  isWithin(index: ExpressionElem, count: number | undefined): boolean {
    const range = this.of(index);
    return range !== undefined && count !== undefined && range[0] >= 0 && range[1] < count;
  }

  /** undefined for what is no integer. */
  private of(expression: ExpressionElem): Range | undefined {
    const constant = this.module.constantOf(expression);
    if (constant !== undefined) return Number.isInteger(constant) ? [constant, constant] : undefined;
    const type = this.module.typeOf(expression);
    const whole = type.kind === 'scalar' ? TYPES[type.scalar] : undefined;
    if (!whole) return undefined;
    const range = this.found(expression);
    // Past its type's end a number starts over.
    return range && range[0] >= whole[0] && range[1] <= whole[1] ? range : whole;
  }

  private found(expression: ExpressionElem): Range | undefined {
    switch (expression.kind) {
      case 'parenthesized-expression':
        return this.of(expression.expression);
      case 'ref': {
        const decl = this.module.declOf(expression);
        return decl && this.ofName(decl, expression.start);
      }
      case 'component-member-expression': {
        const { base, access } = expression;
        const elem = base.kind === 'ref' ? this.module.declOf(base)?.declElem : undefined;
        if (elem?.kind !== 'param' || builtinOf(elem.attributes) !== 'local_invocation_id') return undefined;
        return [0, (this.workgroupSize[AXES[access.name] ?? 3] ?? 1) - 1];
      }
      case 'binary-expression': {
        const [left, right] = [this.of(expression.left), this.of(expression.right)];
        return left && right && combined(expression.operator.value, left, right);
      }
      case 'call-expression':
        return this.ofCall(expression);
      default:
        return undefined;
    }
  }

  private ofName(decl: DeclIdent, at: number): Range | undefined {
    const elem = decl.declElem;
    if (elem?.kind === 'param' && builtinOf(elem.attributes) === 'local_invocation_index')
      return [0, this.workgroupSize.reduce((product, n) => product * n, 1) - 1];
    if (elem?.kind === 'let') {
      if (!this.known.has(decl)) this.known.set(decl, elem.init && this.of(elem.init));
      return this.known.get(decl);
    }
    const loop = this.loops.get(decl);
    if (!loop || at < loop.body.start || at >= loop.body.end) return undefined;
    if (!this.known.has(decl)) this.known.set(decl, this.ofCounter(decl, loop));
    return this.known.get(decl);
  }

  /** In the body of a loop that changes its counter nowhere else, the condition holds. */
  private ofCounter(decl: DeclIdent, loop: ForElem): Range | undefined {
    const { condition, init, update } = loop;
    const isCounter = (each: ExpressionElem) => each.kind === 'ref' && this.module.declOf(each) === decl;
    if (init?.kind !== 'var' || !init.init || !condition || this.changes(decl, loop)) return undefined;
    const type = this.module.typeOfName(decl);
    const bounds = conjuncts(condition).flatMap((each) => {
      if (each.kind !== 'binary-expression') return [];
      const operator = each.operator.value;
      const isLess = isCounter(each.left) && (operator === '<' || operator === '<=');
      const isMore = isCounter(each.right) && (operator === '>' || operator === '>=');
      const bound = isLess ? this.of(each.right) : isMore ? this.of(each.left) : undefined;
      return bound ? [bound[1] - (operator.length === 1 ? 1 : 0)] : [];
    });
    if (bounds.length === 0) return undefined;
    const most = Math.min(...bounds);
    if (type.kind === 'scalar' && type.scalar === 'u32') return [0, most];
    // A signed one stays above its start where it only grows, by steps that do not reach the type's end.
    const start = this.of(init.init);
    const grows =
      update?.kind === 'increment'
        ? 1
        : update?.kind === 'assign' && update.op.value === '+='
          ? this.of(update.rhs)
          : undefined;
    const [least, step] = typeof grows === 'number' ? [grows, grows] : (grows ?? [-1, 0]);
    return start && least >= 0 && most + step <= TYPES.i32![1] ? [start[0], most] : undefined;
  }

  /** Whether the body assigns to it, or somebody may who has its address. */
  private changes(decl: DeclIdent, loop: ForElem): boolean {
    const isIt = (target: ExpressionElem): boolean =>
      target.kind === 'parenthesized-expression'
        ? isIt(target.expression)
        : target.kind === 'ref' && this.module.declOf(target) === decl;
    let changes = false;
    visitAst(loop, (each) => {
      if (each === loop.update) return;
      if (each.kind === 'assign' && each.lhs.kind !== 'phony') changes ||= isIt(each.lhs);
      if (each.kind === 'increment' || each.kind === 'decrement') changes ||= isIt(each.target);
      if (each.kind === 'unary-expression' && each.operator.value === '&') changes ||= isIt(each.expression);
    });
    return changes;
  }

  private ofCall(call: FunctionCallExpression): Range | undefined {
    const [a, b, c] = call.arguments.map((each) => this.of(each));
    switch (calledBuiltin(this.module, call)) {
      case 'u32':
      case 'i32':
        return a;
      case 'min':
        return a && b && [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
      case 'max':
        return a && b && [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
      case 'clamp':
        return a && b && c && [Math.min(Math.max(a[0], b[0]), c[0]), Math.min(Math.max(a[1], b[1]), c[1])];
      case 'select':
        return a && b && [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
      default:
        return undefined;
    }
  }
}

function conjuncts(condition: ExpressionElem): ExpressionElem[] {
  if (condition.kind === 'parenthesized-expression') return conjuncts(condition.expression);
  if (condition.kind === 'binary-expression' && condition.operator.value === '&&')
    return [...conjuncts(condition.left), ...conjuncts(condition.right)];
  return [condition];
}

/** Of numbers of which none is past its type's end. */
function combined(operator: string, [a, b]: Range, [c, d]: Range): Range | undefined {
  const isNegative = a < 0 || c < 0;
  switch (operator) {
    case '+':
      return [a + c, b + d];
    case '-':
      return [a - d, b - c];
    case '*': {
      const products = [a * c, a * d, b * c, b * d];
      return [Math.min(...products), Math.max(...products)];
    }
    // Divided by nothing it is itself, and nothing is left.
    case '/':
      return isNegative ? undefined : [c === 0 ? 0 : Math.floor(a / d), Math.floor(b / Math.max(c, 1))];
    case '%':
      return isNegative ? undefined : [0, Math.min(b, Math.max(d - 1, 0))];
    case '&':
      return isNegative ? undefined : [0, Math.min(b, d)];
    case '>>':
      return isNegative || d > 31 ? undefined : [Math.floor(a / 2 ** d), Math.floor(b / 2 ** c)];
    case '<<':
      return isNegative || d > 31 ? undefined : [a * 2 ** c, b * 2 ** d];
    default:
      return undefined;
  }
}

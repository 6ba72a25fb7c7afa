// Where an expression points: resolves references and pointers into storage and workgroup variables to a variable, a static
// offset and the index expressions on the way. Function, private and uniform memory is not counted and resolves to 'untracked'.

import type { ComponentExpression, DeclIdent, ExpressionElem, GlobalVarElem, Type } from 'wesl/core';
import type { Layouts } from './layout.ts';
import type { Module } from './parse.ts';

export interface Place {
  variable: GlobalVarElem;
  /** Type of the memory referred to. */
  type: Type;
  /** Static part of the address, bytes. */
  offset: number;
  /** Indexes evaluated where the expression stands, in order. */
  indexes: Index[];
  /** WGSL expression for a part of the address computed earlier (a pointer's), in the variable's address unit. */
  base?: string;
}

export interface Index {
  expression: ExpressionElem;
  /** Bytes that one step moves. */
  stride: number;
  /** Elements of what is indexed; undefined for an array whose length only the runtime knows. */
  count: number | undefined;
  /** Its start, bytes; for an array without `count` all of it. */
  offset: number;
}

/** undefined: the expression is a value, not a reference. */
export type Resolved = Place | 'untracked' | undefined;

/** What pointer declarations in scope point to. */
export type Pointers = ReadonlyMap<DeclIdent, Place | 'untracked'>;

const COMPONENT: Record<string, number> = { x: 0, y: 1, z: 2, w: 3, r: 0, g: 1, b: 2, a: 3 };

/** True for `v.xyz` and the like: the whole vector is loaded first. */
export function isWideSwizzle(name: string, base: Type): boolean {
  return base.kind === 'vector' && name.length > 1;
}

export function placesIn(module: Module, layouts: Layouts) {
  const pointeeType = (type: Type): Type => (type.kind === 'ptr' ? type.elem : type);

  /** The memory `expression` refers to, as a reference. */
  const resolve = (expression: ExpressionElem, pointers: Pointers): Resolved => {
    switch (expression.kind) {
      case 'parenthesized-expression':
        return resolve(expression.expression, pointers);
      case 'ref': {
        const elem = module.declOf(expression)?.declElem;
        if (elem?.kind === 'var') return 'untracked';
        if (elem?.kind !== 'gvar') return undefined;
        const space = elem.template?.[0]?.name;
        if (space !== 'storage' && space !== 'workgroup') return 'untracked';
        return { variable: elem, type: module.typeOf(expression), offset: 0, indexes: [] };
      }
      case 'unary-expression':
        return expression.operator.value === '*' ? resolvePointer(expression.expression, pointers) : undefined;
      case 'component-expression':
        return indexed(expression, resolveBase(expression.base, pointers));
      case 'component-member-expression': {
        const base = resolveBase(expression.base, pointers);
        if (base === undefined) return undefined;
        const type = pointeeType(module.typeOf(expression.base));
        const name = expression.access.name;
        if (isWideSwizzle(name, type)) return undefined;
        if (base === 'untracked') return base;
        const offset =
          type.kind === 'vector' ? COMPONENT[name]! * layouts.strideOf(type) : layouts.memberOffset(type, name);
        return { ...base, type: module.typeOf(expression), offset: base.offset + offset };
      }
      default:
        return undefined;
    }
  };

  const indexed = (expression: ComponentExpression, base: Resolved): Resolved => {
    if (base === undefined || base === 'untracked') return base;
    const whole = pointeeType(module.typeOf(expression.base));
    const stride = layouts.strideOf(whole);
    const type = module.typeOf(expression);
    const constant = module.constantOf(expression.access);
    const count = elementsOf(whole);
    // In an array without a fixed length a constant can lie behind the end, which is seen where the code runs. One with a length refuses such
    // a constant, and something always is at 0.
    if (constant === 0 || (constant !== undefined && count !== undefined)) {
      const last = (count ?? 1) - 1;
      const within = constant < 0 ? last : Math.min(constant, last);
      return { ...base, type, offset: base.offset + within * stride };
    }
    const index = { expression: expression.access, stride, count, offset: base.offset };
    return { ...base, type, indexes: [...base.indexes, index] };
  };

  /**
   * The vector behind the target `v.zy` of a swizzle assignment, which is read and written whole (WGSL, "Swizzle views"); null where the
   * target is none.
   */
  const resolveSwizzled = (target: ExpressionElem, pointers: Pointers): Resolved | null => {
    if (target.kind === 'parenthesized-expression') return resolveSwizzled(target.expression, pointers);
    if (target.kind !== 'component-member-expression') return null;
    if (!isWideSwizzle(target.access.name, pointeeType(module.typeOf(target.base)))) return null;
    return resolveBase(target.base, pointers);
  };

  /** `p[i]` and `p.m` on a pointer mean `(*p)[i]` and `(*p).m`. */
  const resolveBase = (base: ExpressionElem, pointers: Pointers): Resolved =>
    module.typeOf(base).kind === 'ptr' ? resolvePointer(base, pointers) : resolve(base, pointers);

  /** The memory a pointer-valued expression points to. */
  const resolvePointer = (expression: ExpressionElem, pointers: Pointers): Resolved => {
    if (expression.kind === 'parenthesized-expression') return resolvePointer(expression.expression, pointers);
    if (expression.kind === 'unary-expression' && expression.operator.value === '&')
      return resolve(expression.expression, pointers);
    if (expression.kind === 'ref') {
      const decl = module.declOf(expression);
      return decl && pointers.get(decl);
    }
    return undefined;
  };

  return { resolve, resolvePointer, resolveSwizzled };
}

function elementsOf(type: Type): number | undefined {
  if (type.kind === 'vector') return type.size;
  if (type.kind === 'matrix') return type.cols;
  return type.kind === 'array' ? type.count : undefined;
}

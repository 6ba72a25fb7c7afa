// What an entry point uses, by what names mean where they stand: a member, a parameter or a local of the same spelling is something else.

import { type AbstractElem, type DeclIdent, type FnElem, visitAst } from 'wesl/core';
import type { Module } from './parse.ts';

/** Every declaration of the module that `entry`, or what it uses, refers to. */
export function reachedFrom(module: Module, entry: FnElem): Set<DeclIdent> {
  const reached = new Set<DeclIdent>();
  const seen = new Set<AbstractElem>();
  const pending: AbstractElem[] = [entry];
  const meet = (decl: DeclIdent | 'std' | undefined) => {
    if (decl === undefined || decl === 'std') return;
    reached.add(decl);
    const elem = decl.declElem;
    if (elem && decl.isGlobal && !seen.has(elem)) pending.push(elem);
  };
  const visit = (each: AbstractElem): void => {
    if (each.kind === 'ref') meet(module.bindings.refersTo.get(each.ident));
    if (each.kind === 'type') meet(module.bindings.refersTo.get(each.name));
    // `@workgroup_size(N)`
    if (each.kind === 'attribute' && each.attribute.kind === '@attribute')
      for (const { expression } of each.attribute.params ?? []) visitAst(expression, visit);
  };
  for (let elem = pending.pop(); elem; elem = pending.pop()) {
    if (seen.has(elem)) continue;
    seen.add(elem);
    visitAst(elem, visit);
  }
  return reached;
}

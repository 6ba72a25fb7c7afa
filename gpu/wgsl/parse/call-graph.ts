// Which functions an entry point reaches, and what a call goes to.

import { type AbstractElem, type FnElem, type FunctionCallExpression, visitAst } from 'wesl/core';
import type { Module } from './parse.ts';

const BARRIERS = new Set(['workgroupBarrier', 'storageBarrier', 'textureBarrier', 'workgroupUniformLoad']);

/** The user function a call goes to; undefined for constructors and built-ins. */
export function calledFunction(module: Module, call: FunctionCallExpression): FnElem | undefined {
  const elem = module.declOf(call.function)?.declElem;
  return elem?.kind === 'fn' ? elem : undefined;
}

/** The name of the built-in a call goes to; undefined when the name is the kernel's own. */
export function calledBuiltin(module: Module, call: FunctionCallExpression): string | undefined {
  if (module.declOf(call.function)) return undefined;
  return call.function.kind === 'type' ? call.function.name.originalName : call.function.ident.originalName;
}

export function isBarrier(module: Module, call: FunctionCallExpression): boolean {
  const name = calledBuiltin(module, call);
  return name !== undefined && BARRIERS.has(name);
}

/** All calls inside `elem`, in source order. */
export function callsIn(elem: AbstractElem): FunctionCallExpression[] {
  const calls: FunctionCallExpression[] = [];
  visitAst(elem, (each) => {
    if (each.kind === 'call-expression') calls.push(each);
  });
  return calls;
}

export interface CallGraph {
  /** `entry` and everything it calls, directly or not. */
  reached: FnElem[];
}

export function callGraph(module: Module, entries: readonly FnElem[]): CallGraph {
  const reached = new Set<FnElem>();
  const visit = (fn: FnElem) => {
    if (reached.has(fn)) return;
    reached.add(fn);
    for (const call of callsIn(fn.body)) {
      const callee = calledFunction(module, call);
      if (callee) visit(callee);
    }
  };
  for (const entry of entries) visit(entry);
  return { reached: [...reached] };
}

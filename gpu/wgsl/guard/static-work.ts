// What a kernel costs without its loops: a tree of calls runs each of its leaves, a grid every one of its invocations, and neither can be
// stopped. So both are counted before anything is compiled, and too much is refused by name.

import { type FnElem, visitAst } from 'wesl/core';
import { EngineError } from '../../core/errors.ts';
import { calledFunction, callGraph, callsIn } from '../parse/call-graph.ts';
import type { Module } from '../parse/parse.ts';
import { entryFunction, workgroupSizeOf } from '../parse/read-kernel.ts';

/** Statements of one invocation, every call unfolded, as a compiler does: real kernels have some thousands. */
const MOST_STATEMENTS = 2 ** 15;
/** Those of all invocations: a large device takes seconds for as many, a software adapter minutes. */
const MOST_WORK = 2 ** 34;
/** Of one `switch`: compilers take the square of them. */
const MOST_CASES = 1024;
/** Characters. */
const LONGEST_NAME = 1024;

const STATEMENTS = new Set(
  'if for while loop switch return break continue assign increment decrement call var let const'.split(' '),
);

/**
 * @param file what errors call the kernel
 * @param workgroups of the grid, the most of an indirect one; each loop's body counts once, for loops have a budget of their own
 * @throws EngineError limit-exceeded naming what is too much
 */
export function requireBoundedWork(
  module: Module,
  entryPoint: string | undefined,
  file: string,
  workgroups: readonly number[],
): void {
  const refuse = (what: string, value: number, limit: number, line?: number) => {
    const at = line === undefined ? file : `${file}, line ${line}`;
    const said = { value, limit, field: file, ...(line !== undefined && { line }) };
    return new EngineError('limit-exceeded', `${at}: ${what}; at most ${limit} are run here`, said);
  };
  const name = new RegExp(`[\\p{XID_Continue}]{${LONGEST_NAME + 1},}`, 'u').exec(module.code);
  if (name) {
    const line = module.lineOf(name.index);
    throw refuse(`a name of ${name[0].length} characters`, name[0].length, LONGEST_NAME, line);
  }
  const entry = entryFunction(module, entryPoint);
  for (const { body } of callGraph(module, [entry]).reached)
    visitAst(body, (each) => {
      if (each.kind !== 'switch' || each.clauses.length <= MOST_CASES) return;
      const { length } = each.clauses;
      throw refuse(`a switch of ${length} cases`, length, MOST_CASES, module.lineOf(each.start));
    });
  const statements = unfolded(module, entry, new Map());
  if (statements > MOST_STATEMENTS)
    throw refuse(`${statements} statements an invocation, with every call unfolded`, statements, MOST_STATEMENTS);
  const invocations = [...workgroups, ...workgroupSizeOf(module, entry)].reduce((product, n) => product * n, 1);
  if (invocations * statements <= MOST_WORK) return;
  const what = `${invocations} invocations of ${statements} statements or more`;
  throw refuse(what, invocations * statements, MOST_WORK);
}

/** Statements that a call of the function runs at most, loops once. WGSL has no recursion; a text that has is the compiler's to refuse. */
function unfolded(module: Module, fn: FnElem, known: Map<FnElem, number>): number {
  const before = known.get(fn);
  if (before !== undefined) return before;
  known.set(fn, 0);
  let own = 0;
  visitAst(fn.body, (each) => {
    if (STATEMENTS.has(each.kind)) own += 1;
  });
  for (const call of callsIn(fn.body)) {
    const callee = calledFunction(module, call);
    if (callee) own += unfolded(module, callee, known);
  }
  known.set(fn, own);
  return own;
}

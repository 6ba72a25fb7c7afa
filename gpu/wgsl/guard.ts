// The loop guard: an endless loop in an edited or foreign kernel ends after a budget of iterations instead of hanging the device
// (a submitted dispatch cannot be stopped). Loops are left by `break`, never by `return`: other invocations may be waiting at a
// barrier behind the loop.
//
// The other loops share one private budget. A loop that meets a barrier or an operation of a subgroup (in itself or in a function it
// calls) is counted in a variable local to the entry point and handed down by pointer, because a private variable never counts as
// uniform, and leaving such a loop must be.

import { type AbstractElem, type FnElem, type Statement, visitAst } from 'wesl/core';
import { type CallGraph, calledFunction, callGraph, callsIn } from './call-graph.ts';
import { applyEdits, EditList } from './edits.ts';
import { freeGroup } from './free-group.ts';
import { namesFor } from './names.ts';
import { type Module, parseModule } from './parse.ts';
import type { Edit } from './recorder.ts';
import { HEADER } from './recorder-layout.ts';
import { refuseRedeclared } from './redeclared.ts';
import { requireEntryPoint } from './reflect.ts';

export type Loop = Extract<Statement, { kind: 'for' | 'while' | 'loop' }>;

export interface LoopGuards {
  /** Statements for the start of the loop's body. */
  inBody(loop: Loop): string;
  /** Statements for the start of the function's body. */
  inFunction(fn: FnElem): string;
  /** What goes first in the function's parameter list, and in the arguments of a call of it. */
  inParameters(fn: FnElem): string;
  inCall(fn: FnElem): string;
  /** Module-scope text; needs the recorder buffer's name. */
  text(recorder: string): string;
}

export interface Guarded {
  wgsl: string;
  edits: Edit[];
  /** A storage buffer of at least 4 bytes: its first u32 is 1 after a run in which a loop ran out of its budget. */
  recorder: { group: number; binding: number };
}

/** WGSL's own names that the guard's module-scope text uses; what it inserts into functions needs none. */
const APPENDED = 'u32 array atomic ptr atomicMax storage read_write private function'.split(' ');

/** @param budget iterations an invocation may spend, 1 … 2³¹ */
export function loopGuards(
  module: Module,
  graph: CallGraph,
  entry: FnElem,
  prefix: string,
  budget: number,
): LoopGuards {
  const limit = `${budget}u`;
  const passes = `${prefix}passes`;
  const hasBarrierLoop = (fn: FnElem): boolean => {
    let found = false;
    visitAst(fn.body, (elem) => {
      if (isLoop(elem)) found ||= graph.hasBarrier(elem);
    });
    return found || calleesOf(module, fn).some(hasBarrierLoop);
  };
  return {
    inBody: (loop) =>
      graph.hasBarrier(loop)
        ? `*${passes} += 1u; if (*${passes} > ${limit}) { ${prefix}over_budget(); break; }`
        : `if (${prefix}spent >= ${limit}) { ${prefix}over_budget(); break; } ${prefix}spent += 1u;`,
    inFunction: (fn) =>
      fn === entry && hasBarrierLoop(fn) ? `var ${passes}_total = 0u; let ${passes} = &${passes}_total;` : '',
    inParameters: (fn) => (fn !== entry && hasBarrierLoop(fn) ? `${passes}: ptr<function, u32>, ` : ''),
    inCall: (fn) => (hasBarrierLoop(fn) ? `${passes}, ` : ''),
    text: (recorder) => `var<private> ${prefix}spent: u32;
fn ${prefix}over_budget() { atomicMax(&${recorder}[${HEADER.loopBudgetExceeded}u], 1u); }`,
  };
}

function isLoop(elem: AbstractElem): elem is Loop {
  return elem.kind === 'for' || elem.kind === 'while' || elem.kind === 'loop';
}

function calleesOf(module: Module, fn: FnElem): FnElem[] {
  return callsIn(fn.body)
    .map((call) => calledFunction(module, call))
    .filter((callee) => callee !== undefined);
}

/**
 * Guards every loop an entry point can reach.
 *
 * @throws EngineError bad-input (no such entry point), unsupported-construct (not parsed), limit-exceeded (no free bind group)
 */
export function guard(
  source: string,
  budget: number,
  options: { entryPoint?: string; constants?: Record<string, number>; maxBindGroups?: number } = {},
): Guarded {
  const entry = requireEntryPoint(source, options.entryPoint, options.constants);
  const module: Module = parseModule(source, options.constants);
  refuseRedeclared(module, APPENDED);
  const graph = callGraph(module, [module.functions.get(entry.name)!]);
  const names = namesFor(module.code);
  const main = module.functions.get(entry.name)!;
  const guards = loopGuards(module, graph, main, names.prefix, budget);
  const recorder = { group: freeGroup(source, options.maxBindGroups), binding: 0 };
  const edits = new EditList();
  for (const fn of graph.reached) {
    edits.add(listStart(module, fn.name.end), guards.inParameters(fn));
    edits.add(bodyStart(module, fn.body.start), guards.inFunction(fn));
    visitAst(fn.body, (elem) => {
      if (isLoop(elem)) edits.add(bodyStart(module, elem.body.start), `${guards.inBody(elem)} `);
      const callee = elem.kind === 'call-expression' ? calledFunction(module, elem) : undefined;
      if (callee && elem.kind === 'call-expression')
        edits.add(listStart(module, elem.function.end), guards.inCall(callee));
    });
  }
  edits.add(
    source.length,
    `\n@group(${recorder.group}) @binding(${recorder.binding}) var<storage, read_write> ${names.recorder}: array<atomic<u32>>;
${guards.text(names.recorder)}\n`,
  );
  const resolved = edits.resolve();
  return { wgsl: applyEdits(source, resolved), edits: resolved, recorder };
}

/** Offset just after the `{` of a block that starts at `start` (perhaps with attributes). */
export function bodyStart(module: Module, start: number): number {
  return module.code.indexOf('{', start) + 1;
}

/** Offset just after the `(` of a parameter or argument list that follows `offset`. */
export function listStart(module: Module, offset: number): number {
  return module.code.indexOf('(', offset) + 1;
}

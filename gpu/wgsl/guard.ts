// The loop guard: an endless loop in an edited or foreign kernel ends after a budget of iterations instead of hanging the device
// (a submitted dispatch cannot be stopped). Loops are left by `break`, never by `return`: other invocations may be waiting at a
// barrier behind the loop.
//
// A loop that meets a barrier (in itself or in a function it calls) is counted in a local variable, so that leaving it stays
// uniform control flow for the compiler; the other loops share one private budget.

import { type FnElem, type Statement, visitAst } from 'wesl/core';
import { type CallGraph, callGraph } from './call-graph.ts';
import { applyEdits, EditList } from './edits.ts';
import { freeGroup } from './free-group.ts';
import { namesFor } from './names.ts';
import { type Module, parseModule } from './parse.ts';
import type { Edit } from './recorder.ts';
import { HEADER } from './recorder-layout.ts';
import { requireEntryPoint } from './reflect.ts';

export type Loop = Extract<Statement, { kind: 'for' | 'while' | 'loop' }>;

export interface LoopGuards {
  /** Statements for the start of the loop's body. */
  inBody(loop: Loop): string;
  /** Statements for the start of the function's body. */
  inFunction(fn: FnElem): string;
  /** Module-scope text; needs the recorder buffer's name. */
  text(recorder: string): string;
}

export interface Guarded {
  wgsl: string;
  edits: Edit[];
  /** A storage buffer of at least 4 bytes: its first u32 is 1 after a run in which a loop ran out of its budget. */
  recorder: { group: number; binding: number };
}

/** @param budget iterations an invocation may spend, 1 … 2³¹ */
export function loopGuards(graph: CallGraph, prefix: string, budget: number): LoopGuards {
  const loopsOf = (fn: FnElem) => {
    const loops: Loop[] = [];
    visitAst(fn.body, (elem) => {
      if (elem.kind === 'for' || elem.kind === 'while' || elem.kind === 'loop') loops.push(elem);
    });
    return loops;
  };
  const limit = `${budget}u`;
  return {
    inBody: (loop) =>
      graph.hasBarrier(loop)
        ? `${prefix}passes += 1u; if (${prefix}passes > ${limit}) { ${prefix}over_budget(); break; }`
        : `if (${prefix}spent >= ${limit}) { ${prefix}over_budget(); break; } ${prefix}spent += 1u;`,
    inFunction: (fn) => (loopsOf(fn).some((loop) => graph.hasBarrier(loop)) ? `var ${prefix}passes = 0u;` : ''),
    text: (recorder) => `var<private> ${prefix}spent: u32;
fn ${prefix}over_budget() { atomicMax(&${recorder}[${HEADER.loopBudgetExceeded}u], 1u); }`,
  };
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
  const graph = callGraph(module, [module.functions.get(entry.name)!]);
  const names = namesFor(module.code);
  const guards = loopGuards(graph, names.prefix, budget);
  const recorder = { group: freeGroup(source, options.maxBindGroups), binding: 0 };
  const edits = new EditList();
  for (const fn of graph.reached) {
    edits.add(bodyStart(module, fn.body.start), guards.inFunction(fn));
    visitAst(fn.body, (elem) => {
      if (elem.kind === 'for' || elem.kind === 'while' || elem.kind === 'loop')
        edits.add(bodyStart(module, elem.body.start), `${guards.inBody(elem)} `);
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

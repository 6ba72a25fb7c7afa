// The loop guard: an endless loop in an edited or foreign kernel ends after a budget of iterations instead of hanging the device
// (a submitted dispatch cannot be stopped). Loops are left by `break`, never by `return`: other invocations may be waiting at a
// barrier behind the loop.
//
// Each loop has a counter of its own, local to the entry point; one in a function that is called has one for every way there, handed
// down by pointer. So a loop that invocations walk together is still walked together, as the compiler sees it, and what it computes
// is still the same for all of them: a barrier behind it, or a bound it found, stays valid. A private variable, or a counter shared
// with a loop in which invocations part, would not. And a counter counts all passes through its loop, however often the loop is
// entered, so that budgets in nested loops add up and do not multiply.

import { type AbstractElem, type FnElem, type FunctionCallExpression, type Statement, visitAst } from 'wesl/core';
import { type CallGraph, calledFunction, callGraph, callsIn } from '../parse/call-graph.ts';
import { type Module, parseModule } from '../parse/parse.ts';
import { boundVariables, entryFunction } from '../parse/read-kernel.ts';
import { type Renames, renamesIn } from '../parse/renames.ts';
import { applyEdits, EditList } from '../text/edits.ts';
import { freeBinding } from '../text/free-group.ts';
import { namesFor } from '../text/names.ts';
import type { Edit } from '../text/recorder-contract.ts';
import { HEADER } from '../text/recorder-layout.ts';

export type Loop = Extract<Statement, { kind: 'for' | 'while' | 'loop' }>;

export interface LoopGuards {
  /** Statements for the start of the loop's body. */
  inBody(loop: Loop): string;
  /** Statements for the start of the function's body. */
  inFunction(fn: FnElem): string;
  /** What a function must return at its end, now that its loops can be left; empty where it has an end of its own. */
  atEnd(fn: FnElem): string;
  /** What goes first in the function's parameter list, and in the arguments of a call of it in `caller`. */
  inParameters(fn: FnElem): string;
  inCall(caller: FnElem, call: FunctionCallExpression): string;
  /** Module-scope text; needs the recorder buffer's name. */
  text(recorder: string): string;
}

export interface Guarded {
  wgsl: string;
  edits: Edit[];
  /**
   * A storage buffer of at least 4 bytes: its first u32 is 1 after a run in which a loop ran out of its budget. Undefined for a kernel
   * without loops, which needs no guard.
   */
  recorder?: { group: number; binding: number };
  /** New names by old ones, where the pipeline has to ask for them. */
  renamed?: Record<string, string>;
}

/** WGSL's own names that the guard's module-scope text uses; what it inserts into functions needs none. */
const APPENDED = 'u32 array atomic ptr atomicMax storage read_write function'.split(' ');
/** Beyond this many counters a function starts its own at every call: parameter lists have an end. */
const MOST_HANDED_DOWN = 64;

/** @param budget iterations an invocation may spend in a loop, 1 … 2³¹ */
export function loopGuards(
  module: Module,
  graph: CallGraph,
  entry: FnElem,
  prefix: string,
  budget: number,
  renames: Renames,
): LoopGuards {
  const counters = counterTable(module, entry);
  const loops = new Map(graph.reached.flatMap((fn) => counters(fn).loops.map((loop, i) => [loop, { fn, i }] as const)));
  const name = (i: number) => `${prefix}passes${i}`;
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => name(from + i));
  const withoutEnd = graph.reached.filter((fn) => fn.returnType && counters(fn).loops.some(isEndless));
  const nothing = (fn: FnElem) => `${prefix}nothing${withoutEnd.indexOf(fn)}`;
  return {
    inBody(loop) {
      const { fn, i } = loops.get(loop)!;
      const counter = counters(fn).own ? name(i) : `*${name(i)}`;
      return `${counter} += 1u; if (${counter} > ${budget}u) { ${prefix}over_budget(); break; }`;
    },
    inFunction(fn) {
      const { own, all } = counters(fn);
      return own
        ? range(0, all)
            .map((each) => `var ${each} = 0u;`)
            .join(' ')
        : '';
    },
    atEnd: (fn) => (withoutEnd.includes(fn) ? `return ${nothing(fn)}();` : ''),
    inParameters(fn) {
      const { own, all } = counters(fn);
      return own
        ? ''
        : range(0, all)
            .map((each) => `${each}: ptr<function, u32>, `)
            .join('');
    },
    inCall(caller, call) {
      const callee = calledFunction(module, call);
      if (!callee || counters(callee).own) return '';
      const { own, first } = counters(caller);
      return range(first.get(call)!, counters(callee).all)
        .map((each) => `${own ? '&' : ''}${each}, `)
        .join('');
    },
    text: (recorder) =>
      [
        `fn ${prefix}over_budget() { atomicMax(&${recorder}[${HEADER.loopBudgetExceeded}u], 1u); }`,
        ...withoutEnd.map((fn) => {
          const type = renames.slice(fn.returnType!.start, fn.returnType!.end);
          return `fn ${nothing(fn)}() -> ${type} { return ${type}(); }`;
        }),
      ].join('\n'),
  };
}

interface FunctionCounters {
  loops: Loop[];
  /** By call of a function that is handed counters: the first of them. */
  first: Map<FunctionCallExpression, number>;
  /** Its loops' counters, then those handed down in each of its calls. */
  all: number;
  /** It declares them; otherwise they are handed to it. */
  own: boolean;
}

function counterTable(module: Module, entry: FnElem): (fn: FnElem) => FunctionCounters {
  const known = new Map<FnElem, FunctionCounters>();
  return function of(fn: FnElem): FunctionCounters {
    let counters = known.get(fn);
    if (!counters) {
      const loops: Loop[] = [];
      visitAst(fn.body, (elem) => {
        if (isLoop(elem)) loops.push(elem);
      });
      const first = new Map<FunctionCallExpression, number>();
      let all = loops.length;
      for (const call of callsIn(fn.body)) {
        const callee = calledFunction(module, call);
        if (!callee || of(callee).own) continue;
        first.set(call, all);
        all += of(callee).all;
      }
      counters = { loops, first, all, own: fn === entry || all > MOST_HANDED_DOWN };
      known.set(fn, counters);
    }
    return counters;
  };
}

function isLoop(elem: AbstractElem): elem is Loop {
  return elem.kind === 'for' || elem.kind === 'while' || elem.kind === 'loop';
}

/** Left by nothing but a `break` or a `return` in its body. */
function isEndless(loop: Loop): boolean {
  return loop.kind === 'loop' ? !loop.continuing?.breakIf : !loop.condition;
}

/**
 * Guards every loop an entry point can reach.
 *
 * @throws EngineError bad-input (no such entry point), unsupported-construct (not parsed)
 */
export function guard(
  source: string,
  budget: number,
  options: { entryPoint?: string; constants?: Record<string, number>; maxBindGroups?: number } = {},
): Guarded {
  const module: Module = parseModule(source, options.constants);
  const main = entryFunction(module, options.entryPoint);
  const renames = renamesIn(module, APPENDED);
  const graph = callGraph(module, [main]);
  const names = namesFor(module.code);
  const guards = loopGuards(module, graph, main, names.prefix, budget, renames);
  const edits = new EditList();
  for (const { offset, text } of renames.edits) edits.add(offset, text);
  let loops = 0;
  for (const fn of graph.reached) {
    edits.add(listStart(module, fn.name.end), guards.inParameters(fn));
    edits.add(bodyStart(module, fn.body.start), guards.inFunction(fn));
    visitAst(fn.body, (elem) => {
      if (isLoop(elem)) {
        loops++;
        edits.add(bodyStart(module, elem.body.start), `${guards.inBody(elem)} `);
      }
      if (elem.kind === 'call-expression') edits.add(listStart(module, elem.function.end), guards.inCall(fn, elem));
    });
    edits.add(fn.body.end - 1, guards.atEnd(fn));
  }
  if (loops === 0) return { wgsl: source, edits: [] };
  const recorder = freeBinding(boundVariables(module), options.maxBindGroups);
  edits.add(
    source.length,
    `\n@group(${recorder.group}) @binding(${recorder.binding}) var<storage, read_write> ${names.recorder}: array<atomic<u32>>;
${guards.text(names.recorder)}\n`,
  );
  const resolved = edits.resolve();
  const { forPipeline } = renames;
  return {
    wgsl: applyEdits(source, resolved),
    edits: resolved,
    recorder,
    ...(forPipeline && { renamed: forPipeline }),
  };
}

/** Offset just after the `{` of a block that starts at `start` (perhaps with attributes). */
export function bodyStart(module: Module, start: number): number {
  return module.code.indexOf('{', start) + 1;
}

/** Offset just after the `(` of a parameter or argument list that follows `offset`. */
export function listStart(module: Module, offset: number): number {
  return module.code.indexOf('(', offset) + 1;
}

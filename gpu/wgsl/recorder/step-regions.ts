// Which code a step covers: everything that can run between its flush point and the next, followed through branches, loops and
// calls. From it follow the source lines of each site, and which counters can be non-zero at each flush, so that a flush writes
// those and no others.

import type { BlockElem, FnElem, FunctionCallExpression, Statement } from 'wesl/core';
import { calledFunction, callsIn, isBarrier } from '../parse/call-graph.ts';
import type { AccessKind } from '../text/recorder-contract.ts';
import type { TracedKernel } from './traced-kernel.ts';

/** Sites that may be the current step's. */
type Active = ReadonlySet<number>;

interface Frame {
  breaks: Set<number>;
  continues: Set<number>;
  isLoop: boolean;
}

export interface StepUse {
  buffer: number;
  kind: AccessKind;
}

export interface StepRegions {
  /** By site: line ranges, ascending; lines with only blanks or comments between them are joined. */
  lines: [number, number][][];
  /** What the steps ended at each site's flush can have accessed; undefined when they are certainly empty. */
  endedAt: (StepUse[] | undefined)[];
  /** Likewise at the exits of the entry point. */
  endedAtExit: StepUse[] | undefined;
}

const EMPTY: Active = new Set();

/** Follows the step regions from `entry`. Needs the accesses that a walk over all functions has found. */
export function stepRegions(kernel: TracedKernel, entry: FnElem): StepRegions {
  const { module, flushPoints, options } = kernel;
  const { sites } = flushPoints;
  const covered: Set<number>[] = sites.map(() => new Set());
  const used: Map<string, StepUse>[] = sites.map(() => new Map());
  const records: boolean[] = sites.map(() => false);
  const before: Set<number>[] = sites.map(() => new Set());
  if (!options.steps)
    return { lines: sites.map(() => []), endedAt: sites.map(() => undefined), endedAtExit: undefined };

  const accesses = [...kernel.accessOffsets].sort((a, b) => a.offset - b.offset);
  const cover = (active: Active, from: number, to: number) => {
    const inside = accesses.filter(({ offset }) => offset >= from && offset < to);
    const first = module.lineOf(from);
    const last = module.lineOf(Math.max(from, to - 1));
    for (const site of active) {
      for (let line = first; line <= last; line++) covered[site]!.add(line);
      for (const { buffer, kind } of inside) used[site]!.set(`${buffer} ${kind}`, { buffer, kind });
    }
  };
  const union = (a: Active, b: Active): Active => (b.size === 0 ? a : new Set([...a, ...b]));
  /** Passes the flush point of `site`. */
  const flush = (site: number, active: Active): Active => {
    for (const each of active) before[site]!.add(each);
    return new Set([site]);
  };

  const walkFunction = (fn: FnElem, active: Active): Active => {
    const returns = new Set<number>();
    return union(walkBlock(fn.body, active, [], returns), returns);
  };

  const walkBlock = (block: BlockElem, start: Active, frames: Frame[], returns: Set<number>): Active => {
    let active = start;
    const markers = module.markers.filter(
      ({ offset }) =>
        offset > block.start &&
        offset < block.end &&
        !block.body.some((each) => offset >= each.start && offset < each.end),
    );
    const pass = (limit: number) => {
      while (markers.length > 0 && markers[0]!.offset < limit) {
        const { offset, kind } = markers.shift()!;
        const site = flushPoints.siteAt(offset);
        if (kind === 'record') for (const each of active) records[each] = true;
        else if (site !== undefined && active.size > 0) active = flush(site, active);
      }
    };
    for (const statement of block.body) {
      pass(statement.start);
      if (active.size === 0) return active;
      active = walkStatement(statement, active, frames, returns);
    }
    pass(Number.POSITIVE_INFINITY);
    return active;
  };

  const walkCall = (call: FunctionCallExpression, active: Active): Active => {
    const callee = calledFunction(module, call);
    if (callee) return walkFunction(callee, active);
    const site = isBarrier(module, call) ? flushPoints.siteAt(call.start) : undefined;
    return site === undefined ? active : flush(site, active);
  };

  /** An expression or simple statement with the calls inside it. */
  const walkFlat = (from: number, to: number, calls: readonly FunctionCallExpression[], start: Active): Active => {
    const flushing = calls.filter((call) => {
      const callee = calledFunction(module, call);
      return callee ? flushPoints.flushes(callee) : isBarrier(module, call);
    });
    for (const call of calls) if (!flushing.includes(call)) walkCall(call, start);
    let active = start;
    // One unconditional call is followed exactly; several, or one behind && or ||, may run in an order or number not traced here.
    const simple = flushing.length <= 1 && !/&&|\|\|/.test(module.code.slice(from, to));
    for (let round = 0; round < (simple ? 1 : 2); round++)
      for (const call of flushing) active = simple ? walkCall(call, active) : union(active, walkCall(call, active));
    if (active !== start) for (const call of calls) if (!flushing.includes(call)) walkCall(call, active);
    cover(union(start, active), from, to);
    return active;
  };

  const walkStatement = (statement: Statement, start: Active, frames: Frame[], returns: Set<number>): Active => {
    switch (statement.kind) {
      case 'block':
        return walkBlock(statement, start, frames, returns);
      case 'if': {
        const { condition } = statement;
        const active = walkFlat(statement.start, condition.end, callsIn(condition), start);
        const then = walkBlock(statement.body, active, frames, returns);
        return union(then, statement.else ? walkStatement(statement.else, active, frames, returns) : active);
      }
      case 'switch': {
        const { selector } = statement;
        const active = walkFlat(statement.start, selector.end, callsIn(selector), start);
        const frame: Frame = { breaks: new Set(), continues: new Set(), isLoop: false };
        let after: Active = EMPTY;
        for (const clause of statement.clauses) {
          cover(active, clause.start, clause.body.start);
          after = union(after, walkBlock(clause.body, active, [...frames, frame], returns));
        }
        return union(after, frame.breaks);
      }
      case 'for':
      case 'while':
      case 'loop':
        return walkLoop(statement, start, frames, returns);
      case 'break':
      case 'continue': {
        if (statement.kind === 'break' && statement.condition)
          return walkFlat(statement.start, statement.end, callsIn(statement), start);
        cover(start, statement.start, statement.end);
        const frame = statement.kind === 'break' ? frames.at(-1)! : frames.findLast((each) => each.isLoop)!;
        const target = statement.kind === 'break' ? frame.breaks : frame.continues;
        for (const site of start) target.add(site);
        return EMPTY;
      }
      case 'continuing':
        return start; // walked with its loop
      case 'return': {
        const active = walkFlat(statement.start, statement.end, callsIn(statement), start);
        for (const site of active) returns.add(site);
        return EMPTY;
      }
      case 'empty':
      case 'assert':
        return start;
      case 'call': {
        const site = isBarrier(module, statement.call) ? flushPoints.siteAt(statement.call.start) : undefined;
        if (site === undefined) return walkFlat(statement.start, statement.end, callsIn(statement), start);
        cover(start, statement.start, statement.end); // the barrier's own line belongs to what it ends
        return flush(site, start);
      }
      default:
        return walkFlat(statement.start, statement.end, callsIn(statement), start);
    }
  };

  const walkLoop = (
    loop: Extract<Statement, { kind: 'for' | 'while' | 'loop' }>,
    start: Active,
    frames: Frame[],
    returns: Set<number>,
  ): Active => {
    let head: Active = start;
    let after: Active = EMPTY;
    const headerEnd = loop.kind === 'loop' ? loop.start + 'loop'.length : loop.body.start;
    const header = loop.kind === 'loop' ? [] : [loop.kind === 'for' ? loop.init : undefined, loop.condition];
    const calls = header.flatMap((each) => (each ? callsIn(each) : []));
    // What can be active at the head only grows, by the sites inside the loop: two rounds reach the fixed point.
    for (let round = 0; round < 2; round++) {
      const frame: Frame = { breaks: new Set(), continues: new Set(), isLoop: true };
      const active = walkFlat(loop.start, headerEnd, calls, head);
      if (loop.kind !== 'loop' && loop.condition) after = union(after, active);
      const site = flushPoints.siteAt(loop.body.start);
      const inside = site === undefined ? active : flush(site, active);
      let end = union(walkBlock(loop.body, inside, [...frames, frame], returns), frame.continues);
      if (loop.kind === 'loop' && loop.continuing) {
        end = walkBlock(loop.continuing.body, end, [...frames, frame], returns);
        if (loop.continuing.breakIf) after = union(after, end);
      }
      if (loop.kind === 'for' && loop.update)
        end = walkFlat(loop.update.start, loop.update.end, callsIn(loop.update), end);
      head = union(head, end);
      after = union(after, frame.breaks);
    }
    if (loop.kind !== 'loop' && loop.condition) after = union(after, walkFlat(loop.start, headerEnd, calls, head));
    const behind = flushPoints.siteAfterLoop(loop.start);
    return behind === undefined ? after : flush(behind, after);
  };

  const exits = walkFunction(entry, new Set([0]));
  const codeLines = new Set<number>();
  module.code.split('\n').forEach((text, i) => {
    if (/[^\s{}]/.test(text)) codeLines.add(i + 1);
  });
  const usesOf = (active: Active): StepUse[] | undefined => {
    const uses = new Map([...active].flatMap((site) => [...used[site]!]));
    return uses.size === 0 && ![...active].some((site) => records[site]) ? undefined : [...uses.values()];
  };
  return {
    lines: covered.map((lines) => ranges(lines, codeLines)),
    endedAt: before.map(usesOf),
    endedAtExit: usesOf(exits),
  };
}

function ranges(lines: ReadonlySet<number>, codeLines: ReadonlySet<number>): [number, number][] {
  const result: [number, number][] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = result.at(-1);
    let next = last ? last[1] + 1 : line;
    while (next < line && !codeLines.has(next)) next++;
    if (last && next >= line) last[1] = line;
    else result.push([line, line]);
  }
  return result;
}

// Which source lines a step covers: everything that can run between its flush point and the next, followed through branches,
// loops and calls.

import type { BlockElem, FnElem, Statement } from 'wesl/core';
import { calledFunction, callsIn, isBarrier } from './call-graph.ts';
import type { Session } from './session.ts';

/** Sites that may be the current step's. */
type Active = ReadonlySet<number>;

interface Frame {
  breaks: Set<number>;
  continues: Set<number>;
  isLoop: boolean;
}

/** Line ranges of each site, ascending; lines with only blanks or comments between them are joined. */
export function siteLines(session: Session, entry: FnElem): [number, number][][] {
  const { module, flushPoints, options } = session;
  const covered: Set<number>[] = flushPoints.sites.map(() => new Set());
  if (!options.steps) return covered.map(() => []);

  const cover = (active: Active, from: number, to: number) => {
    const first = module.lineOf(from);
    const last = module.lineOf(Math.max(from, to - 1));
    for (const site of active) for (let line = first; line <= last; line++) covered[site]!.add(line);
  };
  const union = (a: Active, b: Active): Active => (b.size === 0 ? a : new Set([...a, ...b]));

  const walkFunction = (fn: FnElem, active: Active): Active => {
    const returns = new Set<number>();
    return union(walkBlock(fn.body, active, [], returns), returns);
  };

  const walkBlock = (block: BlockElem, start: Active, frames: Frame[], returns: Set<number>): Active => {
    let active = start;
    const markers = module.markers.filter(
      ({ offset, kind }) =>
        kind === 'step' &&
        offset > block.start &&
        offset < block.end &&
        !block.body.some((each) => offset >= each.start && offset < each.end),
    );
    const pass = (before: number) => {
      while (markers.length > 0 && markers[0]!.offset < before) {
        const site = flushPoints.siteAt(markers.shift()!.offset);
        if (site !== undefined && active.size > 0) active = new Set([site]);
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

  /** Calls and barriers inside one expression or simple statement, in order. */
  const walkFlat = (from: number, to: number, calls: ReturnType<typeof callsIn>, start: Active): Active => {
    let active = start;
    for (const call of calls) {
      const callee = calledFunction(module, call);
      const site = isBarrier(module, call) ? flushPoints.siteAt(call.start) : undefined;
      if (callee) active = walkFunction(callee, union(active, EMPTY));
      if (site !== undefined) active = new Set([site]);
    }
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
        cover(start, statement.start, statement.end);
        if (statement.kind === 'break' && statement.condition) return start;
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
        return new Set([site]);
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
    const headerEnd = loop.kind === 'loop' ? loop.start + 4 : loop.body.start;
    const header = loop.kind === 'loop' ? [] : [loop.kind === 'for' ? loop.init : undefined, loop.condition];
    const calls = header.flatMap((each) => (each ? callsIn(each) : []));
    // The sites that can be active at the head only grow: two rounds reach the fixed point for one loop.
    for (let round = 0; round < 2; round++) {
      const frame: Frame = { breaks: new Set(), continues: new Set(), isLoop: true };
      const active = walkFlat(loop.start, headerEnd, calls, head);
      const site = flushPoints.siteAt(loop.body.start);
      const inside = site === undefined ? active : new Set([site]);
      let end = union(walkBlock(loop.body, inside, [...frames, frame], returns), frame.continues);
      if (loop.kind === 'loop' && loop.continuing) {
        end = walkBlock(loop.continuing.body, end, [...frames, frame], returns);
        if (loop.continuing.breakIf) after = union(after, end);
      }
      if (loop.kind === 'for' && loop.update)
        end = walkFlat(loop.update.start, loop.update.end, callsIn(loop.update), end);
      head = union(head, end);
      if (loop.kind !== 'loop' && loop.condition) after = union(after, walkFlat(loop.start, headerEnd, calls, head));
      after = union(after, frame.breaks);
    }
    const behind = flushPoints.siteAfterLoop(loop.start);
    return behind === undefined ? after : new Set([behind]);
  };

  walkFunction(entry, new Set([0]));
  const codeLines = new Set<number>();
  module.code.split('\n').forEach((text, i) => {
    if (/[^\s{}]/.test(text)) codeLines.add(i + 1);
  });
  return covered.map((lines) => ranges(lines, codeLines));
}

const EMPTY: Active = new Set();

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

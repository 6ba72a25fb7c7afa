// The static points at which a step ends and the next begins: barriers, `//: name` markers, and, in a kernel that has neither,
// the iterations of its outermost loops.

import { type FnElem, type Statement, visitAst } from 'wesl/core';
import { type CallGraph, calledFunction, callsIn, isBarrier } from '../parse/call-graph.ts';
import type { Module } from '../parse/parse.ts';
import type { Marker } from '../text/markers.ts';
import type { Instrumented, Site } from '../text/recorder-contract.ts';

export interface FlushPoints {
  sites: Omit<Site, 'lines'>[];
  stepSource: Instrumented['stepSource'];
  /** Site of the barrier call, marker or loop body at this offset; undefined when nothing is flushed there. */
  siteAt(offset: number): number | undefined;
  /** Site behind an outermost loop, by the loop's start. */
  siteAfterLoop(offset: number): number | undefined;
  /** True when calling `fn` can flush. */
  flushes(fn: FnElem): boolean;
}

/** Finds the flush points of everything `entry` reaches. With `enabled` false there are none but the entry. */
export function findFlushPoints(module: Module, entry: FnElem, graph: CallGraph, enabled: boolean): FlushPoints {
  const sites: FlushPoints['sites'] = [{ kind: 'entry' }];
  const at = new Map<number, number>();
  const afterLoop = new Map<number, number>();
  const flushing = new Set<FnElem>();

  const markersOf = (fn: FnElem) =>
    module.markers.filter(
      (marker): marker is Marker & { kind: 'step' } =>
        marker.kind === 'step' && marker.offset > fn.body.start && marker.offset < fn.body.end,
    );
  const barriersOf = (fn: FnElem) => callsIn(fn.body).filter((call) => isBarrier(module, call));

  const hasMarkers = graph.reached.some((fn) => markersOf(fn).length > 0);
  const hasBarriers = graph.reached.some((fn) => barriersOf(fn).length > 0);
  const loops = hasMarkers || hasBarriers ? [] : outermostLoops(module, entry);
  const stepSource = hasMarkers ? 'markers' : hasBarriers ? 'barriers' : loops.length > 0 ? 'loop' : 'workgroup';

  if (enabled) {
    for (const fn of graph.reached) {
      const points = [
        ...markersOf(fn).map((marker) => ({ offset: marker.offset, name: marker.name as string | undefined })),
        ...barriersOf(fn).map((call) => ({ offset: call.start, name: undefined })),
      ].sort((a, b) => a.offset - b.offset);
      let lastName: string | undefined;
      for (const { offset, name } of points) {
        lastName = name ?? lastName;
        at.set(offset, sites.length);
        sites.push({
          kind: name === undefined ? 'barrier' : 'marker',
          ...(lastName !== undefined && { name: lastName }),
        });
      }
      if (points.length > 0) flushing.add(fn);
    }
    for (const { fn, loop } of loops) {
      at.set(loop.body.start, sites.length);
      sites.push({ kind: 'loop' });
      afterLoop.set(loop.start, sites.length);
      sites.push({ kind: 'loop' });
      flushing.add(fn);
    }
  }
  const flushes = (fn: FnElem): boolean =>
    flushing.has(fn) ||
    callsIn(fn.body).some((call) => {
      const callee = calledFunction(module, call);
      return callee !== undefined && flushes(callee);
    });
  return {
    sites,
    stepSource,
    siteAt: (offset) => at.get(offset),
    siteAfterLoop: (offset) => afterLoop.get(offset),
    flushes,
  };
}

type Loop = Extract<Statement, { kind: 'for' | 'while' | 'loop' }>;

/** The loops of `entry` that stand in no other loop; where it has none, those of the functions it calls. */
function outermostLoops(module: Module, entry: FnElem): { fn: FnElem; loop: Loop }[] {
  const found: { fn: FnElem; loop: Loop }[] = [];
  const seen = new Set<FnElem>();
  let level = [entry];
  while (found.length === 0 && level.length > 0) {
    const next: FnElem[] = [];
    for (const fn of level) {
      if (seen.has(fn)) continue;
      seen.add(fn);
      let covered = -1;
      visitAst(fn.body, (elem) => {
        if (elem.kind === 'for' || elem.kind === 'while' || elem.kind === 'loop') {
          if (elem.start >= covered) found.push({ fn, loop: elem });
          covered = Math.max(covered, elem.end);
        }
        if (elem.kind === 'call-expression') {
          const callee = calledFunction(module, elem);
          if (callee) next.push(callee);
        }
      });
    }
    level = next;
  }
  return found;
}

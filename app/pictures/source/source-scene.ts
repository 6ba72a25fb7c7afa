// (recording, tick) → the kernel's text with what is running and what each line has cost. Nothing here knows a mechanism.

import { tunables } from '#gpu/wgsl/text/bake.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { type Token, tokenizeWgsl } from './wgsl-tokens.ts';

export interface SourceLine {
  /** 1-based. */
  number: number;
  tokens: Token[];
  /** Over the whole run, all invocations; null for lines that hold no counted statement. */
  executions: number | null;
  loads: number;
  stores: number;
  /** Accesses past the end of a buffer, where there were some. */
  past?: number;
  /** A constant whose value was baked in for this run. */
  baked: boolean;
}

export interface SourceScene {
  kernel: string;
  /** Kernels of this run in dispatch order. */
  kernels: string[];
  lines: SourceLine[];
  /** Lines of the step the cursor is at; empty when another kernel is running. */
  lit: Set<number>;
  /** The longest run of lit lines: where to look, since a step's other lines are helper functions it calls. */
  focus: [from: number, to: number] | null;
  /** Marker name of that step, if it has one. */
  step: string;
}

const cache = new WeakMap<Recording, Map<string, SourceLine[]>>();

/** Kernel of the step the cursor is at; the first dispatch's before any step. */
export function kernelAt(recording: Recording, tick: number): string {
  const { trace } = recording;
  const step = tick > 0 ? trace.steps[tick - 1] : undefined;
  return trace.dispatches[step?.dispatch ?? 0]?.kernel ?? recording.kernels[0]?.file ?? '';
}

/** The text of `kernel` (by default the running one) at `tick`. */
export function sourceScene(recording: Recording, tick: number, kernel = kernelAt(recording, tick)): SourceScene {
  const { trace } = recording;
  const step = tick > 0 ? trace.steps[tick - 1] : undefined;
  const running = step !== undefined && trace.dispatches[step.dispatch]?.kernel === kernel;
  const lit = new Set<number>();
  if (running) {
    for (const [from, to] of step.lines) for (let line = from; line <= to; line++) lit.add(line);
  }
  const ranges = running ? step.lines : [];
  const longest = ranges.reduce<[number, number] | null>(
    (best, range) => (best && best[1] - best[0] >= range[1] - range[0] ? best : range),
    null,
  );
  return {
    kernel,
    focus: longest,
    kernels: [...new Set(trace.dispatches.map((dispatch) => dispatch.kernel))],
    lines: linesOf(recording, kernel),
    lit,
    step: running ? (step.name ?? '') : '',
  };
}

function linesOf(recording: Recording, kernel: string): SourceLine[] {
  let known = cache.get(recording);
  if (!known) {
    known = new Map();
    cache.set(recording, known);
  }
  const lines = known.get(kernel) ?? makeLines(recording, kernel);
  known.set(kernel, lines);
  return lines;
}

function makeLines({ trace, kernels }: Recording, kernel: string): SourceLine[] {
  const wgsl = kernels.find(({ file }) => file === kernel)?.wgsl ?? '';
  const counts = new Map<number, { executions: number; loads: number; stores: number }>();
  for (const count of trace.lines) if (count.kernel === kernel) counts.set(count.line, count);
  const baked = bakedLines(wgsl);
  const past = new Map<number, number>();
  for (const { dispatch, line, loads, stores, atomics } of trace.outOfBounds ?? [])
    if (trace.dispatches[dispatch]!.kernel === kernel) past.set(line, (past.get(line) ?? 0) + loads + stores + atomics);
  return tokenizeWgsl(wgsl).map((tokens, i) => {
    const count = counts.get(i + 1);
    return {
      number: i + 1,
      tokens,
      executions: count?.executions ?? null,
      loads: count?.loads ?? 0,
      stores: count?.stores ?? 0,
      ...(past.has(i + 1) && { past: past.get(i + 1)! }),
      baked: baked.has(i + 1),
    };
  });
}

/** An edited kernel may hold a marked constant that is no literal; then none is highlighted. */
function bakedLines(wgsl: string): Set<number> {
  try {
    return new Set(tunables(wgsl).map(({ line }) => line));
  } catch {
    return new Set();
  }
}

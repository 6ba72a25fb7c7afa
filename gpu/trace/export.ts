// A trace in Chrome's trace event format (chrome://tracing, Perfetto). The clock is the recording's ticket counter, not time:
// a recorded run says in which order things happened, and timing it would time the recorder.

import type { Trace } from './trace.ts';

export interface ChromeEvent {
  name: string;
  ph: 'X' | 'M' | 'C';
  /** Ticks, shown as microseconds by the viewers. */
  ts?: number;
  dur?: number;
  /** Dispatch. */
  pid: number;
  /** Workgroup. */
  tid: number;
  args?: Record<string, unknown>;
}

/**
 * One event per step: dispatch as process, workgroup as thread, from the step's tick to the workgroup's next.
 *
 * @returns an object to serialise as JSON
 */
export function chromeTrace(trace: Trace): { traceEvents: ChromeEvent[]; otherData: Record<string, unknown> } {
  const events: ChromeEvent[] = trace.dispatches.map(({ kernel }, pid) => ({
    name: 'process_name',
    ph: 'M',
    pid,
    tid: 0,
    args: { name: `dispatch ${pid}: ${kernel}` },
  }));
  const openStep = new Map<string, ChromeEvent>();
  trace.steps.forEach((step, tick) => {
    const accesses = Object.fromEntries(
      step.accesses.map(({ buffer, loads, stores, atomics }) => [
        trace.buffers[buffer]!.name,
        { loads, stores, ...(atomics && { atomics }) },
      ]),
    );
    const event: ChromeEvent = {
      name: step.name ?? `site ${step.site}`,
      ph: 'X',
      ts: tick,
      dur: 1,
      pid: step.dispatch,
      tid: step.workgroup,
      args: { phase: step.phase, visit: step.visit, ticket: step.ticket, lines: step.lines, accesses },
    };
    const lane = `${step.dispatch} ${step.workgroup}`;
    const before = openStep.get(lane);
    if (before) before.dur = tick - before.ts!;
    openStep.set(lane, event);
    events.push(event);
  });
  return {
    traceEvents: events,
    otherData: { clock: 'recorded order (tickets), not time', buffers: trace.buffers, totals: trace.totals },
  };
}

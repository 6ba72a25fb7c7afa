// A recording's steps in another order: dispatch by dispatch, workgroup by workgroup, each workgroup's steps as it took them. Which workgroup
// goes first is the device's choice and differs from run to run; this order is the same in all of them.

import type { RecordedTrace } from './recorded-trace.ts';
import { reordered } from './reorder.ts';
import type { Trace } from './trace.ts';

/** @throws EngineError bad-input for a trace that did not come from a recorder */
export function byWorkgroup(trace: Trace): RecordedTrace {
  const [dispatch, workgroup] = [trace.columns['step.dispatch']!, trace.columns['step.workgroup']!];
  const before = (a: number, b: number) => dispatch[a]! - dispatch[b]! || workgroup[a]! - workgroup[b]! || a - b;
  return reordered(trace, Uint32Array.from(dispatch, (_, step) => step).sort(before));
}

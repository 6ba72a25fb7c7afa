// A Run as it crosses between threads: arrays are handed over, not copied, and the trace travels as its columns.

import { type PackedTrace, packTrace, unpackTrace } from '../../trace/pack.ts';
import type { Run } from '../api.ts';

export type PackedRun = Omit<Run, 'trace'> & { trace?: PackedTrace };

export function packRun({ trace, ...run }: Run): PackedRun {
  return trace ? { ...run, trace: packTrace(trace) } : run;
}

export function unpackRun({ trace, ...run }: PackedRun): Run {
  return trace ? { ...run, trace: unpackTrace(trace) } : run;
}

/** The memory of every typed array in `value`, each once; what postMessage may take over. */
export function transferables(value: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    if (typeof value[0] === 'object') for (const each of value) transferables(each, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) transferables(each, found);
  }
  return [...found];
}

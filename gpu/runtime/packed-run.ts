// A Run as it crosses between threads: arrays are handed over, not copied, and the trace travels as its columns.

import type { Run } from './api.ts';

export type PackedRun = Run;

export function packRun(run: Run): PackedRun {
  return run;
}

export function unpackRun(run: PackedRun): Run {
  return run;
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

// A trace's steps as flat columns. A recorded trace has them already; one made by hand is flattened once.

import type { Trace } from '#gpu/trace/trace.ts';

export interface StepColumns {
  steps: number;
  dispatch: ArrayLike<number>;
  workgroup: ArrayLike<number>;
  site: ArrayLike<number>;
  /** Accesses of step i are rows accessStart[i] … accessStart[i + 1]. */
  accessStart: ArrayLike<number>;
  buffer: ArrayLike<number>;
  loads: ArrayLike<number>;
  stores: ArrayLike<number>;
  /** Bytes; their sum over all steps equals the totals. */
  loadBytes: ArrayLike<number>;
  storeBytes: ArrayLike<number>;
}

const columnsOf = new WeakMap<Trace, StepColumns>();

/** The columns of `trace`; made at the first call, the same object afterwards. */
export function stepColumns(trace: Trace): StepColumns {
  const known = columnsOf.get(trace) ?? recorded(trace) ?? flattened(trace);
  columnsOf.set(trace, known);
  return known;
}

function recorded({ columns }: Trace): StepColumns | null {
  const { 'step.access': accessStart, 'access.loadBytes': loadBytes, 'access.storeBytes': storeBytes } = columns;
  if (!accessStart || !loadBytes || !storeBytes) return null;
  return {
    steps: accessStart.length - 1,
    dispatch: columns['step.dispatch']!,
    workgroup: columns['step.workgroup']!,
    site: columns['step.site']!,
    accessStart,
    buffer: columns['access.buffer']!,
    loads: columns['access.loads']!,
    stores: columns['access.stores']!,
    loadBytes,
    storeBytes,
  };
}

function flattened(trace: Trace): StepColumns {
  const width = bytesPerAccess(trace);
  const accessStart = [0];
  const rows: [number, number, number, number, number][] = [];
  for (const step of trace.steps) {
    for (const access of step.accesses) {
      const { buffer, loads, stores } = access;
      const loadBytes = access.loadBytes ?? loads * width[buffer]!.load;
      const storeBytes = access.storeBytes ?? stores * width[buffer]!.store;
      rows.push([buffer, loads, stores, loadBytes, storeBytes]);
    }
    accessStart.push(rows.length);
  }
  const column = (i: number) => Float64Array.from(rows, (row) => row[i]!);
  return {
    steps: trace.steps.length,
    dispatch: Uint32Array.from(trace.steps, ({ dispatch }) => dispatch),
    workgroup: Uint32Array.from(trace.steps, ({ workgroup }) => workgroup),
    site: Uint32Array.from(trace.steps, ({ site }) => site),
    accessStart,
    buffer: column(0),
    loads: column(1),
    stores: column(2),
    loadBytes: column(3),
    storeBytes: column(4),
  };
}

/** A buffer may be accessed in several widths; the totals know the bytes, so their ratio keeps the sum of all steps right. */
function bytesPerAccess(trace: Trace): { load: number; store: number }[] {
  const totals = new Map(trace.totals.map((total) => [total.buffer, total]));
  return trace.buffers.map(({ name }) => {
    const total = totals.get(name);
    return {
      load: total && total.loads > 0 ? total.loadBytes / total.loads : 0,
      store: total && total.stores > 0 ? total.storeBytes / total.stores : 0,
    };
  });
}

// Test code: a recording made by hand, of which only what pictures of values read is there.

import type { BufferSpec } from '#gpu/plan/plan.ts';
import type { RecordTable } from '#gpu/trace/trace.ts';
import type { Recording } from '../recording.ts';

export interface HandMade {
  steps: number;
  records?: (Pick<RecordTable, 'values' | 'at'> & { rows: number[][]; step: number[] })[];
  inputs?: Record<string, { axes: string[]; shape: number[]; data: number[] }>;
  touches?: { buffer: string; loads: number[]; stores: number[] }[];
}

/** Rows of a record hold its values, then its coordinates. */
export function handMade({ steps, records = [], inputs = {}, touches }: HandMade, id = 'hand-made'): Recording {
  const buffers = Object.entries(inputs).map(
    ([name, { axes, shape }]): BufferSpec => ({ name, axes, shape, dtype: 'f32', role: 'input' }),
  );
  const tensors = Object.entries(inputs).map(([name, { shape, data }]) => [
    name,
    { dtype: 'f32', shape, data: Float32Array.from(data) },
  ]);
  const trace = {
    steps: Array.from({ length: steps }, (_, phase) => ({
      dispatch: 0,
      workgroup: 0,
      phase,
      site: 0,
      visit: phase,
      lines: [],
      accesses: [],
    })),
    columns: {},
    buffers: [],
    totals: [],
    dispatches: [{ kernel: 'k.wgsl', workgroups: [1, 1, 1], workgroupSize: [1, 1, 1], stepSource: 'markers' }],
    records: records.map(({ values, at, rows, step }) => ({
      kernel: 'k.wgsl',
      line: 1,
      values,
      at,
      step: Uint32Array.from(step),
      invocation: new Uint32Array(step.length),
      columns: [...values, ...at].map((_, i) => Float32Array.from(rows, (row) => row[i]!)),
    })),
    touches: touches?.map(({ buffer, loads, stores }) => ({
      buffer,
      loads: Uint32Array.from(loads),
      stores: Uint32Array.from(stores),
    })),
  };
  return {
    id,
    mechanism: 'made',
    variant: 'one',
    config: {},
    kernels: [],
    outputs: {},
    edited: [],
    warnings: [],
    plan: { buffers, passes: [], idempotent: true },
    inputs: Object.fromEntries(tensors),
    trace,
  } as unknown as Recording;
}

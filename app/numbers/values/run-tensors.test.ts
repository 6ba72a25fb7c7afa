import { describe, expect, test } from 'vitest';
import { finish } from '#gpu/core/sliced.ts';
import type { Trace } from '#gpu/trace/trace.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { recordWalk } from '../../mechanisms/attention/testing/traced-walk.ts';
import { tablesToCsv } from '../../shell/share/csv.ts';
import { contentsOf, elementAt, runTensor, tensorNames, valueAt } from './run-tensors.ts';
import { sliceTable, sliceWords } from './tensor-slice.ts';

const tensor = (shape: number[], of: (i: number) => number) => ({
  shape,
  dtype: 'f32' as const,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => of(i)),
});

const walked = recordWalk({ nq: 8, nk: 12, headDim: 4, br: 2, bc: 3, visits: () => [0, 1, 2, 3] });
const axes = ['batch', 'row', 'head', 'dim'];
const spec = (name: string, shape: number[], role: 'input' | 'output' | 'scratch', named?: string[]) => ({
  name,
  shape,
  role,
  dtype: 'f32' as const,
  axes: named,
});
const records: Trace['records'] = [
  {
    kernel: 'k.wgsl',
    line: 3,
    values: ['m', 'out'],
    at: ['row', 'dim'],
    step: Uint32Array.of(2, 5),
    invocation: new Uint32Array(2),
    columns: [Float32Array.of(10, 11), Float32Array.of(20, 21), Float32Array.of(1, 1), Float32Array.of(3, 3)],
  },
];
const run: Recording = {
  ...walked,
  plan: {
    ...walked.plan,
    buffers: [
      spec('q', [2, 8, 3, 4], 'input', axes),
      spec('w', [5, 7], 'input'),
      spec('out', [8, 4], 'output', ['row', 'dim']),
      spec('s', [8, 12], 'scratch'),
    ],
  },
  inputs: { q: tensor([2, 8, 3, 4], (i) => i), w: tensor([5, 7], (i) => -i) },
  outputs: { out: tensor([8, 4], (i) => i / 8) },
  trace: { ...walked.trace, records },
};
const end = run.trace.steps.length;
const of = (name: string) => runTensor(run, name)!;

describe('the tensors of a run', () => {
  test('are its inputs, its outputs, and what its record lines name', () => {
    expect(tensorNames(run)).toEqual(['q', 'w', 'out', 'm']);
    expect(of('q')).toMatchObject({ axes, shape: [2, 8, 3, 4], isRecorded: false });
    // Dimensions without names are one.
    expect(of('w')).toMatchObject({ axes: ['element'], shape: [35], madeAs: [5, 7] });
    // What the run's tensors know of an axis counts, though less of it was recorded.
    expect(of('m')).toMatchObject({ axes: ['row', 'dim'], shape: [8, 4], given: null, readBack: null });
    expect(of('s')).toMatchObject({ given: null, readBack: null, isRecorded: false });
    expect(runTensor(run, 'nothing')).toBeNull();
  });

  test('have an element where the place is, and where it was before on all other axes', () => {
    const q = of('q');
    const before = { batch: 1, row: 7, head: 2, dim: 3, time: 9 };
    const place = (at: Record<string, number>, name?: string) =>
      ({ kind: 'at', at, ...(name !== undefined && { tensor: name }) }) as const;
    expect(elementAt(q, null, {})).toEqual({ batch: 0, row: 0, head: 0, dim: 0 });
    expect(elementAt(q, place({ row: 5, head: 90 }), before)).toEqual({ batch: 1, row: 5, head: 2, dim: 3 });
    // 1 · 96 + 2 · 12 + 1 · 4 + 3
    expect(elementAt(q, place({ element: 127 }, 'q'), before)).toEqual({ batch: 1, row: 2, head: 1, dim: 3 });
    expect(elementAt(of('w'), place({ element: 34 }, 'w'), {})).toEqual({ element: 34 });
  });
});

describe('the value of an element', () => {
  const at = { batch: 1, row: 2, head: 1, dim: 3 };

  test('of an input is given from the start', () => {
    for (const tick of [0, 4, end]) expect(valueAt(run, tick, of('q'), at)).toEqual({ value: 127, origin: 'given' });
  });

  test('of an output is read back at the end, before that as recorded, and not known where it was not', () => {
    const here = { row: 1, dim: 3 };
    const out = of('out');
    expect(valueAt(run, end, out, here)).toEqual({ value: 7 / 8, origin: 'read-back' });
    expect(valueAt(run, 6, out, here)).toEqual({ value: 21, origin: 'recorded', step: 5 });
    expect(valueAt(run, 5, out, here)).toEqual({ value: 20, origin: 'recorded', step: 2 });
    const silent = 'Not recorded at this step; it is read back after the last one.';
    expect(valueAt(run, 2, out, here)).toEqual({ value: null, why: silent });
    expect(valueAt(run, 6, out, { row: 1, dim: 2 })).toEqual({ value: null, why: silent });
  });

  test('that was only recorded is known from then on', () => {
    expect(valueAt(run, 3, of('m'), { row: 1, dim: 3 })).toEqual({ value: 10, origin: 'recorded', step: 2 });
    expect(valueAt(run, 2, of('m'), { row: 1, dim: 3 })).toMatchObject({
      value: null,
      why: expect.stringMatching(/up to/),
    });
    expect(valueAt(run, end, of('m'), { row: 0, dim: 0 })).toEqual({ value: null, why: 'Never recorded here.' });
  });

  test('of what is neither given, read back nor recorded is not made up', () => {
    for (const tick of [0, end])
      expect(valueAt(run, tick, of('s'), { element: 3 })).toMatchObject({
        value: null,
        why: /no line of these kernels/,
      });
  });
});

describe('a slice', () => {
  test('runs along the two longest axes, at the picked place on the others', () => {
    const at = { batch: 1, row: 2, head: 1, dim: 3 };
    const contents = finish(contentsOf(run, of('q')))!;
    expect(sliceWords(of('q'), at)).toBe('q, row × dim at batch 1, head 1');
    const table = sliceTable(of('q'), contents, at);
    expect(table.columns.map(({ title }) => title)).toEqual(['row', 'dim 0', 'dim 1', 'dim 2', 'dim 3']);
    expect(table.rows[2]).toEqual([2, 124, 125, 126, 127]);
    expect(tablesToCsv([['v', table]]).split('\r\n')).toHaveLength(1 + 8 + 1);
  });

  test('of a recorded value is empty where nothing was recorded; one axis is a column', () => {
    const table = sliceTable(of('m'), finish(contentsOf(run, of('m')))!, { row: 0, dim: 0 });
    expect(table.rows[1]).toEqual([1, '', '', '', 11]);
    const w = sliceTable(of('w'), finish(contentsOf(run, of('w')))!, { element: 0 });
    expect(w.rows[4]).toEqual([4, -4]);
    expect(finish(contentsOf(run, of('s')))).toBeNull();
  });
});

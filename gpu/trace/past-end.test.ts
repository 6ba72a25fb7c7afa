// Accesses past the end: recorder words as the device leaves them, as rows of a trace, and in a file.

import { expect, test } from 'vitest';
import { instrument } from '../wgsl/recorder/instrument.ts';
import type { Instrumented } from '../wgsl/text/recorder-contract.ts';
import { HEADER } from '../wgsl/text/recorder-layout.ts';
import { assembleTrace } from './assemble.ts';
import { checkTrace } from './check-trace.ts';
import { readRecording } from './decode.ts';
import { packTrace } from './pack.ts';
import { decodeRecording } from './read-trace.ts';
import { planRecording } from './recording-layout.ts';
import type { OutOfBounds } from './trace.ts';
import { encodeRecording } from './write-trace.ts';

const WGSL = `
@group(0) @binding(0) var<storage, read_write> q: array<f32>;
@group(0) @binding(1) var<storage, read_write> n: array<atomic<u32>>;
@compute @workgroup_size(1)
fn main(@builtin(workgroup_id) w: vec3u) {
  q[w.x] += q[w.x + 1u];
  atomicAdd(&n[w.x], 1u);
  q[0] = 1.0;
}
`;
const names = { kernel: 'k.wgsl', source: WGSL, names: { q: 'query' }, lengths: { q: 4, n: 4 } };
const instrumented: Instrumented = instrument(WGSL, { steps: true, touches: true, log: false, probes: true });

function partOf(groups: number, past: (cell: number) => number) {
  const workgroups: [number, number, number] = [groups, 1, 1];
  const layout = planRecording(instrumented, { workgroups, bindingBytes: { q: 16, n: 16 }, maxBytes: 1 << 22 });
  const words = new Uint32Array(layout.byteLength / 4);
  words.set(layout.header);
  const cells = layout.pastRows * instrumented.watched.length;
  for (let cell = 0; cell < cells; cell++) words[layout.header[HEADER.pastOffset]! + cell] = past(cell);
  return { recording: readRecording(instrumented, layout, words), instrumented, workgroups, ...names };
}

test('what is watched: a place for each line, buffer and kind of access whose address is not known before', () => {
  expect(instrumented.watched).toEqual([
    { buffer: 0, line: 6, kinds: ['load', 'store'] },
    { buffer: 0, line: 6, kinds: ['load'] },
    { buffer: 1, line: 7, kinds: ['atomic'] },
  ]);
});

test('rows by dispatch, workgroup, buffer and line; what a file keeps of them; what it refuses', async () => {
  const trace = assembleTrace([partOf(2, () => 0), partOf(2, (cell) => [0, 0, 7, 2, 3, 0][cell]!)]);
  const rows: OutOfBounds[] = [
    { dispatch: 1, workgroup: 0, buffer: 'n', line: 7, loads: 0, stores: 0, atomics: 7 },
    { dispatch: 1, workgroup: 1, buffer: 'query', line: 6, loads: 5, stores: 2, atomics: 0 },
  ];
  expect(trace.outOfBounds).toEqual(rows);
  expect((await decodeRecording(encodeRecording(trace), checkTrace)).outOfBounds).toEqual(rows);
  const { meta, columns } = packTrace(trace);
  for (const bad of [{ dispatch: 2 }, { workgroup: 2 }, { buffer: 'q' }, { line: -1 }, { loads: 0.5 }])
    expect(() => checkTrace({ ...meta, outOfBounds: [{ ...rows[0]!, ...bad }] }, columns)).toThrow(/outOfBounds\.0/);
  const { outOfBounds: _, ...before } = meta;
  checkTrace(before, columns);
});

test('of a run that stays inside there is an empty list, which says that it was watched', () => {
  expect(assembleTrace([partOf(2, () => 0)]).outOfBounds).toEqual([]);
});

test('workgroups that are too many share their counts, lines never do', () => {
  const row = { dispatch: 0, atomics: 0, stores: 0 };
  expect(assembleTrace([partOf(30_000, (cell) => cell)]).outOfBounds).toEqual([
    { ...row, buffer: 'query', line: 6, loads: 1 },
    { ...row, buffer: 'n', line: 7, loads: 0, atomics: 2 },
  ]);
  const many = assembleTrace(Array.from({ length: 8 }, () => partOf(4000, () => 1))).outOfBounds!;
  expect(many).toHaveLength(16);
  expect(many[0]).toEqual({ ...row, buffer: 'query', line: 6, loads: 8000, stores: 4000 });
});

// Recordings that were made before lines were kept together. The fixtures are files the page shipped then, as they were.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync, strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { held } from './held.ts';
import { unpackTrace } from './pack.ts';
import { decodeRecording } from './read-trace.ts';
import { rowsOf, tablesWith, visitsOn } from './record-rows.ts';
import type { Columns } from './steps.ts';
import type { Trace } from './trace.ts';
import { fromVersion1, type TraceMeta1 } from './version-1.ts';
import { encodeRecording } from './write-trace.ts';

/** The trace of a recording file, which is a zip. */
function traceFile(name: string): Uint8Array {
  const path = fileURLToPath(new URL(`fixtures/version-1/${name}.rec`, import.meta.url));
  return unzipSync(new Uint8Array(readFileSync(path)))['trace.bin']!;
}

/** The lists by name, read from the file itself. */
function listsOf(file: Uint8Array): NonNullable<Trace['probes']> {
  const bytes = inflateSync(file.subarray('TILESCOPE-RECORDING 1\n'.length));
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { meta, index } = JSON.parse(strFromU8(bytes.subarray(4, 4 + length)));
  expect(meta.version).toBe(1);
  let at = Math.ceil((4 + length) / 4) * 4;
  const columns = new Map<string, ArrayBuffer>();
  for (const column of index) {
    columns.set(column.name, bytes.slice(at, at + 4 * column.length).buffer);
    at += 4 * column.length;
  }
  return meta.probes.map((name: string) => ({
    name,
    step: new Uint32Array(columns.get(`probe.${name}.step`)!),
    invocation: new Uint32Array(columns.get(`probe.${name}.invocation`)!),
    values: new Float32Array(columns.get(`probe.${name}.values`)!),
  }));
}

const byName = (probes: Trace['probes']) => [...probes!].sort((a, b) => (a.name < b.name ? -1 : 1));

describe.each(['selective-scan-chunked', 'selective-scan-hillis-steele', 'attention-paper-order'])(
  '%s',
  async (name) => {
    const file = traceFile(name);
    const trace = await decodeRecording(file);

    test('has under every name what it had, in the same order', () => {
      const lists = listsOf(file).filter(({ step }) => step.length > 0);
      expect(lists.length).toBeGreaterThanOrEqual(7);
      expect(byName(trace.probes)).toEqual(byName(lists));
    });

    test('is written as version 2 and reads the same again', async () => {
      const copy = await decodeRecording(encodeRecording(trace));
      expect(copy.meta.version).toBe(2);
      expect(copy.records).toEqual(trace.records);
      expect(copy.steps.length).toBe(trace.steps.length);
      expect(Object.keys(copy.columns).filter((column) => column.startsWith('probe.'))).toEqual([]);
    });
  },
);

test('the lines of a kernel that share names are told apart, and have the names of today', async () => {
  const { records } = await decodeRecording(traceFile('selective-scan-chunked'));
  const lines = records!.filter(({ kernel }) => kernel === 'chunk-scan.wgsl');
  expect(lines.map(({ values, at }) => [values[0], at.join()]).sort()).toEqual([
    ['step', 'batch,channel,time'],
    ['taken[state+0]', 'batch,channel,chunk'],
  ]);
});

test('held finds what the scans left in their states', async () => {
  const parallel = await decodeRecording(traceFile('selective-scan-hillis-steele'));
  const chunked = await decodeRecording(traceFile('selective-scan-chunked'));
  for (const trace of [parallel, chunked]) {
    const { values, step, count } = held(trace, 'h', { state: 4, time: 16 }, { batch: 0, channel: 0 });
    expect(count).toBe(64);
    expect(values.some(Number.isNaN)).toBe(false);
    expect(Math.max(...step)).toBeLessThan(trace.steps.length);
  }
  const chunks = (value: string) => held(chunked, value, { state: 4, chunk: 2 }, { batch: 0, channel: 1 }).values;
  // A chunk starts from what was carried out of the one before.
  for (let state = 0; state < 4; state++) expect(chunks('taken')[2 * state + 1]).toBe(chunks('passed')[2 * state]);
  expect(Array.from(chunks('local')).every(Number.isFinite)).toBe(true);
});

test('the tiles that attention visited, and the folds of its rows, are told apart', async () => {
  const trace = await decodeRecording(traceFile('attention-paper-order'));
  const axes = ['batch', 'head', 'row', 'key'];
  const visits = rowsOf(visitsOn(trace, axes), axes);
  const [, , q0, k0] = visits.columns;
  const tiles = new Set(Array.from(visits.step, (step, i) => `${step} ${q0![i]} ${k0![i]}`));
  expect(tiles.size).toBe(trace.events.tiles);
  const folds = rowsOf(tablesWith(trace, ['m', 'l', 'rescale', 'row']), ['row', 'm', 'l']);
  expect(folds.count).toBeGreaterThan(tiles.size);
  const [row, m, l] = folds.columns;
  expect(new Set(row).size).toBe(Math.max(...row!) + 1);
  expect([...m!, ...l!].every(Number.isFinite)).toBe(true);
});

test('a line without a place stands where the line does that it goes on from', () => {
  // Two lanes, three time steps; the kernel of then wrote states 8 … 15 in a line of their own.
  const source = `//: probe batch channel time step h0 h1
//: probe h2 h3
`;
  const columns: Columns = { 'step.dispatch': Uint32Array.of(0, 0, 0) };
  const list = (name: string, value: (time: number, lane: number) => number) => {
    const rows = [0, 1, 2].flatMap((time) => [0, 1].map((lane) => [time, lane] as const));
    columns[`probe.${name}.step`] = Uint32Array.from(rows, ([time]) => time);
    columns[`probe.${name}.invocation`] = Uint32Array.from(rows, ([, lane]) => lane);
    columns[`probe.${name}.values`] = Float32Array.from(rows, ([time, lane]) => value(time, lane));
    return name;
  };
  const quads = [0, 1, 2, 3].flatMap((quad) =>
    Array.from('xyzw', (c, i) => list(`h${quad}.${c}`, (time, lane) => 100 * (4 * quad + i) + 10 * time + lane)),
  );
  const scalars = [list('batch', () => 0), list('channel', (_, lane) => lane), list('time', (time) => time)];
  const meta = {
    version: 1,
    dispatches: [{ kernel: 'sequential.wgsl' }],
    sources: { 'sequential.wgsl': source },
    probes: [...scalars, list('step', () => 0.5), ...quads],
  } as unknown as TraceMeta1;
  const trace = unpackTrace(fromVersion1(meta, columns));
  expect(trace.records!.map(({ line, at }) => [line, at.join()])).toEqual([
    [1, 'batch,channel,time'],
    [2, 'batch,channel,time'],
  ]);
  const { values } = held(trace, 'h', { state: 16, time: 3 }, { batch: 0, channel: 1 });
  expect(Array.from(values)).toEqual(Array.from({ length: 48 }, (_, i) => 100 * Math.floor(i / 3) + 10 * (i % 3) + 1));
  expect(trace.probes!.find(({ name }) => name === 'time')!.values).toEqual(columns['probe.time.values']);
});

// Recordings that were made before lines were kept together. The fixtures are files the page shipped then, as they were.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync, strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { held } from './held.ts';
import { decodeRecording, encodeRecording } from './pack.ts';
import type { Trace } from './trace.ts';

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

describe.each(['selective-scan-chunked', 'selective-scan-hillis-steele'])('%s', (name) => {
  const file = traceFile(name);
  const trace = decodeRecording(file);

  test('has under every name what it had, in the same order', () => {
    const lists = listsOf(file).filter(({ step }) => step.length > 0);
    expect(lists.length).toBeGreaterThan(7);
    expect(byName(trace.probes)).toEqual(byName(lists));
  });

  test('is written as version 2 and reads the same again', () => {
    const copy = decodeRecording(encodeRecording(trace));
    expect(copy.meta.version).toBe(2);
    expect(copy.records).toEqual(trace.records);
    expect(copy.steps.length).toBe(trace.steps.length);
    expect(Object.keys(copy.columns).filter((column) => column.startsWith('probe.'))).toEqual([]);
  });
});

test('the lines of a kernel that share names are told apart', () => {
  const { records } = decodeRecording(traceFile('selective-scan-chunked'));
  const lines = records!
    .filter(({ kernel }) => kernel === 'chunk-scan.wgsl')
    .map(({ values }) => values.filter((value) => !/^h\d\./.test(value)).join());
  expect(lines.sort()).toEqual(['batch,channel,chunk', 'batch,channel,time,step'].sort());
});

test('held finds what the recorded scan left in its states', () => {
  const trace = decodeRecording(traceFile('selective-scan-hillis-steele'));
  const { values, step, count } = held(trace, 'h', { n: 4, time: 16 }, { batch: 0, channel: 0 });
  expect(count).toBe(64);
  expect(values.some(Number.isNaN)).toBe(false);
  expect(Math.max(...step)).toBeLessThan(trace.steps.length);
});

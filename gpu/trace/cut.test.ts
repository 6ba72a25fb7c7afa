// A trace says what of it had no room: recorder words as the device leaves them, read back.

import { expect, test } from 'vitest';
import { instrument } from '../wgsl/recorder/instrument.ts';
import { HEADER } from '../wgsl/text/recorder-layout.ts';
import { assembleTrace } from './assemble.ts';
import { readRecording } from './decode.ts';
import { packTrace, unpackTrace } from './pack.ts';
import { planRecording } from './recording-layout.ts';

const WGSL = `
@group(0) @binding(0) var<storage, read_write> q: array<f32>;
@compute @workgroup_size(1)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let value = q[id.x];
  //: record value at row=id.x
  q[id.x] = value + 1.0;
}
`;

/** The trace of a dispatch whose recorder ended with these words in its header. */
function traceOf(header: Partial<Record<keyof typeof HEADER, number>>, options = {}, maxBytes = 1 << 20) {
  const instrumented = instrument(WGSL, { steps: true, touches: true, log: true, probes: true, ...options });
  const workgroups: [number, number, number] = [4, 1, 1];
  const layout = planRecording(instrumented, { workgroups, bindingBytes: { q: 4096 }, maxBytes });
  const words = new Uint32Array(layout.byteLength / 4);
  words.set(layout.header);
  for (const [name, value] of Object.entries(header)) words[HEADER[name as keyof typeof HEADER]] = value;
  const recording = readRecording(instrumented, layout, words);
  const names = { names: {}, lengths: { q: 1024 } };
  return assembleTrace([{ recording, instrumented, kernel: 'k.wgsl', source: WGSL, workgroups, ...names }]);
}

const MANY = 1 << 24;

test.each([
  ['steps that found no room', { droppedFlushes: 1 }, ['steps']],
  ['values that did not fit', { probeCursor: MANY }, ['records']],
  ['values without a step to put them to', { droppedProbes: 1 }, ['steps', 'records']],
  ['a log that did not fit', { logCursor: MANY }, ['log']],
] as const)('%s', (_, header, cut) => {
  const trace = traceOf(header);
  expect(trace).toMatchObject({ truncated: true, cut });
  expect(unpackTrace(packTrace(trace))).toMatchObject({ truncated: true, cut });
});

test('touches that had no room', () => {
  expect(traceOf({}, { log: false, probes: false }, 2000)).toMatchObject({ truncated: true, cut: ['touches'] });
});

test('where no steps were asked for none are missing', () => {
  expect(traceOf({ droppedProbes: 1 }, { steps: false }).cut).toEqual(['records']);
});

test('a whole one says nothing of it', () => {
  const trace = traceOf({});
  expect(trace.truncated).toBe(false);
  expect(trace.cut).toBeUndefined();
  expect('cut' in packTrace(trace).meta).toBe(false);
});

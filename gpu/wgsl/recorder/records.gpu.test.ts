// Record lines on the device: what a line writes stays together and is found at its coordinates; lists by name are the same numbers.

import { beforeAll, expect, test } from 'vitest';
import { held } from '../../trace/held.ts';
import { packTrace, unpackTrace } from '../../trace/pack.ts';
import { decodeRecording } from '../../trace/read-trace.ts';
import { encodeRecording } from '../../trace/write-trace.ts';
import { poisoned } from '../testing/expect-counts.ts';
import { openDevice, type TestKernel, traceKernel } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const WORKGROUPS = 3;
const wgsl = `
@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) w: vec3u) {
  var h = vec4f();
  for (var time = 0u; time < 5u; time++) {
    //: advance
    let step = q[time];
    h += step * vec4f(1.0, 2.0, 3.0, f32(lane));
    let rest = h.xy * 2.0;
    //: record step h[state]=h,rest total=h.x at batch=w.x channel=lane time
    if (time == 4u) {
      //: record last[state+4]=h at batch=w.x channel=lane
      //: record at batch=w.x
    }
  }
  o[4u * w.x + lane] = h.w;
}`;
const kernel: TestKernel = {
  wgsl,
  workgroups: [WORKGROUPS, 1, 1],
  data: { q: Float32Array.of(1, 2, 4, 8, 16), o: poisoned(4 * WORKGROUPS) },
};
const line = (text: string) => wgsl.split('\n').findIndex((each) => each.includes(text)) + 1;
/** Σ of q up to a time: 1, 3, 7, 15, 31. */
const sum = (time: number) => 2 ** (time + 1) - 1;

test('a table a line, with what it wrote together, in step order', async () => {
  const { trace, plain, traced } = await traceKernel(device, kernel);
  expect(traced).toEqual(plain);
  expect(trace.truncated).toBe(false);
  const [states, last, places] = trace.records!;
  const components = Array.from({ length: 6 }, (_, state) => `h[state+${state}]`);
  expect(states).toMatchObject({
    kernel: 'kernel.wgsl',
    line: line('record step'),
    values: ['step', ...components, 'total'],
    at: ['batch', 'channel', 'time'],
  });
  expect(last!.values).toEqual(Array.from({ length: 4 }, (_, state) => `last[state+${state + 4}]`));
  expect(places).toMatchObject({ line: line('record at'), values: [], at: ['batch'] });
  expect(trace.records!.map(({ step }) => step.length)).toEqual([60, 12, 12]);
  for (const { step, invocation, columns, values, at } of trace.records!) {
    expect(columns.length).toBe(values.length + at.length);
    for (let row = 1; row < step.length; row++)
      expect(step[row]! > step[row - 1]! || invocation[row]! > invocation[row - 1]!).toBe(true);
    // Axes are parallel to what was recorded: workgroup · 4 + lane is the invocation.
    const batch = columns[values.length]!;
    expect(batch).toEqual(Float32Array.from(invocation, (each) => Math.floor(each / 4)));
    for (const each of step) expect(trace.steps[each]!.name).toBe('advance');
  }
});

test('held finds every value at its coordinates', async () => {
  const { trace } = await traceKernel(device, kernel);
  for (let batch = 0; batch < WORKGROUPS; batch++)
    for (let channel = 0; channel < 4; channel++) {
      const at = { batch, channel };
      const { values, step } = held(trace, 'h', { state: 6, time: 5 }, at);
      const slopes = [1, 2, 3, channel, 2, 4];
      expect(Array.from(values)).toEqual(slopes.flatMap((slope) => [0, 1, 2, 3, 4].map((time) => slope * sum(time))));
      const now = Array.from(step.subarray(0, 5), (each) => trace.steps[each]!);
      expect(now.map(({ workgroup }) => workgroup)).toEqual(new Array(5).fill(batch));
      expect(now.map(({ visit }) => visit)).toEqual([0, 1, 2, 3, 4]);
      expect(Array.from(held(trace, 'last', { state: 8 }, at).values)).toEqual([
        ...new Array(4).fill(Number.NaN),
        ...slopes.slice(0, 4).map((slope) => slope * sum(4)),
      ]);
      expect(Array.from(held(trace, 'step', { time: 5 }, at).values)).toEqual([1, 2, 4, 8, 16]);
      expect(Array.from(held(trace, 'total', { time: 5 }, at).values)).toEqual([0, 1, 2, 3, 4].map(sum));
    }
});

test('the lists by name are the tables’ own columns, put together in step order where a name stands in several', async () => {
  const { trace } = await traceKernel(device, kernel);
  const [states] = trace.records!;
  const list = (name: string) => trace.probes!.find((each) => each.name === name)!;
  expect(list('rest.x').values).toBe(states!.columns[5]);
  const batch = list('w.x');
  expect(batch.step.length).toBe(60 + 12 + 12);
  expect(batch.values).toEqual(Float32Array.from(batch.invocation, (each) => Math.floor(each / 4)));
  for (let row = 1; row < batch.step.length; row++)
    expect(batch.step[row]).toBeGreaterThanOrEqual(batch.step[row - 1]!);
});

test('records survive the way to another thread and into a file, and stand in it once', async () => {
  const { trace } = await traceKernel(device, kernel);
  const words = trace.records!.reduce((all, { step, columns }) => all + (columns.length + 2) * step.length, 0);
  const stored = Object.entries(trace.columns).filter(([name]) => /^(record|probe)\./.test(name));
  expect(stored.reduce((all, [, column]) => all + column.length, 0)).toBe(words);
  for (const copy of [unpackTrace(structuredClone(packTrace(trace))), await decodeRecording(encodeRecording(trace))]) {
    expect(copy.records).toEqual(trace.records);
    expect(copy.probes).toEqual(trace.probes);
  }
});

test('of chosen invocations only, and without steps', async () => {
  const { trace } = await traceKernel(device, kernel, { probes: [6] });
  expect(new Set(trace.records!.flatMap(({ invocation }) => [...invocation]))).toEqual(new Set([6]));
  const without = await traceKernel(device, kernel, { steps: false });
  const { values, step } = held(without.trace, 'h', { time: 5 }, { state: 1, batch: 2, channel: 3 });
  expect(Array.from(values)).toEqual([0, 1, 2, 3, 4].map((time) => 2 * sum(time)));
  expect(new Set(step)).toEqual(new Set([0xffffffff]));
  const none = await traceKernel(device, kernel, { probes: false });
  expect(none.trace.records).toBeUndefined();
});

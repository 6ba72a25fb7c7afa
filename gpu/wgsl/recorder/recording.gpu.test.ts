// The recording itself: truncation said and totals exact all the same, probes, events, the log, options, seeded faults.

import { beforeAll, describe, expect, test } from 'vitest';
import { packTrace, unpackTrace } from '../../trace/pack.ts';
import { decodeRecording } from '../../trace/read-trace.ts';
import { encodeRecording } from '../../trace/write-trace.ts';
import { expectConsistent, expectCounts, poisoned } from '../testing/expect-counts.ts';
import { openDevice, type TestKernel, traceKernel } from '../testing/trace-kernel.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i % 7);

/** Sums rows of q · k in tiles of 4 columns; the shape of an attention kernel, small enough to count by hand. */
const sweep = `
@group(0) @binding(0) var<storage, read> q: array<f32>;
@group(0) @binding(1) var<storage, read_write> o: array<f32>;
var<workgroup> tile: array<f32, 4>;
@compute @workgroup_size(4)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) w: vec3u) {
  var best = -1.0;
  for (var j = 0u; j < 12u; j += 4u) {
    //: load-tile
    tile[lane] = q[12u * w.x + j + lane];
    workgroupBarrier();
    //: fold-tile
    for (var k = 0u; k < 4u; k++) {
      if (tile[k] > best) {
        best = tile[k];
        //: count improved
      }
    }
    //: probe best j
    workgroupBarrier();
  }
  //: write
  o[4u * w.x + lane] = best;
}`;
const sweepKernel = (workgroups: number): TestKernel => ({
  wgsl: sweep,
  workgroups: [workgroups, 1, 1],
  data: { q: ramp(12 * workgroups), o: poisoned(4 * workgroups) },
});

test('steps follow the markers; a probe names the step it was taken in', async () => {
  // ramp: 0 1 2 3 | 4 5 6 0 | 1 2 3 4: improved 4 times in tile 0, 3 in tile 1, never in tile 2. Each lane does all of it.
  const { trace } = await expectCounts(device, sweepKernel(1), {
    totals: { q: [12], tile: [4 * (12 + 7), 12], o: [0, 4] },
    operations: { compare: 48 },
  });
  expect(trace.steps.map(({ name, visit, phase }) => [name, visit, phase])).toEqual([
    ['load-tile', 0, 0],
    ['fold-tile', 0, 1],
    ['load-tile', 1, 2],
    ['fold-tile', 1, 3],
    ['load-tile', 2, 4],
    ['fold-tile', 2, 5],
    ['write', 0, 6],
  ]);
  expect(trace.events).toEqual({ improved: 4 * 7 });
  const [best, j] = trace.probes!;
  expect([best!.name, j!.name]).toEqual(['best', 'j']);
  expect([...best!.values]).toEqual([3, 3, 3, 3, 6, 6, 6, 6, 6, 6, 6, 6]);
  expect([...j!.values]).toEqual([0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8]);
  expect([...best!.invocation]).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  expect([...best!.step].map((step) => [trace.steps[step]!.name, trace.steps[step]!.visit])).toEqual(
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2].map((visit) => ['fold-tile', visit]),
  );
  const line = (text: string) => sweep.split('\n').findIndex((each) => each.includes(text)) + 1;
  const fold = trace.steps[1]!;
  expect(fold.lines).toEqual([[line('for (var k'), line('workgroupBarrier();') + 9]]);
  expect(trace.lines.find((each) => each.line === line('best = tile'))).toMatchObject({ executions: 28, loads: 28 });
  expect(trace.lines.find((each) => each.line === line('for (var k'))).toMatchObject({ executions: 4 * 3 * 5 });
});

test('probes of chosen invocations only', async () => {
  const { trace } = await traceKernel(device, sweepKernel(3), { probes: [5, 10] });
  const { invocation, step, values } = trace.probes!.find(({ name }) => name === 'best')!;
  expect([...new Set(invocation)].sort((a, b) => a - b)).toEqual([5, 10]);
  expect(values.length).toBe(6);
  // Invocation = workgroup · size + local: 5 is in workgroup 1, 10 in workgroup 2.
  for (let i = 0; i < step.length; i++) expect(trace.steps[step[i]!]!.workgroup).toBe(Math.floor(invocation[i]! / 4));
});

test('more steps than the table holds: said, counted, and the totals stay exact', async () => {
  const workgroups = 300;
  const full = await traceKernel(device, sweepKernel(workgroups));
  expect(full.trace.truncated).toBe(false);
  expect(full.trace.steps.length).toBe(7 * workgroups);

  const cut = await traceKernel(device, sweepKernel(workgroups), { stepCapacityHint: 128 });
  expect(cut.recording.stepsTruncated).toBe(true);
  expect(cut.trace.truncated).toBe(true);
  expect(cut.trace.steps.length).toBeLessThanOrEqual(128);
  expect(cut.traced).toEqual(cut.plain);
  expect(cut.trace.totals).toEqual(full.trace.totals);
  expect(cut.trace.operations).toEqual(full.trace.operations);
  expect(cut.trace.lines).toEqual(full.trace.lines);
  expect(cut.trace.events).toEqual(full.trace.events);

  // The hint it gives is enough.
  const again = await traceKernel(device, sweepKernel(workgroups), cut.recording.retry);
  expect(again.trace.truncated).toBe(false);
  expect(again.trace.steps.length).toBe(7 * workgroups);
  expectConsistent(again);
});

test('touch maps that do not fit are left out and named', async () => {
  const { trace, recording } = await traceKernel(device, sweepKernel(300), { maxBytes: 8 << 10 });
  expect(recording.touchesOmitted).toContain('q');
  expect(trace.truncated).toBe(true);
  expect(trace.totals.find(({ buffer }) => buffer === 'q')).toMatchObject({ loads: 3600, uniqueLoaded: Number.NaN });
});

test('the log holds every access, in each invocation in the order of address evaluation', async () => {
  const { trace } = await traceKernel(device, sweepKernel(2), { log: true });
  const { step, invocation, buffer, index, kind } = trace.log!;
  const accesses = trace.totals.reduce((sum, { loads, stores, atomics }) => sum + loads + stores + atomics, 0);
  expect(step.length).toBe(accesses);
  const names = trace.buffers.map(({ name }) => name);
  const mine = [...step.keys()].filter((i) => invocation[i] === 6);
  const story = mine.map(
    (i) => `${kind[i] === 0 ? 'load' : 'store'} ${names[buffer[i]!]}[${index[i]}] in ${trace.steps[step[i]!]!.name}`,
  );
  expect(story.slice(0, 4)).toEqual([
    'store tile[2] in load-tile',
    'load q[14] in load-tile',
    'load tile[0] in fold-tile',
    'load tile[0] in fold-tile',
  ]);
  expect(story.at(-1)).toBe('store o[6] in write');
});

describe('options', () => {
  test.each([
    { steps: false, touches: false, probes: false },
    { steps: true, touches: false, probes: false },
    { steps: false, touches: true, probes: true },
    { steps: false, touches: false, probes: false, log: true },
    { steps: true, touches: true, probes: true, log: true },
  ])('%o: the same totals, and only what was asked for', async (options) => {
    const all = await traceKernel(device, sweepKernel(3));
    const some = await traceKernel(device, sweepKernel(3), options);
    expect(some.traced).toEqual(some.plain);
    const counts = ({ trace }: typeof all) => trace.totals.toSorted((a, b) => a.buffer.localeCompare(b.buffer));
    expect(counts(some)).toEqual(counts(all));
    expect(some.trace.steps.length > 0).toBe(options.steps);
    for (const { step } of [...(some.trace.probes ?? []), ...(some.trace.log ? [some.trace.log] : [])]) {
      expect(step.length).toBeGreaterThan(0);
      expect(step.every((each) => (options.steps ? each < some.trace.steps.length : each === 0xffffffff))).toBe(true);
    }
    expect(some.trace.touches !== undefined).toBe(options.touches);
    expect(some.trace.probes !== undefined).toBe(options.probes);
    expect(some.trace.log !== undefined).toBe(options.log === true);
  });
});

test('a trace survives the way to another thread and into a file', async () => {
  const { trace } = await traceKernel(device, sweepKernel(5), { log: true });
  trace.matchesPlain = true;
  const packed = packTrace(trace);
  const posted = unpackTrace(structuredClone(packed));
  const filed = await decodeRecording(encodeRecording(trace));
  for (const copy of [posted, filed]) {
    expect(copy.matchesPlain).toBe(true);
    expect(copy.meta).toEqual(trace.meta);
    expect([...copy.steps]).toEqual([...trace.steps]);
    expect(copy.probes).toEqual(trace.probes);
    expect(copy.log).toEqual(trace.log);
    expect(copy.touches!.map(({ loads, stores }) => [loads, stores])).toEqual(
      trace.touches!.map(({ loads, stores }) => [loads, stores]),
    );
  }
});

describe('a fault seeded into the kernel is seen in the counts', () => {
  const totalsOf = async (wgsl: string) => {
    const { trace } = await traceKernel(device, { ...sweepKernel(2), wgsl });
    return Object.fromEntries(trace.totals.map(({ buffer, loads, stores }) => [buffer, [loads, stores]]));
  };
  test('a tile skipped', async () => {
    const wgsl = sweep.replace('j < 12u', 'j < 8u');
    expect(wgsl).not.toBe(sweep);
    const sound = await totalsOf(sweep);
    const faulty = await totalsOf(wgsl);
    expect(sound.q).toEqual([24, 0]);
    expect(faulty.q).toEqual([16, 0]);
  });
  test('a tile read twice', async () => {
    const wgsl = sweep.replace(
      '    //: fold-tile',
      '    tile[lane] = q[12u * w.x + j + lane];\n    workgroupBarrier();\n    //: fold-tile',
    );
    expect(wgsl).not.toBe(sweep);
    const { trace } = await traceKernel(device, { ...sweepKernel(2), wgsl });
    expect(trace.totals.find(({ buffer }) => buffer === 'q')).toMatchObject({ loads: 48, uniqueLoaded: 24 });
    expect([...trace.touches!.find(({ buffer }) => buffer === 'q')!.loads]).toEqual(new Array(24).fill(2));
  });
  test('the wrong tile read in place of another: equal totals, other words', async () => {
    const wgsl = sweep.replace('12u * w.x + j + lane', '12u * w.x + (j % 8u) + lane');
    expect(wgsl).not.toBe(sweep);
    const { trace } = await traceKernel(device, { ...sweepKernel(2), wgsl });
    expect(trace.totals.find(({ buffer }) => buffer === 'q')).toMatchObject({ loads: 24, uniqueLoaded: 16 });
  });
});

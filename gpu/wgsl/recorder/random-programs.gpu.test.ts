// Random control flow: the recorder's counts against an interpreter that was built together with the program text. The same run
// checks the interpreter: its values must be the GPU's.

import { beforeAll, expect, test } from 'vitest';
import { expectConsistent } from '../testing/expect-counts.ts';
import { RandomProgram, WORKGROUPS } from '../testing/random-program.ts';
import { openDevice, traceKernel } from '../testing/trace-kernel.ts';

const PROGRAMS = 20;

let device: GPUDevice;
beforeAll(async () => {
  device = await openDevice();
});

test(`${PROGRAMS} random programs`, async () => {
  const q = Uint32Array.of(3, 1, 4, 1, 5, 9, 2, 6);
  let accesses = 0;
  for (let seed = 1; seed <= PROGRAMS; seed++) {
    const program = new RandomProgram(seed);
    const o = program.interpret(q);
    const kernel = {
      wgsl: program.wgsl,
      workgroups: [WORKGROUPS, 1, 1] as [number, number, number],
      data: { q, o: new Uint32Array(o.length) },
    };
    const label = `seed ${seed}\n${program.wgsl}`;
    const run = await traceKernel(device, kernel, { log: seed % 5 === 0, steps: seed % 7 !== 0 });
    // A program that never mentions o leaves it as it was.
    expect(run.plain.o ?? new Uint32Array(o.length), `the interpreter agrees with the GPU, ${label}`).toEqual(o);
    expect(run.traced, label).toEqual(run.plain);
    const counted = Object.fromEntries(
      run.trace.totals.map(({ buffer, loads, stores }) => [buffer, { loads, stores }]),
    );
    for (const [buffer, counts] of Object.entries(program.counts.buffers)) {
      expect(counted[buffer] ?? { loads: 0, stores: 0 }, `${buffer}, ${label}`).toEqual(counts);
      accesses += counts.loads + counts.stores;
    }
    expect(run.trace.operations, label).toEqual(program.counts.operations);
    expect(run.trace.events.seen ?? 0, label).toBe(program.counts.events);
    if (run.instrumented.options.steps) expectConsistent(run);
  }
  // The programs do something.
  expect(accesses).toBeGreaterThan(60 * PROGRAMS);
});

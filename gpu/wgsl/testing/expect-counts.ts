// Checks a recorded kernel against totals derived by hand, and against everything that must agree with itself. Test code only.

import { expect } from 'vitest';
import type { Operations } from '../../trace/trace.ts';
import { type TestKernel, type TracedKernel, traceKernel } from './trace-kernel.ts';

/** [loads, stores, atomics, loadBytes, storeBytes]; trailing zeros may be left out. */
export type Counts = [loads: number, stores?: number, atomics?: number, loadBytes?: number, storeBytes?: number];

export interface Expected {
  /** Every buffer the kernel touches, and no other. Bytes default to 4 for each access. */
  totals: Record<string, Counts>;
  operations?: Partial<Operations>;
  /** Distinct words [loaded, stored] of storage buffers. */
  unique?: Record<string, [number, number]>;
}

export const POISON = 0x7fc0dead;

/** A poisoned output of `length` words: what a kernel leaves unwritten shows. */
export function poisoned(length: number): Uint32Array {
  return new Uint32Array(length).fill(POISON);
}

export async function expectCounts(
  device: GPUDevice,
  kernel: TestKernel,
  expected: Expected,
  options: Parameters<typeof traceKernel>[2] = {},
): Promise<TracedKernel> {
  const run = await traceKernel(device, kernel, options);
  const { trace, plain, traced } = run;
  expect(traced, 'the traced kernel computes what the plain one does').toEqual(plain);
  expect(trace.truncated).toBe(false);

  const rows = trace.totals.filter(({ loads, stores, atomics }) => loads + stores + atomics > 0);
  const found = Object.fromEntries(
    rows.map(({ buffer, loads, stores, atomics, loadBytes, storeBytes }) => [
      buffer,
      { loads, stores, atomics, loadBytes, storeBytes },
    ]),
  );
  const wanted = Object.fromEntries(
    Object.entries(expected.totals).map(([name, [loads, stores = 0, atomics = 0, loadBytes, storeBytes]]) => [
      name,
      { loads, stores, atomics, loadBytes: loadBytes ?? 4 * loads, storeBytes: storeBytes ?? 4 * stores },
    ]),
  );
  expect(found).toEqual(wanted);
  if (expected.operations)
    expect(trace.operations).toEqual({
      multiply: 0,
      add: 0,
      divide: 0,
      compare: 0,
      special: 0,
      ...expected.operations,
    });
  for (const [name, [loaded, stored]] of Object.entries(expected.unique ?? {})) {
    const total = trace.totals.find(({ buffer }) => buffer === name)!;
    expect([total.uniqueLoaded, total.uniqueStored], `distinct words of ${name}`).toEqual([loaded, stored]);
  }
  expectConsistent(run);
  return run;
}

/** Steps, lines and touches are three more countings of the same accesses. */
export function expectConsistent({ trace, instrumented }: TracedKernel): void {
  trace.totals.forEach((total, buffer) => {
    const label = total.buffer;
    if (instrumented.options.steps) {
      const sums = { loads: 0, stores: 0, atomics: 0, loadBytes: 0, storeBytes: 0 };
      for (const { accesses } of trace.steps)
        for (const access of accesses) {
          if (access.buffer !== buffer) continue;
          sums.loads += access.loads;
          sums.stores += access.stores;
          sums.atomics += access.atomics!;
          sums.loadBytes += access.loadBytes!;
          sums.storeBytes += access.storeBytes!;
        }
      const { loads, stores, atomics, loadBytes, storeBytes } = total;
      expect(sums, `steps of ${label}`).toEqual({ loads, stores, atomics, loadBytes, storeBytes });
    }
    const touches = trace.touches?.find((each) => each.buffer === label);
    if (trace.buffers[buffer]!.space === 'storage' && instrumented.options.touches) {
      const words = (map: Uint32Array) => 4 * map.reduce((sum, n) => sum + n, 0);
      expect(touches ? [words(touches.loads), words(touches.stores)] : [0, 0], `touches of ${label}`).toEqual([
        total.loadBytes,
        total.storeBytes,
      ]);
    }
  });
  const lineSum = (key: 'loads' | 'stores') => trace.lines.reduce((sum, line) => sum + line[key], 0);
  const totalSum = (key: 'loads' | 'stores') => trace.totals.reduce((sum, total) => sum + total[key], 0);
  expect([lineSum('loads'), lineSum('stores')], 'lines').toEqual([totalSum('loads'), totalSum('stores')]);
  const keys = trace.steps.map(({ dispatch, workgroup, site, visit }) => `${dispatch} ${workgroup} ${site} ${visit}`);
  expect(new Set(keys).size, 'every step has its own key').toBe(keys.length);
}

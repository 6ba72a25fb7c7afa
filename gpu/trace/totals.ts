// Block counters × what one execution of each block does = exact totals. Sums are doubles: whole to 2⁵³.

import type { Accounting, CountData } from '../wgsl/text/recorder-contract.ts';
import type { Operations } from './trace.ts';

/** How often each piece of code ran, from the counters that were kept. */
export function countReader(accounting: Accounting, counters: Float64Array): (count: CountData) => number {
  const calls = new Map<number, number>();
  const read = (count: CountData): number => {
    let sum = 0;
    for (const [counter, coefficient] of count) sum += coefficient * runsOf(counter);
    return sum;
  };
  const runsOf = (counter: number): number => {
    if (counter >= 0) return counters[counter]!;
    // A function instance ran as often as all its call sites together; WGSL has no recursion.
    let value = calls.get(counter);
    if (value === undefined) {
      value = accounting.calls[-counter - 1]!.reduce((sum, site) => sum + read(site), 0);
      calls.set(counter, value);
    }
    return value;
  };
  return read;
}

export interface KernelTotals {
  /** By index into the kernel's buffers. */
  buffers: { loads: number; stores: number; atomics: number; loadBytes: number; storeBytes: number }[];
  operations: Operations;
  events: Map<string, number>;
  lines: { line: number; executions: number; loads: number; stores: number }[];
}

/** Totals of one dispatch. */
export function kernelTotals(accounting: Accounting, bufferCount: number, counters: Float64Array): KernelTotals {
  const read = countReader(accounting, counters);
  const buffers = Array.from({ length: bufferCount }, () => ({
    loads: 0,
    stores: 0,
    atomics: 0,
    loadBytes: 0,
    storeBytes: 0,
  }));
  const lines = new Map(
    accounting.lines.map(({ line, counts }) => [
      line,
      { line, executions: Math.max(0, ...counts.map(read)), loads: 0, stores: 0 },
    ]),
  );
  for (const { buffer, kind, bytes, line, count, times } of accounting.accesses) {
    const n = times * read(count);
    const total = buffers[buffer]!;
    const row = lines.get(line)!;
    if (kind === 'load') {
      total.loads += n;
      total.loadBytes += n * bytes;
      row.loads += n;
    } else if (kind === 'store') {
      total.stores += n;
      total.storeBytes += n * bytes;
      row.stores += n;
    } else total.atomics += n;
  }
  const operations: Operations = { multiply: 0, add: 0, divide: 0, compare: 0, special: 0 };
  for (const { cost, count, times } of accounting.operations) {
    const n = times * read(count);
    for (const kind of Object.keys(operations) as (keyof Operations)[]) operations[kind] += n * (cost[kind] ?? 0);
  }
  const events = new Map<string, number>();
  for (const { name, count, times } of accounting.events)
    events.set(name, (events.get(name) ?? 0) + times * read(count));
  return { buffers, operations, events, lines: [...lines.values()].sort((a, b) => a.line - b.line) };
}

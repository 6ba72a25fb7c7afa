// The recorded totals beside their closed form, as rows for a table. Pure.

import type { Totals } from '#gpu/mechanisms/mechanism.ts';
import type { Trace } from '#gpu/trace/trace.ts';
import { blankComments } from '#gpu/wgsl/text/comments.ts';

/** A counted number and, where there is one, what the formula says. */
export interface CountRow {
  id: string;
  counted: number;
  closedForm: number | null;
  /** counted === closedForm; null where there is no formula, and where equal counts prove nothing: some access went past an end. */
  agrees: boolean | null;
}

export interface NumbersSummary {
  read: CountRow;
  written: CountRow;
  /** Per storage buffer: reads and writes, bytes. */
  buffers: { name: string; read: CountRow; written: CountRow }[];
  /** Named events (`//: count name`), those with a closed form first. */
  events: CountRow[];
  flops: number;
  special: number;
  workgroupBytes: CountRow;
}

const declared = new WeakMap<Trace, number>();

/** Workgroup memory of the dispatch that declares most, bytes. */
export function declaredWorkgroupBytes(trace: Trace): number {
  const bytes = declared.get(trace) ?? sumDeclared(trace);
  declared.set(trace, bytes);
  return bytes;
}

/** Where bytes from HBM go: a kernel that declares no workgroup memory has nothing but registers on chip. */
export const onChip = (trace: Trace): string => (declaredWorkgroupBytes(trace) > 0 ? 'SRAM' : 'the registers');

function sumDeclared(trace: Trace): number {
  const kernels = [...new Set(trace.dispatches.map(({ kernel }) => kernel))];
  const sums = new Map<string, number>();
  for (const { name, space, elementBytes, length } of trace.buffers) {
    if (space !== 'workgroup') continue;
    // A name that two kernels use for different arrays is recorded as `kernel:name`; a plain one is the same in all that have it.
    const colon = name.lastIndexOf(':');
    const owners = colon < 0 ? kernels.filter((kernel) => declares(trace, kernel, name)) : [name.slice(0, colon)];
    for (const kernel of owners) sums.set(kernel, (sums.get(kernel) ?? 0) + elementBytes * length);
  }
  return Math.max(0, ...sums.values());
}

/** Whether a kernel's text declares workgroup variable `name`; taken for granted where the text was not kept. */
function declares(trace: Trace, kernel: string, name: string): boolean {
  const source = trace.sources?.[kernel];
  if (source === undefined) return true;
  return new RegExp(`var\\s*<\\s*workgroup\\s*>\\s*${name}\\b`).test(blankComments(source));
}

/** Counts of `trace` beside `cost`; a buffer the formula does not name is expected to stay untouched. */
export function numbersOf(trace: Trace, cost: Totals | null): NumbersSummary {
  const row = (id: string, counted: number, closedForm: number | null): CountRow => {
    const isEqual = counted === closedForm;
    return {
      id,
      counted,
      closedForm,
      agrees: closedForm === null || (isEqual && trace.outOfBounds?.[0]) ? null : isEqual,
    };
  };
  const storage = trace.buffers.filter(({ space }) => space === 'storage').map(({ name }) => name);
  const totals = new Map(trace.totals.map((total) => [total.buffer, total]));
  const formula = new Map(cost?.buffers.map((count) => [count.buffer, count]));
  const onChip = new Set(trace.buffers.filter(({ space }) => space === 'workgroup').map(({ name }) => name));
  const names = [...new Set([...storage, ...formula.keys()])].filter((name) => !onChip.has(name));
  const buffers = names
    .map((name) => {
      const total = totals.get(name);
      const expected = formula.get(name);
      return {
        name,
        read: row(name, total?.loadBytes ?? 0, cost && (expected?.loadBytes ?? 0)),
        written: row(name, total?.storeBytes ?? 0, cost && (expected?.storeBytes ?? 0)),
      };
    })
    .filter(
      ({ read, written }) => read.counted + written.counted + (read.closedForm ?? 0) + (written.closedForm ?? 0) > 0,
    );
  const sum = (of: (buffer: (typeof buffers)[number]) => CountRow) => {
    const counted = buffers.reduce((total, buffer) => total + of(buffer).counted, 0);
    return { counted, closedForm: cost && buffers.reduce((total, buffer) => total + (of(buffer).closedForm ?? 0), 0) };
  };
  const reads = sum(({ read }) => read);
  const writes = sum(({ written }) => written);
  const eventIds = new Set([...Object.keys(cost?.events ?? {}), ...Object.keys(trace.events)]);
  const { multiply, add, divide, compare, special } = trace.operations;
  return {
    read: row('read', reads.counted, reads.closedForm),
    written: row('written', writes.counted, writes.closedForm),
    buffers,
    events: [...eventIds].map((id) => row(id, trace.events[id] ?? 0, cost?.events?.[id] ?? null)),
    flops: multiply + add + divide + compare,
    special,
    workgroupBytes: row('workgroup', declaredWorkgroupBytes(trace), cost ? cost.workgroupBytes : null),
  };
}

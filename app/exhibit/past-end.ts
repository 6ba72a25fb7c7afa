// What a run did past the end of its tensors, and what of its outputs it never wrote, in words. Counted by the recorder, whatever the kernel.

import { listed } from '../words/lists.ts';
import { exactText, plural } from '../words/quantities.ts';
import type { Recording } from './recording.ts';

/** Accesses of one line of a kernel to one buffer, past its end, over the whole run. */
export interface PastEnd {
  kernel: string;
  line: number;
  buffer: string;
  loads: number;
  stores: number;
  atomics: number;
  /** In how many workgroups; null where they were too many to be counted apart. */
  workgroups: number | null;
}

type Traced = Pick<Recording, 'trace'>;

/** Whether some access went past an end: then no count of the run says that all is well. */
export const isPastEnd = ({ trace }: Traced): boolean => (trace.outOfBounds?.length ?? 0) > 0;

export const timesPast = ({ loads, stores, atomics }: PastEnd): number => loads + stores + atomics;

/** Those with most accesses first. */
export function pastEndsOf({ trace }: Traced): PastEnd[] {
  const found = new Map<string, PastEnd>();
  for (const { dispatch, workgroup, buffer, line, loads, stores, atomics } of trace.outOfBounds ?? []) {
    const { kernel } = trace.dispatches[dispatch]!;
    const key = JSON.stringify([kernel, line, buffer]);
    const known = found.get(key) ?? { kernel, line, buffer, loads: 0, stores: 0, atomics: 0, workgroups: 0 };
    found.set(key, known);
    known.loads += loads;
    known.stores += stores;
    known.atomics += atomics;
    // A row is a workgroup's own, or has all of them.
    known.workgroups = workgroup === undefined || known.workgroups === null ? null : known.workgroups + 1;
  }
  return [...found.values()].sort((a, b) => timesPast(b) - timesPast(a));
}

/** Accesses past the end of one buffer. */
export function timesPastOf({ trace }: Traced, buffer: string): number {
  const own = (trace.outOfBounds ?? []).filter((row) => row.buffer === buffer);
  return own.reduce((sum, { loads, stores, atomics }) => sum + loads + stores + atomics, 0);
}

/** 'read', 'wrote', 'read and wrote', 'changed'. */
export function verbOf({ loads, stores, atomics }: PastEnd): string {
  const verbs = [loads > 0 ? 'read' : '', stores > 0 ? 'wrote' : '', atomics > 0 ? 'changed' : ''];
  return listed(verbs.filter((verb) => verb !== ''));
}

/** 'Line 98 read v past its end 4,096 times, in 2 workgroups'; null where nothing did. */
export function pastEndSentence(run: Traced): string | null {
  const [first, ...rest] = pastEndsOf(run);
  if (!first) return null;
  const where = new Set(run.trace.dispatches.map(({ kernel }) => kernel)).size > 1 ? ` of ${first.kernel}` : '';
  const groups = first.workgroups === null ? '' : ` in ${plural(first.workgroups, 'workgroup')}`;
  // What is written there is lost or lands on the last element; what is read comes from there.
  const effect =
    first.stores + first.atomics > 0
      ? 'nothing was written where it meant to'
      : 'it got other values than it asked for';
  const others =
    rest.length > 0 ? `; so did ${plural(rest.length, 'other access', 'other accesses')} in the source` : '';
  return `Line ${first.line}${where} ${verbOf(first)} ${first.buffer} past its end ${plural(timesPast(first), 'time')}${groups}: ${effect}${others}.`;
}

export interface Unwritten {
  tensor: string;
  never: number;
  elements: number;
}

/** What the outputs of a run are known from. */
type Written = Pick<Recording, 'trace' | 'plan' | 'outputs'>;

/**
 * Outputs that were read back and of which some elements were never stored. Those that begin as something, not as a mark of nothing, may stay
 * what they are.
 */
export function unwrittenOf({ trace, plan, outputs }: Written): Unwritten[] {
  return plan.buffers.flatMap(({ name, role, shape, within }): Unwritten[] => {
    const whole = plan.buffers.find((each) => each.name === (within?.buffer ?? name));
    const total = trace.totals.find(({ buffer }) => buffer === whole?.name);
    // Atomics leave no mark on single elements.
    if (role !== 'output' || !(name in outputs) || whole?.init !== 'poison' || (total?.atomics ?? 0) > 0) return [];
    const elements = shape.reduce((product, extent) => product * extent, 1);
    const stores = trace.touches?.find(({ buffer }) => buffer === whole.name)?.stores;
    const from = within?.at ?? 0;
    let written = 0;
    if (stores) for (let i = from; i < from + elements; i++) written += (stores[i] ?? 0) > 0 ? 1 : 0;
    else if (within || Number.isNaN(total?.uniqueStored)) return [];
    else written = total?.uniqueStored ?? 0;
    return written < elements ? [{ tensor: name, never: elements - written, elements }] : [];
  });
}

/** 'out: 128 of 2,048 elements were never written.'; null where all were. */
export function unwrittenSentence(run: Written): string | null {
  const parts = unwrittenOf(run).map(
    ({ tensor, never, elements }) =>
      `${tensor}: ${exactText(never)} of ${plural(elements, 'element')} were never written`,
  );
  return parts.length > 0 ? `${parts.join('; ')}.` : null;
}

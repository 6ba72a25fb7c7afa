// A closed form's counts as totals: bytes of every access, workgroup memory as the kernels declare it, storage beyond inputs and outputs.

import { elementCount } from '../core/tensor.ts';
import type { BufferCount, Totals } from '../mechanisms/mechanism.ts';
import { declaredBytes } from '../plan/check-kernel.ts';
import type { PassSpec, Plan } from '../plan/plan.ts';
import { bake } from '../wgsl/text/bake.ts';
import type { KernelText } from './kernel-text.ts';
import type { Accesses, Counts } from './spec.ts';
import { isUnused } from './tensors.ts';

/**
 * @param plan the one whose accesses are counted
 * @param subs of mechanisms within it
 */
export function totalsOf(
  { buffers, events, extraBytes }: Counts,
  plan: Plan,
  kernels: ReadonlyMap<string, KernelText>,
  subs: readonly Totals[] = [],
): Totals {
  const own = Object.entries(buffers).map(([buffer, accesses = []]) => sumOf(buffer, [accesses].flat()));
  const counted = subs.reduce(addEvents, events);
  return {
    buffers: merge([...own, ...subs.flatMap((each) => each.buffers)]),
    workgroupBytes: workgroupBytes(plan, kernels),
    extraBytes: extraBytes ?? scratchBytes(plan),
    ...(counted && { events: counted }),
  };
}

function addEvents(sum: Totals['events'], { events }: Totals): Totals['events'] {
  if (!events) return sum;
  const added = Object.entries(events).map(([name, count]) => [name, count + (sum?.[name] ?? 0)]);
  return { ...sum, ...Object.fromEntries(added) };
}

/** Rows of one buffer become one; those without an access are left out. */
function merge(rows: readonly BufferCount[]): BufferCount[] {
  const merged = new Map<string, BufferCount>();
  for (const row of rows) {
    const sum = merged.get(row.buffer) ?? sumOf(row.buffer, []);
    for (const key of ['loads', 'stores', 'loadBytes', 'storeBytes'] as const) sum[key] += row[key];
    merged.set(row.buffer, sum);
  }
  return [...merged.values()].filter(({ loads, stores }) => loads + stores > 0);
}

function sumOf(buffer: string, accesses: readonly Accesses[]): BufferCount {
  const sum: BufferCount = { buffer, loads: 0, stores: 0, loadBytes: 0, storeBytes: 0 };
  for (const { loads = 0, stores = 0, bytes = 4 } of accesses) {
    sum.loads += loads;
    sum.stores += stores;
    sum.loadBytes += loads * bytes;
    sum.storeBytes += stores * bytes;
  }
  return sum;
}

/** The largest of the dispatches. */
function workgroupBytes({ passes }: Plan, kernels: ReadonlyMap<string, KernelText>): number {
  const texts = new Map([...kernels.values()].map(({ file, wgsl }) => [file, wgsl]));
  return Math.max(0, ...passes.map(({ kernel, constants }) => bytesOf(texts.get(kernel)!, constants)));
}

/** Who looks for the sizes that fit asks for one kernel dozens of times; the oldest answers go first. */
const MOST_KNOWN = 256;
const known = new Map<string, number>();

/** Bytes that a kernel declares, read once for each set of constants. */
function bytesOf(wgsl: string, constants: PassSpec['constants']): number {
  const key = `${JSON.stringify(constants)} ${wgsl}`;
  const bytes = known.get(key) ?? declaredBytes(bake(wgsl, constants)) ?? 0;
  known.delete(key);
  known.set(key, bytes);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
  return bytes;
}

/** Scratch that the part 'run' uses. */
function scratchBytes({ buffers, passes, parts }: Plan): number {
  const running = parts?.run ? parts.run.map((index) => passes[index]!) : passes;
  const bound = new Set(running.flatMap(({ bindings }) => Object.values(bindings)));
  const own = buffers.filter(({ role, name }) => role === 'scratch' && bound.has(name) && !isUnused(name));
  return own.reduce((bytes, { shape }) => bytes + 4 * elementCount(shape), 0);
}

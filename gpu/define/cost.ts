// A closed form's counts as totals: bytes of every access, workgroup memory as the kernels declare it, storage beyond inputs and outputs.

import { elementCount } from '../core/tensor.ts';
import type { BufferCount, Totals } from '../mechanisms/mechanism.ts';
import { declaredBytes } from '../plan/check-kernel.ts';
import type { Plan } from '../plan/plan.ts';
import { bake } from '../wgsl/text/bake.ts';
import type { KernelText } from './kernel-text.ts';
import type { Accesses, Counts } from './spec.ts';
import { isUnused } from './tensors.ts';

/** @param plan the one whose accesses are counted */
export function totalsOf(
  { buffers, events, extraBytes }: Counts,
  plan: Plan,
  kernels: ReadonlyMap<string, KernelText>,
): Totals {
  return {
    buffers: Object.entries(buffers)
      .map(([buffer, accesses]) => sumOf(buffer, [accesses].flat()))
      .filter(({ loads, stores }) => loads + stores > 0),
    workgroupBytes: workgroupBytes(plan, kernels),
    extraBytes: extraBytes ?? scratchBytes(plan),
    ...(events && { events }),
  };
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

/** The largest of the dispatches; a kernel is read once for each set of constants. */
function workgroupBytes({ passes }: Plan, kernels: ReadonlyMap<string, KernelText>): number {
  const texts = new Map([...kernels.values()].map(({ file, wgsl }) => [file, wgsl]));
  const baked = new Set(passes.map(({ kernel, constants }) => bake(texts.get(kernel)!, constants)));
  return Math.max(0, ...[...baked].map((wgsl) => declaredBytes(wgsl) ?? 0));
}

function scratchBytes({ buffers }: Plan): number {
  const own = buffers.filter(({ role, name }) => role === 'scratch' && !isUnused(name));
  return own.reduce((bytes, { shape }) => bytes + 4 * elementCount(shape), 0);
}

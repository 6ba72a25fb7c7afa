// What a kernel's own text says of itself: its storage bindings, the members of its Params and its marked constants. Read once, when a
// mechanism is described.

import type { Kernel } from '../mechanisms/mechanism.ts';
import { leastBindingBytes } from '../plan/check-kernel.ts';
import { type Tunable, tunables } from '../wgsl/text/bake.ts';
import { reflectBindings, reflectStruct } from '../wgsl/text/reflect.ts';

export interface KernelText {
  file: string;
  wgsl: string;
  /** Storage buffers, in order; `elements` is the least that may be bound. */
  bindings: { name: string; reads: boolean; elements: number }[];
  params: string[];
  constants: Tunable[];
}

/** `./diagonal.wgsl` → `diagonal` */
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.wgsl$/, '');

/** @param files path → text. @param others kernels of mechanisms within */
export function readKernels(
  files: Readonly<Record<string, string>>,
  others: readonly Kernel[] = [],
): Map<string, KernelText> {
  const own = Object.entries(files).map(([path, wgsl]) => [nameOf(path), wgsl] as const);
  const texts = new Map([...others.map(({ file, wgsl }) => [nameOf(file), wgsl] as const), ...own]);
  return new Map([...texts].map(([name, wgsl]) => [name, readKernel(`${name}.wgsl`, wgsl)]));
}

function readKernel(file: string, wgsl: string): KernelText {
  return {
    file,
    wgsl,
    bindings: reflectBindings(wgsl)
      .filter(({ space }) => space === 'storage')
      .map(({ name, access, type }) => ({
        name,
        reads: access === 'read',
        elements: Math.ceil((leastBindingBytes(wgsl, type) ?? 4) / 4),
      })),
    params: (reflectStruct(wgsl) ?? []).map(({ name }) => name),
    constants: tunables(wgsl),
  };
}

// What a kernel's own text says of itself: its storage bindings, the members of its Params and its marked constants. Read once, when a
// mechanism is described.

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
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.wgsl$/, '');

/** @param files path → text */
export function readKernels(files: Readonly<Record<string, string>>): Map<string, KernelText> {
  return new Map(Object.entries(files).map(([path, wgsl]) => [nameOf(path), readKernel(`${nameOf(path)}.wgsl`, wgsl)]));
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

// A second, unrelated counting of loads and stores: the lockstep interpreter of `wgsl_reflect`, whose race detector reports each
// access to its tracker. Test code only; about 10 µs an access.
//
// Not for kernels with what the interpreter counts otherwise: an index inside an index, `select`, the right side of && and ||,
// `while`, `x[i]++`, vector components, whole-array copies, pointer parameters, `workgroupUniformLoad`.

import { detectRaces, MemoryTracker } from 'wgsl_reflect/wgsl_reflect.module.js';
import { reflectBindings } from '../text/reflect.ts';
import type { TestKernel } from './trace-kernel.ts';

export type IndependentCounts = Record<
  string,
  { loads: number; stores: number; loadBytes: number; storeBytes: number }
>;

interface Counting {
  record(buffer: string, offset: number, size: number, kind: 'read' | 'write', atomic: boolean): void;
  _checkPhase(): void;
}

/** @throws Error when the interpreter could not run the kernel */
export function independentCounts({ wgsl, entryPoint = 'main', workgroups, data }: TestKernel): IndependentCounts {
  const counts: IndependentCounts = {};
  const bindings: Record<number, Record<number, unknown>> = {};
  const uncounted = new Set<string>();
  for (const { group, binding, name, space } of reflectBindings(wgsl, entryPoint)) {
    // The interpreter writes into what it is given.
    const copy = structuredClone(data[name]);
    bindings[group] = { ...bindings[group], [binding]: space === 'uniform' ? { uniform: copy } : copy };
    if (space === 'uniform') uncounted.add(name);
  }
  const prototype = MemoryTracker.prototype as unknown as Counting;
  const { record, _checkPhase } = prototype;
  try {
    prototype.record = (buffer, _offset, size, kind, atomic) => {
      if (atomic) throw new Error(`the interpreter does not count atomics as we do (${buffer})`);
      if (uncounted.has(buffer)) return;
      counts[buffer] ??= { loads: 0, stores: 0, loadBytes: 0, storeBytes: 0 };
      const row = counts[buffer];
      if (kind === 'read') {
        row.loads++;
        row.loadBytes += size;
      } else {
        row.stores++;
        row.storeBytes += size;
      }
    };
    prototype._checkPhase = () => {};
    // Its parser stumbles over const_assert and the name `block`, and takes the `<` in `f(a, b < c)` for a template.
    const source = wgsl
      .replace(/^const_assert.*$/gm, '')
      .replace(/\bblock\b/g, 'block_')
      .replace(/, (\w+ < [\w.]+)\)/g, ', ($1))');
    const { errors } = detectRaces(source, entryPoint, workgroups, bindings);
    if (errors.length > 0) throw new Error(errors.join('\n'));
  } finally {
    Object.assign(prototype, { record, _checkPhase });
  }
  return counts;
}

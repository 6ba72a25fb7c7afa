// Test code: runs a kernel in lockstep on the CPU and counts data races; and makes the mutants that must have some.

import { detectRaces } from 'wgsl_reflect/wgsl_reflect.module.js';
import { bake } from '../wgsl/text/bake.ts';

export interface RaceRun {
  wgsl: string;
  constants: Record<string, number | boolean>;
  /** Group 0: contents by binding number; `uniform` marks the Params. */
  bindings: Record<number, Float32Array | Int32Array | { uniform: Uint32Array | Float32Array }>;
  workgroups: [number, number, number];
}

/** Pairs of accesses by two invocations, at least one a write, with no barrier between them. Throws when the run itself fails. */
export function countRaces({ wgsl, constants, bindings, workgroups }: RaceRun): number {
  // The interpreter complains about const_assert, which is no statement to run.
  const source = bake(wgsl, constants).replace(/^const_assert.*$/gm, '');
  const { races, errors } = detectRaces(source, 'main', workgroups, { 0: bindings });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return races.length;
}

/** The kernel once for each `workgroupBarrier()`, without that one. */
export function withoutEachBarrier(wgsl: string): string[] {
  return Array.from(wgsl.matchAll(/^ *workgroupBarrier\(\);$/gm), ({ 0: text, index }) => {
    return wgsl.slice(0, index) + wgsl.slice(index + text.length);
  });
}

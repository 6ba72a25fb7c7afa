// What pictures and controls read of attention's settings: numbers, with what stands for one that is not there.

import type { Config } from '#gpu/mechanisms/mechanism.ts';

export const numberOf = (config: Config, key: string, otherwise: number): number =>
  typeof config[key] === 'number' ? config[key] : otherwise;

/** How many sequences a run has, how many heads of queries, and how many of keys. */
export function countsOf(config: Config): { batch: number; heads: number; kvHeads: number } {
  const heads = numberOf(config, 'heads', 1);
  return { batch: numberOf(config, 'batch', 1), heads, kvHeads: numberOf(config, 'kvHeads', heads) };
}

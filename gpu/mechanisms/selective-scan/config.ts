// What `selective-scan` lets be chosen beside the scan itself: the task that its inputs are, and a numerical mistake to be seen.

import type { ScanConfig } from '../../primitives/sequential-scan/reference.ts';

/**
 * What seeded inputs are: noise, streams of selective copying (dim symbols, dstate tokens to remember), the setting of theorem 1
 * (A = −1, B = C = 1: a gate), or rates A that go down to 0.
 */
export const TASKS = ['none', 'selective-copy', 'gate', 'slow-states'] as const;
/** A mistake in one kernel of the variant `unfused`; no other variant has one. */
export const TRAPS = ['none', 'quotient', 'guarded-quotient', 'first-order', 'naive-hold'] as const;

export interface SelectiveScanConfig extends ScanConfig {
  task: (typeof TASKS)[number];
  trap: (typeof TRAPS)[number];
}

/** The mistake that a run of `variant` really makes: traps stand in `unfused`, those of the hold where there is one. */
export function trapOf(
  variant: string,
  { trap, discretization }: Pick<SelectiveScanConfig, 'trap' | 'discretization'>,
): SelectiveScanConfig['trap'] {
  if (variant !== 'unfused') return 'none';
  const ofHold = trap === 'first-order' || trap === 'naive-hold';
  return ofHold && discretization !== 'zoh' ? 'none' : trap;
}

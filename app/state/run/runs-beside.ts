// What stands beside a run: which other variants are recorded, what each is called there, and the closed form of its counts.

import type { Mechanism, Totals } from '#gpu/mechanisms/mechanism.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { Experiment } from '../stores/experiment.ts';

/**
 * The variants whose runs stand beside the one on screen: the compared one, and one to measure against (the first variant, else
 * the first other one that the presets show). Where a variant has settings
 * of its own that the baseline cannot take, the mechanism's first preset variant stands there too: it is the nearest without them.
 */
export function companions(mechanism: Mechanism, { variant, compare }: Experiment, hasOwnSettings: boolean): string[] {
  const ids = mechanism.variants.map(({ id }) => id);
  const [preset, ...more] = mechanism.presets.map((each) => each.variant);
  const baseline = [ids[0], preset, ...more, ids[1]].find((id) => id !== undefined && id !== variant);
  const wanted = [compare, hasOwnSettings ? preset : null, baseline];
  return [...new Set(wanted.filter((id): id is string => id != null && id !== variant && ids.includes(id)))];
}

/** 'standard', 'flash-v2 (edited)', 'standard without block mask'. */
export function variantLabel(variant: string, { edited, without }: Pick<Recording, 'edited' | 'without'>): string {
  const label = edited.length > 0 ? `${variant} (edited)` : variant;
  return without && without.length > 0 ? `${label} without ${without.join(' and ')}` : label;
}

/**
 * Closed-form counts of the variant as shipped; null where the mechanism has none for this config. They stand beside an edited kernel
 * too: that its counts no longer agree is what there is to see.
 */
export function costOf(
  { mechanism, variant, config, inputs }: Recording,
  mechanisms: ReadonlyMap<string, Mechanism>,
): Totals | null {
  try {
    return mechanisms.get(mechanism)?.cost(variant, config, undefined, inputs) ?? null;
  } catch {
    return null;
  }
}

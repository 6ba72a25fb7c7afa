// What runs where a link asks for something that cannot: the mechanism's first preset, on input from the seed.

import type { Limits, Mechanism } from '#gpu/mechanisms/mechanism.ts';
import type { Experiment } from '../stores/experiment.ts';
import { type PreparedRun, prepareRun } from './prepared-run.ts';

export interface StandIn {
  title: string;
  experiment: Experiment;
  prepared: PreparedRun;
}

/** @returns null where there is no such mechanism, or it has no presets */
export function standInFor(mechanism: Mechanism | undefined, wanted: Experiment, limits: Limits): StandIn | null {
  const preset = mechanism?.presets[0];
  if (!mechanism || !preset) return null;
  const config = preset.config as Experiment['config'];
  const experiment: Experiment = { ...wanted, variant: preset.variant, config, input: 'random', sources: {} };
  return { title: preset.title, experiment, prepared: prepareRun(mechanism, experiment, preset.variant, null, limits) };
}

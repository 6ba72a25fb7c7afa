// What opening a preset from the gallery puts on the page: seeded random input, the preset's own variant and config.

import type { Card, Preset } from '#gpu/mechanisms/mechanism.ts';
import { DEFAULT_ARRANGEMENT, DEFAULT_EXPERIMENT, type Experiment } from '../state/stores/experiment.ts';
import { DEFAULT_LINK, type LinkState } from '../state/stores/link-state.ts';

/** @param view id of the view on top; '' = the mechanism's first */
export function presetLink({ id: mechanism }: Pick<Card, 'id'>, preset: Preset, view: string): LinkState {
  const experiment: Experiment = {
    ...DEFAULT_EXPERIMENT,
    mechanism,
    variant: preset.variant,
    config: preset.config as Experiment['config'],
    input: 'random',
  };
  return { ...DEFAULT_LINK, experiment, arrangement: { ...DEFAULT_ARRANGEMENT, view } };
}

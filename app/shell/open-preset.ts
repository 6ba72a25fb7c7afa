// Opening a preset in place: its variant, its settings and seeded random numbers; and which one is open.

import type { Card, Preset } from '#gpu/mechanisms/mechanism.ts';
import type { ConfigState } from '../state/stores/config-store.ts';
import type { Experiment } from '../state/stores/experiment.ts';

/** What opening `preset` changes; a comparison stays where it still is one. */
export function withPreset({ variant, config }: Preset, { compare }: Experiment): Partial<Experiment> {
  return {
    variant,
    config: config as Experiment['config'],
    input: 'random',
    compare: compare === variant ? null : compare,
    sources: {},
  };
}

/** The preset that an experiment shows, whatever is compared with it; undefined where it was changed since. */
export function presetOf({ presets }: Pick<Card, 'presets'>, experiment: Experiment): Preset | undefined {
  const { variant, config, input, sources } = experiment;
  if (input !== 'random' || Object.keys(sources).length > 0) return undefined;
  const own = sorted(config);
  return presets.find((preset) => preset.variant === variant && sorted(preset.config) === own);
}

/** Whether opening a preset has just put random numbers in the place of a sentence. */
export function hasLeftSentence(
  card: Pick<Card, 'presets'> | undefined,
  { experiment, past }: Pick<ConfigState, 'experiment' | 'past'>,
): boolean {
  const before = past.at(-1);
  return (
    card !== undefined &&
    before?.input === 'sentence' &&
    before.mechanism === experiment.mechanism &&
    presetOf(card, experiment) !== undefined
  );
}

const sorted = (config: object) => JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));

// What the controls of the set-up panel stand at. Pure.

import type { Card, Config } from '#gpu/mechanisms/mechanism.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { Experiment } from '../../state/stores/experiment.ts';

/**
 * Sizes that a sentence or file decides are known from the last recording; what is changed since stands over it. A recording that is
 * up to date, or that came as a file, is shown as it ran.
 *
 * @param answers whether the recording is what came of the experiment: not an older one, nor one that stands in for a run that failed
 */
export function shownConfig(
  card: Pick<Card, 'id' | 'presets'> | undefined,
  recording: Pick<Recording, 'mechanism' | 'variant' | 'config' | 'device'> | null,
  { config, variant }: Pick<Experiment, 'config' | 'variant'>,
  answers: boolean,
): Config {
  const recorded = recording?.mechanism === card?.id ? recording?.config : undefined;
  const chosen = { ...card?.presets[0]?.config, ...recorded, ...config };
  const asItRan = recorded && (recording?.device.origin === 'file' || (answers && recording?.variant === variant));
  return asItRan ? { ...chosen, ...recorded } : chosen;
}

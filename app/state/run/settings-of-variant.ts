// What the run controller asks of a mechanism's view: which settings another variant does not have, and the caches of a recording
// before it is shown.

import { finishInSlices } from '#gpu/core/sliced.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { MechanismView } from '../../exhibit/view.ts';
import type { Experiment } from '../stores/experiment.ts';
import { inputKindOf } from './sentence-input.ts';

/** What an experiment loses when another variant runs it. */
export interface Left {
  /** The config without what that variant does not have. */
  config: Experiment['config'];
  /** Labels of the controls whose values were set and are left out, in lower case: 'block mask'. */
  without: string[];
}

/** The config for `variant`: keys owned by controls that do not apply to it are left out. */
export function configFor(view: MechanismView | undefined, experiment: Experiment, variant: string): Left {
  const config = { ...experiment.config };
  const input = inputKindOf(experiment, view);
  const without: string[] = [];
  for (const { owns, label, appliesTo } of view?.controls ?? []) {
    if (!owns || appliesTo?.(variant, input) !== false) continue;
    const set = owns.filter((key) => Object.hasOwn(config, key));
    if (set.length === 0) continue;
    for (const key of set) delete config[key];
    without.push(label.toLowerCase());
  }
  return { config, without };
}

/** Another variant with the same settings, as far as it has them. One undo brings everything back. */
export function withVariant(
  view: MechanismView | undefined,
  experiment: Experiment,
  variant: string,
): Partial<Experiment> {
  const { config } = configFor(view, experiment, variant);
  return { variant, config, compare: variant === experiment.compare ? null : experiment.compare };
}

/** Makes what the view keeps per recording, in slices. A recording that its view cannot read is shown all the same: the view says why. */
export async function prepareView(view: MechanismView | undefined, recording: Recording): Promise<void> {
  if (!view?.prepare) return;
  try {
    await finishInSlices(view.prepare(recording));
  } catch {
    // The error boundary around the picture meets the same error and names it.
  }
}

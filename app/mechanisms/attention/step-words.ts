// Plain words for the step the cursor is at: number, workgroup, what it does.

import { attentionSteps } from '#gpu/mechanisms/attention/steps.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { exactText } from '../../words/quantities.ts';

/** Marker name → title, for legends and lists. */
export const stepTitles: Record<string, string> = Object.fromEntries(
  attentionSteps.map(({ id, title }) => [id, title]),
);

/** 'Step 37 of 128, workgroup 5: load key tile'; before the first step, that nothing has happened. */
export function stepWords(recording: Recording, tick: number): string {
  const { steps } = recording.trace;
  if (steps.length === 0) return 'No steps were recorded';
  if (tick === 0) return `Before the first of ${exactText(steps.length)} steps`;
  const step = steps[tick - 1]!;
  const title = step.name === undefined ? 'set up' : (stepTitles[step.name] ?? step.name.replaceAll('-', ' '));
  return `Step ${exactText(tick)} of ${exactText(steps.length)}, workgroup ${step.workgroup}: ${title.toLowerCase()}`;
}

// Plain words for the step the cursor is at: number, workgroup, what it does.

import type { StepMeaning } from '#gpu/mechanisms/mechanism.ts';
import type { Trace } from '#gpu/trace/trace.ts';
import { exactText } from './quantities.ts';

/** Marker name → title, for legends and lists. */
export function titlesOf(steps: readonly StepMeaning[]): Record<string, string> {
  return Object.fromEntries(steps.map(({ id, title }) => [id, title]));
}

/** 'Step 37 of 128, workgroup 5: advance the state'; before the first step, that nothing has happened. */
export function stepWordsOf(trace: Trace, tick: number, titles: Readonly<Record<string, string>>): string {
  const { steps } = trace;
  if (steps.length === 0) return 'No steps were recorded';
  if (tick === 0) return `Before the first of ${exactText(steps.length)} steps`;
  const step = steps[tick - 1]!;
  const title = step.name === undefined ? 'set up' : (titles[step.name] ?? step.name.replaceAll('-', ' '));
  const lowered = title.slice(0, 1).toLowerCase() + title.slice(1);
  return `Step ${exactText(tick)} of ${exactText(steps.length)}, workgroup ${step.workgroup}: ${lowered}`;
}

// What is said of a recording that did not fit: whether its playback ends early, or something else is not whole.

import type { Trace, TraceCut } from '#gpu/trace/trace.ts';
import { listed } from '../words/lists.ts';

type Cut = Pick<Trace, 'truncated' | 'cut'>;

const PARTS: Record<TraceCut, string> = {
  steps: 'steps',
  records: 'recorded values',
  touches: 'counts of single elements',
  log: 'single accesses',
};

/** Whether steps at the end of the run are missing. A recording of before, which does not say what was cut, may have been cut there. */
export const stopsEarly = ({ truncated, cut }: Cut): boolean => truncated && (cut?.includes('steps') ?? true);

/** 'steps', 'recorded values and single accesses': what is not whole; '' where all is. */
export function cutParts({ truncated, cut = ['steps'] }: Cut): string {
  return truncated ? listed(cut.map((part) => PARTS[part])) : '';
}

/** A sentence for the story; null where the recording is whole. */
export function cutSentence(trace: Cut): string | null {
  if (!trace.truncated) return null;
  if (stopsEarly(trace))
    return 'The run had more steps than were kept: the playback stops early, the totals are whole.';
  return `The run had more ${cutParts(trace)} than were kept: its steps and totals are whole.`;
}

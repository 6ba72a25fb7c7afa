// A study as a line of progress: what is under way, with a way to stop it; a failure, with a way to try again.

import type { WorkState } from '../parts/work-state.ts';
import type { Study, StudyState } from './study.ts';

/** @param words said where it was not started, and where it was stopped */
export function studyWork(
  { label }: Study,
  state: StudyState | undefined,
  words: { idle: string; cancelled: string },
): WorkState {
  switch (state?.kind) {
    case 'waiting':
      return { kind: 'running', label: 'Waits until the run on screen is compared and timed', onCancel: state.cancel };
    case 'running':
      return { kind: 'running', label, share: state.share, onCancel: state.cancel };
    case 'failed':
      return { kind: 'failed', message: state.message ?? 'It failed.', onRetry: state.start };
    case 'cancelled':
      return { kind: 'empty', message: words.cancelled };
    case 'done':
      return { kind: 'ready' };
    default:
      return { kind: 'empty', message: words.idle };
  }
}

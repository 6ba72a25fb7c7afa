// A stage of the run as the panels show it: progress with a way to stop it, failure with a way to try again.

import type { WorkState } from '../../parts/work-state.ts';
import { usePage, useSession } from '../../state/page-context.ts';
import type { StageName } from '../../state/run/stages.ts';

/** @param empty said while nothing has come of it yet */
export function useWorkState(stage: StageName, empty: string, onRetry: () => void): WorkState {
  const { controller } = usePage();
  const work = useSession((state) => state[stage]);
  switch (work.kind) {
    case 'idle':
      return { kind: 'empty', message: empty };
    case 'running':
      return { kind: 'running', share: work.share, label: work.label, onCancel: () => controller.cancel(stage) };
    case 'done':
      return { kind: 'ready' };
    case 'cancelled':
      return { kind: 'empty', message: 'Cancelled.' };
    case 'failed':
      return { kind: 'failed', message: work.problem.message, onRetry };
  }
}

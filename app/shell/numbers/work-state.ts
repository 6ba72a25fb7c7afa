// A part of the chain as the panels show it: progress with a way to stop it, failure with a way to try again.

import type { WorkState } from '../../parts/work-state.ts';
import { usePage, useSession } from '../../state/page-context.ts';
import type { ChainPart } from '../../state/run/chain.ts';

/** @param empty said while nothing has come of it yet */
export function useWorkState(part: ChainPart, empty: string, onRetry: () => void): WorkState {
  const { controller } = usePage();
  const work = useSession((state) => state[part]);
  switch (work.kind) {
    case 'idle':
      return { kind: 'empty', message: empty };
    case 'running':
      return { kind: 'running', share: work.share, label: work.label, onCancel: () => controller.cancel(part) };
    case 'done':
      return { kind: 'ready' };
    case 'cancelled':
      return { kind: 'empty', message: 'Cancelled.' };
    case 'failed':
      return { kind: 'failed', message: work.problem.message, onRetry };
  }
}

// A part of the page that stands and falls by itself: a fault in it leaves the others as they are, and the way back to what was there before.

import { type ReactNode, useEffect } from 'react';
import { ErrorBoundary } from '../parts/ErrorBoundary.tsx';
import { canGiveBack, giveBack, keepGood, noteFault } from '../state/last-good.ts';
import { useConfig, usePage, useSession } from '../state/page-context.ts';

export function Part({ what, children }: { what: string; children: ReactNode }) {
  const page = usePage();
  const recording = useSession((state) => state.recording);
  const experiment = useConfig((state) => state.experiment);
  return (
    <ErrorBoundary
      what={what}
      resetKey={`${recording?.id} ${JSON.stringify(experiment.config).length} ${experiment.mechanism} ${experiment.variant}`}
      onFault={() => noteFault(page)}
      onBack={canGiveBack(page) ? () => giveBack(page) : undefined}
    >
      {children}
    </ErrorBoundary>
  );
}

/** How long after a recording took the stage it counts as drawn, ms. */
const DRAWN_AFTER = 1000;

/** Remembers what was drawn without a fault. */
export function useLastGood(): void {
  const page = usePage();
  const recording = useSession((state) => state.recording);
  const stale = useSession((state) => state.stale);
  useEffect(() => {
    if (!recording || stale) return;
    const drawn = setTimeout(() => keepGood(page), DRAWN_AFTER);
    return () => clearTimeout(drawn);
  }, [page, recording, stale]);
}

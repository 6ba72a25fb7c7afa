// Views whose code may still have to be loaded: a part that draws one waits for it in its own place, and says there if it did not come.

import { type ReactNode, Suspense, use, useEffect, useMemo, useReducer, useState } from 'react';
import type { AnyView, ViewSpec } from '../../exhibit/view.ts';
import { loadedView, loadWholeView } from '../../exhibit/whole-view.ts';
import { ErrorBoundary } from '../../parts/ErrorBoundary.tsx';
import { canGiveBack, giveBack, noteFault } from '../../state/last-good.ts';
import { usePage } from '../../state/page-context.ts';

interface WholeViewProps {
  view: AnyView;
  /** A change of it clears a fault. */
  resetKey: string;
  children(view: ViewSpec): ReactNode;
}

export function WholeView({ view, resetKey, children }: WholeViewProps) {
  const page = usePage();
  const [attempt, setAttempt] = useState(0);
  const here = loadedView(view);
  // A load that failed stays failed until someone asks again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt loads anew
  const whole = useMemo(() => here ?? loadWholeView(view), [here, view, attempt]);
  return (
    <ErrorBoundary
      what="This view"
      resetKey={`${view.id} ${resetKey}`}
      onAgain={() => setAttempt(attempt + 1)}
      onFault={() => noteFault(page)}
      onBack={canGiveBack(page) ? () => giveBack(page) : undefined}
    >
      <Suspense fallback={<p className="quiet pad">Loading …</p>}>
        <Arriving whole={whole}>{children}</Arriving>
      </Suspense>
    </ErrorBoundary>
  );
}

function Arriving({ whole, children }: Pick<WholeViewProps, 'children'> & { whole: ViewSpec | Promise<ViewSpec> }) {
  return children(whole instanceof Promise ? use(whole) : whole);
}

/** The view once its code is here; for words beside the picture, which itself says when that fails. */
export function useWholeView(view: AnyView | undefined): ViewSpec | undefined {
  const whole = view && loadedView(view);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (view && !whole) loadWholeView(view).then(redraw, () => {});
  }, [view, whole]);
  return whole;
}

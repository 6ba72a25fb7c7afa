// One view over one recording, following the cursor. Only these parts are drawn anew while playing.

import { lazy, Suspense, useEffect, useMemo } from 'react';
import type { Recording, Selection, ViewSpec } from '../mechanisms/view.ts';
import { usePacedTick } from '../state/paced-tick.ts';
import { useCursor, useGrowth, usePage, useSession } from '../state/page.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { tickAlong } from './picked-view.ts';

const ViewTableCard = lazy(() => import('./ViewTableCard.tsx').then((module) => ({ default: module.ViewTableCard })));

export interface ViewPictureProps {
  view: ViewSpec;
  recording: Recording;
  /** Table instead of picture. */
  table?: boolean;
  /** Set where `recording` is not the one the cursor counts: its tick follows along. */
  along?: boolean;
  /** What to show while nothing is selected, given the cursor's tick. */
  follow?: (tick: number) => Selection | null;
}

/** The picture that follows every frame. */
export function ViewPicture(props: ViewPictureProps) {
  const tick = useCursor((state) => state.tick);
  return <PictureAt {...props} tick={tick} />;
}

/** A picture beside the main one: follows in turns with the others. */
export function PacedViewPicture({ turn, ...props }: ViewPictureProps & { turn: number }) {
  return <PictureAt {...props} tick={usePacedTick(turn)} />;
}

function PictureAt({
  view,
  recording,
  table = false,
  along = false,
  follow,
  tick: cursorTick,
}: ViewPictureProps & { tick: number }) {
  const { cursor, controller } = usePage();
  const growth = useGrowth();
  const length = useCursor((state) => state.length);
  const selected = useCursor((state) => state.selection);
  const selection = selected ?? follow?.(cursorTick) ?? null;
  const others = useSession((state) => state.others);
  const steps = recording.trace.steps.length;
  const tick = along ? tickAlong(cursorTick, length, steps) : Math.min(cursorTick, steps);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a view needs is run once per recording
  useEffect(() => {
    if (view.needs) void controller.grow();
  }, [view, recording, controller]);
  // Other parts of this component's state change more often than what the picture shows.
  const picture = useMemo(() => {
    const input = { recording, tick, selection, others: others as Recording[], growth };
    if (table) {
      return (
        <Suspense fallback={null}>
          <ViewTableCard view={view} input={input} />
        </Suspense>
      );
    }
    const seek = (to: number) => {
      cursor.getState().pause();
      cursor.getState().seek(along ? tickAlong(to, steps, length) : to);
    };
    const select = (next: Selection | null) => cursor.getState().select(next);
    return <view.Component {...input} onSelect={select} onTick={seek} />;
  }, [view, recording, tick, selection, others, growth, table, along, steps, length, cursor]);
  return (
    <ErrorBoundary what="This view" resetKey={`${view.id} ${recording.id} ${table}`}>
      {picture}
    </ErrorBoundary>
  );
}

/** The view's line about the present step. Not announced while playing: the bar and the story are. */
export function ViewSummary({ view, recording, turn }: { view: ViewSpec; recording: Recording; turn: number }) {
  const tick = Math.min(usePacedTick(turn), recording.trace.steps.length);
  const selection = useCursor((state) => state.selection);
  const others = useSession((state) => state.others);
  const growth = useGrowth();
  const summary = view.summary({ recording, tick, selection, others: others as Recording[], growth });
  return (
    <p className="view-summary quiet" title={summary}>
      {summary}
    </p>
  );
}

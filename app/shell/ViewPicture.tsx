// One view over one recording, following the cursor. Only this part is drawn anew while playing.

import type { Recording, ViewSpec } from '../mechanisms/view.ts';
import { useCursor, usePage, useSession } from '../state/page.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { tickAlong } from './picked-view.ts';
import { ViewTableCard } from './ViewTableCard.tsx';

export interface ViewPictureProps {
  view: ViewSpec;
  recording: Recording;
  /** Table instead of picture. */
  table: boolean;
  /** Set where `recording` is not the one the cursor counts: its tick follows along. */
  along?: boolean;
}

export function ViewPicture({ view, recording, table, along = false }: ViewPictureProps) {
  const { cursor } = usePage();
  const cursorTick = useCursor((state) => state.tick);
  const length = useCursor((state) => state.length);
  const selection = useCursor((state) => state.selection);
  const others = useSession((state) => state.others);
  const steps = recording.trace.steps.length;
  const tick = along ? tickAlong(cursorTick, length, steps) : Math.min(cursorTick, steps);
  const props = { recording, tick, selection, others: others as Recording[] };
  const seek = (to: number) => {
    cursor.getState().pause();
    cursor.getState().seek(along ? tickAlong(to, steps, length) : to);
  };
  return (
    <ErrorBoundary what="This view" resetKey={`${view.id} ${recording.id} ${table}`}>
      {table ? (
        <ViewTableCard view={view} input={props} />
      ) : (
        <view.Component {...props} onSelect={cursor.getState().select} onTick={seek} />
      )}
    </ErrorBoundary>
  );
}

/** The view's line about the present step. Not announced while playing: the bar and the story are. */
export function ViewSummary({ view, recording }: { view: ViewSpec; recording: Recording }) {
  const tick = useCursor((state) => state.tick);
  const selection = useCursor((state) => state.selection);
  const others = useSession((state) => state.others);
  const summary = view.summary({
    recording,
    tick: Math.min(tick, recording.trace.steps.length),
    selection,
    others: others as Recording[],
  });
  return <p className="view-summary quiet">{summary}</p>;
}

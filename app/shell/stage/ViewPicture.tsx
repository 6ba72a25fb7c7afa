// One view over one recording, following the cursor. Only these parts are drawn anew while playing.

import { type ReactNode, useEffect, useMemo } from 'react';
import { tickAlong } from '../../exhibit/picked-view.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { AnyView, ViewSpec, ViewState } from '../../exhibit/view.ts';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { useConfig, useCursor, usePage, useSession, useStudy } from '../../state/page-context.ts';
import { usePacedTick } from '../../state/playback/paced-tick.ts';
import { useWholeView, WholeView } from './WholeView.tsx';

const TABLE = later('The table', async () => (await import('./ViewTableCard.tsx')).ViewTableCard);

export interface ViewPictureProps {
  view: AnyView;
  recording: Recording;
  /** Table instead of picture. */
  table?: boolean;
  /** Set where `recording` is not the one the cursor counts: its tick follows along. */
  along?: boolean;
  /** The recordings of all pictures side by side, where there are several; the same array as long as they are. */
  together?: readonly Recording[];
  /** Where the picture may be filled with something else, and the link says with what. */
  fills?: boolean;
  /** What to show while nothing is selected, given the cursor's tick. */
  follow?: (tick: number) => Place | null;
}

/** What stands beside `recording`: for a compared one the main one, and not itself. */
function useOthers(recording: Recording): Recording[] {
  const main = useSession((state) => state.recording) as Recording | null;
  const others = useSession((state) => state.others) as Recording[];
  return useMemo(() => {
    if (!main || !others.includes(recording)) return others;
    return [main, ...others.filter((other) => other !== recording)];
  }, [main, others, recording]);
}

/** What a view shows at the cursor's tick: the same for its picture and for its words, which share what is made of it. */
function useViewState(
  { recording, along = false, together, fills = false, follow }: Omit<ViewPictureProps, 'view' | 'table'>,
  study: ViewSpec['study'],
  cursorTick: number,
): ViewState {
  const length = useCursor((state) => state.length);
  const selected = useCursor((state) => state.selection);
  const selection = selected ?? follow?.(cursorTick) ?? null;
  const following = selected === null;
  const fill = useConfig(({ arrangement }) => (fills ? arrangement.fill : undefined));
  const others = useOthers(recording);
  const progress = useStudy(study);
  const steps = recording.trace.steps.length;
  const tick = along ? tickAlong(cursorTick, length, steps) : Math.min(cursorTick, steps);
  return useMemo(
    () => ({ recording, tick, selection, others, together, following, study: progress, fill }),
    [recording, tick, selection, others, together, following, progress, fill],
  );
}

/** The picture that follows every frame. */
export function ViewPicture(props: ViewPictureProps) {
  return <WholePicture {...props}>{(view) => <LivePicture {...props} view={view} />}</WholePicture>;
}

/** A picture beside the main one: follows in turns with the others. */
export function PacedViewPicture({ turn, ...props }: ViewPictureProps & { turn: number }) {
  return <WholePicture {...props}>{(view) => <PacedPicture {...props} view={view} turn={turn} />}</WholePicture>;
}

function WholePicture({
  view,
  recording,
  table = false,
  children,
}: ViewPictureProps & { children(view: ViewSpec): ReactNode }) {
  return (
    <WholeView view={view} resetKey={`${recording.id} ${table}`}>
      {children}
    </WholeView>
  );
}

type PictureProps = ViewPictureProps & { view: ViewSpec };

function LivePicture(props: PictureProps) {
  const tick = useCursor((state) => state.tick);
  return <PictureAt {...props} tick={tick} />;
}

function PacedPicture({ turn, ...props }: PictureProps & { turn: number }) {
  return <PictureAt {...props} tick={usePacedTick(turn)} />;
}

function PictureAt({ view, table = false, tick, ...props }: PictureProps & { tick: number }) {
  const { config, cursor } = usePage();
  const length = useCursor((state) => state.length);
  const input = useViewState(props, view.study, tick);
  useStudyStart(view, input.study?.kind === 'idle');
  const { along = false, fills = false, recording } = props;
  const steps = recording.trace.steps.length;
  // Other parts of this component's state change more often than what the picture shows.
  return useMemo(() => {
    if (table) {
      return <LaterPart of={TABLE}>{(ViewTableCard) => <ViewTableCard view={view} input={input} />}</LaterPart>;
    }
    const seek = (to: number) => {
      cursor.getState().pause();
      cursor.getState().seek(along ? tickAlong(to, steps, length) : to);
    };
    const select = (next: Place | null) => cursor.getState().select(next);
    const refill = fills ? (id: string) => config.getState().arrange({ fill: id }) : undefined;
    return <view.Component {...input} onSelect={select} onTick={seek} onFill={refill} />;
  }, [view, input, table, along, fills, steps, length, config, cursor]);
}

/** Once the view is on the stage; what was stopped or failed waits for its button. */
function useStudyStart({ study }: ViewSpec, isIdle: boolean): void {
  const { controller } = usePage();
  const recording = useSession((state) => state.recording);
  const stale = useSession((state) => state.stale);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what could not start may when another recording is there, or it is fresh again
  useEffect(() => {
    if (study && isIdle) void controller.study(study);
  }, [study, isIdle, recording, stale, controller]);
}

/** Nothing of a view that fails: its picture says so, in its own place. */
function saidBy(say: () => string | undefined): string | undefined {
  try {
    return say();
  } catch {
    return undefined;
  }
}

/** The view's line about the present step. Not announced while playing: the bar and the story are. */
export function ViewSummary({ view, turn, ...props }: Omit<ViewPictureProps, 'table'> & { turn: number }) {
  const whole = useWholeView(view);
  const state = useViewState(props, whole?.study, usePacedTick(turn));
  const summary = saidBy(() => whole?.summary(state));
  return (
    <p className="view-summary quiet" title={summary}>
      {summary ?? '\u00a0'}
    </p>
  );
}

// One view over one recording, at the step on screen. Only these parts are drawn anew while playing.

import { useEffect, useMemo } from 'react';
import { tickAlong } from '../../exhibit/picked-view.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { AnyView, ViewSpec, ViewState } from '../../exhibit/view.ts';
import { LaterPart, later } from '../../parts/LaterPart.tsx';
import { useConfig, useCursor, usePage, useSession, useStudy } from '../../state/page-context.ts';
import { useShownTick } from '../../state/playback/shown-tick.ts';
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

/** What a view shows at the step on screen: the same for its picture and for its words, which share what is made of it. */
function useViewState(
  { recording, along = false, together, fills = false, follow }: Omit<ViewPictureProps, 'view' | 'table'>,
  study: ViewSpec['study'],
): ViewState {
  const cursorTick = useShownTick();
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

export function ViewPicture({ view, ...props }: ViewPictureProps) {
  return (
    <WholeView view={view} resetKey={`${props.recording.id} ${props.table ?? false}`}>
      {(whole) => <ShownPicture {...props} view={whole} />}
    </WholeView>
  );
}

function ShownPicture({ view, table = false, ...props }: ViewPictureProps & { view: ViewSpec }) {
  const { config, cursor } = usePage();
  const length = useCursor((state) => state.length);
  const input = useViewState(props, view.study);
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
export function ViewSummary({ view, ...props }: Omit<ViewPictureProps, 'table'>) {
  const whole = useWholeView(view);
  const state = useViewState(props, whole?.study);
  const summary = saidBy(() => whole?.summary(state));
  return (
    <p className={whole?.timeless ? 'view-summary quiet' : 'view-summary moving quiet'} title={summary}>
      {summary ?? '\u00a0'}
    </p>
  );
}

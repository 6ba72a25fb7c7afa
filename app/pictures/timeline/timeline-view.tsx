// The view "workgroups over the recorded order", for any mechanism.

import { useMemo } from 'react';
import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { plural } from '../../words/quantities.ts';
import { stepWordsOf } from '../../words/step-words.ts';
import { Timeline } from './Timeline.tsx';
import {
  drawTimelineBase,
  drawTimelineLive,
  lettersOf,
  stepLegend,
  type TimelineScene,
  timelineScene,
  workgroupWords,
} from './timeline.ts';

/** The timeline of a recording at `tick`. */
export function timelineOf(
  recording: Recording,
  tick: number,
  selection: Place | null,
  together?: readonly Recording[],
): TimelineScene {
  return timelineScene(
    indexOfTrace(recording.trace),
    recording.trace.dispatches.map(({ kernel }) => kernel),
    tick,
    selection?.kind === 'workgroup' ? selection : null,
    null,
    together,
  );
}

function laneWords({ lanes }: TimelineScene, lane: number): string {
  const { dispatch, workgroup, steps, first, last } = lanes[lane]!;
  return `Kernel ${dispatch + 1}, workgroup ${workgroup}: ${plural(steps, 'step')}, from ${first + 1} to ${last + 1}`;
}

function table({ recording, tick }: ViewState): ViewTable {
  const { lanes, lane } = indexOfTrace(recording.trace);
  return {
    at: tick > 0 ? lane[tick - 1]! : -1,
    columns: [
      { id: 'dispatch', title: 'Dispatch' },
      { id: 'kernel', title: 'Kernel' },
      { id: 'workgroup', title: 'Workgroup' },
      { id: 'steps', title: 'Steps' },
      { id: 'first', title: 'First step' },
      { id: 'last', title: 'Last step' },
    ],
    rows: lanes.map(({ dispatch, workgroup, steps, first, last }) => [
      dispatch,
      recording.trace.dispatches[dispatch]?.kernel ?? '',
      workgroup,
      steps,
      first + 1,
      last + 1,
    ]),
  };
}

function timelineWords(
  { recording, tick }: Pick<ViewState, 'recording' | 'tick'>,
  titles: Record<string, string>,
): string {
  return `${stepWordsOf(recording.trace, tick, titles)}. ${workgroupWords(recording.trace, tick)}`;
}

/** @param titles marker name → title */
export function TimelinePicture({ titles, ...props }: ViewProps & { titles: Record<string, string> }) {
  const { recording, tick, selection, together, onSelect, onTick } = props;
  const scene = useMemo(() => timelineOf(recording, tick, selection, together), [recording, tick, selection, together]);
  return (
    <Timeline
      scene={scene}
      baseKey={`${recording.id} ${lettersOf(scene)}`}
      titles={titles}
      label={timelineWords(props, titles)}
      status={scene.selectedLane < 0 ? '' : laneWords(scene, scene.selectedLane)}
      onTick={onTick}
      onLane={(lane) => {
        const { dispatch, workgroup } = scene.lanes[lane]!;
        onSelect({ kind: 'workgroup', dispatch, workgroup });
      }}
    />
  );
}

/** @param Component shows TimelinePicture with these titles */
export function timelineViewOf(titles: Record<string, string>, Component: ViewSpec['Component']): ViewSpec {
  return {
    id: 'timeline',
    title: 'Timeline',
    about:
      'One lane per workgroup, time from left to right in the order in which this adapter ran the steps (tickets taken from one counter on the device). It is an order, not a clock: widths are steps, not milliseconds. Click to move the playhead.',
    Component,
    summary: (state) => timelineWords(state, titles),
    table,
    legend: ({ recording, tick, together }) => stepLegend(timelineOf(recording, tick, null, together), titles),
    svg({ recording, tick, selection, together }, { width, height }, inkOf) {
      const scene = timelineOf(recording, tick, selection, together);
      const window = { from: 0, to: Math.max(scene.steps, 1) };
      const pen = new SvgPen(width, height, inkOf);
      drawTimelineBase(pen, scene, window);
      drawTimelineLive(pen, scene, window);
      return pen.document(timelineWords({ recording, tick }, titles));
    },
  };
}

// View (d): workgroups over the recorded order.

import { useMemo } from 'react';
import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { Timeline } from '../../pictures/timeline/Timeline.tsx';
import {
  drawTimelineBase,
  drawTimelineLive,
  lettersOf,
  stepLegend,
  type TimelineScene,
  timelineScene,
  workgroupWords,
} from '../../pictures/timeline/timeline.ts';
import { plural } from '../../words/quantities.ts';
import { linkedSteps } from './links.ts';
import { stepTitles, stepWords } from './step-words.ts';

/** The timeline of a recording at `tick`. */
export function attentionTimeline(
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
    linkedSteps(recording, selection),
    together,
  );
}

function TimelinePicture({ recording, tick, selection: selected, together, following, onSelect, onTick }: ViewProps) {
  // The row that is followed is no choice: nothing is dimmed for it.
  const selection = following ? null : selected;
  const scene = useMemo(
    () => attentionTimeline(recording, tick, selection, together),
    [recording, tick, selection, together],
  );
  return (
    <Timeline
      scene={scene}
      baseKey={`${recording.id} ${lettersOf(scene)} ${JSON.stringify(selection)}`}
      titles={stepTitles}
      label={timelineWords(recording, tick)}
      status={scene.selectedLane < 0 ? '' : laneWords(scene, scene.selectedLane)}
      onTick={onTick}
      onLane={(lane) => {
        const { dispatch, workgroup } = scene.lanes[lane]!;
        onSelect({ kind: 'workgroup', dispatch, workgroup });
      }}
    />
  );
}

function laneWords({ lanes }: TimelineScene, lane: number): string {
  const { dispatch, workgroup, steps, first, last } = lanes[lane]!;
  return `Kernel ${dispatch + 1}, workgroup ${workgroup}: ${plural(steps, 'step')}, from ${first + 1} to ${last + 1}`;
}

/** Where the tick stands, and how many workgroups are at work. */
function timelineWords(recording: Recording, tick: number): string {
  const source = {
    markers: '',
    barriers: ' Steps are cut at barriers.',
    loop: ' Steps are loop iterations.',
    workgroup: ' One step per workgroup.',
  };
  const kind = recording.trace.dispatches[0]?.stepSource ?? 'markers';
  return `${stepWords(recording, tick)}. ${workgroupWords(recording.trace, tick)}${source[kind]}`;
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

export const timelineView: ViewSpec = {
  id: 'timeline',
  title: 'Timeline',
  about:
    'One lane per workgroup, time from left to right in the order in which this adapter ran the steps (tickets taken from one counter on the device). It is an order, not a clock: widths are steps, not milliseconds. Click to move the playhead.',
  Component: TimelinePicture,
  summary: ({ recording, tick }) => timelineWords(recording, tick),
  table,
  legend: ({ recording, tick, together }) => stepLegend(attentionTimeline(recording, tick, null, together), stepTitles),
  svg({ recording, tick, selection, together, following }, { width, height }, inkOf) {
    const scene = attentionTimeline(recording, tick, following ? null : selection, together);
    const window = { from: 0, to: Math.max(scene.steps, 1) };
    const pen = new SvgPen(width, height, inkOf);
    drawTimelineBase(pen, scene, window);
    drawTimelineLive(pen, scene, window);
    return pen.document(timelineWords(recording, tick));
  },
};

// The picture "workgroups over the recorded order", of any run.

import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Picture, PictureState } from '../../exhibit/picture.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { plural } from '../../words/quantities.ts';
import { TimelineFace } from './TimelineFace.tsx';
import {
  drawTimelineBase,
  drawTimelineLive,
  lettersOf,
  type PlacedTimeline,
  stepLegend,
  type TimelineScene,
  timelineScene,
  workgroupWords,
} from './timeline-lanes.ts';

export interface TimelineSpec {
  /** Per step, 1 where it belongs to what is selected: the others are dimmed. Null where it is about no steps. */
  linked?(run: Recording, place: Place): Uint8Array | null;
}

/** How the steps of a kernel without markers were cut. */
const CUT = {
  markers: '',
  barriers: ' Steps are cut at barriers.',
  loop: ' Steps are loop iterations.',
  workgroup: ' One step per workgroup.',
};

function sceneOf(
  { linked }: TimelineSpec,
  { run, tick, place: shown, following, together }: PictureState,
): PlacedTimeline {
  // What is followed is no choice: nothing is dimmed for it.
  const place = following ? null : shown;
  const scene = timelineScene(
    indexOfTrace(run.trace),
    run.trace.dispatches.map(({ kernel }) => kernel),
    tick,
    place?.kind === 'workgroup' ? place : null,
    (place && linked?.(run, place)) ?? null,
    together,
  );
  return { ...scene, key: `${run.id} ${lettersOf(scene)} ${linked ? JSON.stringify(place) : ''}` };
}

function laneWords({ lanes, selectedLane }: TimelineScene): string {
  if (selectedLane < 0) return '';
  const { dispatch, workgroup, steps, first, last } = lanes[selectedLane]!;
  return `Kernel ${dispatch + 1}, workgroup ${workgroup}: ${plural(steps, 'step')}, from ${first + 1} to ${last + 1}`;
}

const wholeRun = ({ steps }: TimelineScene) => ({ from: 0, to: Math.max(steps, 1) });

export function timeline(spec: TimelineSpec = {}): Picture<PlacedTimeline> {
  return {
    id: 'timeline',
    title: 'Timeline',
    kind: 'timeline',
    about:
      'One lane per workgroup, steps from left to right in the order of playback. As recorded, that is the order in which this adapter ran them (tickets taken from one counter on the device); by workgroup, the recorded steps are put one workgroup after the other. It is an order, not a clock: widths are steps, not milliseconds; the lane on top is of the workgroup that began first. Shades and letters tell steps apart, they are of no tensor. Click to move the playhead.',
    Face: TimelineFace,
    scene: (state) => sceneOf(spec, state),
    draw(pen, scene) {
      drawTimelineBase(pen, scene, wholeRun(scene));
      drawTimelineLive(pen, scene, wholeRun(scene));
    },
    // The face takes pointer and keys: what is where depends on the zoom, and they move the playhead, too.
    hit: () => null,
    walk: () => null,
    words: (_scene, { run, tick }) =>
      `${workgroupWords(run.trace, tick)}${CUT[run.trace.dispatches[0]?.stepSource ?? 'markers']}`,
    status: laneWords,
    table({ lanes }, { run, tick }) {
      const { lane } = indexOfTrace(run.trace);
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
          run.trace.dispatches[dispatch]?.kernel ?? '',
          workgroup,
          steps,
          first + 1,
          last + 1,
        ]),
      };
    },
    legend: (scene, { names }) => stepLegend(scene, names.steps),
  };
}

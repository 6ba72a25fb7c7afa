// Workgroups over the recorded order: a lane per workgroup, a mark per step, coloured by the step's name. Drawing and hit testing.

import { indexOfTrace, type Lane, type RecordingIndex } from '#gpu/trace/recording-index.ts';
import type { Trace } from '#gpu/trace/trace.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { LegendEntry } from '../../exhibit/view.ts';
import { stopsEarly } from '../../exhibit/what-was-cut.ts';
import { type Pen, textWidth } from '../../pens/pen.ts';
import { exactText, plural } from '../../words/quantities.ts';
import { type StepLook, stepLooks } from './step-names.ts';

export interface TimelineScene {
  steps: number;
  lanes: Lane[];
  /** Per step: lane and name, as in RecordingIndex. */
  lane: Uint32Array;
  name: Uint8Array;
  looks: StepLook[];
  /** Names that occur; the unnamed look is there even where no step is without a name. */
  used: Set<string>;
  /** The dispatches in the order of their first steps: that step, its kernel, and the kernel's number, counted from 1. */
  dispatches: { step: number; kernel: string; number: number }[];
  tick: number;
  /** Lane of the step the cursor is at; −1 at the start. */
  currentLane: number;
  selectedLane: number;
  /** Per step, 1 where it belongs to the selection; the others are dimmed. Null when all stand equal. */
  linked: Uint8Array | null;
}

/** The scene of a run. */
export interface PlacedTimeline extends TimelineScene {
  /** Changes with everything of it that no tick changes. */
  key: string;
}

/** The part of the recording on screen. */
export interface TimelineWindow {
  /** Steps [from, to). */
  from: number;
  to: number;
}

export interface TimelineLayout {
  x: number;
  y: number;
  width: number;
  height: number;
  laneHeight: number;
}

const LABEL_WIDTH = 66;
const HEAD = 18;
const FOOT = 4;
const TALLEST_LANE = 40;
const LABEL_SPACING = 14;
const NAME = { size: 11, mono: true };
/** Opacity of steps that do not belong to the selection. */
const DIM = 0.22;
/** Steps narrower than this are drawn as a raster. */
const SMALLEST_MARK = 2;

export function layoutTimeline(scene: TimelineScene, width: number, height: number): TimelineLayout {
  const inner = Math.max(height - HEAD - FOOT, 1);
  const laneHeight = Math.min(TALLEST_LANE, inner / Math.max(scene.lanes.length, 1));
  return { x: LABEL_WIDTH, y: HEAD, width: Math.max(width - LABEL_WIDTH - 8, 1), height: inner, laneHeight };
}

export function stepX(layout: TimelineLayout, window: TimelineWindow, step: number): number {
  return layout.x + ((step - window.from) / Math.max(window.to - window.from, 1)) * layout.width;
}

/** Step and lane under a point. Steps are clamped to the window; lane is −1 beside the lanes. */
export function hitTimeline(
  scene: TimelineScene,
  layout: TimelineLayout,
  window: TimelineWindow,
  x: number,
  y: number,
): { step: number; lane: number } {
  const share = (x - layout.x) / layout.width;
  const step = Math.floor(window.from + share * (window.to - window.from));
  const lane = Math.floor((y - layout.y) / layout.laneHeight);
  return {
    step: Math.min(Math.max(step, window.from), Math.max(window.to - 1, window.from)),
    lane: lane >= 0 && lane < scene.lanes.length && x >= layout.x ? lane : -1,
  };
}

/** The workgroup of a lane, or of the nearest there is. */
export function laneAt({ lanes }: TimelineScene, lane: number): Place | null {
  const nearest = lanes[Math.min(Math.max(lane, 0), lanes.length - 1)];
  return nearest ? { kind: 'workgroup', dispatch: nearest.dispatch, workgroup: nearest.workgroup } : null;
}

/** All steps of the window; no tick changes it. */
export function drawTimelineBase(pen: Pen, scene: TimelineScene, window: TimelineWindow): void {
  const layout = layoutTimeline(scene, pen.width, pen.height);
  if (scene.steps === 0) {
    pen.text(pen.width / 2, pen.height / 2, 'no steps were recorded', '--ink-2', { align: 'center' });
    return;
  }
  const lanesHeight = scene.lanes.length * layout.laneHeight;
  pen.rect(layout.x, layout.y, layout.width, lanesHeight, '--surface-2');
  drawLabels(pen, scene, layout);
  const span = Math.max(window.to - window.from, 1);
  if (layout.width / span >= SMALLEST_MARK && layout.laneHeight >= SMALLEST_MARK) drawMarks(pen, scene, layout, window);
  else drawRaster(pen, scene, layout, window);
  drawDispatches(pen, scene, layout, window);
}

/** Where each dispatch begins, and in its own section of the picture the name of its kernel. */
function drawDispatches(pen: Pen, scene: TimelineScene, layout: TimelineLayout, window: TimelineWindow): void {
  const sections = scene.dispatches
    .map(({ step, kernel, number }, i) => ({
      step,
      kernel,
      number,
      past: scene.dispatches[i + 1]?.step ?? scene.steps,
    }))
    .filter(({ step, past }) => past > window.from && step < window.to);
  const lefts = sections.map(({ step }) => stepX(layout, window, Math.max(step, window.from)));
  const rights = sections.map(({ past }) => stepX(layout, window, Math.min(past, window.to)));
  const rooms = rights.map((right, i) => right - lefts[i]! - 4);
  const names = namesWithin(sections, rooms, scene.dispatches.length > 1);
  const bottom = layout.y + scene.lanes.length * layout.laneHeight;
  sections.forEach(({ step }, i) => {
    const x = lefts[i]!;
    if (step > 0 && step >= window.from) pen.line([x, layout.y - 4, x, bottom], '--line-strong', 1, [3, 3]);
    if (names[i]) pen.text(x + 2, 8, names[i], '--ink-2', NAME);
  });
}

/**
 * A name for each kernel that is no wider than its room: as the kernel tabs have it ('2 standard-softmax.wgsl'), else without the
 * ending, else without what all names begin with, else its number; nothing where not even that fits. All are shortened alike, so
 * that they can be compared; only where the shortest name has no room does a number stand alone.
 */
export function namesWithin(
  kernels: readonly { kernel: string; number: number }[],
  rooms: readonly number[],
  isNumbered: boolean,
): string[] {
  const stems = kernels.map(({ kernel }) => kernel.replace(/\.wgsl$/, ''));
  const numbered = (name: string, i: number) => (isNumbered ? `${kernels[i]!.number} ${name}` : name);
  const forms = [
    kernels.map(({ kernel }, i) => numbered(kernel, i)),
    stems.map(numbered),
    withoutShared(stems).map(numbered),
  ];
  const fits = (text: string, i: number) => textWidth(text, NAME.size, NAME) <= rooms[i]!;
  const shortest = forms.at(-1)!;
  const named = shortest.map(fits);
  const form = forms.find((texts) => texts.every((text, i) => !named[i] || fits(text, i))) ?? shortest;
  return kernels.map(({ number }, i) => {
    if (named[i]) return form[i]!;
    return isNumbered && fits(String(number), i) ? String(number) : '';
  });
}

/** The names without what all of them begin with, up to a hyphen: 'scores' and 'softmax' of standard-scores and standard-softmax. */
function withoutShared(names: readonly string[]): string[] {
  if (new Set(names).size < 2) return [...names];
  const parts = names.map((name) => name.split('-'));
  let shared = 0;
  while (parts.every((own) => own.length > shared + 1 && own[shared] === parts[0]![shared])) shared += 1;
  return parts.map((own) => own.slice(shared).join('-'));
}

function drawLabels(pen: Pen, scene: TimelineScene, layout: TimelineLayout): void {
  const every = Math.max(1, Math.ceil(LABEL_SPACING / layout.laneHeight));
  for (let lane = 0; lane < scene.lanes.length; lane += every) {
    const { dispatch, workgroup } = scene.lanes[lane]!;
    const y = layout.y + (lane + 0.5) * layout.laneHeight;
    // Kernels are counted from 1, as in their tabs; workgroups from 0, as WGSL does.
    const label = scene.dispatches.length > 1 ? `${dispatch + 1}·${workgroup}` : `wg ${workgroup}`;
    pen.text(layout.x - 6, y, label, '--ink-2', { size: 11, align: 'right', mono: true });
  }
}

function drawMarks(pen: Pen, scene: TimelineScene, layout: TimelineLayout, window: TimelineWindow): void {
  const width = layout.width / (window.to - window.from);
  const gap = width > 4 ? 1 : 0;
  const inset = layout.laneHeight > 8 ? 1.5 : 0;
  for (let step = window.from; step < window.to; step++) {
    const look = scene.looks[scene.name[step]!]!;
    const x = stepX(layout, window, step);
    const y = layout.y + scene.lane[step]! * layout.laneHeight + inset;
    const height = layout.laneHeight - 2 * inset;
    pen.rect(x, y, width - gap, height, look.ink, scene.linked && !scene.linked[step] ? DIM : 1);
    if (look.pattern) pen.pattern(x, y, width - gap, height, look.pattern, '--surface');
    if (width > 12 && height > 12) {
      pen.text(x + (width - gap) / 2, y + height / 2, look.letter, '--surface', {
        size: 11,
        align: 'center',
        bold: true,
      });
    }
  }
}

/** Where marks would be thinner than a pixel, each pixel takes the step that falls on it last. */
function drawRaster(pen: Pen, scene: TimelineScene, layout: TimelineLayout, window: TimelineWindow): void {
  const columns = Math.max(1, Math.min(Math.round(layout.width), window.to - window.from));
  const lanesHeight = scene.lanes.length * layout.laneHeight;
  const rows = Math.max(1, Math.min(scene.lanes.length, Math.round(lanesHeight)));
  const values = new Uint8Array(columns * rows);
  const span = window.to - window.from;
  for (let step = window.from; step < window.to; step++) {
    const column = Math.floor(((step - window.from) / span) * columns);
    const row = Math.floor((scene.lane[step]! / scene.lanes.length) * rows);
    const at = row * columns + column;
    const dim = scene.linked !== null && scene.linked[step] === 0;
    // A pixel may hold several steps; one that belongs to the selection is never hidden by one that does not.
    const shown = values[at]! > 0 && values[at]! <= scene.looks.length;
    if (!dim || !shown) values[at] = scene.name[step]! + 1 + (dim ? scene.looks.length : 0);
  }
  const palette = [
    { ink: 'none' as const, alpha: 0 },
    ...scene.looks.map(({ ink }) => ({ ink, alpha: 1 })),
    ...scene.looks.map(({ ink }) => ({ ink, alpha: DIM })),
  ];
  pen.cells(layout.x, layout.y, layout.width, lanesHeight, columns, rows, values, palette);
}

/** Playhead, the lane at work, the selected lane, and a veil over what has not happened yet. */
export function drawTimelineLive(pen: Pen, scene: TimelineScene, window: TimelineWindow): void {
  const layout = layoutTimeline(scene, pen.width, pen.height);
  const lanesHeight = scene.lanes.length * layout.laneHeight;
  const right = layout.x + layout.width;
  const x = Math.min(Math.max(stepX(layout, window, scene.tick), layout.x), right);
  pen.rect(x, layout.y, right - x, lanesHeight, '--surface', 0.6);
  for (const [lane, ink] of [
    [scene.selectedLane, '--ink'],
    [scene.currentLane, '--accent'],
  ] as const) {
    if (lane < 0) continue;
    const height = Math.max(layout.laneHeight, 2);
    pen.frame(layout.x, layout.y + lane * layout.laneHeight, layout.width, height, ink, 1);
  }
  if (scene.tick < window.from || scene.tick > window.to) return;
  pen.line([x, layout.y - 6, x, layout.y + lanesHeight + 2], '--accent', 2);
  pen.disc(x, layout.y - 6, 3.5, '--accent');
}

/** What the letters of the steps stand for. */
export function stepLegend({ looks, used }: TimelineScene, titles: Readonly<Record<string, string>>): LegendEntry[] {
  return looks
    .filter(({ name }) => used.has(name))
    .map(({ name, letter, ink, pattern }) => ({
      id: name,
      letter,
      words: titles[name] ?? (name || 'unnamed'),
      ink,
      ...(pattern && { pattern: { kind: pattern, ink: '--surface' as const } }),
    }));
}

/** The letters in use, as a key of what the base layer draws. */
export function lettersOf({ looks }: TimelineScene): string {
  return looks.map(({ letter }) => letter).join('');
}

const names = new WeakMap<RecordingIndex, Set<string>>();

function usedNames(index: RecordingIndex): Set<string> {
  const known = names.get(index) ?? new Set(Array.from(new Set(index.name), (id) => index.names[id]!));
  names.set(index, known);
  return known;
}

/** '3 of 4 workgroups under way': how many workgroups had begun and not ended at the tick; after the last step, that there is no more. */
export function workgroupWords(trace: Trace, tick: number): string {
  const { lanes, steps } = indexOfTrace(trace);
  const all = plural(lanes.length, 'workgroup');
  if (tick > 0 && tick >= steps) {
    if (stopsEarly(trace)) return `${all} seen; the steps that were kept end here.`;
    return `The run is over: ${lanes.length === 1 ? 'its only workgroup has' : `all ${all} have`} ended.`;
  }
  const active = lanes.filter(({ first, last }) => first < tick && last >= tick - 1).length;
  return `${exactText(active)} of ${all} under way.`;
}

/** Builds the scene of a recording's index at `tick`; `together` are the recordings drawn side by side. */
export function timelineScene(
  index: RecordingIndex,
  kernels: readonly string[],
  tick: number,
  selected: { dispatch: number; workgroup: number } | null,
  linked: Uint8Array | null = null,
  together: readonly Recording[] = [],
): TimelineScene {
  const first = new Map<number, number>();
  for (const lane of index.lanes) {
    first.set(lane.dispatch, Math.min(first.get(lane.dispatch) ?? Number.POSITIVE_INFINITY, lane.first));
  }
  const dispatches = [...first]
    .map(([dispatch, step]) => ({
      step,
      kernel: kernels[dispatch] ?? `kernel ${dispatch + 1}`,
      number: dispatch + 1,
    }))
    .sort((a, b) => a.step - b.step);
  return {
    steps: index.steps,
    lanes: index.lanes,
    lane: index.lane,
    name: index.name,
    looks: stepLooks(index.names, [...together.flatMap(({ trace }) => indexOfTrace(trace).names), ...index.names]),
    used: usedNames(index),
    dispatches,
    tick,
    currentLane: tick > 0 ? index.lane[tick - 1]! : -1,
    selectedLane: selected
      ? index.lanes.findIndex((lane) => lane.dispatch === selected.dispatch && lane.workgroup === selected.workgroup)
      : -1,
    linked,
  };
}

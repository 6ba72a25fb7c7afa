// What a picture is: a name, and pure functions from a run at a tick to drawing data, and from that to a drawing, to words, to a table. The
// shell puts it on a canvas, gives it keys, a table, an SVG and a place beside another. Each kind of picture is a function that returns one.

import type { Pen } from '../pens/pen.ts';
import type { Place } from './place.ts';
import type { Recording } from './recording.ts';
import type { Study, StudyState } from './study.ts';
import type { LegendEntry, ViewTable } from './view.ts';

/** Everything a picture may be drawn from. */
export interface PictureState {
  run: Recording;
  /** Finished steps: 0 … run.trace.steps.length. */
  tick: number;
  /** What is selected, or what the pictures follow while nothing is. */
  place: Place | null;
  /** Recordings of other variants on the same input. */
  others: readonly Recording[];
  /** Recordings drawn side by side, `run` among them: they share scales, letters, colours and layout. */
  together?: readonly Recording[];
  /** Where the picture's study stands; absent before it was started. */
  study?: StudyState;
}

/** An axis of which the picture shows one index at a time. */
export interface Pick {
  axis: string;
  /** As people call it: 'head', 'channel'. */
  label: string;
  count: number;
  /** Shown now. */
  at: number;
}

export interface Picture<Scene = unknown> {
  id: string;
  title: string;
  /** What am I looking at: two or three plain sentences. */
  about: string;
  /** Why there is nothing to draw of this run; null where there is. */
  nothing?(run: Recording): string | null;
  scene(state: PictureState): Scene;
  draw(pen: Pen, scene: Scene): void;
  /** The place under a point of a drawing of this size, CSS pixels. */
  hit(scene: Scene, size: { width: number; height: number }, point: { x: number; y: number }): Place | null;
  /** Where a key (ArrowLeft …, Home, End, PageUp, PageDown) leads from the place selected now; null: the key means nothing here. */
  walk(scene: Scene, place: Place | null, key: string): Place | null;
  /** What the picture shows now, in a sentence: its text alternative. */
  words(scene: Scene, state: PictureState): string;
  /** What is at the selected place, with its value; '' without one. */
  status(scene: Scene, state: PictureState): string;
  table(scene: Scene, state: PictureState): ViewTable;
  legend?(scene: Scene): LegendEntry[];
  picks?(state: PictureState): Pick[];
  /** What is run on this device beside the recording, for this picture. */
  study?: Study;
}

// What a picture is: a name, and pure functions from a run at a tick to drawing data, and from that to a drawing, to words, to a table. The
// page puts it on a canvas, gives it keys, a table, an SVG and a place beside another. Each kind of picture is a function that returns one.

import type { ReactNode } from 'react';
import type { Pen } from '../pens/pen.ts';
import type { Names } from './names.ts';
import type { Offer } from './offer.ts';
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
  /** Set where `place` is no choice but what the pictures follow. */
  following?: boolean;
  /** The last place on axes, while `place` is of another kind: a line, a buffer. Only on the page. */
  before?: Place;
  /** Id of what its cells are filled with; of what the picture does not offer it takes the first. */
  fill?: string;
  /** Recordings of other variants on the same input. */
  others: readonly Recording[];
  /** Recordings drawn side by side, `run` among them: they share scales, letters, colours and layout. */
  together?: readonly Recording[];
  /** Where the picture's study stands; absent before it was started. */
  study?: StudyState;
  /** What the exhibit calls tensors, steps and variants. */
  names: Names;
}

/** An axis of which a picture shows one index at a time. */
export interface PickedAxis {
  axis: string;
  /** As people call it: 'Head', 'Channel'. */
  label: string;
  /** What people call the first: 0 where absent. */
  first?: number;
}

/** What its picker offers and shows. */
export interface Pick extends PickedAxis {
  count: number;
  /** Shown now. */
  at: number;
  /** Whether it goes along with the run, or with the run beside it; absent where it cannot. */
  following?: 'run' | 'beside' | null;
}

export interface Size {
  width: number;
  height: number;
}

/** What a picture's own component is given, in place of the canvas that others are drawn on. */
export interface FaceProps<Scene> {
  scene: Scene;
  state: PictureState;
  /** The picture's words and status. */
  label: string;
  status: string;
  onPlace(place: Place | null): void;
  onTick(tick: number): void;
}

/** What is said of a study that did not begin or was stopped, and the names of its button. */
export interface StudyWords {
  idle: string;
  cancelled: string;
  start: string;
  again: string;
}

export interface Picture<Scene = unknown> {
  id: string;
  title: string;
  /** What am I looking at: two or three plain sentences. */
  about: string;
  /** Said by a screen reader in place of "application": 'strips over time'. */
  kind: string;
  /** Why there is nothing to draw of this run; null where there is. */
  nothing?(run: Recording): string | null;
  /** What would give it something to draw. */
  instead?: readonly Offer[];
  scene(state: PictureState): Scene;
  draw(pen: Pen, scene: Scene): void;
  /** What stands below `draw` and changes seldom: drawn anew only when its key is another. Null: there is none. */
  base?: { key(scene: Scene): string | null; draw(pen: Pen, scene: Scene): void };
  /** The place under a point of a drawing of this size, CSS pixels. */
  hit(scene: Scene, size: Size, point: { x: number; y: number }): Place | null;
  /** Where a key (ArrowLeft …, Home, End, PageUp, PageDown) leads from the place selected now; null: the key means nothing here. */
  walk(scene: Scene, place: Place | null, key: string, shift?: boolean): Place | null;
  /** What the picture shows now, in a sentence: its text alternative. The page puts the words of the step before it. */
  words(scene: Scene, state: PictureState): string;
  /** Set where no step changes the picture: its words stand alone. */
  timeless?: true;
  /** What is at the selected place, with its value; '' without one. */
  status(scene: Scene, state: PictureState): string;
  /** Said in place of the status while there is none. */
  hint?: string;
  table(scene: Scene, state: PictureState): ViewTable;
  legend?(scene: Scene, state: PictureState): LegendEntry[];
  picks?(scene: Scene, state: PictureState): Pick[];
  /** What its cells can be filled with, the first while nothing is chosen; none where there is no choice. It stands in the link. */
  fills?(scene: Scene): readonly { id: string; title: string }[];
  /** What stands beside the canvas, or below it where that is narrow: numbers of what is selected. */
  beside?(scene: Scene, state: PictureState, onTick: (tick: number) => void): ReactNode;
  /** Loads what it can do without at first; then it is drawn anew. What was loaded is kept. */
  later?(): Promise<void>;
  /** In place of the canvas, where the picture is text or has controls of its own. */
  Face?(props: FaceProps<Scene>): ReactNode;
  /** Set where its panels stand one above the other when it is narrow: then it is higher than the room it has. */
  tall?: true;
  /** Below the picture: what must be known to read it. */
  foot?(scene: Scene, state: PictureState): ReactNode;
  /** Height of the exported drawing, where that is not the page's own. */
  sheetHeight?(scene: Scene, most: number): number;
  /** What is run on this device beside the recording, for this picture. */
  study?: Study;
  studyWords?: StudyWords;
}

/** A picture that is not on the first screen: its code is a chunk of its own. */
export interface LaterPicture {
  id: string;
  title: string;
  load(): Promise<Picture>;
}

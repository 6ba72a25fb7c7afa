// What a mechanism's view offers the shell, and what the shell hands to it. A view draws from a Recording and nothing else.

import type { ComponentType } from 'react';
import type { Sliced } from '#gpu/core/sliced.ts';
import type { Control } from './control.ts';
import type { FindRemedy, Offer, Welcome } from './offer.ts';
import type { Coordinates, Place } from './place.ts';
import type { Reads } from './reads.ts';
import type { Recording } from './recording.ts';
import type { Study, StudyState } from './study.ts';
import type { TermSet } from './terms.ts';

export interface ViewProps {
  recording: Recording;
  /** Finished steps: 0 … trace.steps.length. The current step is `trace.steps[tick - 1]`; at the end the sums equal the totals. */
  tick: number;
  selection: Place | null;
  onSelect(place: Place | null): void;
  onTick(tick: number): void;
  /** Recordings of other variants on the same input, for numbers that stand beside. */
  others: Recording[];
  /** Recordings drawn side by side, this one among them, in their order: they share scales, letters and colours. */
  together?: readonly Recording[];
  /** Set where `selection` is not a choice but the row that the pictures follow. */
  following?: boolean;
  /** What the picture's cells are filled with, where it offers a choice: an id, or '' for its first. */
  fill?: string;
  onFill?(id: string): void;
  /** Where the view's study stands; absent where it has none, or there is no page to run it. */
  study?: StudyState;
}

/** What a view's pure functions see: everything but the ways to change it. */
export type ViewState = Omit<ViewProps, 'onSelect' | 'onTick' | 'onFill'>;

/** The same content as the picture, as a table: for screen readers, copying and CSV. */
export interface ViewTable {
  /** What all rows are about: a head, a row. */
  caption?: string;
  /** `numeric`: texts in it are numbers; a column of nothing but numbers is so anyway. */
  columns: { id: string; title: string; unit?: string; numeric?: boolean }[];
  rows: (string | number)[][];
  /** Index of the row of the current step, where rows follow one another as steps do; −1 before the first. Later rows are yet to come. */
  current?: number;
  /** Index of the row that the current step is part of, where rows overlap in time. */
  at?: number;
  /** Rows left out, where the full table would be too long to show. */
  omitted?: number;
}

/** Name of a colour token. */
type Token = `--${string}` | 'none';

/** A sign of the picture and what it means. */
export interface LegendEntry {
  id: string;
  words: string;
  count?: number;
  ink?: Token;
  alpha?: number;
  pattern?: { kind: 'hatch' | 'cross' | 'dots'; ink: Token };
  frame?: Token;
  letter?: string;
}

export interface ViewSpec {
  id: string;
  title: string;
  /** What am I looking at: two or three plain sentences. */
  about: string;
  /** What the view runs on this device by itself, once it is on the stage. */
  study?: Study;
  /** Why there is nothing to draw of this recording; null where there is. Absent: always something. */
  nothing?(recording: Recording): string | null;
  /** What would give it something to draw. */
  instead?: readonly Offer[];
  /** Set where no step changes the picture. */
  timeless?: true;
  Component: ComponentType<ViewProps>;
  /** One line of plain words about the current tick; also the text alternative. */
  summary(props: ViewState): string;
  table(props: ViewState): ViewTable;
  /** The signs of the picture, where the picture does not explain itself; what the page shows beside it, an exported one carries. */
  legend?(props: ViewState): LegendEntry[];
  /** The picture as a standalone SVG document, drawn from the same scene; `inkOf` resolves design tokens to colours. */
  svg?(
    props: ViewState,
    size: { width: number; height: number },
    inkOf: (token: string) => string,
  ): string | Promise<string>;
}

/** A view that is not on the first screen: its name for tabs and lists; its code is a chunk of its own, loaded to show it. */
export interface LaterView {
  id: string;
  title: string;
  load(): Promise<ViewSpec>;
}

export type AnyView = ViewSpec | LaterView;

export interface MechanismView {
  id: string;
  views: AnyView[];
  controls: Control[];
  /** The story line of a run, from its numbers: at most two sentences. */
  story(recording: Recording, others: readonly Recording[]): string;
  /** Makes in slices what story and views keep per recording, so that a long one takes the stage without holding up the page. */
  prepare?(recording: Recording): Sliced<void>;
  /** What a sentence and a dropped file become. */
  reads?: Reads;
  /** What must be said beside the numbers of this run and the others, if anything: a plain sentence or two. */
  remark?(recording: Recording, others: readonly Recording[]): string | null;
  /** Finds what helps where a run moves more than it would have to; its code comes with the first run that is looked at. */
  remedy?(): Promise<FindRemedy>;
  /** What is said to who sees this exhibit first. */
  welcome?(): Promise<Welcome>;
  /** What the pictures are about while nothing is selected; pictures beside the main one follow its row, not one of their own. */
  follow?(recording: Recording, tick: number): Place;
  /** Extents of axes that no tensor of the run has, or that are shorter where `at` is: a sequence of its own length, say. */
  extents?(recording: Recording, at: Coordinates): Coordinates;
  /** Words that it explains in its own meaning, beside the general ones. */
  terms?: readonly TermSet[];
  /** Colour token, letter and pattern of every tensor. */
  tensors: Record<string, { letter: string; colour: string; pattern: string; title: string }>;
}

/** An exhibit as its folder exports it: controls that ask the mechanism's code for their ranges come with that. */
export type ExhibitEntry = Omit<MechanismView, 'controls'> & { controls: Control[] | (() => Promise<Control[]>) };

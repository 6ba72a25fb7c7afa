// What a mechanism's view offers the shell, and what the shell hands to it. A view draws from a Recording and nothing else.

import type { ComponentType } from 'react';
import type { Tensor } from '#gpu/core/tensor.ts';
import type { Config, Kernel } from '#gpu/mechanisms/mechanism.ts';
import type { Plan } from '#gpu/plan/plan.ts';
import type { Engine } from '#gpu/runtime/api.ts';
import type { Trace } from '#gpu/trace/trace.ts';
import type { Sliced } from '../marks/sliced.ts';

/** An immutable recording of one run: everything a picture may be drawn from. */
export interface Recording {
  /** Changes with every new recording; use as a cache key. */
  id: string;
  mechanism: string;
  variant: string;
  /** Resolved: every key present. */
  config: Config;
  plan: Plan;
  /** The kernels as they ran (edited source included), `@tune`/`@shape`/`@flag` values baked. */
  kernels: Kernel[];
  trace: Trace;
  inputs: Record<string, Tensor>;
  outputs: Record<string, Tensor>;
  /** Tokens along the query and key axes, when the input was text. */
  tokens?: { query: string[]; key: string[] };
  /** Settings of the run it stands beside that its variant does not have: 'block mask'. */
  without?: readonly string[];
  /** Which device ran it, and whether it was this one, now; origin `file` = opened from the exported recording of that name. */
  device: { label: string; isSoftware: boolean; origin: 'this-device' | 'shipped' | 'file'; file?: string };
  /** Kernel files whose source was edited by the user. */
  edited: string[];
  warnings: string[];
}

/** One selection, shared by all views; each view highlights what it can of it. */
export type Selection =
  | { kind: 'row'; batch: number; head: number; row: number }
  | { kind: 'tile'; batch: number; head: number; q0: number; k0: number }
  | { kind: 'element'; buffer: string; index: number }
  | { kind: 'workgroup'; dispatch: number; workgroup: number }
  | { kind: 'line'; kernel: string; line: number }
  | { kind: 'buffer'; buffer: string }
  | { kind: 'length'; length: number };

/** Where a number comes from; drawn as a mark (shape and word) beside it. */
export type Provenance = 'measured' | 'exact' | 'closed-form' | 'modelled' | 'paper';

/** One Session: what it keeps for the next token after `length` tokens, and what one recorded decode step moved. All bytes. */
export interface GrowthPoint {
  length: number;
  /** Device bytes of the buffers that carry everything from one token to the next, by name. */
  caches: Record<string, number>;
  /** Their sum, and what the formula says. */
  kept: number;
  closedForm: number;
  /** Read and written in storage buffers by the step, and the part of the reads that went to the caches. */
  read: number;
  written: number;
  readOfKept: number;
}

/** A mechanism that generates token by token (`Mechanism.decoding`), at every length. */
export interface GrowthSeries {
  mechanism: string;
  title: string;
  /** 'state', 'KV cache'. */
  keeps: string;
  letter: string;
  /** Its sizes other than the length, in a few words. */
  sizes: string;
  /** In the order of length. */
  points: GrowthPoint[];
}

/** Memory against length, from Sessions of the recording's mechanism (first) and of the others that can stand in its place. */
export interface Growth {
  /** Id of the recording whose settings they have. */
  recording: string;
  /** Channels of a token, the same for all. */
  width: number;
  /** Tokens of the recording itself. */
  length: number;
  series: GrowthSeries[];
  /** Why longer ones were left out, if they were. */
  stopped: string | null;
}

/** Growth as far as it is known: a result stays until the next one is there. */
export interface GrowthState {
  work:
    | { kind: 'idle' | 'done' | 'cancelled' }
    | { kind: 'running'; label: string; share?: number }
    | { kind: 'failed'; problem: { message: string } };
  result: Growth | null;
  /** Starts it again; cancels it. */
  start(): void;
  cancel(): void;
}

export interface ViewProps {
  recording: Recording;
  /** Finished steps: 0 … trace.steps.length. The current step is `trace.steps[tick - 1]`; at the end the sums equal the totals. */
  tick: number;
  selection: Selection | null;
  onSelect(selection: Selection | null): void;
  onTick(tick: number): void;
  /** Where the view's trial stands; absent before it was started. */
  trial?: TrialState;
  /** Starts the view's trial, or stops it. */
  onTrial?(start: boolean): void;
  /** Recordings of other variants on the same input, for numbers that stand beside. */
  others: Recording[];
  /** Recordings drawn side by side, this one among them, in their order: they share scales, letters and colours. */
  together?: readonly Recording[];
  /** Set where `selection` is not a choice but the row that the pictures follow. */
  following?: boolean;
  /** For views that ask for it by `needs`; absent where there is no page to run it. */
  growth?: GrowthState;
}

/** What a view's pure functions see: everything but the ways to change it. */
export type ViewState = Omit<ViewProps, 'onSelect' | 'onTick' | 'onTrial'>;

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
  trial?: Trial;
  Component: ComponentType<ViewProps>;
  /** What is run for this view alone, as long as it is on the stage. */
  needs?: 'growth';
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

/** A line of a trial's result: plain numbers and names. */
export type TrialRow = Readonly<Record<string, number | string>>;

/** Runs of this device that a view shows besides the recording: how well a model does on fresh streams, say. */
export interface Trial {
  /** What is under way, for the line of progress. */
  label: string;
  /** Gives every line as soon as it is there, with how far the whole is (0 … 1). Stops between two runs when `signal` says so. */
  run(
    engine: Pick<Engine, 'run' | 'open'>,
    signal: AbortSignal,
    onRow: (row: TrialRow, share: number) => void,
  ): Promise<void>;
}

export interface TrialState {
  kind: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed';
  /** 0 … 1. */
  share: number;
  rows: readonly TrialRow[];
  /** Why it failed. */
  message?: string;
}

/** A mask that can be painted: cells of `blockRows` × `blockColumns` scores. app/marks/MaskEditor.tsx draws it. */
export interface MaskGrid {
  rows: number;
  columns: number;
  blockRows: number;
  blockColumns: number;
  /** Names that `apply` takes in place of cells. */
  patterns: readonly string[];
}

/** A control of the set-up panel. The shell draws it; ranges come from the mechanism and this device's limits. */
export interface Control {
  /** Config key it sets; 'M' and other derived controls use `apply`. */
  id: string;
  label: string;
  /** Glossary entry. */
  term?: string;
  kind: 'number' | 'choice' | 'toggle' | 'mask';
  unit?: string;
  /** A larger value makes the recording longer: the range ends, too, where a run of this device can no longer be watched. */
  lengthens?: boolean;
  /** Why a typed value can become another one: 'tiles are powers of two'. */
  rounding?: string;
  /** What the value means beside what the recording on screen did; null where it has nothing to say of it. */
  note?(config: Config, recording: Recording | null): string | null;
  /** Allowed values now, given the config and the device; with the reason for the upper end. */
  range(
    config: Config,
    limits: Record<string, number>,
  ): { min: number; max: number; step: number; choices?: (number | string)[]; reason?: string };
  read(config: Config): number | string | boolean | number[];
  /** Keys to set in the config for a new value. */
  apply(
    config: Config,
    value: number | string | boolean | number[],
    limits: Record<string, number>,
  ): Record<string, unknown>;
  /** For kind 'mask': its grid and ready-made patterns. `read` and `apply` carry the cells, row-major 0/1; a pattern's name too. */
  mask?(config: Config): MaskGrid;
  /** Marked constants of the kernels whose values it sets. */
  constants?: readonly string[];
  /** Config keys that have no meaning where this control does not apply, and are left out there. */
  owns?: readonly string[];
  /** Controls are shown only where they do something. */
  appliesTo?(variant: string, inputKind: 'sentence' | 'random' | 'file'): boolean;
}

export interface MechanismView {
  id: string;
  views: AnyView[];
  controls: Control[];
  /** The story line of a run, from its numbers: at most two sentences. */
  story(recording: Recording, others: readonly Recording[]): string;
  /** Makes in slices what story and views keep per recording, so that a long one takes the stage without holding up the page. */
  prepare?(recording: Recording): Sliced<void>;
  /** What becomes of a sentence: said below its box. */
  sentenceHint?: string;
  /** What must be said beside the numbers of this run and the others, if anything: a plain sentence or two. */
  remark?(recording: Recording, others: readonly Recording[]): string | null;
  /** What the pictures are about while nothing is selected; pictures beside the main one follow its row, not one of their own. */
  follow?(recording: Recording, tick: number): Selection;
  /** Whether a recording has what is selected; where absent, views pass over what they do not have. */
  holds?(recording: Recording, selection: Selection): boolean;
  /** Colour token, letter and pattern of every tensor. */
  tensors: Record<string, { letter: string; colour: string; pattern: string; title: string }>;
}

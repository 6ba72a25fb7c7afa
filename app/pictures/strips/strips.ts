// The picture "values over one axis": a strip per tensor, a row per index of a second axis, for one head or channel at a time. What is
// drawn at a tick is what was known by then.

import { type Extents, NEVER, type Where } from '#gpu/trace/held.ts';
import { type Known, knownAt, knownOf, type Source } from '../../exhibit/known.ts';
import type { Offer } from '../../exhibit/offer.ts';
import { allExtents, pickedAxes, pickersOf } from '../../exhibit/picked-axes.ts';
import type { PickedAxis, Picture, PictureState } from '../../exhibit/picture.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { unrecordedText } from '../../exhibit/unrecorded.ts';
import type { ViewTable } from '../../exhibit/view.ts';
import { IN_ROW, type Walk } from '../../exhibit/walk-keys.ts';
import { isWithin, mostOf, roundEnd } from '../../words/magnitude.ts';
import { plural } from '../../words/quantities.ts';
import { capitalised } from '../../words/written-short.ts';
import {
  drawStrips,
  hitStrips,
  layoutStrips,
  type Strip,
  type StripStream,
  stripValue,
  type TimeStripsScene,
} from './time-strips.ts';

interface StripScale {
  from: number;
  to: number;
}

export type StripSpec = Source & {
  /** One of the picture; names the tensor in places. */
  id: string;
  /** Whose look it has; its own id's where absent. */
  look?: string;
  /** In place of the look's. */
  letter?: string;
  title: string | ((run: Recording) => string);
  /** Where its numbers come from, where that is not what its source says. */
  note?: string | ((run: Recording) => string);
  /** Axes of its rows, outermost first, and at most how many rows are drawn. */
  rows?: readonly string[];
  most?: number;
  /** False for values that are never negative. */
  signed?: boolean;
  /**
   * Ends of its colours, the same for every run: values of either sign where `from` is below 0. Where there are none, or a run goes
   * beyond them, they are round numbers about the run's own values, never within 1, and the picture says so.
   */
  scale?: StripScale;
  /** The same where the input is a stream of tokens: what a run keeps of them is shown on one scale, however little it is. */
  inStream?: StripScale;
  /** Set for numbers that are far below 1 by nature, errors or shares: those of a run's own may end within 1. */
  small?: true;
  /** The strip whose colours it has. */
  scaleOf?: string;
  /** What a crossed out value is, where that is not "no number". */
  crossed?: string;
  /** Left out where the run recorded nothing of it. */
  optional?: true;
};

/** A strip with what its numbers are by themselves. */
interface KnownStrip extends Strip {
  /** Largest magnitude over this whole run; `most` is that of all runs drawn side by side. */
  own: number;
  /** False where it is of recorded values and the run recorded none. */
  recorded: boolean;
}

export interface StripsScene extends TimeStripsScene {
  strips: KnownStrip[];
  /** What is picked, by axis. */
  at: Where;
  extents: Extents;
  /** Steps of the axis on which places stand, per column. */
  per: number;
}

export interface StripsSpec {
  id: string;
  title: string;
  about: string;
  nothing?(run: Recording): string | null;
  /** What would give it something to draw. */
  instead?: readonly Offer[];
  /** Axis from left to right; a column is called as it is, one of time a time step. */
  along: string;
  /** Where a column is a stretch of another axis, on which places stand: how many of it. */
  per?: { axis: string; of(run: Recording): number };
  /** Axes of which one index is shown at a time, outermost first; the first has no picker where it has one index. */
  picks: readonly PickedAxis[];
  /** What is shown of the picked axes while nothing is selected; the first index where absent. */
  follow?(run: Recording, tick: number): Where;
  strips: readonly StripSpec[];
  /** Columns before which a thick line stands. */
  borders?(run: Recording): readonly number[];
  /** Set where all strips have one scale. */
  shared?: true;
  /** Strips that tell which column the run is at, the one that tells it first. */
  current?: readonly string[];
  /** What the input is, column by column. */
  stream?(run: Recording, tick: number, at: Where): StripStream | undefined;
  links?(run: Recording, tick: number, at: Where): TimeStripsScene['links'];
  /** How far the run is, where absent. Where it recorded nothing of any strip that is of recorded values, that is said in place of these. */
  words?(scene: StripsScene, state: PictureState): string;
}

const MOST_TABLE_ROWS = 2000;
const WALK: Walk = { ...IN_ROW, PageUp: [0, -10], PageDown: [0, 10] };

const told = (text: string | ((run: Recording) => string), run: Recording) =>
  typeof text === 'string' ? text : text(run);

function noteOf(strip: StripSpec, run: Recording, { count }: Known): string {
  if (count === 0) return 'not recorded';
  if (strip.note !== undefined) return told(strip.note, run);
  if ('tensor' in strip) return run.inputs[strip.tensor] ? 'given' : 'read back';
  return 'touches' in strip ? 'counted' : 'recorded';
}

/** A strip's own axes: rows from top to bottom, columns from left to right. */
function extentsOfStrip({ rows = [] }: StripSpec, along: string, extents: Extents): Extents {
  return Object.fromEntries([...rows, along].map((axis) => [axis, extents[axis] ?? 1]));
}

const rowsOf = ({ rows = [], most = Number.POSITIVE_INFINITY }: StripSpec, extents: Extents) =>
  Math.min(
    rows.reduce((product, axis) => product * (extents[axis] ?? 1), 1),
    most,
  );

/** Row of a place: the axes of the rows as one. */
function rowAt({ rows = [] }: StripSpec, extents: Extents, at: Where): number {
  return rows.reduce((row, axis) => row * (extents[axis] ?? 1) + (at[axis] ?? 0), 0);
}

/** Coordinates of a row. */
function placeOfRow({ rows = [] }: StripSpec, extents: Extents, row: number): Where {
  const at: Record<string, number> = {};
  let rest = row;
  for (const axis of [...rows].reverse()) {
    at[axis] = rest % (extents[axis] ?? 1);
    rest = Math.floor(rest / (extents[axis] ?? 1));
  }
  return at;
}

type Read = Map<StripSpec, Known>;

/** What the run holds of every strip. */
function readAll(spec: StripsSpec, run: Recording, at: Where, extents: Extents): Read {
  return new Map(
    spec.strips.flatMap((strip) => {
      const known = knownOf(run, strip, extentsOfStrip(strip, spec.along, extents), at);
      if (!known || (strip.optional && known.count === 0)) return [];
      const drawn = rowsOf(strip, extents) * extents[spec.along]!;
      const { values, step, count } = known;
      return [[strip, { values: values.subarray(0, drawn), step: step?.subarray(0, drawn), count }] as const];
    }),
  );
}

/** Ends of the colours, over the whole of all runs drawn side by side. */
function mostOfStrips(
  spec: StripsSpec,
  { run, names, together = [run] }: PictureState,
  at: Where,
  own: Read,
): Map<string, number> {
  const most = new Map<string, number>();
  for (const other of together) {
    const extents = allExtents(other, names);
    const there = Object.fromEntries(
      Object.entries(at).map(([axis, index]) => [axis, clampIndex(index, extents[axis] ?? 1)]),
    );
    for (const [{ id, scale }, { values }] of other === run ? own : readAll(spec, other, there, extents))
      most.set(id, scale?.to ?? Math.max(most.get(id) ?? 0, mostOf(values)));
  }
  if (spec.shared) {
    const largest = Math.max(...most.values());
    for (const id of most.keys()) most.set(id, largest);
  }
  for (const { id, scaleOf } of spec.strips) if (scaleOf !== undefined) most.set(id, most.get(scaleOf) ?? 0);
  return most;
}

/** What the ends of a strip's colours stand for, where its values come to `most`. */
function endsOf(
  spec: StripsSpec,
  own: StripSpec,
  isStream: boolean,
  most: number,
): Pick<Strip, 'end' | 'least' | 'ofRun' | 'signed'> {
  const { scale, inStream, small, signed = true } = spec.strips.find(({ id }) => id === own.scaleOf) ?? own;
  const fixed = isStream ? (inStream ?? scale) : scale;
  if (fixed && isWithin(most, fixed.to))
    return { end: fixed.to, least: Math.max(fixed.from, 0), ofRun: false, signed: fixed.from < 0 };
  return { end: roundEnd(small ? most : Math.max(most, 1)), least: 0, ofRun: true, signed };
}

/** The column of the value that was recorded last; of those recorded together, the last. */
function currentColumn({ current = [], strips }: StripsSpec, read: Read, columns: number, tick: number): number | null {
  for (const id of current) {
    const { step } = read.get(strips.find((strip) => strip.id === id)!) ?? {};
    if (!step || tick === 0) continue;
    let [latest, reached] = [-1, -1];
    for (let i = 0; i < step.length; i++) {
      if (step[i] === NEVER || step[i]! >= tick || step[i]! < latest) continue;
      latest = step[i]!;
      reached = i % columns;
    }
    if (reached >= 0) return reached;
  }
  return null;
}

function sceneOf(spec: StripsSpec, state: PictureState): StripsScene {
  const { run, tick, place, names } = state;
  const extents = allExtents(run, names);
  const axes = spec.picks.map(({ axis }) => axis);
  const at = pickedAxes(axes, place, extents, () => spec.follow?.(run, tick) ?? {});
  const columns = extents[spec.along]!;
  const read = readAll(spec, run, at, extents);
  const most = mostOfStrips(spec, state, at, read);
  const stream = spec.stream?.(run, tick, at);
  const strips = [...read].map(([strip, known]): KnownStrip => {
    const look = names.lookOf(strip.look ?? strip.id);
    return {
      own: mostOf(known.values),
      recorded: known.count !== 0,
      id: strip.id,
      letter: strip.letter ?? look.letter,
      ink: look.colour,
      title: told(strip.title, run),
      note: noteOf(strip, run, known),
      crossed: strip.crossed,
      rows: rowsOf(strip, extents),
      values: knownAt(known, tick),
      most: most.get(strip.id)!,
      ...endsOf(spec, strip, stream !== undefined, most.get(strip.id)!),
    };
  });
  return {
    columns,
    strips,
    at,
    extents,
    per: spec.per?.of(run) ?? 1,
    current: currentColumn(spec, read, columns, tick),
    selected: selectedCell(spec, run, place, strips, extents),
    borders: [...(spec.borders?.(run) ?? [])],
    links: spec.links?.(run, tick, at),
    unit: spec.along === 'time' ? undefined : spec.along,
    stream,
  };
}

function selectedCell(
  spec: StripsSpec,
  run: Recording,
  place: Place | null,
  strips: readonly Strip[],
  extents: Extents,
) {
  const columns = extents[spec.along]!;
  if (place?.kind !== 'at' || strips.length === 0) return null;
  const { axis, of } = spec.per ?? { axis: spec.along, of: () => 1 };
  const index = place.at[axis];
  if (index === undefined) return null;
  const strip = Math.max(
    strips.findIndex(({ id }) => id === place.tensor),
    0,
  );
  const own = spec.strips.find(({ id }) => id === strips[strip]!.id)!;
  const row = clampIndex(rowAt(own, extents, place.at), strips[strip]!.rows);
  return { strip, row, column: clampIndex(Math.floor(index / of(run)), columns) };
}

/** Past the last row the walk goes on in the next strip, before the first in the one before. */
function rowBeside({ strips }: StripsScene, strip: number, row: number): { strip: number; row: number } {
  if (row < 0) return strip > 0 ? { strip: strip - 1, row: strips[strip - 1]!.rows - 1 } : { strip, row: 0 };
  if (row < strips[strip]!.rows) return { strip, row };
  return strip + 1 < strips.length ? { strip: strip + 1, row: 0 } : { strip, row: strips[strip]!.rows - 1 };
}

function cellText(value: number, isToCome: boolean): string {
  if (Number.isNaN(value)) return isToCome ? 'not yet' : 'not recorded';
  return Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : 'not a finite number';
}

function statusOf(
  { selected, strips, stream, unit = 'time step', ...scene }: StripsScene,
  { run, tick }: PictureState,
): string {
  if (!selected) return '';
  const { strip, row, column } = selected;
  const { letter, rows, title, recorded } = strips[strip]!;
  const token = stream?.labels[column];
  const said = token === undefined ? '' : ` (“${token}”)`;
  const value = stripValue({ ...scene, strips, selected }, strip, row, column);
  return `${letter}${rows > 1 ? `[${row}]` : ''} (${title}), ${unit} ${column}${said}: ${cellText(value, recorded && tick < run.trace.steps.length)}`;
}

/** 'Head 1': the innermost of what is picked. */
function shownText(picks: StripsSpec['picks'], { at }: StripsScene): string {
  const { axis, label, first = 0 } = picks.at(-1)!;
  return `${label} ${at[axis]! + first}`;
}

/** 'Head 1: this run did not record s', where that is so of all strips of recorded values; null elsewhere. */
function nothingRecorded({ strips, picks }: StripsSpec, scene: StripsScene): string | null {
  const ids = new Set(strips.flatMap((strip) => ('record' in strip ? [strip.id] : [])));
  const own = scene.strips.filter(({ id }) => ids.has(id));
  if (own.length === 0 || own.some(({ recorded }) => recorded)) return null;
  return `${shownText(picks, scene)}: ${unrecordedText(own.map(({ letter }) => letter))}.`;
}

/** How far the run is along the strips. @param ids of the strips that tell it: the picture's `current` */
export function reachedText(
  { current, columns, strips, unit = 'time step' }: StripsScene,
  ids: readonly string[],
): string {
  if (current !== null) return `${unit} ${current} reached, of 0 to ${columns - 1}`;
  const telling = strips.filter(({ id }) => ids.includes(id));
  if (telling.every(({ recorded }) => !recorded)) return unrecordedText(telling.map(({ letter }) => letter));
  return `none of ${plural(columns, unit)} reached`;
}

/** A row per column of the picture, a column per row of every strip. */
function tableOf({ columns, strips, stream, unit = 'time step' }: StripsScene): ViewTable {
  const shown = Math.min(columns, MOST_TABLE_ROWS);
  const fields = strips.flatMap((strip, at) =>
    Array.from({ length: strip.rows }, (_, row) => ({
      at,
      row,
      title: `${strip.letter}${strip.rows > 1 ? `[${row}]` : ''} ${strip.title}`,
    })),
  );
  return {
    columns: [
      { id: 'at', title: capitalised(unit) },
      ...(stream ? [{ id: 'token', title: 'Token' }] : []),
      ...fields.map(({ at, row, title }) => ({ id: `${at} ${row}`, title })),
    ],
    rows: Array.from({ length: shown }, (_, i) => [
      i,
      ...(stream ? [stream.labels[i] ?? ''] : []),
      ...fields.map(({ at, row }) => {
        const value = strips[at]!.values[row * columns + i]!;
        return Number.isNaN(value) ? '' : Number.isFinite(value) ? value : 'not finite';
      }),
    ]),
    omitted: columns - shown,
  };
}

export function strips(spec: StripsSpec): Picture<StripsScene> {
  const { id, title, about, nothing, instead, picks, current = [] } = spec;
  const { words = (scene: StripsScene) => `${shownText(picks, scene)}: ${reachedText(scene, current)}.` } = spec;
  const placeOf = (scene: StripsScene, strip: number, row: number, column: number): Place => {
    const own = spec.strips.find(({ id }) => id === scene.strips[strip]!.id)!;
    const axis = spec.per?.axis ?? spec.along;
    const at = { ...scene.at, ...placeOfRow(own, scene.extents, row), [axis]: column * scene.per };
    return { kind: 'at', tensor: own.id, at };
  };
  return {
    id,
    title,
    about,
    nothing,
    instead,
    words: (scene, state) => nothingRecorded(spec, scene) ?? words(scene, state),
    kind: 'strips over time',
    hint: 'Click a cell, or walk with the arrows, to read its value.',
    scene: (state) => sceneOf(spec, state),
    draw: drawStrips,
    hit(scene, { width, height }, { x, y }) {
      const hit = hitStrips(scene, layoutStrips(scene, width, height), x, y);
      return hit && placeOf(scene, hit.strip, hit.row, hit.column);
    },
    walk(scene, _place, key) {
      const step = WALK[key];
      if (!step || scene.strips.length === 0) return null;
      const at = scene.selected ?? { strip: 0, row: 0, column: scene.current ?? 0 };
      const { strip, row } = rowBeside(scene, at.strip, at.row + step[0]);
      return placeOf(scene, strip, row, clampIndex(at.column + step[1], scene.columns));
    },
    status: statusOf,
    table: tableOf,
    picks: (scene, state) => pickersOf(spec.picks, scene, state, spec.follow !== undefined),
  };
}

// A view of strips over time, for any mechanism with channels.

import { useMemo, useState } from 'react';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { SvgPen } from '../../pens/svg-pen.ts';
import { exactText } from '../../words/quantities.ts';
import { stepWordsOf } from '../../words/step-words.ts';
import { ChannelPicker } from './ChannelPicker.tsx';
import { channelPlace, pickedChannel } from './picked-channel.ts';
import { TimeStrips } from './TimeStrips.tsx';
import { drawStrips, stripValue, type TimeStripsScene } from './time-strips.ts';
import '../../parts/picture-view.css';

const MOST_ROWS = 2000;

export interface StripViewParts {
  id: string;
  title: string;
  about: string;
  scene(recording: Recording, tick: number, selection: Place | null): TimeStripsScene;
  /** What the picture says, after the words about the step. */
  words(state: ViewState, scene: TimeStripsScene): string;
  /** Marker name → title. */
  titles: Record<string, string>;
  /** What a column stands for. */
  column: string;
  /** Time step of a column. */
  timeOf(recording: Recording, column: number): number;
  /** What there is to choose from, where that is not the channels of `dim`. */
  rowsOf?(recording: Recording): { count: number; name: string };
  /** Said in place of the picture where there is nothing to draw. */
  nothing?(recording: Recording): string | null;
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return 'not yet';
  return Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : 'not a finite number';
}

function summaryOf({ scene, words, nothing, titles }: StripViewParts, state: ViewState): string {
  const empty = nothing?.(state.recording);
  if (empty) return empty;
  const start = stepWordsOf(state.recording.trace, state.tick, titles);
  return `${start}. ${words(state, scene(state.recording, state.tick, state.selection))}`;
}

function statusOf({ column }: StripViewParts, made: TimeStripsScene): string {
  if (!made.selected) return '';
  const { strip, row, column: at } = made.selected;
  const { letter, rows, title } = made.strips[strip]!;
  const which = rows > 1 ? `[${row}]` : '';
  const token = made.stream?.labels[at];
  const said = token === undefined ? '' : ` (“${token}”)`;
  return `${letter}${which} (${title}), ${column} ${at}${said}: ${valueText(stripValue(made, strip, row, at))}`;
}

/** The scene with the selection at `place`, or at the nearest there is. */
function placed(made: TimeStripsScene, place: { strip: number; row: number }): TimeStripsScene {
  if (!made.selected) return made;
  const strip = Math.min(place.strip, made.strips.length - 1);
  const row = Math.min(place.row, made.strips[strip]!.rows - 1);
  return { ...made, selected: { strip, row, column: made.selected.column } };
}

export function StripPicture({ parts, ...props }: ViewProps & { parts: StripViewParts }) {
  const { recording, tick, selection, onSelect } = props;
  // The time step is the shared selection; which row of which strip is read at it is this picture's own.
  const [place, setPlace] = useState({ strip: 0, row: 0 });
  const made = useMemo(
    () => placed(parts.scene(recording, tick, selection), place),
    [parts, recording, tick, selection, place],
  );
  const picked = pickedChannel(recording, selection, tick);
  const empty = parts.nothing?.(recording);
  if (empty) return <p className="strip-note">{empty}</p>;
  return (
    <div className="strip-view">
      <ChannelPicker recording={recording} picked={picked} choice={parts.rowsOf?.(recording)} onSelect={onSelect} />
      <TimeStrips
        scene={made}
        label={summaryOf(parts, props)}
        status={statusOf(parts, made)}
        onPick={(strip, row, at) => {
          setPlace({ strip, row });
          onSelect(channelPlace(recording, { ...picked, time: parts.timeOf(recording, at) }));
        }}
      />
      <p className="strip-note">
        {statusOf(parts, made) || 'Click a cell, or walk with the arrows, to read its value.'}
      </p>
    </div>
  );
}

/** @param Component shows StripPicture with these parts */
export function stripView(parts: StripViewParts, Component: ViewSpec['Component']): ViewSpec {
  const { id, title, about, scene, column } = parts;
  return {
    id,
    title,
    about,
    Component,
    summary: (state) => summaryOf(parts, state),
    table: (state) => stripTable(scene(state.recording, state.tick, state.selection), column),
    svg({ recording, tick, selection, others }, { width, height }, inkOf) {
      const pen = new SvgPen(width, height, inkOf);
      drawStrips(pen, scene(recording, tick, selection));
      return pen.document(summaryOf(parts, { recording, tick, selection, others }));
    },
  };
}

/** A row per column of the picture, a column per row of every strip. */
function stripTable({ columns, strips, stream }: TimeStripsScene, column: string): ViewTable {
  const shown = Math.min(columns, MOST_ROWS);
  const fields = strips.flatMap((strip, at) =>
    Array.from({ length: strip.rows }, (_, row) => ({
      at,
      row,
      title: strip.rows > 1 ? `${strip.letter}[${row}] ${strip.title}` : `${strip.letter} ${strip.title}`,
    })),
  );
  return {
    columns: [
      { id: 'at', title: column.slice(0, 1).toUpperCase() + column.slice(1) },
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

/** 'of 64 time steps' for sentences. */
export const stepsText = (count: number) => `${exactText(count)} time steps`;

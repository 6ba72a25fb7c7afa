// The picture "which tiles are visited": a grid of tiles over two axes, what a mask hides of it, and what the tiles hold where the run
// recorded that. What is drawn at a tick is what was visited by then.

import type { ReactNode } from 'react';
import type { Extents, Where } from '#gpu/trace/held.ts';
import { allExtents, pickersOf } from '../../exhibit/picked-axes.ts';
import type { PickedAxis, Picture, PictureState } from '../../exhibit/picture.ts';
import { clampIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { ViewTable } from '../../exhibit/view.ts';
import { BESIDE } from '../../exhibit/walk-keys.ts';
import type { FillSpec } from './fill.ts';
import { type CountedGrid, gridLegend, gridStatus, gridWords } from './grid-words.ts';
import { drawGridBase, drawGridLive, hitGrid, layoutGrid, type TileGridScene } from './tile-grid.ts';
import { cellsAt, currentCells, type GridVisits } from './visits.ts';

export interface GridScene extends CountedGrid {
  run: Recording;
  /** What is picked, by axis. */
  at: Where;
  extents: Extents;
}

export interface GridSpec {
  id: string;
  title: string;
  about: string;
  kind: string;
  /** Axes of its rows and columns, and what lies along them: 'queries', 'keys'. */
  rows: string;
  columns: string;
  titles: { rows: string; columns: string };
  /** Axes of which one index is shown at a time. */
  picks: readonly PickedAxis[];
  /** What is shown of the picked axes, and which row is marked, while nothing is selected. */
  follow(run: Recording, tick: number): Where;
  /** The tiles for what is picked: the same object for the same run and place. */
  visits(run: Recording, at: Where): GridVisits;
  /** What tiles can be filled with instead of how often they were visited. Its code comes later: the first picture does without. */
  fills?(): Promise<readonly FillSpec[]>;
  /** Whether the run recorded any of it. */
  hasFills?(run: Recording): boolean;
  /** Words along an axis. */
  labels?(run: Recording, axis: string): string[] | undefined;
  /** Tokens that a selection made elsewhere is about. */
  linked?(run: Recording, place: Place | null, at: Where): TileGridScene['linked'];
  /** 'Head 2 of 4': where the grid is, said before what is visited; '' where there is only one. */
  where?(scene: GridScene, tick: number): string;
  table(scene: GridScene, state: PictureState): ViewTable;
  beside?(scene: GridScene, state: PictureState, onTick: (tick: number) => void): ReactNode;
}

/** What fills the tiles while nothing is chosen. */
const VISITS = { id: 'visits', title: 'visits' };

/** Place on the axes of the grid; an element of a tensor is on the tensor's own. */
const chosenAt = (place: Place | null): Where => (place?.kind === 'at' && place.tensor === undefined ? place.at : {});

/** What is picked and which row is marked: as the place says, for the rest as the picture follows. */
function pickedAt({ picks, rows, follow }: GridSpec, { run, tick, place, before, names }: PictureState): Where {
  const chosen = chosenAt(before ?? place);
  const asked = { ...follow(run, tick), ...chosen };
  const at: Record<string, number> = {};
  for (const axis of [...picks.map((pick) => pick.axis), rows])
    at[axis] = clampIndex(asked[axis] ?? 0, allExtents(run, names, at)[axis] ?? 1);
  return at;
}

/** What fills tiles, once that is loaded. */
interface Filling {
  fills: readonly FillSpec[];
  fillOf(spec: FillSpec, run: Recording, tick: number, extents: Extents, at: Where): TileGridScene['fill'];
}

function chosenFill(
  spec: GridSpec,
  filling: Filling | null,
  { run, tick, fill }: PictureState,
  at: Where,
  extents: Extents,
) {
  const chosen = filling?.fills.find(({ id }) => id === fill);
  if (!filling || !chosen || !spec.hasFills?.(run)) return undefined;
  const { rows, columns } = spec;
  return filling.fillOf(chosen, run, tick, { [rows]: extents[rows] ?? 1, [columns]: extents[columns] ?? 1 }, at);
}

function sceneOf(spec: GridSpec, filling: Filling | null, state: PictureState): GridScene {
  const { run, tick, place, names } = state;
  const { [spec.rows]: row = 0, ...at } = pickedAt(spec, state);
  const visits = spec.visits(run, at);
  const { mask, tileRows, tileColumns, gridRows, gridColumns } = visits;
  const { state: cells, times, visited, repeated, never, missed } = cellsAt(visits, tick);
  const extents = allExtents(run, names, at);
  return {
    run,
    at,
    row,
    extents,
    titles: spec.titles,
    rows: mask.rows,
    columns: mask.keys,
    tileRows,
    tileColumns,
    gridRows,
    gridColumns,
    state: cells,
    times,
    current: currentCells(run, visits, tick),
    visibleFrom: mask.from,
    visibleTo: mask.to,
    blocks: mask.blocks,
    fill: chosenFill(spec, filling, state, at, extents),
    rowLabels: spec.labels?.(run, spec.rows),
    columnLabels: spec.labels?.(run, spec.columns),
    selectedRow: row,
    selectedCell: selectedCell(spec, visits, place, at),
    linked: spec.linked?.(run, place, at) ?? null,
    visited,
    repeated,
    never,
    missed,
  };
}

function selectedCell(spec: GridSpec, visits: GridVisits, place: Place | null, at: Where): number | null {
  const chosen = chosenAt(place);
  const [row, column] = [chosen[spec.rows], chosen[spec.columns]];
  if (row === undefined || column === undefined) return null;
  if (spec.picks.some(({ axis }) => (chosen[axis] ?? 0) !== at[axis])) return null;
  const [down, across] = [Math.floor(row / visits.tileRows), Math.floor(column / visits.tileColumns)];
  return down < visits.gridRows && across < visits.gridColumns ? down * visits.gridColumns + across : null;
}

export function grid(spec: GridSpec): Picture<GridScene> {
  const { id, title, about, kind, beside, where } = spec;
  let filling: Filling | null = null;
  const rowPlace = ({ at }: GridScene, row: number): Place => ({ kind: 'at', at: { ...at, [spec.rows]: row } });
  /** A row's tile; its first column stands for it. */
  const rowOfTile = ({ at, tileColumns }: GridScene, row: number, right: number): Place => ({
    kind: 'at',
    at: { ...at, [spec.rows]: row, [spec.columns]: right * tileColumns },
  });
  const tilePlace = (scene: GridScene, down: number, right: number) => rowOfTile(scene, down * scene.tileRows, right);
  return {
    id,
    title,
    about,
    kind,
    scene: (state) => sceneOf(spec, filling, state),
    base: {
      key: ({ run, at, row }) => `${run.id} ${Object.values(at).join(' ')} ${row}`,
      draw: drawGridBase,
    },
    draw: drawGridLive,
    hit(scene, { width, height }, { x, y }) {
      const layout = layoutGrid(scene, width, height);
      const hit = hitGrid(scene, layout, Math.max(x, layout.x), y);
      if (!hit) return null;
      if (x < layout.x) return rowPlace(scene, hit.row);
      // What is said of a row is said of the one that was pointed at, not of its tile's first.
      return rowOfTile(scene, hit.row, hit.cell % scene.gridColumns);
    },
    /** Arrows move by one tile; up and down with shift by one row. */
    walk(scene, _place, key, shift) {
      const step = BESIDE[key];
      if (!step) return null;
      const [down, right] = step;
      const { row, rows, tileRows, gridRows, gridColumns, selectedCell } = scene;
      if (shift && down !== 0) return rowPlace(scene, clampIndex(row + down, rows));
      if (selectedCell === null) return tilePlace(scene, Math.floor(row / tileRows), 0);
      const [from, at] = [Math.floor(selectedCell / gridColumns), selectedCell % gridColumns];
      return tilePlace(scene, clampIndex(from + down, gridRows), clampIndex(at + right, gridColumns));
    },
    words: (scene, { tick }) => gridWords(scene, where?.(scene, tick) ?? ''),
    status: gridStatus,
    table: spec.table,
    legend: gridLegend,
    picks: (scene, state) => pickersOf(spec.picks, scene, state, true),
    fills: ({ run }) => (spec.hasFills?.(run) ? [VISITS, ...(filling?.fills ?? [])] : []),
    beside,
    async later() {
      if (filling || !spec.fills) return;
      const [{ fillOf }, fills] = await Promise.all([import('./fill.ts'), spec.fills()]);
      filling = { fills, fillOf };
    },
  };
}

// (recording, tick, head) → the score grid: which tiles were visited, which are being worked on, which were read twice or never.

import { countUpTo, indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { TileGridScene } from '../../pictures/grid/tile-grid.ts';
import { CELL } from '../../pictures/grid/tile-grid.ts';
import { followedRow, type PickedRow } from './followed-row.ts';
import { isIn, regionOf, spanOfWorkgroup } from './links.ts';
import { keyOfPlace, rowOfPlace } from './score-place.ts';
import { type TileIndex, tileIndexOf } from './tile-index.ts';
import { tokenTexts } from './token-text.ts';
import { type SequenceMask, seesAny, sequenceMask } from './visibility.ts';

/** The grid of one head over the whole recording; the part of the picture that no tick changes. */
export interface HeadGrid {
  mask: SequenceMask;
  tileRows: number;
  tileColumns: number;
  gridRows: number;
  gridColumns: number;
  /** Indices into the tile visits, in step order, and the cells each covers: cell `cells[i]` at tick `ticks[i]`. */
  ticks: Uint32Array;
  cells: Uint32Array;
  visit: Uint32Array;
  /** Visits of each cell over the whole run. */
  visitsInAll: Uint16Array;
  /** 1 where the mask lets some row of the cell see some key of it. */
  open: Uint8Array;
}

export interface TilingScene extends TileGridScene {
  batch: number;
  head: number;
  /** Cells of this head: visited so far, read more than once so far, never visited, never visited though the mask lets them through. */
  visited: number;
  repeated: number;
  never: number;
  missed: number;
  row: number;
}

const grids = new WeakMap<Recording['trace'], Map<string, HeadGrid>>();

/** The grid of (batch, head); made once per recording. */
export function headGridOf(recording: Recording, batch: number, head: number): HeadGrid {
  let known = grids.get(recording.trace);
  if (!known) {
    known = new Map();
    grids.set(recording.trace, known);
  }
  const key = `${batch} ${head}`;
  const grid = known.get(key) ?? makeHeadGrid(recording, batch, head);
  known.set(key, grid);
  return grid;
}

function smallest(values: Iterable<number>, otherwise: number): number {
  const positive = [...values].filter((value) => value > 0);
  return positive.length > 0 ? Math.min(...positive) : otherwise;
}

/** Smallest distance between recorded starts, for kernels that declare no tile constants. */
function recordedSpacing(starts: Iterable<number>, extent: number): number {
  const sorted = [...new Set(starts)].sort((a, b) => a - b);
  return smallest(
    sorted.slice(1).map((start, i) => start - sorted[i]!),
    Math.max(extent, 1),
  );
}

function makeHeadGrid(recording: Recording, batch: number, head: number): HeadGrid {
  const tiles = tileIndexOf(recording);
  const { visits } = tiles;
  const mask = sequenceMask(recording, batch);
  const chosen: number[] = [];
  for (let i = 0; i < visits.count; i++) if (visits.batch[i] === batch && visits.head[i] === head) chosen.push(i);
  // A head that no workgroup found a tile to visit in has the tiles of the others; where none was visited at all, those of the kernels.
  const like = chosen.length > 0 ? chosen : Array.from({ length: visits.count }, (_, i) => i);
  const used = like.length > 0 ? new Set(like.map((i) => visits.dispatch[i]!)) : tiles.tileRows.keys();
  const dispatches = [...used];
  const sizeOf = (sizes: number[], starts: Uint32Array, extent: number) =>
    smallest(
      dispatches.map((dispatch) => sizes[dispatch]!),
      recordedSpacing(
        like.map((i) => starts[i]!),
        extent,
      ),
    );
  const tileRows = sizeOf(tiles.tileRows, visits.q0, mask.rows);
  const tileColumns = sizeOf(tiles.tileColumns, visits.k0, mask.keys);
  const gridRows = Math.ceil(mask.rows / tileRows);
  const gridColumns = Math.ceil(mask.keys / tileColumns);
  const covered = coverCells(tiles, chosen, { tileRows, tileColumns, gridRows, gridColumns });
  const visitsInAll = new Uint16Array(gridRows * gridColumns);
  for (const cell of covered.cells) visitsInAll[cell]! += 1;
  const open = new Uint8Array(gridRows * gridColumns);
  for (let cell = 0; cell < open.length; cell++) {
    const q0 = Math.floor(cell / gridColumns) * tileRows;
    const k0 = (cell % gridColumns) * tileColumns;
    open[cell] = seesAny(mask, q0, q0 + tileRows, k0, k0 + tileColumns) ? 1 : 0;
  }
  return { mask, tileRows, tileColumns, gridRows, gridColumns, ...covered, visitsInAll, open };
}

/** A dispatch whose tiles are larger than the grid's covers several cells with one visit. */
function coverCells(
  tiles: TileIndex,
  chosen: number[],
  grid: Pick<HeadGrid, 'tileRows' | 'tileColumns' | 'gridRows' | 'gridColumns'>,
): Pick<HeadGrid, 'ticks' | 'cells' | 'visit'> {
  const { visits } = tiles;
  const ticks: number[] = [];
  const cells: number[] = [];
  const visit: number[] = [];
  for (const i of chosen) {
    const dispatch = visits.dispatch[i]!;
    const high = Math.max(tiles.tileRows[dispatch]!, grid.tileRows);
    const wide = Math.max(tiles.tileColumns[dispatch]!, grid.tileColumns);
    const firstRow = Math.floor(visits.q0[i]! / grid.tileRows);
    const firstColumn = Math.floor(visits.k0[i]! / grid.tileColumns);
    const pastRow = Math.min(grid.gridRows, Math.ceil((visits.q0[i]! + high) / grid.tileRows));
    const pastColumn = Math.min(grid.gridColumns, Math.ceil((visits.k0[i]! + wide) / grid.tileColumns));
    for (let row = firstRow; row < pastRow; row++) {
      for (let column = firstColumn; column < pastColumn; column++) {
        ticks.push(visits.step[i]! + 1);
        cells.push(row * grid.gridColumns + column);
        visit.push(i);
      }
    }
  }
  return { ticks: Uint32Array.from(ticks), cells: Uint32Array.from(cells), visit: Uint32Array.from(visit) };
}

/** The head and row the picture is about: what is selected, else the row that `followedRow` gives. */
export function pickedRow(recording: Recording, selection: Place | null, tick: number): PickedRow {
  return rowOfPlace(selection) ?? followedRow(recording, tick);
}

/** The score grid of (batch, head) after `tick` steps. */
export function tilingScene(
  recording: Recording,
  tick: number,
  selection: Place | null,
  picked = pickedRow(recording, selection, tick),
): TilingScene {
  const { batch, head, row } = picked;
  const tiles = tileIndexOf(recording);
  const grid = headGridOf(recording, batch, head);
  const cellCount = grid.gridRows * grid.gridColumns;
  const state = new Uint8Array(cellCount);
  // Dispatches follow one another, so a count per cell and its latest dispatch tell how often one dispatch read it.
  const latest = new Int32Array(cellCount).fill(-1);
  const count = new Uint16Array(cellCount);
  const times = new Uint16Array(cellCount);
  const done = countUpTo(grid.ticks, tick);
  let visited = 0;
  let repeated = 0;
  for (let i = 0; i < done; i++) {
    const cell = grid.cells[i]!;
    const visit = grid.visit[i]!;
    const dispatch = tiles.visits.dispatch[visit]!;
    if (latest[cell]! < 0) visited += 1;
    if (latest[cell] !== dispatch) count[cell] = 0;
    count[cell]! += tiles.visits.repeats[visit]!;
    if (count[cell]! > 1 && times[cell]! <= 1) repeated += 1;
    times[cell] = Math.max(times[cell]!, count[cell]!);
    if (times[cell]! > 1) state[cell] = CELL.repeated;
    else state[cell] = latest[cell]! < 0 ? CELL.visited : CELL.visitedLater;
    latest[cell] = dispatch;
  }
  let never = 0;
  let missed = 0;
  for (let cell = 0; cell < cellCount; cell++) {
    if (grid.visitsInAll[cell] !== 0) continue;
    never += 1;
    state[cell] = CELL.never;
    if (grid.open[cell]) {
      missed += 1;
      state[cell] = CELL.missed;
    }
  }
  return {
    batch,
    head,
    row,
    rows: grid.mask.rows,
    columns: grid.mask.keys,
    tileRows: grid.tileRows,
    tileColumns: grid.tileColumns,
    gridRows: grid.gridRows,
    gridColumns: grid.gridColumns,
    state,
    times,
    current: currentCells(recording, tiles, grid, tick, picked),
    visibleFrom: grid.mask.from,
    visibleTo: grid.mask.to,
    blocks: grid.mask.blocks,
    rowLabels: tokenTexts(recording.tokens?.query),
    columnLabels: tokenTexts(recording.tokens?.key),
    selectedRow: row,
    selectedCell: selectedCell(grid, selection, picked),
    linked: linkedSpan(recording, selection, picked),
    visited,
    repeated,
    never,
    missed,
  };
}

/** The cells that workgroups still at work after `tick` steps stand on. */
function currentCells(
  recording: Recording,
  tiles: TileIndex,
  grid: HeadGrid,
  tick: number,
  { batch, head }: { batch: number; head: number },
): TileGridScene['current'] {
  const index = indexOfTrace(recording.trace);
  const { visits, visitOfStep } = tiles;
  if (tick === 0 || tick > index.steps) return [];
  const dispatch = index.dispatch[tick - 1]!;
  const found = new Map<number, TileGridScene['current'][number]>();
  // Backwards from the tick, each lane's first step met is its latest; lanes whose last step lies behind are done.
  const seen = new Set<number>();
  const alive = lanesAlive(index, dispatch, tick);
  for (let step = tick - 1; step >= 0 && seen.size < alive && index.dispatch[step] === dispatch; step--) {
    const lane = index.lane[step]!;
    if (seen.has(lane)) continue;
    if (index.lanes[lane]!.last < tick - 1) continue;
    seen.add(lane);
    const visit = visitOfStep[step]!;
    if (visit < 0 || visits.batch[visit] !== batch || visits.head[visit] !== head) continue;
    const cell =
      Math.floor(visits.q0[visit]! / grid.tileRows) * grid.gridColumns +
      Math.floor(visits.k0[visit]! / grid.tileColumns);
    found.set(lane, { cell, label: String(index.workgroup[step]), running: step === tick - 1 });
  }
  return [...found.values()];
}

const aliveCounts = new WeakMap<object, { starts: Uint32Array; ends: Uint32Array }[]>();

/** Lanes of `dispatch` that have begun before `tick` and end at or after its step. */
function lanesAlive(index: ReturnType<typeof indexOfTrace>, dispatch: number, tick: number): number {
  let all = aliveCounts.get(index);
  if (!all) {
    const dispatches = index.lanes.reduce((most, lane) => Math.max(most, lane.dispatch + 1), 0);
    all = Array.from({ length: dispatches }, (_, d) => {
      const lanes = index.lanes.filter((lane) => lane.dispatch === d);
      return {
        starts: Uint32Array.from(lanes, (lane) => lane.first).sort(),
        ends: Uint32Array.from(lanes, (lane) => lane.last).sort(),
      };
    });
    aliveCounts.set(index, all);
  }
  const { starts, ends } = all[dispatch]!;
  return countUpTo(starts, tick - 1) - countUpTo(ends, tick - 2);
}

function selectedCell(grid: HeadGrid, selection: Place | null, picked: { batch: number; head: number }): number | null {
  const [at, key] = [rowOfPlace(selection), keyOfPlace(selection)];
  if (!at || key === null || at.batch !== picked.batch || at.head !== picked.head) return null;
  const row = Math.floor(at.row / grid.tileRows);
  const column = Math.floor(key / grid.tileColumns);
  return row < grid.gridRows && column < grid.gridColumns ? row * grid.gridColumns + column : null;
}

/** Tokens of this head that an element or a workgroup, selected in another view, stands for. */
function linkedSpan(recording: Recording, selection: Place | null, picked: PickedRow): TileGridScene['linked'] {
  if (selection?.kind === 'at' && selection.tensor !== undefined) {
    const region = regionOf(recording, selection);
    return isIn(region, picked) ? { rows: region.rows, columns: region.keys } : null;
  }
  const span = spanOfWorkgroup(recording, selection, picked);
  return span && { rows: span.rows, columns: span.keys };
}

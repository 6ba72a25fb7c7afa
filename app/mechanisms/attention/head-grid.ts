// (recording, head) → the tiles of the score grid over the whole run: where they lie, which step visits which, and what the mask hides.

import type { Recording } from '../../exhibit/recording.ts';
import type { GridVisits } from '../../pictures/grid/visits.ts';
import { type TileIndex, tileIndexOf } from './tile-index.ts';
import { type SequenceMask, seesAny, sequenceMask } from './visibility.ts';

/** The grid of one head. */
export interface HeadGrid extends GridVisits {
  mask: SequenceMask;
  /** Of every entry, its visit in the tile index. */
  visit: Uint32Array;
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
  const cellOfStep = (step: number) => {
    const visit = tiles.visitOfStep[step]!;
    if (visit < 0 || visits.batch[visit] !== batch || visits.head[visit] !== head) return -1;
    return Math.floor(visits.q0[visit]! / tileRows) * gridColumns + Math.floor(visits.k0[visit]! / tileColumns);
  };
  return { mask, tileRows, tileColumns, gridRows, gridColumns, ...covered, visitsInAll, open, cellOfStep };
}

/** A dispatch whose tiles are larger than the grid's covers several cells with one visit. */
function coverCells(
  tiles: TileIndex,
  chosen: number[],
  grid: Pick<HeadGrid, 'tileRows' | 'tileColumns' | 'gridRows' | 'gridColumns'>,
): Pick<HeadGrid, 'ticks' | 'cells' | 'visit' | 'dispatch' | 'repeats'> {
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
  return {
    ticks: Uint32Array.from(ticks),
    cells: Uint32Array.from(cells),
    visit: Uint32Array.from(visit),
    dispatch: Uint32Array.from(visit, (i) => visits.dispatch[i]!),
    repeats: Uint32Array.from(visit, (i) => visits.repeats[i]!),
  };
}

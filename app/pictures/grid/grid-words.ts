// What a grid of tiles says: what was visited, the tile that is selected, and the signs that occur with how many tiles carry them.

import type { LegendEntry } from '../../exhibit/view.ts';
import { exactText, plural } from '../../words/quantities.ts';
import { CELL, hasMasked, type TileGridScene } from './tile-grid.ts';

/** A grid with the row that is marked and how many of its cells are what. */
export interface CountedGrid extends TileGridScene {
  row: number;
  /** Visited so far, read more than once so far, never visited, never visited though the mask lets them through. */
  visited: number;
  repeated: number;
  never: number;
  missed: number;
}

export function gridWords({ visited, never, missed, repeated, state }: CountedGrid, where: string): string {
  const parts = [`${exactText(visited)} of ${plural(state.length, 'tile')} visited`];
  if (never - missed > 0) parts.push(`${exactText(never - missed)} never visited, as the mask has it`);
  if (missed > 0)
    parts.push(`${exactText(missed)} never visited although the mask lets ${missed === 1 ? 'it' : 'them'} through`);
  if (repeated > 0) parts.push(`${exactText(repeated)} read more than once`);
  return `${where && `${where}: `}${parts.join(', ')}.`;
}

export function gridStatus({ selectedCell, row, gridColumns, tileRows, tileColumns, titles }: CountedGrid): string {
  if (selectedCell === null) return `Row ${row}`;
  const down = Math.floor(selectedCell / gridColumns);
  const right = selectedCell % gridColumns;
  return `Tile: ${titles.rows} from ${down * tileRows}, ${titles.columns} from ${right * tileColumns}`;
}

/** The signs that occur in the picture, with how many cells carry them. */
export function gridLegend(scene: CountedGrid): LegendEntry[] {
  const again = scene.state.reduce((sum, state) => sum + (state === CELL.visitedLater ? 1 : 0), 0);
  const entries: (LegendEntry | false)[] = [
    { id: 'visited', words: 'visited', count: scene.visited, ink: '--tone-inner', alpha: 0.45 },
    again > 0 && { id: 'again', words: 'of these by several kernels', count: again, ink: '--tone-inner', alpha: 0.8 },
    { id: 'current', words: 'at work', count: scene.current.length, frame: '--accent' },
    scene.never > scene.missed && {
      id: 'never',
      words: 'never visited',
      count: scene.never - scene.missed,
      ink: '--surface-3',
      pattern: { kind: 'hatch', ink: '--line-strong' },
    },
    hasMasked(scene) && { id: 'masked', words: 'hidden by the mask', pattern: { kind: 'dots', ink: '--tone-fixed' } },
    scene.repeated > 0 && { id: 'repeated', words: 'read more than once', count: scene.repeated, ink: '--warn' },
    scene.missed > 0 && {
      id: 'missed',
      words: 'skipped though the mask lets it through',
      count: scene.missed,
      pattern: { kind: 'cross', ink: '--bad' },
    },
  ];
  return entries.filter((entry) => entry !== false);
}

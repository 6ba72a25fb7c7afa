// The score grid as a picture one can point at and walk with the arrow keys.

import { useCallback } from 'react';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { drawGridBase, drawGridLive, hitGrid, layoutGrid, type TileGridScene } from './tile-grid.ts';

export interface TileGridProps {
  scene: TileGridScene;
  /** Changes when the layer under the ticks does: recording, head. */
  baseKey: string;
  label: string;
  status: string;
  /** A row label was chosen, or a cell; `cell` is null for a row. */
  onPick(row: number, cell: number | null): void;
}

export function TileGrid({ scene, baseKey, label, status, onPick }: TileGridProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: baseKey names everything the base layer draws from `scene`
  const base = useCallback((pen: Pen) => drawGridBase(pen, scene), [baseKey]);
  const live = useCallback((pen: Pen) => drawGridLive(pen, scene), [scene]);
  return (
    <PenCanvas
      kind="score grid"
      className="tile-grid"
      base={base}
      live={live}
      label={label}
      status={status}
      onPress={({ x, y, width, height }) => {
        const layout = layoutGrid(scene, width, height);
        const hit = hitGrid(scene, layout, Math.max(x, layout.x), y);
        if (hit) onPick(hit.row, x < layout.x ? null : hit.cell);
      }}
      onKey={(key, event) => {
        const step = WALK[key];
        if (!step) return false;
        const next = walk(scene, step, event.shiftKey);
        onPick(next.row, next.cell);
        return true;
      }}
    />
  );
}

const WALK: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrows move by one tile; up and down with shift by one row. */
function walk(
  scene: TileGridScene,
  [down, right]: [number, number],
  byRow: boolean,
): { row: number; cell: number | null } {
  const clamp = (value: number, end: number) => Math.min(Math.max(value, 0), Math.max(end - 1, 0));
  const row = scene.selectedRow ?? 0;
  if (byRow && down !== 0) return { row: clamp(row + down, scene.rows), cell: null };
  const cell = scene.selectedCell;
  const tileRow = cell === null ? Math.floor(row / scene.tileRows) : Math.floor(cell / scene.gridColumns);
  const tileColumn = cell === null ? 0 : cell % scene.gridColumns;
  const from =
    cell === null
      ? [tileRow, 0]
      : [clamp(tileRow + down, scene.gridRows), clamp(tileColumn + right, scene.gridColumns)];
  return { row: from[0]! * scene.tileRows, cell: from[0]! * scene.gridColumns + from[1]! };
}

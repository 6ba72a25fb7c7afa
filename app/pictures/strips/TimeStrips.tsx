// Strips over time that one can point at and walk: left and right move in time, up and down through the rows.

import { useCallback } from 'react';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { drawStrips, hitStrips, layoutStrips, type TimeStripsScene } from './time-strips.ts';

export interface TimeStripsProps {
  scene: TimeStripsScene;
  label: string;
  status: string;
  onPick(strip: number, row: number, column: number): void;
}

const WALK: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function TimeStrips({ scene, label, status, onPick }: TimeStripsProps) {
  const live = useCallback((pen: Pen) => drawStrips(pen, scene), [scene]);
  return (
    <PenCanvas
      kind="strips over time"
      live={live}
      label={label}
      status={status}
      onPress={({ x, y, width, height }) => {
        const hit = hitStrips(scene, layoutStrips(scene, width, height), x, y);
        if (hit) onPick(hit.strip, hit.row, hit.column);
      }}
      onKey={(key) => {
        const step = WALK[key];
        if (!step || scene.strips.length === 0) return false;
        const at = scene.selected ?? { strip: 0, row: 0, column: scene.current ?? 0 };
        const { strip, row } = rowBeside(scene, at.strip, at.row + step[0]);
        onPick(strip, row, Math.min(Math.max(at.column + step[1], 0), scene.columns - 1));
        return true;
      }}
    />
  );
}

/** Past the last row the walk goes on in the next strip, before the first in the one before. */
function rowBeside({ strips }: TimeStripsScene, strip: number, row: number): { strip: number; row: number } {
  if (row < 0) return strip > 0 ? { strip: strip - 1, row: strips[strip - 1]!.rows - 1 } : { strip, row: 0 };
  if (row < strips[strip]!.rows) return { strip, row };
  return strip + 1 < strips.length ? { strip: strip + 1, row: 0 } : { strip, row: strips[strip]!.rows - 1 };
}

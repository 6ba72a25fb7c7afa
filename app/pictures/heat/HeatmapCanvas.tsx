// Heat maps one can point at and walk: arrows move the selected element, Tab leaves.

import { useCallback } from 'react';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { drawHeatBase, drawHeatLive, type HeatScene, hitHeat, layoutHeat } from './heatmap.ts';

export interface HeatmapCanvasProps {
  scene: HeatScene;
  /** Changes with the recording and the head. */
  baseKey: string;
  label: string;
  status: string;
  onElement(buffer: string, index: number): void;
}

const WALK: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function HeatmapCanvas({ scene, baseKey, label, status, onElement }: HeatmapCanvasProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: baseKey names everything the base layer draws from `scene`
  const base = useCallback((pen: Pen) => drawHeatBase(pen, scene), [baseKey]);
  const live = useCallback((pen: Pen) => drawHeatLive(pen, scene), [scene]);
  const select = (panel: number, row: number, column: number) => {
    const { buffer, offset, rowStride } = scene.panels[panel]!;
    onElement(buffer, offset + row * rowStride + column);
  };
  return (
    <PenCanvas
      kind="heat maps"
      base={base}
      live={live}
      label={label}
      status={status}
      onPress={({ x, y, width, height }) => {
        const hit = hitHeat(scene, layoutHeat(scene, width, height), x, y);
        if (hit) select(hit.panel, hit.row, hit.column);
      }}
      onKey={(key) => {
        const step = WALK[key];
        if (!step || scene.panels.length === 0) return false;
        const { panel, row, column } = scene.selected ?? { panel: 0, row: 0, column: 0 };
        const next = scene.selected ? moved(scene, panel, row + step[0], column + step[1]) : { panel, row, column };
        select(next.panel, next.row, next.column);
        return true;
      }}
    />
  );
}

/** Past the last column the walk goes on in the next panel, before the first in the one before. */
function moved(scene: HeatScene, panel: number, row: number, column: number) {
  const { columns } = scene.panels[panel]!;
  let to = panel;
  if (column < 0 && panel > 0) to = panel - 1;
  if (column >= columns && panel + 1 < scene.panels.length) to = panel + 1;
  const there = scene.panels[to]!;
  const wanted = to === panel ? column : to > panel ? 0 : there.columns - 1;
  return {
    panel: to,
    row: Math.min(Math.max(row, 0), there.rows - 1),
    column: Math.min(Math.max(wanted, 0), there.columns - 1),
  };
}

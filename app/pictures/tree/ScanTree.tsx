// The scan tree as a picture: press or walk to pick a lane.

import { useCallback } from 'react';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { drawTree, hitTree, type ScanTreeScene } from './scan-tree.ts';

export interface ScanTreeProps {
  scene: ScanTreeScene;
  label: string;
  status: string;
  onLane(lane: number): void;
}

export function ScanTree({ scene, label, status, onLane }: ScanTreeProps) {
  const live = useCallback((pen: Pen) => drawTree(pen, scene), [scene]);
  return (
    <PenCanvas
      kind="scan tree"
      live={live}
      label={label}
      status={status}
      onPress={({ x, width }) => {
        const lane = hitTree(scene, width, x);
        if (lane !== null) onLane(lane);
      }}
      onKey={(key) => {
        if (key !== 'ArrowLeft' && key !== 'ArrowRight') return false;
        const from = scene.selectedLane ?? (key === 'ArrowLeft' ? scene.lanes : -1);
        onLane(Math.min(Math.max(from + (key === 'ArrowLeft' ? -1 : 1), 0), Math.max(scene.lanes - 1, 0)));
        return true;
      }}
    />
  );
}

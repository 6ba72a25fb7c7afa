// Bars of moved bytes that one can point at and walk.

import { useCallback } from 'react';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { drawTraffic, hitTraffic, type TrafficScene } from './traffic-bars.ts';

export interface TrafficBarsProps {
  scene: TrafficScene;
  label: string;
  status: string;
  onBuffer(buffer: string | null): void;
}

export function TrafficBars({ scene, label, status, onBuffer }: TrafficBarsProps) {
  const live = useCallback((pen: Pen) => drawTraffic(pen, scene), [scene]);
  const names = [...new Set(scene.bars.flatMap(({ segments }) => segments.map(({ buffer }) => buffer)))];
  return (
    <PenCanvas
      kind="bars of moved bytes"
      live={live}
      label={label}
      status={status}
      onPress={({ x, y, width, height }) => onBuffer(hitTraffic(scene, width, height, x, y))}
      onKey={(key) => {
        const step = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
        if (step === 0 || names.length === 0) return false;
        const at = scene.selected === null ? (step > 0 ? -1 : names.length) : names.indexOf(scene.selected);
        onBuffer(names[Math.min(Math.max(at + step, 0), names.length - 1)]!);
        return true;
      }}
    />
  );
}

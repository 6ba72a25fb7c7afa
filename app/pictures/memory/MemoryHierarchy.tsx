// The memory picture. Bytes travel at the playback's pace: each forward move of the tick sends what its steps moved, once.

import { useCallback, useEffect, useRef, useState } from 'react';
import { clampIndex } from '../../exhibit/place.ts';
import { paint, useSize } from '../../pens/canvas-layer.ts';
import { PenCanvas } from '../../pens/PenCanvas.tsx';
import type { Pen } from '../../pens/pen.ts';
import { useInks, useReducedMotion } from '../../pens/theme-inks.ts';
import {
  drawFlowArrows,
  drawMemoryBase,
  drawMemoryLive,
  drawPackets,
  hitMemory,
  layoutMemory,
  type MemoryFlow,
  type MemoryScene,
  type Packet,
} from './memory-hierarchy.ts';
import './MemoryHierarchy.css';

export interface MemoryHierarchyProps {
  scene: MemoryScene;
  /** Changes with the recording. */
  baseKey: string;
  /** What steps [from, to) moved. */
  flowsBetween(from: number, to: number): MemoryFlow[];
  label: string;
  status: string;
  onBuffer(buffer: string | null): void;
}

const TRAVEL_MS = 220;

export function MemoryHierarchy({ scene, baseKey, flowsBetween, label, status, onBuffer }: MemoryHierarchyProps) {
  const reduced = useReducedMotion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: baseKey names everything the base layer draws from `scene`
  const base = useCallback((pen: Pen) => drawMemoryBase(pen, scene), [baseKey]);
  const live = useCallback(
    (pen: Pen) => {
      drawMemoryLive(pen, scene);
      if (!reduced || scene.tick === 0) return;
      const flows = flowsBetween(scene.tick - 1, scene.tick);
      drawFlowArrows(pen, scene, flows, Math.max(1, ...flows.map(({ bytes }) => bytes)));
    },
    [scene, reduced, flowsBetween],
  );
  const bars = [...scene.hbm, ...scene.sram];
  return (
    <PenCanvas
      kind="memory picture"
      className="memory-hierarchy"
      base={base}
      live={live}
      label={label}
      status={status}
      onPress={({ x, y, width, height }) => {
        const bar = hitMemory(scene, layoutMemory(scene, width, height), x, y);
        onBuffer(bar && bar.name !== scene.selected ? bar.name : null);
      }}
      onKey={(key) => {
        const by = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -scene.hbm.length, ArrowRight: scene.hbm.length }[key];
        if (by === undefined) return false;
        const at = bars.findIndex(({ name }) => name === scene.selected);
        onBuffer(bars[clampIndex(at < 0 ? 0 : at + by, bars.length)]?.name ?? null);
        return true;
      }}
    >
      {!reduced && <Packets scene={scene} flowsBetween={flowsBetween} />}
    </PenCanvas>
  );
}

/** The layer of bytes on their way; it paints only while there are some. */
function Packets({ scene, flowsBetween }: Pick<MemoryHierarchyProps, 'scene' | 'flowsBetween'>) {
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(host, 'packets');
  const inkOf = useInks(host);
  const flight = useRef<{ flow: MemoryFlow; born: number }[]>([]);
  const seenTick = useRef(scene.tick);
  const latest = useRef(scene);
  latest.current = scene;

  useEffect(() => {
    const before = seenTick.current;
    seenTick.current = scene.tick;
    if (scene.tick < before) flight.current = [];
    if (scene.tick <= before || !inkOf) return;
    const born = performance.now();
    for (const flow of flowsBetween(before, scene.tick)) flight.current.push({ flow, born });
    if (flight.current.length === 0) return;
    let frame = requestAnimationFrame(function draw(now) {
      flight.current = flight.current.filter((packet) => now - packet.born < TRAVEL_MS);
      const packets: Packet[] = flight.current.map((packet) => ({
        ...packet.flow,
        age: Math.max(0, (now - packet.born) / TRAVEL_MS),
      }));
      const most = Math.max(1, ...packets.map(({ bytes }) => bytes));
      paint(canvas.current, size, inkOf, (pen) => drawPackets(pen, latest.current, packets, most));
      if (packets.length > 0) frame = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(frame);
  }, [scene.tick, flowsBetween, inkOf, size]);

  return (
    <div ref={setHost} className="memory-hierarchy__packets">
      <canvas ref={canvas} />
    </div>
  );
}

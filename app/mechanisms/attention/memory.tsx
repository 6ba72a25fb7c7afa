// View (b): bytes between HBM, SRAM and registers.

import { useCallback } from 'react';
import type { FaceProps, Picture } from '../../exhibit/picture.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { LegendEntry, ViewTable } from '../../exhibit/view.ts';
import { MemoryHierarchy } from '../../pictures/memory/MemoryHierarchy.tsx';
import {
  drawFlowArrows,
  drawMemoryBase,
  drawMemoryLive,
  fullMemoryHeight,
  type MemoryScene,
} from '../../pictures/memory/memory-hierarchy.ts';
import { bytesText } from '../../words/quantities.ts';
import { pickedRow } from './followed-row.ts';
import { flowsBetween, memoryScene } from './memory-scene.ts';

interface RunMemory extends MemoryScene {
  run: Recording;
}

function MemoryFace({ scene, label, status, onPlace }: FaceProps<RunMemory>) {
  const { run } = scene;
  const flows = useCallback((from: number, to: number) => flowsBetween(run, from, to), [run]);
  return (
    <div className="attention-memory">
      <MemoryHierarchy
        scene={scene}
        baseKey={run.id}
        flowsBetween={flows}
        label={label}
        status={status}
        onBuffer={(buffer) => onPlace(buffer === null ? null : { kind: 'buffer', buffer })}
      />
      <ul className="attention-legend">
        {memoryLegend(scene).map(({ id, letter, words }) => (
          <li key={id}>
            <b>{letter}</b> {words}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What the letters stand for, the same in pictures side by side; arrays of several names under one letter each say theirs. */
function memoryLegend({ rows }: MemoryScene): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const { name, letter, title, ink, pattern } of [...rows.hbm, ...rows.sram]) {
    const words = title === name ? name.replaceAll('_', ' ') : title;
    const id = `${letter} ${words}`;
    entries.set(id, {
      id,
      letter,
      words,
      ink,
      ...(pattern && { pattern: { kind: pattern, ink: '--surface' as const } }),
    });
  }
  return [...entries.values()];
}

function memoryWords({ hbm, sram, declaredBytes }: MemoryScene): string {
  const sum = (bars: typeof hbm, of: (bar: (typeof hbm)[number]) => number) =>
    bars.reduce((total, bar) => total + of(bar), 0);
  const read = bytesText(sum(hbm, (bar) => bar.readBytes));
  const written = bytesText(sum(hbm, (bar) => bar.writtenBytes));
  const inAll = bytesText(sum(hbm, (bar) => bar.readInAll + bar.writtenInAll));
  const chip = bytesText(sum(sram, (bar) => bar.readBytes));
  const ofChip = declaredBytes > 0 ? `${chip} read from SRAM` : 'the kernel declares no SRAM';
  return `So far ${read} read from HBM and ${written} written, of ${inAll} in all; ${ofChip}.`;
}

function bufferWords({ hbm, sram }: MemoryScene, name: string): string {
  const bar = [...hbm, ...sram].find((candidate) => candidate.name === name);
  if (!bar) return name;
  return `${bar.name}, ${bar.title}: ${bytesText(bar.readBytes)} read, ${bytesText(bar.writtenBytes)} written`;
}

function table(scene: MemoryScene): ViewTable {
  const rows = [...scene.hbm.map((bar) => ['HBM', bar] as const), ...scene.sram.map((bar) => ['SRAM', bar] as const)];
  return {
    columns: [
      { id: 'level', title: 'Memory' },
      { id: 'buffer', title: 'Buffer' },
      { id: 'size', title: 'Size', unit: 'B' },
      { id: 'read', title: 'Read so far', unit: 'B' },
      { id: 'written', title: 'Written so far', unit: 'B' },
      { id: 'readInAll', title: 'Read in all', unit: 'B' },
      { id: 'writtenInAll', title: 'Written in all', unit: 'B' },
    ],
    rows: rows.map(([level, bar]) => [
      level,
      bar.name,
      bar.sizeBytes,
      bar.readBytes,
      bar.writtenBytes,
      bar.readInAll,
      bar.writtenInAll,
    ]),
  };
}

export const memory: Picture<RunMemory> = {
  id: 'memory',
  title: 'Memory',
  kind: 'memory picture',
  about:
    'Left, the big slow memory (HBM): one bar per tensor, filled as the kernel reads (→) and writes (←) it; the outline is what the whole run will move. Middle, the small fast memory of a workgroup (SRAM). Right, registers, of which WGSL reports nothing but what the kernel itself puts on record. HBM bytes are those the shader asks for; caches are not modelled.',
  Face: MemoryFace,
  scene({ run, tick, place, before, together }) {
    const picked = pickedRow(run, before ?? place, tick);
    return { ...memoryScene(run, tick, place, picked, together), run };
  },
  base: { key: ({ run }) => run.id, draw: drawMemoryBase },
  draw(pen, scene) {
    drawMemoryLive(pen, scene);
    const flows = flowsBetween(scene.run, scene.tick - 1, scene.tick);
    drawFlowArrows(pen, scene, flows, Math.max(1, ...flows.map(({ bytes }) => bytes)));
  },
  // The face has the pointer and the keys: what moves is drawn on a layer of its own there.
  hit: () => null,
  walk: () => null,
  words: memoryWords,
  status: (scene) => (scene.selected === null ? '' : bufferWords(scene, scene.selected)),
  table,
  legend: memoryLegend,
  sheetHeight: (scene, most) => Math.min(most, fullMemoryHeight(scene)),
};

// View (b): bytes between HBM, SRAM and registers.

import { useCallback, useMemo } from 'react';
import type { LegendEntry, ViewProps, ViewSpec, ViewState, ViewTable } from '../../exhibit/view.ts';
import { MemoryHierarchy } from '../../pictures/memory/MemoryHierarchy.tsx';
import {
  drawFlowArrows,
  drawMemoryBase,
  drawMemoryLive,
  fullMemoryHeight,
  type MemoryScene,
} from '../../pictures/memory/memory-hierarchy.ts';
import { bytesText } from '../../words/quantities.ts';
import { stepWordsOf } from '../../words/step-words.ts';
import { flowsBetween, memoryScene } from './memory-scene.ts';
import { attentionNames } from './names.ts';
import { usePicked } from './use-picked.ts';

function MemoryPicture({ recording, tick, selection, together, onSelect }: ViewProps) {
  const { batch, head, row } = usePicked(recording, selection, tick);
  const scene = useMemo(
    () => memoryScene(recording, tick, selection, { batch, head, row }, together),
    [recording, tick, selection, batch, head, row, together],
  );
  const flows = useCallback((from: number, to: number) => flowsBetween(recording, from, to), [recording]);
  return (
    <div className="attention-memory">
      <MemoryHierarchy
        scene={scene}
        baseKey={recording.id}
        flowsBetween={flows}
        label={`${stepWordsOf(recording.trace, tick, attentionNames.steps)}. ${memoryWords(scene)}`}
        status={scene.selected === null ? '' : bufferWords(scene, scene.selected)}
        onBuffer={(buffer) => onSelect(buffer === null ? null : { kind: 'buffer', buffer })}
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

/** What the letters stand for; arrays of several names under one letter each say theirs. */
export function memoryLegend({ hbm, sram }: MemoryScene): LegendEntry[] {
  const entries = new Map<string, LegendEntry>();
  for (const { name, letter, title, ink, pattern } of [...hbm, ...sram]) {
    const words = title === name ? name.replaceAll('_', ' ') : title;
    entries.set(`${letter} ${words}`, {
      id: name,
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

function table({ recording, tick, selection }: ViewState): ViewTable {
  const scene = memoryScene(recording, tick, selection);
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

export const memoryView: ViewSpec = {
  id: 'memory',
  title: 'Memory',
  about:
    'Left, the big slow memory (HBM): one bar per tensor, filled as the kernel reads (→) and writes (←) it; the outline is what the whole run will move. Middle, the small fast memory of a workgroup (SRAM). Right, registers, of which WGSL reports nothing but what the kernel itself puts on record. HBM bytes are those the shader asks for; caches are not modelled.',
  Component: MemoryPicture,
  summary({ recording, tick, selection }) {
    return `${stepWordsOf(recording.trace, tick, attentionNames.steps)}. ${memoryWords(memoryScene(recording, tick, selection))}`;
  },
  table,
  legend: ({ recording, tick, selection }) => memoryLegend(memoryScene(recording, tick, selection)),
  async svg({ recording, tick, selection, together }, { width, height }, inkOf) {
    const scene = memoryScene(recording, tick, selection, undefined, together);
    // Only for saving and for the gallery: not in the way of the first picture.
    const { SvgPen } = await import('../../pens/svg-pen.ts');
    const pen = new SvgPen(width, Math.min(height, fullMemoryHeight(scene)), inkOf);
    drawMemoryBase(pen, scene);
    drawMemoryLive(pen, scene);
    const flows = flowsBetween(recording, tick - 1, tick);
    drawFlowArrows(pen, scene, flows, Math.max(1, ...flows.map(({ bytes }) => bytes)));
    return pen.document(memoryWords(scene));
  },
};

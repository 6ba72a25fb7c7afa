// (recording, tick) → the memory picture: bytes each tensor has given and taken so far, the workgroup arrays, the picked row's
// registers, and what the steps of an interval moved from where to where.

import type { MemoryFlow, MemoryScene } from '../../marks/memory-hierarchy.ts';
import { buffersOf, bytesAt, indexOfTrace } from '../../marks/recording-index.ts';
import type { Recording, Selection } from '../view.ts';
import type { PickedRow } from './followed-row.ts';
import { lookOf } from './tensors.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';
import { pickedRow } from './tiling-scene.ts';

/** What the bars and counters show after `tick` steps. */
export function memoryScene(
  recording: Recording,
  tick: number,
  selection: Selection | null,
  picked = pickedRow(recording, selection, tick),
): MemoryScene {
  const { trace } = recording;
  const index = indexOfTrace(trace);
  const end = index.steps;
  const bars = (space: 'storage' | 'workgroup') =>
    buffersOf(trace, space).map((buffer) => {
      const { name, elementBytes, length } = trace.buffers[buffer]!;
      const now = bytesAt(index, buffer, tick);
      const all = bytesAt(index, buffer, end);
      const { letter, colour, pattern, title } = lookOf(name);
      return {
        buffer,
        name,
        letter,
        ink: colour,
        pattern: pattern === 'solid' ? null : pattern,
        title,
        sizeBytes: elementBytes * length,
        readBytes: now.read,
        writtenBytes: now.written,
        readInAll: all.read,
        writtenInAll: all.written,
      };
    });
  const hbm = bars('storage').filter((bar) => bar.readInAll + bar.writtenInAll > 0);
  const sram = bars('workgroup').filter((bar) => bar.readInAll + bar.writtenInAll > 0);
  return {
    tick,
    steps: end,
    hbm,
    sram,
    declaredBytes: declaredBytes(recording),
    registers: registersOf(recording, tick, picked),
    selected: selection?.kind === 'buffer' ? selection.buffer : null,
  };
}

/** Workgroup memory of the largest dispatch, from the arrays its kernel declares. */
function declaredBytes({ trace }: Recording): number {
  const kernels = new Set(trace.dispatches.map(({ kernel }) => kernel));
  const sums = new Map<string, number>();
  for (const { name, space, elementBytes, length } of trace.buffers) {
    if (space !== 'workgroup') continue;
    // A name that two kernels use with different sizes is recorded as `kernel:name`; a plain one counts for all.
    const [kernel] = name.includes(':') ? [name.slice(0, name.lastIndexOf(':'))] : [];
    for (const each of kernel ? [kernel] : kernels) sums.set(each, (sums.get(each) ?? 0) + elementBytes * length);
  }
  return Math.max(0, ...sums.values());
}

/** The picked row's latest recorded statistics; null before its first fold. */
function registersOf(recording: Recording, tick: number, picked: PickedRow): MemoryScene['registers'] {
  const { batch, head, row } = picked;
  const { folds } = tileIndexOf(recording);
  const [from, to] = foldsOfRow(folds, batch, head, row);
  for (let i = to - 1; i >= from; i--) {
    if (folds.step[i]! >= tick) continue;
    return { row, m: folds.m[i]!, l: folds.l[i]!, rescale: folds.rescale[i]! };
  }
  return { row, m: null, l: null, rescale: null };
}

/**
 * What steps [from, to) moved, one flow per (buffer, direction). A step that reads storage and writes workgroup memory carries
 * bytes on chip; one that only reads storage takes them into registers. Amounts are the accesses of the steps.
 */
export function flowsBetween(recording: Recording, from: number, to: number): MemoryFlow[] {
  const { trace } = recording;
  const index = indexOfTrace(trace);
  const flows = new Map<string, MemoryFlow>();
  const add = (flow: MemoryFlow) => {
    if (flow.bytes === 0) return;
    const key = `${flow.buffer} ${flow.from} ${flow.to}`;
    const known = flows.get(key);
    if (known) known.bytes += flow.bytes;
    else flows.set(key, flow);
  };
  for (let step = Math.max(from, 0); step < Math.min(to, index.steps); step++) {
    const { accesses } = trace.steps[step]!;
    const fillsSram = accesses.some(({ buffer, stores }) => stores > 0 && trace.buffers[buffer]!.space === 'workgroup');
    const readsHbm = accesses.some(({ buffer, loads }) => loads > 0 && trace.buffers[buffer]!.space === 'storage');
    for (const { buffer, loads, stores } of accesses) {
      const read = loads * index.bytesPerLoad[buffer]!;
      const written = stores * index.bytesPerStore[buffer]!;
      if (trace.buffers[buffer]!.space === 'storage') {
        add({ buffer, from: 'hbm', to: fillsSram ? 'sram' : 'registers', bytes: read });
        add({ buffer, from: 'registers', to: 'hbm', bytes: written });
      } else {
        add({ buffer, from: 'sram', to: 'registers', bytes: read });
        // Bytes that arrive from HBM in this very step are drawn once, on their way in.
        if (!readsHbm) add({ buffer, from: 'registers', to: 'sram', bytes: written });
      }
    }
  }
  return [...flows.values()];
}

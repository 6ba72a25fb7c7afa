// (recording, tick) → the memory picture: bytes each tensor has given and taken so far, the workgroup arrays, the picked row's
// registers, and what the steps of an interval moved from where to where.

import { buffersOf, bytesAt, bytesInAll, indexOfTrace } from '#gpu/trace/recording-index.ts';
import { stepColumns } from '#gpu/trace/step-columns.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { MemoryFlow, MemoryLevel, MemoryScene } from '../../pictures/memory/memory-hierarchy.ts';
import { sharedRows } from '../../pictures/memory/memory-rows.ts';
import { declaredWorkgroupBytes } from '../../words/numbers.ts';
import { type PickedRow, pickedRow } from './followed-row.ts';
import { bufferOf } from './links.ts';
import { recordsRescale, recordsRows } from './row-scene.ts';
import { inTensorOrder, lookOf } from './tensors.ts';
import { foldsOfRow, tileIndexOf } from './tile-index.ts';

/** What the bars and counters show after `tick` steps. */
export function memoryScene(
  recording: Recording,
  tick: number,
  selection: Place | null,
  picked = pickedRow(recording, selection, tick),
  together: readonly Recording[] = [recording],
): MemoryScene {
  const level = (space: 'storage' | 'workgroup') => {
    const own = barsOf(recording, tick, space);
    const sides = together.map((each) => (each === recording ? own : barsOf(each, 0, space)));
    return sharedRows(own, sides, (rows) => inTensorOrder(rows, ({ name }) => name));
  };
  const [hbm, sram] = [level('storage'), level('workgroup')];
  return {
    tick,
    steps: indexOfTrace(recording.trace).steps,
    hbm: hbm.bars,
    sram: sram.bars,
    rows: { hbm: hbm.rows, sram: sram.rows },
    longest: { hbm: hbm.longest, sram: sram.longest },
    declaredBytes: declaredWorkgroupBytes(recording.trace),
    registers: registersOf(recording, tick, picked),
    selected: bufferOf(selection),
  };
}

/** What moves there at all, in the order of the tensors, with what it has moved by the tick. */
function barsOf({ trace }: Recording, tick: number, space: 'storage' | 'workgroup') {
  const bars = buffersOf(trace, space).map((buffer) => {
    const { name, elementBytes, length } = trace.buffers[buffer]!;
    const now = bytesAt(indexOfTrace(trace), buffer, tick);
    const all = bytesInAll(trace, buffer);
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
  return inTensorOrder(bars, ({ name }) => name).filter((bar) => bar.readInAll + bar.writtenInAll > 0);
}

/** The picked row's latest recorded statistics; null before its first fold. */
function registersOf(recording: Recording, tick: number, picked: PickedRow): MemoryScene['registers'] {
  const { batch, head, row } = picked;
  const recorded = recordsRows(recording);
  const rescales = recordsRescale(recording);
  const { folds } = tileIndexOf(recording);
  const [from, to] = foldsOfRow(folds, batch, head, row);
  for (let i = to - 1; i >= from; i--) {
    if (folds.step[i]! >= tick) continue;
    const [m, l, rescale] = [folds.m[i]!, folds.l[i]!, folds.rescale[i]!];
    // What was not recorded is absent, not NaN.
    const factor = Number.isNaN(rescale) && !Number.isNaN(m) ? null : rescale;
    return { row, recorded, m, l, ...(rescales && { rescale: factor }) };
  }
  return { row, recorded, m: null, l: null, ...(rescales && { rescale: null }) };
}

/**
 * What steps [from, to) moved, one flow per (buffer, direction). A step that reads storage and writes workgroup memory carries
 * bytes on chip; one that only reads storage takes them into registers. Amounts are the accesses of the steps.
 */
export function flowsBetween(recording: Recording, from: number, to: number): MemoryFlow[] {
  const { buffers } = recording.trace;
  const columns = stepColumns(recording.trace);
  const flows = new Map<string, MemoryFlow>();
  const add = (buffer: number, source: MemoryLevel, target: MemoryLevel, bytes: number) => {
    if (bytes === 0) return;
    const key = `${buffer} ${source} ${target}`;
    const known = flows.get(key);
    if (known) known.bytes += bytes;
    else flows.set(key, { buffer, from: source, to: target, bytes });
  };
  const isStorage = (row: number) => buffers[columns.buffer[row]!]!.space === 'storage';
  for (let step = Math.max(from, 0); step < Math.min(to, columns.steps); step++) {
    const first = columns.accessStart[step]!;
    const past = columns.accessStart[step + 1]!;
    let fillsSram = false;
    let readsHbm = false;
    for (let row = first; row < past; row++) {
      if (isStorage(row)) readsHbm ||= columns.loads[row]! > 0;
      else fillsSram ||= columns.stores[row]! > 0;
    }
    for (let row = first; row < past; row++) {
      const buffer = columns.buffer[row]!;
      if (isStorage(row)) {
        add(buffer, 'hbm', fillsSram ? 'sram' : 'registers', columns.loadBytes[row]!);
        add(buffer, 'registers', 'hbm', columns.storeBytes[row]!);
      } else {
        add(buffer, 'sram', 'registers', columns.loadBytes[row]!);
        // Bytes that arrive from HBM in this very step are drawn once, on their way in.
        if (!readsHbm) add(buffer, 'registers', 'sram', columns.storeBytes[row]!);
      }
    }
  }
  return [...flows.values()];
}

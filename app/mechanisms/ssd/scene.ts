// (recording, tick) → what crosses the chunk borders, for one head of the first sequence: the decay inside every chunk, the state each
// chunk alone ends with, and the state carried out of it.

import { probeTable } from '#gpu/trace/probe-table.ts';
import { clampIndex, coordinateOf, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { mostOf, NEVER, upTo } from '../../pictures/strips/channel-record.ts';
import type { TimeStripsScene } from '../../pictures/strips/time-strips.ts';
import { tensorLooks } from './tensors.ts';

/** Elements of a state that are drawn. */
const MOST_ROWS = 64;

export function chunksOf({ variant, config }: Recording): { chunk: number; chunks: number } {
  const seqlen = Number(config.seqlen);
  const chunk = variant === 'quadratic' ? seqlen : Math.min(Number(config.chunk), seqlen);
  return { chunk, chunks: Math.ceil(seqlen / chunk) };
}

/** The selected head; without one, the first. */
export function pickedHead({ config }: Recording, selection: Place | null): number {
  return clampIndex(coordinateOf(selection, 'head') ?? 0, Number(config.heads));
}

/** Values of a probe of one head of the first sequence, [rows, chunks], each with the step that recorded it. */
function recorded(recording: Recording, value: 'sum' | 'r', head: number, rows: number) {
  const { chunks } = chunksOf(recording);
  const values = new Float32Array(rows * chunks).fill(Number.NaN);
  const step = new Uint32Array(rows * chunks).fill(NEVER);
  const table = probeTable(recording.trace, [value, 'chunk', 'head', 'element']);
  const perSequence = new Map<number, number>();
  for (let i = 0; i < table.rows; i++) {
    const [found, chunk, own, element] = table.values.map((list) => list[i]!) as [number, number, number, number];
    if (own !== head || element >= rows) continue;
    const at = element * chunks + chunk;
    // Sequences follow each other in the grid; the lowest workgroup is the first sequence's.
    const workgroup = recording.trace.steps[table.step[i]!]!.workgroup;
    if ((perSequence.get(at) ?? Number.POSITIVE_INFINITY) <= workgroup) continue;
    perSequence.set(at, workgroup);
    values[at] = found;
    step[at] = table.step[i]!;
  }
  return { values, step };
}

export function chunkScene(recording: Recording, tick: number, selection: Place | null): TimeStripsScene {
  const { headDim, dstate } = recording.config as { headDim: number; dstate: number };
  const { chunk, chunks } = chunksOf(recording);
  const head = pickedHead(recording, selection);
  const rows = Math.min(headDim * dstate, MOST_ROWS);
  const local = recorded(recording, 'sum', head, rows);
  const carried = recorded(recording, 'r', head, rows);
  const most = Math.max(mostOf(local.values), mostOf(carried.values));
  const strip = (id: string, letter: string, title: string, { values, step }: typeof local) => ({
    ...{ id, letter, ink: tensorLooks.states!.colour, title, note: 'recorded', rows, most, signed: true },
    values: upTo(values, step, tick),
  });
  const time = coordinateOf(selection, 'time');
  return {
    columns: chunks,
    strips: [strip('local', 'S', 'chunk alone', local), strip('carried', 'R', 'carried out', carried)],
    current: null,
    selected: time === null ? null : { strip: 1, row: 0, column: Math.min(Math.floor(time / chunk), chunks - 1) },
    borders: Array.from({ length: chunks - 1 }, (_, i) => i + 1),
    unit: 'chunk',
  };
}

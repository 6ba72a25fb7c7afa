// (recording, tick, selection) → heat maps of how often every element was touched over the run, one panel per tensor of the picked head.

import type { HeatPanel, HeatScene } from '../../marks/heatmap.ts';
import { exactText } from '../../marks/quantities.ts';
import type { Recording, Selection } from '../view.ts';
import { lookOf } from './tensors.ts';
import { tileIndexOf } from './tile-index.ts';
import { pickedRow } from './tiling-scene.ts';

/** Where a tensor's rows and columns of one head lie in its buffer: element (r, c) at offset + r · rowStride + c. */
interface HeadSlice {
  offset: number;
  rows: number;
  columns: number;
  rowStride: number;
}

const AXIS_TENSORS: Record<string, 'query' | 'key'> = { q: 'query', out: 'query', k: 'key', v: 'key' };

function sliceOf(recording: Recording, buffer: string, batch: number, head: number): HeadSlice | null {
  const shape = recording.plan.buffers.find(({ name }) => name === buffer)?.shape;
  if (!shape || shape.some((extent) => extent === 0)) return null;
  const heads = Number(recording.config.heads ?? 1);
  if (AXIS_TENSORS[buffer] && shape.length >= 3) return tokenSlice(recording, buffer, shape, batch, head);
  if ((buffer === 's' || buffer === 'p') && shape.length >= 2) {
    const [rows, columns] = shape.slice(-2) as [number, number];
    return { offset: (batch * heads + head) * rows * columns, rows, columns, rowStride: columns };
  }
  return rowSlice(recording, shape, batch, head);
}

/** [batch, tokens, heads, dim], or [tokens of all sequences, heads, dim] when packed. */
function tokenSlice(recording: Recording, buffer: string, shape: number[], batch: number, head: number): HeadSlice {
  const [own, dim] = shape.slice(-2) as [number, number];
  const heads = Number(recording.config.heads ?? own);
  const at = Math.floor(head / Math.max(heads / own, 1));
  const rowStride = own * dim;
  if (shape.length === 4) {
    const rows = shape[1]!;
    return { offset: batch * rows * rowStride + at * dim, rows, columns: dim, rowStride };
  }
  const lengths = recording.config[AXIS_TENSORS[buffer] === 'key' ? 'seqlensK' : 'seqlensQ'];
  const lens = Array.isArray(lengths) ? (lengths as number[]) : [shape[0]!];
  const before = lens.slice(0, batch).reduce((sum, length) => sum + length, 0);
  return { offset: before * rowStride + at * dim, rows: lens[batch] ?? shape[0]!, columns: dim, rowStride };
}

/** One number per row and head: [batch, heads, rows] or [heads, rows]; anything else is shown whole, as one line. */
function rowSlice(recording: Recording, shape: number[], batch: number, head: number): HeadSlice {
  const heads = Number(recording.config.heads ?? 1);
  const total = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length === 3 && shape[1] === heads) {
    const rows = shape[2]!;
    return { offset: (batch * heads + head) * rows, rows, columns: 1, rowStride: 1 };
  }
  if (shape.length === 2 && shape[0] === heads) {
    return { offset: head * shape[1]!, rows: shape[1]!, columns: 1, rowStride: 1 };
  }
  return { offset: 0, rows: total, columns: 1, rowStride: 1 };
}

const panels = new WeakMap<Recording['trace'], Map<string, HeatPanel[]>>();

/** Panels of (batch, head) over the whole run; made once. */
function panelsOf(recording: Recording, batch: number, head: number): HeatPanel[] {
  let known = panels.get(recording.trace);
  if (!known) {
    known = new Map();
    panels.set(recording.trace, known);
  }
  const key = `${batch} ${head}`;
  const made =
    known.get(key) ?? (recording.trace.touches ?? []).flatMap((touch) => panelOf(recording, touch, batch, head));
  known.set(key, made);
  return made;
}

type Touch = NonNullable<Recording['trace']['touches']>[number];

function panelOf(recording: Recording, touch: Touch, batch: number, head: number): HeatPanel[] {
  const slice = sliceOf(recording, touch.buffer, batch, head);
  const role = recording.plan.buffers.find(({ name }) => name === touch.buffer)?.role;
  const everRead = touch.loads.some((count) => count > 0);
  const everWritten = touch.stores.some((count) => count > 0);
  if (!slice || (!everRead && !everWritten)) return [];
  const verbs: HeatPanel['verb'][] = everRead
    ? everWritten && role !== 'input'
      ? ['read', 'written']
      : ['read']
    : ['written'];
  const { letter, colour, title } = lookOf(touch.buffer);
  return verbs.map((verb) => {
    const source = verb === 'read' ? touch.loads : touch.stores;
    const counts = new Uint32Array(slice.rows * slice.columns);
    for (let row = 0; row < slice.rows; row++) {
      const from = slice.offset + row * slice.rowStride;
      counts.set(source.subarray(from, from + slice.columns), row * slice.columns);
    }
    let most = 0;
    let least = Number.POSITIVE_INFINITY;
    let sum = 0;
    for (const count of counts) {
      most = Math.max(most, count);
      least = Math.min(least, count);
      sum += count;
    }
    return {
      buffer: touch.buffer,
      letter,
      ink: colour,
      title,
      verb,
      rows: slice.rows,
      columns: slice.columns,
      counts,
      most,
      least: counts.length > 0 ? least : 0,
      mean: counts.length > 0 ? sum / counts.length : 0,
      offset: slice.offset,
      rowStride: slice.rowStride,
    };
  });
}

/** The heat maps of the picked head; `tick` lights the rows the running tile lies on. */
export function reuseScene(
  recording: Recording,
  tick: number,
  selection: Selection | null,
  picked = pickedRow(recording, selection, tick),
): HeatScene {
  const { batch, head } = picked;
  const shown = panelsOf(recording, batch, head);
  const tile = runningTile(recording, tick, batch, head);
  return {
    panels: shown,
    lit: shown.map(({ buffer }) => {
      const axis = AXIS_TENSORS[buffer] ?? (buffer === 's' || buffer === 'p' || buffer === 'lse' ? 'query' : null);
      if (!tile || !axis) return null;
      return axis === 'query' ? tile.query : tile.key;
    }),
    selected: selectedElement(shown, selection),
    selectedBuffer: selection?.kind === 'buffer' ? selection.buffer : null,
  };
}

function runningTile(recording: Recording, tick: number, batch: number, head: number) {
  if (tick === 0) return null;
  const { visits, visitOfStep, tileRows, tileColumns } = tileIndexOf(recording);
  const visit = visitOfStep[tick - 1] ?? -1;
  if (visit < 0 || visits.batch[visit] !== batch || visits.head[visit] !== head) return null;
  const dispatch = visits.dispatch[visit]!;
  const q0 = visits.q0[visit]!;
  const k0 = visits.k0[visit]!;
  return {
    query: [q0, q0 + Math.max(tileRows[dispatch]!, 1)] as [number, number],
    key: [k0, k0 + Math.max(tileColumns[dispatch]!, 1)] as [number, number],
  };
}

function selectedElement(shown: HeatPanel[], selection: Selection | null): HeatScene['selected'] {
  if (selection?.kind !== 'element') return null;
  const panel = shown.findIndex(({ buffer }) => buffer === selection.buffer);
  if (panel < 0) return null;
  const { offset, rowStride, rows, columns } = shown[panel]!;
  const row = Math.floor((selection.index - offset) / rowStride);
  const column = (selection.index - offset) % rowStride;
  return row >= 0 && row < rows && column < columns ? { panel, row, column } : null;
}

/** "K was read 8 times per element (mean), at most 16." for the tensor read most often. */
export function reuseSummary(scene: HeatScene): string {
  const read = scene.panels.filter(({ verb }) => verb === 'read');
  if (read.length === 0) return 'No touches were recorded.';
  const top = read.reduce((a, b) => (b.mean > a.mean ? b : a));
  const uneven = read.filter(({ least, most }) => least !== most);
  const first = `Each element of ${top.letter} was read ${top.mean.toFixed(1)} times on average, at most ${exactText(top.most)}.`;
  if (uneven.length === 0) return `${first} Within a tensor every element was read equally often.`;
  const { letter, least, most } = uneven[0]!;
  return `${first} Not evenly: elements of ${letter} were read between ${exactText(least)} and ${exactText(most)} times.`;
}

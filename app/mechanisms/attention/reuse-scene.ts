// (recording, tick, selection) → heat maps of how often every element was touched over the run, one panel per tensor of the picked head.

import { elementIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import type { HeatPanel, HeatScene } from '../../pictures/heat/heatmap.ts';
import { exactText } from '../../words/quantities.ts';
import { AXIS_TENSORS, sliceOf } from './head-slice.ts';
import { isIn, regionOf, spanOfWorkgroup } from './links.ts';
import { inTensorOrder, lookOf } from './tensors.ts';
import { tileIndexOf } from './tile-index.ts';
import { pickedRow } from './tiling-scene.ts';

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
    known.get(key) ??
    inTensorOrder(recording.trace.touches ?? [], ({ buffer }) => buffer).flatMap((touch) =>
      panelOf(recording, touch, batch, head),
    );
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
  selection: Place | null,
  picked = pickedRow(recording, selection, tick),
  together: readonly Recording[] = [recording],
): HeatScene {
  const { batch, head } = picked;
  const shown = panelsOf(recording, batch, head);
  const tile = runningTile(recording, tick, batch, head);
  const region = regionOf(recording, selection);
  const own = isIn(region, picked) ? { query: region.rows, key: region.keys } : null;
  const group = spanOfWorkgroup(recording, selection, picked);
  const linked = own ?? (group ? { query: group.rows, key: group.keys } : null);
  return {
    panels: shown,
    lit: shown.map(({ buffer }) => spanOn(buffer, tile)),
    linked: shown.map(({ buffer }) => spanOn(buffer, linked)),
    selected: selectedElement(recording, shown, selection),
    most: Math.max(1, ...together.flatMap((other) => panelsOf(other, batch, head).map((panel) => panel.most))),
    selectedBuffer: selection?.kind === 'buffer' ? selection.buffer : null,
  };
}

type Spans = { query: [number, number] | null; key: [number, number] | null } | null;

/** The rows of `buffer` that a stretch of queries or keys stands in. */
function spanOn(buffer: string, spans: Spans): [number, number] | null {
  const perRow = ['s', 'p', 'lse', 'l'].includes(buffer);
  const axis = AXIS_TENSORS[buffer] ?? (perRow ? 'query' : null);
  return (axis && spans?.[axis]) ?? null;
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

function selectedElement({ plan }: Recording, shown: HeatPanel[], selection: Place | null): HeatScene['selected'] {
  if (selection?.kind !== 'at') return null;
  const panel = shown.findIndex(({ buffer }) => buffer === selection.tensor);
  const spec = plan.buffers.find(({ name }) => name === selection.tensor);
  const index = spec ? elementIndex(spec, selection) : null;
  if (panel < 0 || index === null) return null;
  const { offset, rowStride, rows, columns } = shown[panel]!;
  const row = Math.floor((index - offset) / rowStride);
  const column = (index - offset) % rowStride;
  return row >= 0 && row < rows && column < columns ? { panel, row, column } : null;
}

/** "K was read 8 times per element (mean), at most 16." for the tensor read most often. */
export function reuseSummary(scene: HeatScene): string {
  const read = scene.panels.filter(({ verb }) => verb === 'read');
  if (read.length === 0) return 'No touches were recorded.';
  if (read.every(({ least, most }) => least === 1 && most === 1)) return 'Every element was read exactly once.';
  const top = read.reduce((a, b) => (b.mean > a.mean ? b : a));
  const uneven = read.filter(({ least, most }) => least !== most);
  const first = `Each element of ${top.letter} was read ${top.mean.toFixed(1)} times on average, at most ${exactText(top.most)}.`;
  if (uneven.length === 0) return `${first} Within a tensor every element was read equally often.`;
  const { letter, least, most } = uneven[0]!;
  return `${first} Not evenly: elements of ${letter} were read between ${exactText(least)} and ${exactText(most)} times.`;
}

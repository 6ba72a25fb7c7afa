// What a selection made in one view means in the others: which steps, which cells of the score grid and which rows belong to it.

import { indexOfTrace } from '#gpu/trace/recording-index.ts';
import { stepColumns } from '#gpu/trace/step-columns.ts';
import { elementIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { tokenOfElement } from './head-slice.ts';
import { keyOfPlace, rowOfPlace } from './score-place.ts';
import { tileIndexOf } from './tile-index.ts';

/** A rectangle of the score grid, in tokens; `null` bounds are open. */
interface Region {
  batch: number;
  /** Heads [from, to). */
  heads: [from: number, to: number];
  rows: [number, number] | null;
  keys: [number, number] | null;
}

/** The tokens that the selection is about; null where it is about something else. */
export function regionOf(recording: Recording, selection: Place | null): Region | null {
  const at = rowOfPlace(selection);
  const key = keyOfPlace(selection);
  if (at) {
    const { batch, head, row } = at;
    const heads: Region['heads'] = [head, head + 1];
    if (key === null) return { batch, heads, rows: [row, row + 1], keys: null };
    const { tileRows, tileColumns } = tileIndexOf(recording);
    return { batch, heads, rows: tileAround(row, tileRows), keys: tileAround(key, tileColumns) };
  }
  if (selection?.kind === 'at' && selection.tensor !== undefined) {
    const { tensor } = selection;
    const spec = recording.plan.buffers.find(({ name }) => name === tensor);
    const index = spec ? elementIndex(spec, selection) : null;
    const token = index === null ? null : tokenOfElement(recording, tensor, index);
    if (!token) return null;
    const span: [number, number] = [token.token, token.token + 1];
    const { batch, heads, axis } = token;
    return axis === 'query' ? { batch, heads, rows: span, keys: null } : { batch, heads, rows: null, keys: span };
  }
  return null;
}

/** The tile that holds a token, [from, to); where dispatches have tiles of several sizes, the smallest. */
function tileAround(token: number, sizes: readonly number[]): [number, number] {
  const size = Math.min(...sizes.filter((each) => each > 0));
  const from = Number.isFinite(size) ? token - (token % size) : token;
  return [from, from + (Number.isFinite(size) ? size : 1)];
}

/** Whether the region lies (also) in this head. */
export function isIn(region: Region | null, { batch, head }: { batch: number; head: number }): region is Region {
  return region?.batch === batch && head >= region.heads[0] && head < region.heads[1];
}

/** The buffer that is selected, or an element of which is. */
export function bufferOf(selection: Place | null): string | null {
  if (selection?.kind === 'buffer') return selection.buffer;
  return (selection?.kind === 'at' && selection.tensor) || null;
}

const cache = new WeakMap<Recording['trace'], { key: string; steps: Uint8Array | null }>();

/** Per step, 1 where it belongs to the selection; null when nothing is selected or everything would belong. */
export function linkedSteps(recording: Recording, selection: Place | null): Uint8Array | null {
  if (!selection) return null;
  const key = JSON.stringify(selection);
  const known = cache.get(recording.trace);
  if (known?.key === key) return known.steps;
  const steps = findSteps(recording, selection);
  cache.set(recording.trace, { key, steps });
  return steps;
}

function findSteps(recording: Recording, selection: Place): Uint8Array | null {
  const { trace } = recording;
  const index = indexOfTrace(trace);
  const linked = new Uint8Array(index.steps);
  const mark = (belongs: (step: number) => boolean) => {
    for (let step = 0; step < linked.length; step++) if (belongs(step)) linked[step] = 1;
    return linked;
  };
  const region = regionOf(recording, selection);
  if (region) {
    const { visitOfStep } = tileIndexOf(recording);
    const within = visitsIn(recording, region);
    return mark((step) => visitOfStep[step]! >= 0 && within[visitOfStep[step]!] === 1);
  }
  if (selection.kind === 'workgroup') {
    const { dispatch, workgroup } = selection;
    return mark((step) => index.dispatch[step] === dispatch && index.workgroup[step] === workgroup);
  }
  if (selection.kind === 'line') {
    // Lines belong to sites, of which there are few; one step of each is looked at.
    const bySite = new Map<number, boolean>();
    return mark((step) => {
      const site = index.dispatch[step]! * 2 ** 32 + index.site[step]!;
      let covers = bySite.get(site);
      if (covers === undefined) {
        const { dispatch, lines } = trace.steps[step]!;
        const here = trace.dispatches[dispatch]?.kernel === selection.kernel;
        covers = here && lines.some(([from, to]) => selection.line >= from && selection.line <= to);
        bySite.set(site, covers);
      }
      return covers;
    });
  }
  const touched = bufferOf(selection);
  if (touched !== null) {
    const buffer = trace.buffers.findIndex(({ name }) => name === touched);
    const columns = stepColumns(trace);
    return mark((step) => {
      for (let row = columns.accessStart[step]!; row < columns.accessStart[step + 1]!; row++) {
        if (columns.buffer[row] === buffer && columns.loads[row]! + columns.stores[row]! > 0) return true;
      }
      return false;
    });
  }
  return null;
}

/** Per visit, 1 where its tile overlaps the region. */
function visitsIn(recording: Recording, { batch, heads, rows, keys }: Region): Uint8Array {
  const { visits, tileRows, tileColumns } = tileIndexOf(recording);
  const overlaps = (start: number, size: number, span: [number, number] | null) =>
    span === null || (start < span[1] && start + Math.max(size, 1) > span[0]);
  return Uint8Array.from({ length: visits.count }, (_, i) => {
    if (visits.batch[i] !== batch || visits.head[i]! < heads[0] || visits.head[i]! >= heads[1]) return 0;
    const dispatch = visits.dispatch[i]!;
    const inRows = overlaps(visits.q0[i]!, tileRows[dispatch]!, rows);
    return inRows && overlaps(visits.k0[i]!, tileColumns[dispatch]!, keys) ? 1 : 0;
  });
}

/** Query rows and keys, of one head, that a workgroup's visits cover; for views that show tokens. */
export function spanOfWorkgroup(
  recording: Recording,
  selection: Place | null,
  { batch, head }: { batch: number; head: number },
): { rows: [number, number]; keys: [number, number] } | null {
  if (selection?.kind !== 'workgroup') return null;
  const { visits, tileRows, tileColumns } = tileIndexOf(recording);
  let span: { rows: [number, number]; keys: [number, number] } | null = null;
  for (let i = 0; i < visits.count; i++) {
    if (visits.workgroup[i] !== selection.workgroup || visits.dispatch[i] !== selection.dispatch) continue;
    if (visits.batch[i] !== batch || visits.head[i] !== head) continue;
    const q1 = visits.q0[i]! + Math.max(tileRows[visits.dispatch[i]!]!, 1);
    const k1 = visits.k0[i]! + Math.max(tileColumns[visits.dispatch[i]!]!, 1);
    span ??= { rows: [visits.q0[i]!, q1], keys: [visits.k0[i]!, k1] };
    span.rows = [Math.min(span.rows[0], visits.q0[i]!), Math.max(span.rows[1], q1)];
    span.keys = [Math.min(span.keys[0], visits.k0[i]!), Math.max(span.keys[1], k1)];
  }
  return span;
}

/** Tokens of this head that an element or a workgroup, selected in another picture, stands for. */
export function linkedSpan(
  recording: Recording,
  selection: Place | null,
  head: { batch: number; head: number },
): { rows: [number, number] | null; columns: [number, number] | null } | null {
  if (selection?.kind === 'at' && selection.tensor !== undefined) {
    const region = regionOf(recording, selection);
    return isIn(region, head) ? { rows: region.rows, columns: region.keys } : null;
  }
  const span = spanOfWorkgroup(recording, selection, head);
  return span && { rows: span.rows, columns: span.keys };
}

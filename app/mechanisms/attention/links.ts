// What a selection made in one view means in the others: which cells of the score grid and which rows belong to it.

import { elementIndex, type Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { tokenOfElement } from './head-slice.ts';
import { keyOfPlace, rowOfPlace } from './score-place.ts';
import { tileIndexOf } from './tile-index.ts';

/** A rectangle of the score grid, in tokens; `null` bounds are open. */
export interface Region {
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

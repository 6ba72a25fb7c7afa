// The row the pictures are about while nothing is selected: one of a workgroup at work, kept until that workgroup has ended, so that
// the numbers move from the first step on and do not jump where workgroups run interleaved.

import { countUpTo, indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Place } from '../../exhibit/place.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { countsOf } from './settings.ts';
import { type TileIndex, tileIndexOf } from './tile-index.ts';
import { sequenceMask } from './visibility.ts';

export interface PickedRow {
  batch: number;
  head: number;
  row: number;
}

interface Followed {
  /** Per lane of the recording, the row it stands for; null where it works on no head (one that pads columns). */
  lanes: (PickedRow | null)[];
  /** From step `from[i]` on, `rows[i]` is followed. */
  from: Uint32Array;
  rows: PickedRow[];
  /** Before the first step: the first tile of the first head, whichever workgroup the device ran first. */
  start: PickedRow;
}

const known = new WeakMap<Recording['trace'], Followed>();

/** Query rows of sequence `batch`. */
export function rowsOf(recording: Recording, batch: number): number {
  return sequenceMask(recording, batch).rows;
}

export function followedRow(recording: Recording, tick: number): PickedRow {
  const { from, rows, start } = rowsFollowed(recording);
  return (tick > 0 && rows[countUpTo(from, tick - 1) - 1]) || start;
}

/** The head and row a picture is about: what the place says, for the rest the row that is followed. */
export function pickedRow(recording: Recording, place: Place | null, tick: number): PickedRow {
  const followed = followedRow(recording, tick);
  if (place?.kind !== 'at' || place.tensor !== undefined) return followed;
  const { batch = followed.batch, head = followed.head, row = followed.row } = place.at;
  return { batch, head, row };
}

/** Sequence and head of the step before the cursor; null before the first, and where it is of none. */
export function headOfStep(recording: Recording, tick: number): Pick<PickedRow, 'batch' | 'head'> | null {
  const lane = indexOfTrace(recording.trace).lane[tick - 1];
  return lane === undefined ? null : rowsFollowed(recording).lanes[lane]!;
}

function rowsFollowed(recording: Recording): Followed {
  const { trace } = recording;
  const found = known.get(trace) ?? findRows(recording);
  known.set(trace, found);
  return found;
}

function findRows(recording: Recording): Followed {
  const index = indexOfTrace(recording.trace);
  const visited = firstVisitOfLanes(recording);
  const start =
    visited.reduce((least, row) => (row && (!least || compareRows(row, least) < 0) ? row : least), null) ??
    ({ batch: 0, head: 0, row: Math.max(rowsOf(recording, 0) - 1, 0) } satisfies PickedRow);
  const lanes = visited.map((row, lane) => row ?? rowInGrid(recording, lane));
  const from: number[] = [];
  const rows: PickedRow[] = [];
  for (let step = 0; step < index.steps; ) {
    const lane = index.lane[step]!;
    const row = lanes[lane];
    if (row) {
      from.push(step);
      rows.push(row);
    }
    step = row ? index.lanes[lane]!.last + 1 : step + 1;
  }
  return { lanes, from: Uint32Array.from(from), rows, start };
}

const compareRows = (a: PickedRow, b: PickedRow) => a.batch - b.batch || a.head - b.head || a.row - b.row;

/** Per lane: the last row of the query tile it works on; of the whole sequence, where it sweeps over several. */
function firstVisitOfLanes(recording: Recording): (PickedRow | null)[] {
  const index = indexOfTrace(recording.trace);
  const { visits, tileRows }: TileIndex = tileIndexOf(recording);
  const laneOfVisit = (visit: number) => index.lane[visits.step[visit]!]!;
  const first = new Int32Array(index.lanes.length).fill(-1);
  const sweeps = new Uint8Array(index.lanes.length);
  for (let visit = 0; visit < visits.count; visit++) {
    const lane = laneOfVisit(visit);
    if (first[lane]! < 0) first[lane] = visit;
    else if (visits.q0[visit] !== visits.q0[first[lane]!]) sweeps[lane] = 1;
  }
  return Array.from(first, (visit, lane) => {
    if (visit < 0) return null;
    const batch = visits.batch[visit]!;
    const rows = rowsOf(recording, batch);
    const past = visits.q0[visit]! + Math.max(tileRows[visits.dispatch[visit]!]!, 1);
    return { batch, head: visits.head[visit]!, row: Math.max(sweeps[lane] ? rows - 1 : Math.min(past, rows) - 1, 0) };
  });
}

/** A workgroup that visits no tile (a softmax by rows, a tile that sees no key) still has its place: (rows, heads, sequences). */
function rowInGrid(recording: Recording, lane: number): PickedRow | null {
  const { config, trace } = recording;
  const { dispatch, workgroup } = indexOfTrace(trace).lanes[lane]!;
  const [across, heads, sequences] = trace.dispatches[dispatch]!.workgroups;
  const counts = countsOf(config);
  if (heads !== counts.heads || sequences !== counts.batch) return null;
  const batch = Math.floor(workgroup / (across * heads));
  const rows = rowsOf(recording, batch);
  const high = tileIndexOf(recording).tileRows[dispatch] || 1;
  // A lone workgroup of a head has all of its rows.
  const past = across === 1 ? rows : Math.min(((workgroup % across) + 1) * high, rows);
  return { batch, head: Math.floor(workgroup / across) % heads, row: Math.max(past - 1, 0) };
}

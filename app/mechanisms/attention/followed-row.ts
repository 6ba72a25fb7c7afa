// The row the pictures are about while nothing is selected: one of a workgroup at work, kept until that workgroup has ended, so that
// the numbers move from the first step on and do not jump where workgroups run interleaved.

import { countUpTo, indexOfTrace } from '../../marks/recording-index.ts';
import type { Recording } from '../view.ts';
import { type TileIndex, tileIndexOf } from './tile-index.ts';
import { sequenceMask } from './visibility.ts';

export interface PickedRow {
  batch: number;
  head: number;
  row: number;
}

/** From step `from[i]` on, `rows[i]` is followed. */
interface Chain {
  from: Uint32Array;
  rows: PickedRow[];
  /** Before the first step: the first tile of the first head, whichever workgroup the device ran first. */
  start: PickedRow | null;
}

const chains = new WeakMap<Recording['trace'], Chain>();

/** Query rows of sequence `batch`. */
export function rowsOf(recording: Recording, batch: number): number {
  return sequenceMask(recording, batch).rows;
}

export function followedRow(recording: Recording, tick: number): PickedRow {
  const chain = chains.get(recording.trace) ?? makeChain(recording);
  chains.set(recording.trace, chain);
  if (tick <= 0 && chain.start) return chain.start;
  const at = Math.max(countUpTo(chain.from, Math.max(tick - 1, 0)) - 1, 0);
  return chain.rows[at] ?? { batch: 0, head: 0, row: Math.max(rowsOf(recording, 0) - 1, 0) };
}

function makeChain(recording: Recording): Chain {
  const index = indexOfTrace(recording.trace);
  const firstVisits = firstVisitOfLanes(recording);
  const from: number[] = [];
  const rows: PickedRow[] = [];
  for (let step = 0; step < index.steps; ) {
    const lane = index.lane[step]!;
    const row = firstVisits[lane];
    if (row) {
      from.push(step);
      rows.push(row);
    }
    // A lane without tiles (a softmax by rows) is passed over step by step; one with tiles is followed to its end.
    step = row ? index.lanes[lane]!.last + 1 : step + 1;
  }
  const start = firstVisits.reduce(
    (least, row) => (row && (!least || compareRows(row, least) < 0) ? row : least),
    null,
  );
  return { from: Uint32Array.from(from), rows, start };
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

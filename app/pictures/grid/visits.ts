// Tiles of a grid and which step visits which: what is known of each tile after any step. No mechanism; where tiles lie is given.

import { countUpTo, indexOfTrace } from '#gpu/trace/recording-index.ts';
import type { Recording } from '../../exhibit/recording.ts';
import { CELL, type TileGridScene } from './tile-grid.ts';

/** The tiles of one grid over a whole run: what no tick changes. */
export interface GridVisits {
  /** What the mask lets every row see, and painted blocks. */
  mask: { rows: number; keys: number; from: Uint32Array; to: Uint32Array; blocks?: TileGridScene['blocks'] };
  /** Tokens per tile. */
  tileRows: number;
  tileColumns: number;
  gridRows: number;
  gridColumns: number;
  /** In step order, an entry for every cell that a visit covers: cell `cells[i]` from tick `ticks[i]` on. */
  ticks: Uint32Array;
  cells: Uint32Array;
  /** Dispatch of the visit, and how often it loads its tile. */
  dispatch: Uint32Array;
  repeats: Uint32Array;
  /** Visits of each cell over the whole run. */
  visitsInAll: Uint16Array;
  /** 1 where the mask lets some row of the cell see some key of it. */
  open: Uint8Array;
  /** Cell that a step works on; −1 where it works on none of this grid. */
  cellOfStep(step: number): number;
}

/** How far the cells are after some entries of the visits. */
interface Progress {
  done: number;
  state: Uint8Array;
  times: Uint16Array;
  /** Dispatches follow one another, so a count per cell and its latest dispatch tell how often one dispatch read it. */
  latest: Int32Array;
  count: Uint32Array;
  visited: number;
  repeated: number;
  never: number;
  missed: number;
}

const reached = new WeakMap<GridVisits, Progress>();

function unvisited({ visitsInAll, open }: GridVisits): Progress {
  const cells = open.length;
  const state = new Uint8Array(cells);
  let [never, missed] = [0, 0];
  for (let cell = 0; cell < cells; cell++) {
    if (visitsInAll[cell] !== 0) continue;
    never += 1;
    missed += open[cell]!;
    state[cell] = open[cell] ? CELL.missed : CELL.never;
  }
  const times = new Uint16Array(cells);
  const latest = new Int32Array(cells).fill(-1);
  return { done: 0, state, times, latest, count: new Uint32Array(cells), visited: 0, repeated: 0, never, missed };
}

/** The cells after `tick` steps. Going on from an earlier tick costs only what was visited since. */
export function cellsAt(visits: GridVisits, tick: number): Readonly<Progress> {
  const wanted = countUpTo(visits.ticks, tick);
  const known = reached.get(visits);
  const now = known && known.done <= wanted ? known : unvisited(visits);
  reached.set(visits, now);
  const { state, times, latest, count } = now;
  for (let i = now.done; i < wanted; i++) {
    const cell = visits.cells[i]!;
    const dispatch = visits.dispatch[i]!;
    if (latest[cell]! < 0) now.visited += 1;
    if (latest[cell] !== dispatch) count[cell] = 0;
    count[cell]! += visits.repeats[i]!;
    if (count[cell]! > 1 && times[cell]! <= 1) now.repeated += 1;
    times[cell] = Math.max(times[cell]!, count[cell]!);
    if (times[cell]! > 1) state[cell] = CELL.repeated;
    else state[cell] = latest[cell]! < 0 ? CELL.visited : CELL.visitedLater;
    latest[cell] = dispatch;
  }
  now.done = wanted;
  return { ...now, state: state.slice(), times: times.slice() };
}

/** The cells that workgroups still at work after `tick` steps stand on. */
export function currentCells({ trace }: Recording, visits: GridVisits, tick: number): TileGridScene['current'] {
  const index = indexOfTrace(trace);
  if (tick === 0 || tick > index.steps) return [];
  const dispatch = index.dispatch[tick - 1]!;
  const found = new Map<number, TileGridScene['current'][number]>();
  // Backwards from the tick, each lane's first step met is its latest; lanes whose last step lies behind are done.
  const seen = new Set<number>();
  const alive = lanesAlive(index, dispatch, tick);
  for (let step = tick - 1; step >= 0 && seen.size < alive && index.dispatch[step] === dispatch; step--) {
    const lane = index.lane[step]!;
    if (seen.has(lane)) continue;
    if (index.lanes[lane]!.last < tick - 1) continue;
    seen.add(lane);
    const cell = visits.cellOfStep(step);
    if (cell >= 0) found.set(lane, { cell, label: String(index.workgroup[step]), running: step === tick - 1 });
  }
  return [...found.values()];
}

const aliveCounts = new WeakMap<object, { starts: Uint32Array; ends: Uint32Array }[]>();

/** Lanes of `dispatch` that have begun before `tick` and end at or after its step. */
function lanesAlive(index: ReturnType<typeof indexOfTrace>, dispatch: number, tick: number): number {
  let all = aliveCounts.get(index);
  if (!all) {
    const dispatches = index.lanes.reduce((most, lane) => Math.max(most, lane.dispatch + 1), 0);
    all = Array.from({ length: dispatches }, (_, d) => {
      const lanes = index.lanes.filter((lane) => lane.dispatch === d);
      return {
        starts: Uint32Array.from(lanes, (lane) => lane.first).sort(),
        ends: Uint32Array.from(lanes, (lane) => lane.last).sort(),
      };
    });
    aliveCounts.set(index, all);
  }
  const { starts, ends } = all[dispatch]!;
  return countUpTo(starts, tick - 1) - countUpTo(ends, tick - 2);
}
